"""Explaining: a document's score by word and field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.found import Found
from searcher.engine.local.ranking import K1, idf
from searcher.engine.plan import (
    And,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Term,
    Without,
    Words,
)

__all__ = ["explain"]

Leaf: TypeAlias = Term | Phrase | Prefix | Fuzzy
Part: TypeAlias = tuple[str, float]


def explain(evaluator: Evaluator, node: Node, document: int) -> tuple[Part, ...]:
    """What each word in each field adds to a document's score, most first.

    A word's score saturates over all its fields together, so it is shared out among them by
    their part in the weighted frequency.
    """
    parts = list(_parts(evaluator, node, document, 1.0))
    return tuple(sorted(parts, key=lambda part: -part[1]))


def _parts(evaluator: Evaluator, node: Node, document: int, times: float) -> Iterator[Part]:
    match node:
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from _parts(evaluator, one, document, times)
        case Words(nodes):
            for one, count in zip(nodes, node.counts or (1,) * len(nodes), strict=True):
                yield from _parts(evaluator, one, document, times * count)
        case Without(wanted):
            yield from _parts(evaluator, wanted, document, times)
        case Synonyms(ways, weights):
            points = times * _score(evaluator.found(node), document)
            worth = [
                weight * _saturation(evaluator, way, document)
                for way, weight in zip(ways, weights, strict=True)
            ]
            best = ways[int(np.argmax(worth))]
            if points and isinstance(best, Leaf):
                yield from _by_field(evaluator, best, document, points)
        case Term() | Phrase() | Prefix() | Fuzzy():
            points = times * _score(evaluator.found(node), document)
            if points:
                yield from _by_field(evaluator, node, document, points)
        case _:
            pass


def _by_field(evaluator: Evaluator, leaf: Leaf, document: int, points: float) -> Iterator[Part]:
    frequencies = {}
    for name in leaf.fields:
        saturation = _saturation(evaluator, replace(leaf, fields=(name,)), document)
        frequencies[name] = K1 * saturation / (1 - saturation)
    total = sum(frequencies.values())
    for name, frequency in frequencies.items():
        if frequency:
            yield f"{_said(leaf)} in {name}", points * frequency / total


def _saturation(evaluator: Evaluator, node: Node, document: int) -> float:
    """tf' / (k1 + tf'): a word's score without its idf."""
    found = evaluator.found(node)
    return _score(found, document) / idf(evaluator.reader.articles, len(found.docs))


def _score(found: Found, document: int) -> float:
    at = int(np.searchsorted(found.docs, document))
    there = at < len(found.docs) and int(found.docs[at]) == document
    return float(found.points()[at]) if there else 0.0


def _said(leaf: Leaf) -> str:
    match leaf:
        case Term(text):
            return text
        case Phrase(terms):
            return f'"{" ".join(ways[0] for ways in terms)}"'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text):
            return f"{text}~"
