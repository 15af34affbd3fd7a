"""Segment: one segment file as arrays, and which of its documents live on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayFile, Strings
from searcher.text import ACRONYMS

__all__ = ["Segment"]

Array = NDArray[Any]

REMEMBERED: Final = 10_000
"""How many terms' numbers a segment remembers."""


class Segment:
    """A segment file, mapped. Its terms, keys and documents are numbers of its own.

    Attributes:
        size: how many documents it has, with those that were removed since.
        alive: which of them live; None where all do.

    Args:
        deleted: the documents that were removed.
        counts: how often each word occurs in those that live, where not all do (``counts.py``).
    """

    def __init__(
        self, file: ArrayFile, deleted: Sequence[int] = (), counts: ArrayFile | None = None
    ) -> None:
        self.file = file
        self.size = len(file["dates"])
        self.alive: Array | None = None
        if len(deleted):
            self.alive = np.ones(self.size, bool)
            self.alive[np.asarray(deleted, np.int64)] = False
        self._arrays = {name: counts[name] for name in counts.names()} if counts else {}
        self._strings: dict[str, Strings] = {}
        self._terms: dict[str, int] = {}

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

    def term(self, text: str) -> int:
        """The number of a term; -1 where the segment has none."""
        number = self._terms.get(text)
        if number is None:
            if len(self._terms) >= REMEMBERED:
                self._terms.clear()
            number = self._terms[text] = self.strings("terms").index_of(text)
        return number

    @cached_property
    def acronyms(self) -> list[tuple[int, int]]:
        """The words that may be acronyms (us) with the acronyms' terms (US), as numbers."""
        words = self.strings("words")
        pairs = ((words.index_of(one.lower()), self.term(one)) for one in sorted(ACRONYMS))
        return [(word, term) for word, term in pairs if word >= 0 and term >= 0]

    def terms_of(self, words: Array) -> Array:
        """The terms of words as written, all as numbers; of us, that of US as well."""
        more = [term for word, term in self.acronyms if word in words]
        return np.concatenate(
            [self["words.terms"][words], np.array(more, np.int64)], dtype=np.int64
        )

    def bounds(self, field: str) -> Array:
        """By term of a field where its postings begin, and at the end where the last one's end."""
        return self[f"{field}.offsets"][:: layout.blocks(field, self.size)]

    def postings(self, field: str, terms: Array) -> tuple[Any, Array]:
        """Where some terms' postings stand among those of a field, and their documents."""
        blocks = layout.blocks(field, self.size)
        if len(terms) == 1:  # its blocks are one stretch, and it is what is asked for most
            return self._posted(field, int(terms[0]) * blocks, blocks)
        rows = (terms[:, None] * blocks + np.arange(blocks)).ravel()
        starts, ends = _stretches(self[f"{field}.offsets"], rows)
        where = _joined(starts, ends)
        docs = self[f"{field}.docs"][where].astype(np.int64)
        if blocks > 1:
            docs += (rows % blocks * layout.BLOCK).repeat(ends - starts)
        return where, docs

    def _posted(self, field: str, first: int, blocks: int) -> tuple[slice, Array]:
        """The same for some consecutive blocks, each counting its documents from 0."""
        bounds = self[f"{field}.offsets"][first : first + blocks + 1].tolist()
        where = slice(bounds[0], bounds[-1])
        docs = self[f"{field}.docs"][where].astype(np.int64)
        for block, (start, end) in enumerate(pairwise(bounds)):
            if block and start < end:
                docs[start - where.start : end - where.start] += block * layout.BLOCK
        return where, docs

    def positions(self, field: str, terms: Array) -> Array:
        """The places of some terms in a text field, posting by posting."""
        starts, ends = _stretches(self[f"{field}.places"], terms)
        return self[f"{field}.positions"][_joined(starts, ends)]  # type: ignore[no-any-return]


def _stretches(bounds: Array, rows: Array) -> tuple[Array, Array]:
    return bounds[rows].astype(np.int64), bounds[rows + 1].astype(np.int64)


def _joined(starts: Array, ends: Array) -> Any:
    """An index to all of some stretches: a slice, which copies nothing, where they are one."""
    if len(starts) and (starts[1:] == ends[:-1]).all():
        return slice(int(starts[0]), int(ends[-1]))
    return layout.stretches(starts, ends - starts)
