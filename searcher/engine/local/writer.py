"""Bulk inversion: batches of articles in, one sorted segment out, no Python per posting.

Every token becomes one 64-bit number, (term, document, place); sorting those numbers is the
inversion. A run is flushed to a segment of its own before it outgrows memory, and the segments
are merged (``merge.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.batch import Batch, Interner
from searcher.engine.local.schema import FACETS, KEYWORDS, PIECE_GAP
from searcher.engine.plan import TEXT_FIELDS
from searcher.text import analyse, stem

__all__ = ["RUN_ARTICLES", "RUN_TOKENS", "SegmentBuilder", "offsets", "stretches"]

DOC_BITS: Final = 15
PLACE_BITS: Final = 22
TERM_SHIFT: Final = np.uint64(DOC_BITS + PLACE_BITS)
PLACE_MASK: Final = np.uint64((1 << PLACE_BITS) - 1)
LOW_MASK: Final = np.uint64((1 << (DOC_BITS + PLACE_BITS)) - 1)

RUN_ARTICLES: Final = 1 << DOC_BITS
RUN_TOKENS: Final = 6_000_000
"""A run ends at so many articles or tokens: about 200 MB while it is sorted."""

Array = NDArray[Any]


def offsets(counts: Array) -> Array:
    """Where each of some consecutive stretches starts, and at the end where the last one ends."""
    out = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def stretches(starts: Array, counts: Array) -> Array:
    """The indexes start, start + 1, ... of every stretch, one stretch after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)


class _Words:
    """The raw words of a run, and the terms each stands for, as arrays that only grow."""

    def __init__(self) -> None:
        self.numbers = Interner()
        self.terms = Interner()
        self.forms = Interner()
        self.form_terms: dict[int, int] = {}
        self.counts = np.zeros(0, np.int64)
        self._rows: list[tuple[int, int, int, int]] = []
        self._flat: list[tuple[int, int]] = []
        self._tables: tuple[Array, Array] | None = None

    def number(self, raw_words: Sequence[str]) -> Array:
        """The run's numbers of raw words, new ones analysed."""
        numbers = np.fromiter(map(self.numbers.__getitem__, raw_words), np.int64, len(raw_words))
        if len(self.numbers) > len(self._rows):
            for raw, number in zip(raw_words, numbers.tolist(), strict=True):
                if number == len(self._rows):
                    self._add(raw)
            self._tables = None
        return numbers

    def _add(self, raw: str) -> None:
        word = analyse(raw)
        texts = [term for _, term in word.terms]
        whole = stem(word.form)
        form = self.forms[word.form]
        if texts:
            self.form_terms[form] = self.terms[whole if whole in texts else texts[0]]
        self._rows.append((len(self._flat), len(texts), word.width, form))
        self._flat += [(self.terms[term], place) for place, term in word.terms]

    def tables(self) -> tuple[Array, Array]:
        """By word: where its terms start, how many, its width, its form. Then term and place."""
        if self._tables is None:
            rows = np.array(self._rows, np.int64).reshape(-1, 4)
            self._tables = rows, np.array(self._flat, np.int64).reshape(-1, 2)
        return self._tables

    def count(self, numbers: Array) -> None:
        """Note that these words occurred."""
        seen = np.bincount(numbers, minlength=len(self._rows))
        seen[: len(self.counts)] += self.counts
        self.counts = seen

    def form_counts(self) -> Array:
        """How often each form occurred."""
        rows, _ = self.tables()
        return np.bincount(rows[:, 3], self.counts, len(self.forms)).astype(np.int64)


