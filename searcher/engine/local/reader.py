"""Reader: an opened generation as arrays over all its segments.

Documents are numbered through: a segment's documents follow those of the segment before it.
Documents that were removed are left out wherever postings are read, so everything behind this
module counts and scores living articles only, as a fresh build would.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine import Stored
from searcher.engine.local.facets import FacetTable, Months, facet_table, months
from searcher.engine.local.layout import NO_DATE, distinct
from searcher.engine.local.schema import unpack
from searcher.engine.local.segment import Segment

__all__ = ["EMPTY", "Postings", "Reader"]

Array = NDArray[Any]
EMPTY: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents (ascending where they are one term's) and how often they have the term."""

    docs: Array
    freqs: Array


class Reader:
    """The arrays of one generation. Lazy: what no query asks for is never read."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.segments = [segment for segment in segments if segment.size]
        self._bases = list(accumulate((segment.size for segment in self.segments), initial=0))
        self.size = self._bases[-1]
        self._facets: dict[str, FacetTable] = {}
        self._lengths: dict[str, Array] = {}

    @property
    def numbered(self) -> Iterable[tuple[int, Segment]]:
        """Each segment after the number of its first document."""
        return zip(self._bases, self.segments, strict=False)

    def _gather(self, read: Callable[[Segment], Array], dtype: Any = None) -> Array:
        parts = [read(segment) for segment in self.segments]
        if not parts:
            return np.zeros(0, dtype or np.int64)
        joined = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return joined.astype(dtype, copy=False) if dtype else joined

    @cached_property
    def alive(self) -> Array | None:
        """Which documents live; None where all do."""
        if all(segment.alive is None for segment in self.segments):
            return None
        return self._gather(
            lambda s: np.ones(s.size, bool) if s.alive is None else s.alive, np.bool_
        )

    @cached_property
    def documents(self) -> Array:
        """The numbers of all living documents."""
        return np.arange(self.size) if self.alive is None else np.flatnonzero(self.alive)

    @cached_property
    def articles(self) -> int:
        """How many articles live."""
        return self.size if self.alive is None else int(np.count_nonzero(self.alive))

    @cached_property
    def dates(self) -> Array:
        """Each document's date in seconds since 1970, or ``NO_DATE``."""
        return self._gather(lambda s: s["dates"], np.int64)

    @cached_property
    def months(self) -> Months:
        """Each document's month."""
        return months(self.dates)

    @cached_property
    def newest(self) -> Array:
        """The living documents, the newest first; equal dates go by id."""
        order = self._newest
        return order if self.alive is None else order[self.alive[order]]

    @cached_property
    def ranks(self) -> Array:
        """Each document's place when the newest stand first."""
        return _places(self._newest)

    @cached_property
    def oldest_ranks(self) -> Array:
        """Each document's place when the oldest stand first; equal dates go by id."""
        undated = self.dates == NO_DATE
        return _places(self._sorted(np.where(undated, np.iinfo(np.int64).max, self.dates)))

    @cached_property
    def _newest(self) -> Array:
        return self._sorted(~self.dates)

    def _sorted(self, keys: Array) -> Array:
        """Documents by a key and then id. The undated, whose date is the least, come last."""
        order: Array = self._by_id[np.argsort(keys[self._by_id], kind="stable")]
        return order

    @cached_property
    def _by_id(self) -> Array:
        """The documents in the order of their ids."""
        docs = [segment["id.docs"].astype(np.int64) + base for base, segment in self.numbered]
        if len(docs) == 1:
            return docs[0]
        ids = [one for segment in self.segments for one in segment.strings("id.keys")]
        return _joined(docs)[sorted(range(self.size), key=ids.__getitem__)]

    def lengths(self, field: str) -> Array:
        """How many places each document's text field has."""
        found = self._lengths.get(field)
        if found is None:
            found = self._lengths[field] = self._gather(lambda s: s[f"{field}.lengths"], np.float32)
        return found

    def average_length(self, field: str) -> float:
        """The mean length of a text field over living articles; at least a little above 0."""
        lengths = self.lengths(field)
        live = lengths if self.alive is None else lengths[self.alive]
        return max(float(live.sum(dtype=np.float64)) / max(self.articles, 1), 1e-9)

    # Terms and postings

    def term_ids(self, term: str) -> list[Array]:
        """By segment, the number of a term, as an array of one or none."""
        found = (s.term(term) for s in self.segments)
        return [np.array([number] if number >= 0 else [], np.int64) for number in found]

    def postings(self, ids: Sequence[Array], field: str) -> Postings:
        """The postings of some terms in one text field, term by term within each segment.

        ``ids`` are the terms' numbers by segment. One term's documents ascend throughout.
        """
        docs, freqs = [], []
        for (base, segment), terms in zip(self.numbered, ids, strict=True):
            if not len(terms):
                continue
            where, some = segment.postings(field, terms)
            often = segment[f"{field}.freqs"][where]
            if segment.alive is not None:
                live = segment.alive[some]
                some, often = some[live], often[live]
            docs.append(some + base if base else some)
            freqs.append(often)
        return Postings(_joined(docs), _joined(freqs))

    def occurrences(self, ids: Sequence[Array], field: str, shift: int) -> Array:
        """Where some terms stand in one text field: ``document << shift | place``, ascending."""
        keys = []
        for (base, segment), terms in zip(self.numbered, ids, strict=True):
            if not len(terms):
                continue
            where, docs = segment.postings(field, terms)
            places = segment.positions(field, terms)
            owner = np.repeat(docs, segment[f"{field}.freqs"][where])
            if segment.alive is not None:
                live = segment.alive[owner]
                owner, places = owner[live], places[live]
            keys.append((owner + base) << shift | places)
        joined = _joined(keys)
        return joined if all(len(one) <= 1 for one in ids) else distinct(joined)

    def keyword(self, field: str, key: str) -> Array:
        """The documents whose keyword field has a value, ascending."""
        docs = []
        for base, segment in self.numbered:
            number = segment.strings(f"{field}.keys").index_of(key)
            if number >= 0:
                _, some = segment.postings(field, np.array([number]))
                some = some if segment.alive is None else some[segment.alive[some]]
                docs.append(some + base)
        return _joined(docs)

    # Facets

    def facet(self, name: str) -> FacetTable:
        """A facet over all segments."""
        table = self._facets.get(name)
        if table is None:
            table = self._facets[name] = facet_table(self.segments, name)
        return table

    # Stored articles

    def stored(self, document: int) -> Stored:
        """One document's article and cities."""
        number = bisect_right(self._bases, document) - 1
        segment, local = self.segments[number], document - self._bases[number]
        start, end = segment["stored.offsets"][local : local + 2].tolist()
        return unpack(segment["stored.data"][start:end].tobytes())

    def document_of(self, article_id: str) -> int | None:
        """The living document with an id."""
        found = self.keyword("id", article_id)
        return int(found[0]) if len(found) else None


def _places(order: Array) -> Array:
    """Each document's place in an order."""
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _joined(parts: list[Array]) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else EMPTY
