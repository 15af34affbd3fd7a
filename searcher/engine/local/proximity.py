"""Proximity: what an article gains because words of the query stand close together in it.

For each two neighbours of the query, after the sequential dependence model (Metzler and Croft
2005), how often they stand in order nearly side by side, and how often within one window:

    points = idf * (ORDERED * n / (n + 1) + WINDOW * m / (m + 1))

where idf is the mean of theirs. Only the best articles are looked at, so that it costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.ranking import idf
from searcher.engine.local.reader import Reader
from searcher.engine.plan import Term

__all__ = ["CANDIDATES", "closeness"]

Array = NDArray[Any]

FIELDS: Final = ("title", "excerpt")
"""An article's own text. That words meet in a story listed with it says little."""

CANDIDATES: Final = 50
"""How many of the best articles are looked at."""

ORDERED: Final = 0.2
ORDERED_WITHIN: Final = 3
"""Places the second word may follow the first by: words that are left out of queries, such as
"of the", may stand between. With WINDOW, this was worth .01 nDCG@10 over four collections, and
anything from .2 to .4 did about as well."""

WINDOW: Final = 0.2
WINDOW_WITHIN: Final = 7

FIELD_SHIFT: Final = 24
DOCUMENT_SHIFT: Final = 28


def closeness(evaluator: Evaluator, terms: Sequence[str], documents: Array) -> Array:
    """Points for each of some documents, given the query's terms in order."""
    points = np.zeros(len(documents), np.float32)
    pairs = dict.fromkeys((a, b) for a, b in pairwise(terms) if a != b)
    if not pairs or not len(documents):
        return points
    order = np.argsort(documents)
    places = {term: _places(evaluator.reader, term, documents[order]) for term in set(terms)}
    rarity = {term: _idf(evaluator, term) for term in places}
    for one, other in pairs:
        mine, its = places[one], places[other]
        if len(mine) and len(its):
            weight = (rarity[one] + rarity[other]) / 2
            ordered = _counts(mine, its, 1, ORDERED_WITHIN, len(documents))
            window = _counts(mine, its, -WINDOW_WITHIN, WINDOW_WITHIN, len(documents))
            gained = ORDERED * ordered / (ordered + 1) + WINDOW * window / (window + 1)
            points[order] += (weight * gained).astype(np.float32)
    return points


def _idf(evaluator: Evaluator, term: str) -> float:
    return idf(evaluator.reader.articles, len(evaluator.found(Term(term)).docs))


def _counts(mine: Array, its: Array, low: int, high: int, documents: int) -> Array:
    """By document, how often one word stands from ``low`` to ``high`` places after another."""
    many = np.searchsorted(its, mine + high, "right") - np.searchsorted(its, mine + low)
    return np.bincount(mine >> DOCUMENT_SHIFT, many, documents)


def _places(reader: Reader, term: str, documents: Array) -> Array:
    """Where a term stands in some ascending documents: number in them, field, place; ascending."""
    keys, base = [np.zeros(0, np.int64)], 0
    for segment in reader.segments:
        number = segment.strings("terms").index_of(term)
        inside = np.flatnonzero((documents >= base) & (documents < base + segment.size))
        if number >= 0 and len(inside):
            for field, name in enumerate(FIELDS):
                owners, places = segment.occurrences(name, number, documents[inside] - base)
                keys.append((inside[owners] << DOCUMENT_SHIFT) | (field << FIELD_SHIFT) | places)
        base += segment.size
    return np.sort(np.concatenate(keys))