class SegmentBuilder:
    """Collects batches; ``write`` sorts them into a segment file.

    ``full`` says when the next batch should go to another builder.
    """

    def __init__(self) -> None:
        self.articles = 0
        self._tokens = 0
        self._words = _Words()
        self._packed: dict[str, list[Array]] = {name: [] for name in TEXT_FIELDS}
        self._lengths: dict[str, list[Array]] = {name: [] for name in TEXT_FIELDS}
        self._keys = {name: Interner() for name in KEYWORDS}
        self._sets: dict[str, Interner] = {name: Interner() for name in KEYWORDS}
        self._set_rows: dict[str, list[Array]] = {name: [] for name in KEYWORDS}
        self._labels: dict[str, str] = {}
        self._dates: list[Array] = []
        self._stored: list[bytes] = []
        self._stored_ends: list[Array] = []

    def room(self, batch: Batch) -> bool:
        """Whether the batch still fits this run."""
        tokens = self._tokens + sum(map(len, batch.tokens.values()))
        fits = tokens <= RUN_TOKENS and self.articles + batch.size <= RUN_ARTICLES
        return fits or not self.articles

    def add(self, batch: Batch) -> None:
        """Take one batch in. A batch has at most ``RUN_ARTICLES`` articles."""
        numbers = self._words.number(batch.words)
        for name in TEXT_FIELDS:
            words = numbers[batch.tokens[name]]
            self._words.count(words)
            self._invert(name, words, *batch.texts[name], batch.size)
            self._tokens += len(words)
        for name in KEYWORDS:
            sets = self._sets[name]
            mapping = np.fromiter(
                map(sets.__getitem__, batch.values[name]), np.int64, len(batch.values[name])
            )
            self._set_rows[name].append(mapping[batch.value_sets[name]])
        self._labels.update(batch.labels)
        self._dates.append(batch.dates)
        self._stored.append(batch.stored)
        self._stored_ends.append(batch.stored_ends)
        self.articles += batch.size

    def _invert(self, name: str, words: Array, lengths: Array, owners: Array, size: int) -> None:
        rows, flat = self._words.tables()
        widths = rows[words, 2]
        before = offsets(widths)
        first = offsets(lengths.astype(np.int64))
        width = before[first[1:]] - before[first[:-1]]
        # Texts of one article follow each other with a gap; each article starts at place 0.
        reach = offsets(width + PIECE_GAP)[:-1]
        start = reach - reach[np.searchsorted(owners, owners)]
        text = np.repeat(np.arange(len(lengths)), lengths)
        place = before[:-1] - before[first[:-1]][text] + start[text]
        counts = rows[words, 1]
        source = np.repeat(np.arange(len(words)), counts)
        terms, within = flat[stretches(rows[words, 0], counts)].T
        place = np.minimum(place[source] + within, int(PLACE_MASK)).astype(np.uint64)
        document = (owners[text][source] + self.articles).astype(np.uint64)
        packed = (terms.astype(np.uint64) << TERM_SHIFT) | (document << np.uint64(PLACE_BITS))
        self._packed[name].append(packed | place)
        self._lengths[name].append(np.bincount(owners, width, size).astype(np.int64))

    def write(self, path: Path) -> str:
        """Write the segment; its digest."""
        out = ArrayWriter(path)
        terms = self._words.terms
        order = sorted(terms)
        out.add_strings("terms", order)
        rank = np.empty(len(order), np.uint64)
        rank[[terms[term] for term in order]] = np.arange(len(order), dtype=np.uint64)
        for name in TEXT_FIELDS:
            self._write_text(out, name, rank)
        for name in KEYWORDS:
            self._write_keyword(out, name)
        out.add("dates", _joined(self._dates, np.int64))
        self._write_words(out, rank)
        self._write_stored(out)
        return out.close()

    def _write_text(self, out: ArrayWriter, name: str, rank: Array) -> None:
        packed = _joined(self._packed.pop(name), np.uint64)
        packed = (rank[packed >> TERM_SHIFT] << TERM_SHIFT) | (packed & LOW_MASK)
        packed.sort()
        # Two parts of one word may be the same term at the same place: that is one occurrence.
        packed = packed[np.diff(packed, prepend=np.uint64(2**64 - 1)) != 0]
        posting = packed >> np.uint64(PLACE_BITS)
        heads = np.flatnonzero(np.diff(posting, prepend=np.uint64(2**64 - 1)))
        term = (packed >> TERM_SHIFT).astype(np.int64)
        documents = posting[heads] & np.uint64(RUN_ARTICLES - 1)
        freqs = np.diff(heads, append=len(packed))
        out.add(f"{name}.offsets", smallest(offsets(np.bincount(term[heads], minlength=len(rank)))))
        out.add(f"{name}.places", smallest(offsets(np.bincount(term, minlength=len(rank)))))
        out.add(f"{name}.docs", _documents(documents, self.articles))
        out.add(f"{name}.freqs", smallest(freqs))
        out.add(f"{name}.positions", smallest(packed & PLACE_MASK))
        out.add(f"{name}.lengths", smallest(_joined(self._lengths[name], np.int64)))

    def _write_keyword(self, out: ArrayWriter, name: str) -> None:
        sets = list(self._sets[name])
        rows = _joined(self._set_rows[name], np.int64)
        keys = sorted({value for values in sets for value in values})
        index = {key: number for number, key in enumerate(keys)}
        ends = offsets(np.array([len(values) for values in sets], np.int64))
        flat = np.array([index[value] for values in sets for value in values], np.int64)
        out.add_strings(f"{name}.keys", keys)
        if name == "city":
            out.add_strings(f"{name}.labels", [self._labels[key] for key in keys])
        counts = np.diff(ends)[rows]
        value = flat[stretches(ends[rows], counts)]
        document = np.repeat(np.arange(len(rows)), counts)
        out.add(f"{name}.offsets", smallest(offsets(np.bincount(value, minlength=len(keys)))))
        out.add(
            f"{name}.docs", _documents(document[np.argsort(value, kind="stable")], self.articles)
        )
        if name in FACETS:
            out.add(f"{name}.sets", smallest(rows))
            out.add(f"{name}.set_offsets", smallest(ends))
            out.add(f"{name}.set_values", smallest(flat))

    def _write_words(self, out: ArrayWriter, rank: Array) -> None:
        forms, counts = self._words.forms, self._words.form_counts()
        home = self._words.form_terms
        order = sorted(form for form, number in forms.items() if number in home)
        numbers = np.array([forms[form] for form in order], np.int64)
        terms = np.array([home[number] for number in numbers.tolist()], np.int64)
        out.add_strings("words", order)
        out.add("words.counts", smallest(counts[numbers]))
        out.add("words.terms", smallest(rank[terms]))

    def _write_stored(self, out: ArrayWriter) -> None:
        with out.pieces("stored.data", np.dtype(np.uint8)) as write:
            for data in self._stored:
                write(np.frombuffer(data, np.uint8))
        sizes = [np.diff(ends, prepend=np.uint64(0)) for ends in self._stored_ends]
        out.add("stored.offsets", smallest(offsets(_joined(sizes, np.int64))))


def _documents(documents: Array, size: int) -> Array:
    return documents.astype(np.min_scalar_type(max(size - 1, 0)))


def _joined(parts: list[Array], dtype: Any) -> Array:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)
