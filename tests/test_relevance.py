"""The measures of the relevance bench, and its typing errors."""

from __future__ import annotations

from math import log2
from random import Random

import pytest

from bench.relevance import measure, mistyped


def test_a_perfect_ranking_scores_one() -> None:
    """Everything relevant first, the best graded foremost, is 1 by every measure."""
    assert measure(["a", "b", "c"], {"a": 3, "b": 1}) == (1.0, 1.0, 1.0, 1.0)


def test_nothing_relevant_scores_nothing() -> None:
    """No relevant document is 0 by every measure, and so is no document at all."""
    assert measure(["x", "y"], {"a": 1}) == (0.0, 0.0, 0.0, 0.0)
    assert measure([], {"a": 1}) == (0.0, 0.0, 0.0, 0.0)


def test_measures_by_hand() -> None:
    """nDCG with linear gains, average precision, reciprocal rank and recall, as worked out."""
    ndcg, precision, reciprocal, recall = measure(["x", "b", "a"], {"a": 2, "b": 1, "c": 1})
    best = 2 + 1 / log2(3) + 1 / log2(4)
    assert ndcg == pytest.approx((1 / log2(3) + 2 / log2(4)) / best)
    assert precision == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert reciprocal == 1 / 2
    assert recall == pytest.approx(2 / 3)


def test_one_slip_and_the_same_every_time() -> None:
    """A mistyped query differs in one longer word, and the same dice give the same slip."""
    query = "the senate voted against facial recognition"
    first, again = mistyped(query, Random(1)), mistyped(query, Random(1))
    assert first == again != query
    differing = [a != b for a, b in zip(first.split(), query.split(), strict=True)]
    assert sum(differing) == 1
    assert mistyped("up to us", Random(1)) == "up to us"
