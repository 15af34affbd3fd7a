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

from searcher.engine.local.cache import Cache
from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.layout import stretches
from searcher.engine.local.phrases import PLACE_SHIFT
from searcher.engine.local.ranking import idf
from searcher.engine.plan import Term

__all__ = ["CANDIDATES", "Proximity"]

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

KEPT: Final = 32 * 2**20
"""Bytes of where recent queries' terms stand that are remembered."""

FIELD_SHIFT: Final = PLACE_SHIFT
DOCUMENT_SHIFT: Final = PLACE_SHIFT + 1
"""A place as one number: document, field and place within it, from the highest bit down."""

EDGES: Final = np.array([[1], [ORDERED_WITHIN + 1], [-WINDOW_WITHIN], [WINDOW_WITHIN + 1]])
"""From a word's place, where the second word's places begin and end that count."""


class Proximity:
    """The points of closeness. Safe to share between threads."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._reader = evaluator.reader
        self._places: Cache[str, Array] = Cache(KEPT, lambda places: places.nbytes)

    def points(self, terms: Sequence[str], documents: Array) -> Array:
        """Points for each of some documents, given the query's terms in order."""
        points = np.zeros(len(documents), np.float32)
        order = documents.argsort()
        bounds = (documents.take(order) + np.array([[0], [1]])) << DOCUMENT_SHIFT
        for one, other in dict.fromkeys((a, b) for a, b in pairwise(terms) if a != b):
            mine, its = self._places.get(one, self._find), self._places.get(other, self._find)
            starts, ends = mine.searchsorted(bounds)
            owners = order.repeat(ends - starts)
            here = mine.take(stretches(starts, ends - starts))
            at = its.searchsorted(here + EDGES)
            ordered = np.bincount(owners, at[1] - at[0], len(documents))
            window = np.bincount(owners, at[3] - at[2], len(documents))
            gained = ORDERED * ordered / (ordered + 1) + WINDOW * window / (window + 1)
            points += (self._idf(one, other) * gained).astype(np.float32)
        return points

    def _idf(self, *terms: str) -> float:
        found = [self._evaluator.found(Term(term)) for term in terms]
        return sum(idf(self._reader.articles, len(one.docs)) for one in found) / len(found)

    def _find(self, term: str) -> Array:
        """Where a term stands, ascending."""
        ids = self._reader.term_ids(term)
        found = [
            self._reader.occurrences(ids, name, DOCUMENT_SHIFT) | (field << FIELD_SHIFT)
            for field, name in enumerate(FIELDS)
        ]
        return np.sort(np.concatenate(found), kind="stable")  # merges what ascends
