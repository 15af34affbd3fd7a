"""Bulk inversion: batches of articles in, one sorted segment out, no Python per posting.

Every token becomes one 64-bit number, (term, document, place); sorting those numbers is the
inversion. A run is flushed to a segment of its own before it outgrows memory, and the segments
are merged (``merge.py``).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayWriter
from searcher.engine.local.batch import Batch
from searcher.engine.local.chunks import Chunks
from searcher.engine.local.interner import Interner
from searcher.engine.local.layout import changes, offsets, runs, stretches
from searcher.engine.local.schema import KEYWORDS, PIECE_GAP
from searcher.engine.plan import TEXT_FIELDS
from searcher.text import WORD, analyse

__all__ = ["RUN_ARTICLES", "RUN_TOKENS", "SegmentBuilder"]

DOC_BITS: Final = 15
PLACE_BITS: Final = 22
TERM_SHIFT: Final = np.uint64(DOC_BITS + PLACE_BITS)
PLACE_MASK: Final = np.uint64((1 << PLACE_BITS) - 1)
LOW_MASK: Final = np.uint64((1 << (DOC_BITS + PLACE_BITS)) - 1)

RUN_ARTICLES: Final = 1 << DOC_BITS
RUN_TOKENS: Final = 6_000_000
"""A run ends at so many articles or terms of a text: some 300 MB while it is written."""

KEPT_CHUNKS: Final = 200_000
"""So many chunks at most are known to the next run: some 70 to 100 MB."""

Array = NDArray[Any]


class _Words:
    """The chunks of texts (what stands between blanks), and the terms each stands for.

    No word reaches across a blank, so a chunk is analysed once, however often it occurs, and for
    the next run as well. Only how often each occurs is a run's own.

    Attributes:
        chunks, terms, forms: their numbers.
        rows: by chunk, where its terms start in ``places``, how many they are, its width.
        places: by term of a chunk, the term's number and its place within the chunk.
    """

    def __init__(self) -> None:
        self.chunks, self.terms, self.forms = Chunks(), Interner(), Interner()
        # Growing in place: a run has many batches, and each would copy what came before.
        self._rows, self._places = array("q"), array("q")
        self._chunk_forms = array("q")
        self._counts = np.zeros(0, np.int64)

    @property
    def rows(self) -> Array:
        return _table(self._rows, 3)

    @property
    def places(self) -> Array:
        return _table(self._places, 2)

    def number(self, chunks: bytes) -> Array:
        """The numbers of chunks, new ones analysed."""
        known = self.chunks.size
        numbers, new = self.chunks.numbers(chunks)
        self._analyse(new, known)
        return numbers

    def _analyse(self, chunks: Iterable[str], known: int) -> None:
        terms, forms = self.terms, self.forms
        rows: list[int] = []
        places: list[int] = []
        chunk_forms: list[int] = []
        before = len(self._places) // 2
        for number, chunk in enumerate(chunks, known):
            start, width = len(places) // 2, 0
            # ASCII letters and figures alone are one word, and told sooner than found.
            for raw in (chunk,) if chunk.isascii() and chunk.isalnum() else WORD.findall(chunk):
                word = analyse(raw)
                for at, term in word.terms:
                    places += terms[term], width + at
                for form, term in word.parts:
                    chunk_forms += number, forms[form], terms[term]
                width += word.width
            rows += before + start, len(places) // 2 - start, width
        self._rows.fromlist(rows)
        self._places.fromlist(places)
        self._chunk_forms.fromlist(chunk_forms)

    def count(self, numbers: Array) -> None:
        """Note that these chunks occurred."""
        seen = np.bincount(numbers, minlength=self.chunks.size)
        seen[: len(self._counts)] += self._counts
        self._counts = seen

    def occurred(self) -> Array:
        """Whether each term did in this run."""
        found = np.zeros(len(self.terms), bool)
        starts, counts, _ = self.rows[self._counts > 0].T
        found[self.places[stretches(starts, counts), 0]] = True
        return found

    def counted(self, rank: Array) -> tuple[Array, Array]:
        """By form, how often it occurred and its term by rank: of US and us the latter."""
        chunk, form, term = _table(self._chunk_forms, 3).T
        last = np.zeros(len(self.forms), rank.dtype)
        np.maximum.at(last, form, rank[term])  # a term that did not occur has the rank 0
        return np.bincount(form, self._counts[chunk], len(self.forms)).astype(np.int64), last

    def again(self) -> _Words:
        """For the next run: this, unless it has grown large."""
        if self.chunks.size > KEPT_CHUNKS:
            return _Words()
        self._counts = np.zeros(self.chunks.size, np.int64)
        return self


def _table(values: array[int], width: int) -> Array:
    """Rows of so many values. Not to be kept: what is looked at cannot grow."""
    return np.frombuffer(values, np.int64).reshape(-1, width)


class SegmentBuilder:
    """Collects batches; ``write`` sorts them into a segment file.

    ``room`` says whether a batch still fits; where not, it goes to the one ``following``.
    """

    def __init__(self, words: _Words | None = None) -> None:
        self.articles = 0
        self._tokens = 0
        self._words = words or _Words()
        self._packed: dict[str, list[Array]] = {name: [] for name in TEXT_FIELDS}
        self._lengths: dict[str, list[Array]] = {name: [] for name in TEXT_FIELDS}
        self._sets: dict[str, Interner] = {name: Interner() for name in KEYWORDS}
        self._set_rows: dict[str, list[Array]] = {name: [] for name in KEYWORDS}
        self._labels: dict[str, str] = {}
        self._dates: list[Array] = []
        self._stored: list[bytes] = []
        self._stored_ends: list[Array] = []

    def following(self) -> SegmentBuilder:
        """A builder for the next run, once this one is written."""
        return SegmentBuilder(self._words.again())

    def room(self, batch: Batch) -> bool:
        """Whether the batch still fits this run."""
        tokens = self._tokens + sum(map(len, batch.tokens.values()))
        fits = tokens <= RUN_TOKENS and self.articles + batch.size <= RUN_ARTICLES
        return fits or not self.articles

    def add(self, batch: Batch) -> None:
        """Take one batch in. A batch has at most ``RUN_ARTICLES`` articles."""
        numbers = self._words.number(batch.chunks)
        words = {name: numbers.take(batch.tokens[name]) for name in TEXT_FIELDS}
        self._words.count(np.concatenate(list(words.values())))
        for name in TEXT_FIELDS:
            self._invert(name, words[name], *batch.texts[name], batch.size)
            # A chunk of a script without blanks has many terms.
            self._tokens += len(self._packed[name][-1])
        for name in KEYWORDS:
            mapping = self._sets[name].numbers(batch.values[name])
            self._set_rows[name].append(mapping[batch.value_sets[name]])
        self._labels.update(batch.labels)
        self._dates.append(batch.dates)
        self._stored.append(batch.stored)
        self._stored_ends.append(batch.stored_ends)
        self.articles += batch.size

    def _invert(self, name: str, words: Array, lengths: Array, owners: Array, size: int) -> None:
        starts, counts, widths = self._words.rows.take(words, axis=0).T
        before = offsets(widths)
        first = offsets(lengths.astype(np.int64))
        width = before[first[1:]] - before[first[:-1]]
        # Texts of one article follow each other with a gap; each article starts at place 0.
        reach = offsets(width + PIECE_GAP)[:-1]
        start = reach - reach[np.searchsorted(owners, owners)]
        text = np.repeat(np.arange(len(lengths)), lengths)
        place = before[:-1] + (start - before[first[:-1]]).take(text)
        source = np.repeat(np.arange(len(words)), counts)
        terms, within = self._words.places.take(stretches(starts, counts), axis=0).T
        place = np.minimum(place.take(source) + within, int(PLACE_MASK)).astype(np.uint64)
        document = (owners + self.articles).astype(np.uint64).take(text).take(source)
        packed = (terms.astype(np.uint64) << TERM_SHIFT) | (document << np.uint64(PLACE_BITS))
        self._packed[name].append(packed | place)
        self._lengths[name].append(np.bincount(owners, width, size).astype(np.int64))

    def write(self, path: Path) -> str:
        """Write the segment; its digest."""
        out = ArrayWriter(path)
        terms, occurred = self._words.terms, self._words.occurred().tolist()
        order = sorted(term for term, number in terms.items() if occurred[number])
        out.add_strings("terms", order)
        rank = terms.ranks(order).astype(np.uint64)
        for name in TEXT_FIELDS:
            self._write_text(out, name, rank, len(order))
        for name in KEYWORDS:
            rows = _joined(self._set_rows[name], np.int64)
            layout.keyword_field(out, name, list(self._sets[name]), rows, self._labels)
        out.add("dates", _joined(self._dates, np.int64))
        self._write_words(out, rank)
        sizes = [np.diff(ends, prepend=np.uint64(0)) for ends in self._stored_ends]
        layout.stored(out, self._stored, _joined(sizes, np.int64))
        return out.close()

    def _write_text(self, out: ArrayWriter, name: str, rank: Array, vocabulary: int) -> None:
        # In place where it can be: these arrays are what a build takes the most memory for.
        packed = _joined(self._packed.pop(name), np.uint64)
        ranks = rank.take((packed >> TERM_SHIFT).view(np.int64))
        packed &= LOW_MASK
        packed |= np.left_shift(ranks, TERM_SHIFT, out=ranks)
        del ranks
        packed.sort()
        # Two parts of one word may be the same term at the same place: that is one occurrence.
        packed = packed[changes(packed)]
        posting = packed >> np.uint64(PLACE_BITS)
        first, often = runs(posting)
        posting = posting[first]
        terms = (posting >> np.uint64(DOC_BITS)).astype(np.int64)
        docs = (posting & np.uint64(RUN_ARTICLES - 1)).astype(np.uint16)
        postings = terms, docs, often
        del posting, first
        packed &= PLACE_MASK
        lengths = _joined(self._lengths[name], np.int64)
        layout.text_field(out, name, vocabulary, postings, packed, lengths)

    def _write_words(self, out: ArrayWriter, rank: Array) -> None:
        forms, (counts, terms) = self._words.forms, self._words.counted(rank)
        order = sorted(form for form, number in forms.items() if counts[number])
        numbers = forms.numbers(order)
        layout.vocabulary(out, order, counts[numbers], terms[numbers])


def _joined(parts: list[Array], dtype: Any) -> Array:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)
