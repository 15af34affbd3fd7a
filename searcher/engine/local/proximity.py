"""Proximity: what an article gains because words of the query stand close together in it.

For each two neighbours of the query, after the sequential dependence model (Metzler and Croft
2005), how often they stand in order nearly side by side, and how often within one window:

    points = idf * (ORDERED * n / (n + 1) + WINDOW * m / (m + 1))

where idf is the mean of theirs. Only the best articles are looked at, so that it costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.cache import Cache
from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.found import places
from searcher.engine.local.layout import offsets, stretches
from searcher.engine.local.ranking import idf
from searcher.engine.local.reader import EMPTY
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

FIELD_SHIFT: Final = 24
DOCUMENT_SHIFT: Final = 28
TERM_SHIFT: Final = 40
"""A place as one number: term, document, field and place within it, from the highest bit down."""


class _Where(NamedTuple):
    """A term in one field of a segment: its documents, and where the positions in each begin; in
    the end where the last one's end."""

    docs: Array
    starts: Array


class Proximity:
    """The points of closeness. Safe to share between threads."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._reader = evaluator.reader
        self._where: Cache[tuple[int, str, str], _Where] = Cache(
            KEPT, lambda where: where.docs.nbytes + where.starts.nbytes
        )

    def points(self, terms: Sequence[str], documents: Array) -> Array:
        """Points for each of some documents, given the query's terms in order."""
        points = np.zeros(len(documents), np.float32)
        pairs = dict.fromkeys((a, b) for a, b in pairwise(terms) if a != b)
        if not pairs or not len(documents):
            return points
        order = documents.argsort()
        places = self._places(tuple(dict.fromkeys(terms)), documents[order])
        rarity = {term: self._idf(term) for term in places}
        for one, other in pairs:
            mine, its = places[one], places[other]
            if len(mine) and len(its):
                weight = (rarity[one] + rarity[other]) / 2
                ordered = _counts(mine, its, 1, ORDERED_WITHIN, len(documents))
                window = _counts(mine, its, -WINDOW_WITHIN, WINDOW_WITHIN, len(documents))
                gained = ORDERED * ordered / (ordered + 1) + WINDOW * window / (window + 1)
                points[order] += (weight * gained).astype(np.float32)
        return points

    def _idf(self, term: str) -> float:
        return idf(self._reader.articles, len(self._evaluator.found(Term(term)).docs))

    def _places(self, terms: Sequence[str], documents: Array) -> dict[str, Array]:
        """Where terms stand in some ascending documents: document, field and place, ascending."""
        found = [EMPTY]
        for number, (base, segment) in enumerate(self._reader.numbered):
            low, high = documents.searchsorted((base, base + segment.size)).tolist()
            for field, name in enumerate(FIELDS) if low < high else ():
                owners, standing = self._in_field(number, name, terms, documents[low:high] - base)
                found.append((owners + (low << DOCUMENT_SHIFT)) | (field << FIELD_SHIFT) | standing)
        every = np.sort(np.concatenate(found))
        starts = np.arange(len(terms) + 1) << TERM_SHIFT
        bounds = every.searchsorted(starts).tolist()
        return {
            term: every[bounds[at] : bounds[at + 1]] - starts[at] for at, term in enumerate(terms)
        }

    def _in_field(
        self, segment: int, field: str, terms: Sequence[str], documents: Array
    ) -> tuple[Array, Array]:
        """By occurrence of some terms in a segment's documents: term and document, and place."""
        owners, starts, counts = [EMPTY], [EMPTY], [EMPTY]
        documents = documents.astype(np.int32)  # of one type, or all that is searched is cast
        for number, term in enumerate(terms):
            docs, begun = self._where.get((segment, field, term), self._look_up)
            at, there = places(documents, docs)
            have = there.nonzero()[0]
            at = at.take(have)
            owners.append((number << TERM_SHIFT) + (have << DOCUMENT_SHIFT))
            starts.append(begun.take(at))
            counts.append(begun.take(at + 1) - starts[-1])
        often = np.concatenate(counts)
        positions = self._reader.segments[segment][f"{field}.positions"]
        standing = positions.take(stretches(np.concatenate(starts), often))
        return np.concatenate(owners).repeat(often), standing

    def _look_up(self, key: tuple[int, str, str]) -> _Where:
        number, field, text = key
        segment = self._reader.segments[number]
        term = segment.term(text)
        if term < 0:
            return _Where(EMPTY, EMPTY)
        where, docs = segment.postings(field, np.array([term]))
        first = int(segment[f"{field}.places"][term])
        return _Where(docs.astype(np.int32), offsets(segment[f"{field}.freqs"][where]) + first)


def _counts(mine: Array, its: Array, low: int, high: int, documents: int) -> Array:
    """By document, how often one word stands from ``low`` to ``high`` places after another."""
    many = its.searchsorted(mine + high, "right") - its.searchsorted(mine + low)
    return np.bincount(mine >> DOCUMENT_SHIFT, many, documents)
