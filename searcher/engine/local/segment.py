"""Segment: one segment file as arrays, and which of its documents live on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayFile, Strings

__all__ = ["Segment"]

Array = NDArray[Any]


class Segment:
    """A segment file, mapped. Its terms, keys and documents are numbers of its own.

    Attributes:
        size: how many documents it has, with those that were removed since.
        alive: which of them live; None where all do.
    """

    def __init__(self, file: ArrayFile, deleted: Sequence[int] = ()) -> None:
        self.file = file
        self.size = len(file["dates"])
        self.alive: Array | None = None
        if len(deleted):
            self.alive = np.ones(self.size, bool)
            self.alive[np.asarray(deleted, np.int64)] = False
        self._arrays: dict[str, Array] = {}
        self._strings: dict[str, Strings] = {}

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            array = self._arrays[name] = self.file[name]
        return array

    def strings(self, name: str) -> Strings:
        """A table of strings."""
        table = self._strings.get(name)
        if table is None:
            table = self._strings[name] = self.file.strings(name)
        return table

    def bounds(self, field: str) -> Array:
        """By term of a field where its postings begin, and at the end where the last one's end."""
        return self[f"{field}.offsets"][:: layout.blocks(field, self.size)]

    def postings(self, field: str, terms: Array) -> tuple[Any, Array]:
        """Where some terms' postings stand among those of a field, and their documents."""
        blocks = layout.blocks(field, self.size)
        rows = (terms[:, None] * blocks + np.arange(blocks)).ravel()
        starts, ends = _stretches(self[f"{field}.offsets"], rows)
        where = _joined(starts, ends)
        docs = self[f"{field}.docs"][where].astype(np.int64)
        if blocks > 1:
            docs += np.repeat(rows % blocks * layout.BLOCK, ends - starts)
        return where, docs

    def positions(self, field: str, terms: Array) -> Array:
        """The places of some terms in a text field, posting by posting."""
        starts, ends = _stretches(self[f"{field}.places"], terms)
        return self[f"{field}.positions"][_joined(starts, ends)]  # type: ignore[no-any-return]

    def occurrences(self, field: str, term: int, documents: Array) -> tuple[Array, Array]:
        """Which of some ascending documents have a term in a text field, once for each time, and
        at which places. Reads but the stretches of postings that these documents are in."""
        numbers, at = self._found(field, term, documents)
        if not len(at):
            return numbers, at
        freqs, first = self[f"{field}.freqs"], int(self.bounds(field)[term])
        counts = freqs[at].astype(np.int64)
        skipped = np.add.reduceat(freqs[first : at[-1] + 1], at - first, dtype=np.int64)[:-1]
        starts = layout.offsets(skipped) + freqs[first : at[0]].sum(dtype=np.int64)
        starts += int(self[f"{field}.places"][term])
        places = self[f"{field}.positions"][layout.stretches(starts, counts)]
        return np.repeat(numbers, counts), places.astype(np.int64)

    def _found(self, field: str, term: int, documents: Array) -> tuple[Array, Array]:
        """Which of the documents have the term, and where their postings stand."""
        numbers, at = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        blocks = layout.blocks(field, self.size)
        bounds = self[f"{field}.offsets"][term * blocks : (term + 1) * blocks + 1].tolist()
        ends = np.searchsorted(documents, np.arange(blocks + 1) * layout.BLOCK).tolist()
        for block, (start, end) in enumerate(pairwise(ends)):
            docs = self[f"{field}.docs"][bounds[block] : bounds[block + 1]]
            if start == end or not len(docs):
                continue
            within = (documents[start:end] - block * layout.BLOCK).astype(docs.dtype)
            where = np.minimum(np.searchsorted(docs, within), len(docs) - 1)
            have = np.flatnonzero(docs[where] == within)
            numbers.append(have + start)
            at.append(where[have] + bounds[block])
        return np.concatenate(numbers), np.concatenate(at)


def _stretches(bounds: Array, rows: Array) -> tuple[Array, Array]:
    return bounds[rows].astype(np.int64), bounds[rows + 1].astype(np.int64)


def _joined(starts: Array, ends: Array) -> Any:
    """An index to all of some stretches: a slice, which copies nothing, where they are one."""
    if len(starts) and (starts[1:] == ends[:-1]).all():
        return slice(int(starts[0]), int(ends[-1]))
    return layout.stretches(starts, ends - starts)
