"""Merging: several segments to one, what is removed left out, in bounded memory.

Postings are moved a stretch of terms at a time. Within a term the documents of one segment follow
those of the segment before it, so nothing needs sorting: every posting's new place is arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.batch import Interner
from searcher.engine.local.layout import offsets, stretches
from searcher.engine.local.schema import FACETS, KEYWORDS
from searcher.engine.local.segment import Segment
from searcher.engine.plan import TEXT_FIELDS

__all__ = ["merge"]

Array = NDArray[Any]

CHUNK: Final = 2_000_000
"""About how many postings or places are moved at a time."""


class _Input:
    """One segment, where its documents go, and where its terms go."""

    def __init__(self, segment: Segment, base: int) -> None:
        self.segment = segment
        self.alive = np.ones(segment.size, bool) if segment.alive is None else segment.alive
        self.moved = np.cumsum(self.alive) - 1 + base
        self.living = int(np.count_nonzero(self.alive))
        self.terms = np.zeros(0, np.int64)
        """By the segment's own term number, the merged one; -1 where no living document has it."""


def merge(segments: Sequence[Segment], path: Path) -> tuple[str, int]:
    """Write the living documents of some segments as one; its digest and how many there are."""
    inputs, size = [], 0
    for segment in segments:
        inputs.append(_Input(segment, size))
        size += inputs[-1].living
    out = ArrayWriter(path)
    terms, maps = _union(inputs, "terms")
    for one, mapping in zip(inputs, maps, strict=True):
        one.terms = mapping
    live = np.zeros(len(terms), bool)
    counts = {name: _counts(inputs, name, (len(terms), size)) for name in TEXT_FIELDS}
    for documents, _ in counts.values():
        live |= documents.any(axis=1)
    for one in inputs:
        one.terms = np.where(live, np.cumsum(live) - 1, -1)[one.terms]
    out.add_strings("terms", [term for term, keep in zip(terms, live, strict=True) if keep])
    for name, (documents, places) in counts.items():
        _text(out, inputs, name, documents[live], places[live], size)
        _release(inputs)
    for name in KEYWORDS:
        _keyword(out, inputs, name, size)
    out.add("dates", _living(inputs, "dates"))
    _words(out, inputs)
    _release(inputs)
    _stored(out, inputs)
    return out.close(), size


def _release(inputs: Sequence[_Input]) -> None:
    # What was mapped counts as this process's memory until it is let go.
    for one in inputs:
        one.segment.file.release()


def _union(inputs: Sequence[_Input], table: str) -> tuple[list[str], list[Array]]:
    """All strings of a table, sorted, and by input where its own ones went."""
    tables = [list(one.segment.strings(table)) for one in inputs]
    union = sorted(set().union(*tables))
    index = {text: number for number, text in enumerate(union)}
    maps = [np.fromiter(map(index.__getitem__, texts), np.int64, len(texts)) for texts in tables]
    return union, maps


def _living(inputs: Sequence[_Input], name: str) -> Array:
    return np.concatenate([one.segment[name][one.alive] for one in inputs])


def _counts(inputs: Sequence[_Input], name: str, shape: tuple[int, int]) -> tuple[Array, Array]:
    """By term and block its living documents, and by term its living places, in a text field."""
    terms, blocks = shape[0], layout.blocks(name, shape[1])
    documents, places = np.zeros(terms * blocks, np.int64), np.zeros(terms, np.int64)
    for one in inputs:
        for first, last in _spans(one.segment.bounds(name)):
            owner, docs, freqs = _postings(one, name, first, last)
            keep = one.alive[docs]
            mine = one.terms[first + owner[keep]]
            rows = mine * blocks + one.moved[docs[keep]] // layout.BLOCK
            documents += np.bincount(rows, minlength=len(documents))
            places += np.bincount(mine, freqs[keep], terms).astype(np.int64)
    return documents.reshape(terms, blocks), places


def _spans(bounds: Array) -> Iterator[tuple[int, int]]:
    """Stretches of terms with about ``CHUNK`` values each, by where each term's values begin."""
    cuts = np.searchsorted(bounds, np.arange(0, int(bounds[-1]) + CHUNK, CHUNK))
    edges = np.unique([0, *np.minimum(cuts, len(bounds) - 1), len(bounds) - 1])
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _postings(one: _Input, name: str, first: int, last: int) -> tuple[Array, Array, Array]:
    """Terms (counted from ``first``), documents and frequencies of a stretch of terms."""
    owner = np.repeat(np.arange(last - first), np.diff(one.segment.bounds(name)[first : last + 1]))
    where, docs = one.segment.postings(name, np.arange(first, last))
    freqs = one.segment[f"{name}.freqs"][where] if f"{name}.freqs" in one.segment.file else docs
    return owner, docs, freqs


def _text(
    out: ArrayWriter, inputs: Sequence[_Input], name: str, blocks: Array, places: Array, size: int
) -> None:
    out.add(f"{name}.places", smallest(offsets(places)))
    out.add(f"{name}.offsets", smallest(offsets(blocks.ravel())))
    docs = blocks.sum(axis=1)
    columns = {"docs": layout.document_type(name, size), "freqs": None, "positions": None}
    for column, dtype in columns.items():
        chosen = dtype or _widest(inputs, f"{name}.{column}")
        counts = places if column == "positions" else docs
        with out.pieces(f"{name}.{column}", chosen) as write:
            for first, last in _spans(offsets(counts)):
                write(_chunk(inputs, name, column, first, last, counts[first:last], chosen))
    out.add(f"{name}.lengths", smallest(_living(inputs, f"{name}.lengths")))


def _widest(inputs: Sequence[_Input], name: str) -> np.dtype[Any]:
    return np.result_type(*[one.segment[name].dtype for one in inputs])


def _chunk(
    inputs: Sequence[_Input],
    name: str,
    column: str,
    first: int,
    last: int,
    counts: Array,
    dtype: np.dtype[Any],
) -> Array:
    """One column of the merged terms from ``first`` to ``last``, ``counts`` values each."""
    target = np.empty(int(counts.sum()), dtype)
    free = offsets(counts)[:-1]
    for one in inputs:
        terms, values = _column(one, name, column, first, last)
        mine = np.bincount(terms, minlength=last - first)
        target[stretches(free, mine)] = values
        free = free + mine
    return target


def _column(one: _Input, name: str, column: str, first: int, last: int) -> tuple[Array, Array]:
    """A segment's part of a chunk: each value's term, counted from ``first``, and the values."""
    kept = np.flatnonzero((one.terms >= first) & (one.terms < last))
    if not len(kept):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low, high = int(kept[0]), int(kept[-1]) + 1
    owner, docs, freqs = _postings(one, name, low, high)
    alive = one.alive[docs]
    term = one.terms[low + owner] - first
    if column == "docs":
        return term[alive], one.moved[docs[alive]] % layout.BLOCK
    if column == "freqs":
        return term[alive], freqs[alive]
    places = one.segment.positions(name, np.arange(low, high))
    return np.repeat(term[alive], freqs[alive]), places[np.repeat(alive, freqs)]


def _keyword(out: ArrayWriter, inputs: Sequence[_Input], name: str, size: int) -> None:
    table = f"{name}.keys"
    keys, maps = _union(inputs, table)
    parts = []
    for one, mapping in zip(inputs, maps, strict=True):
        owner, docs, _ = _postings(one, name, 0, len(mapping))
        keep = one.alive[docs]
        parts.append((mapping[owner[keep]], one.moved[docs[keep]]))
    values = np.concatenate([part[0] for part in parts])
    docs = np.concatenate([part[1] for part in parts])
    counts = np.bincount(values, minlength=len(keys))
    live = counts > 0
    moved = np.where(live, np.cumsum(live) - 1, -1)
    out.add_strings(table, [key for key, keep in zip(keys, live, strict=True) if keep])
    if name == "city":
        labels = _labels(inputs)
        out.add_strings("city.labels", [labels[keys[n]] for n in np.flatnonzero(live)])
    order = np.argsort(values, kind="stable")
    layout.postings(out, name, moved[values[order]], docs[order], (int(live.sum()), size))
    if name in FACETS:
        _sets(out, inputs, name, [moved[mapping] for mapping in maps])


def _labels(inputs: Sequence[_Input]) -> dict[str, str]:
    tables = [
        (one.segment.strings("city.keys"), one.segment.strings("city.labels")) for one in inputs
    ]
    return {key: label for keys, labels in tables for key, label in zip(keys, labels, strict=True)}


def _sets(out: ArrayWriter, inputs: Sequence[_Input], name: str, maps: Sequence[Array]) -> None:
    """The facet's sets of values, those of living documents, in the order they are first used."""
    sets, rows = Interner(), []
    for one, mapping in zip(inputs, maps, strict=True):
        bounds = one.segment[f"{name}.set_offsets"].tolist()
        values = mapping[one.segment[f"{name}.set_values"]].tolist()
        own = one.segment[f"{name}.sets"][one.alive]
        used, first = np.unique(own, return_index=True)
        numbers = np.zeros(len(bounds), np.int64)
        for n in used[np.argsort(first)].tolist():
            numbers[n] = sets[tuple(values[bounds[n] : bounds[n + 1]])]
        rows.append(numbers[own])
    lengths = np.array([len(values) for values in sets], np.int64)
    out.add(f"{name}.sets", smallest(np.concatenate(rows)))
    out.add(f"{name}.set_offsets", smallest(offsets(lengths)))
    out.add(f"{name}.set_values", smallest(np.array([v for s in sets for v in s], np.int64)))


def _words(out: ArrayWriter, inputs: Sequence[_Input]) -> None:
    """The words as written. Those whose term no living document has are dropped."""
    words, maps = _union(inputs, "words")
    counts, terms = np.zeros(len(words), np.int64), np.full(len(words), -1, np.int64)
    for one, mapping in zip(inputs, maps, strict=True):
        counts[mapping] += one.segment["words.counts"]
        terms[mapping] = one.terms[one.segment["words.terms"]]
    live = terms >= 0
    out.add_strings("words", [word for word, keep in zip(words, live, strict=True) if keep])
    out.add("words.counts", smallest(counts[live]))
    out.add("words.terms", smallest(terms[live]))


def _stored(out: ArrayWriter, inputs: Sequence[_Input]) -> None:
    lengths = []
    with out.pieces("stored.data", np.dtype(np.uint8)) as write:
        for one in inputs:
            bounds = one.segment["stored.offsets"].astype(np.int64)
            lengths.append(np.diff(bounds)[one.alive])
            for start, stop in _runs(one.alive):
                write(one.segment["stored.data"][bounds[start] : bounds[stop]])
            one.segment.file.release()
    out.add("stored.offsets", smallest(offsets(np.concatenate(lengths))))


def _runs(alive: Array) -> Iterator[tuple[int, int]]:
    """Stretches of consecutive living documents, at most some thousands each."""
    edges = np.flatnonzero(np.diff(alive.astype(np.int8), prepend=0, append=0))
    for start, stop in edges.reshape(-1, 2).tolist():
        for first in range(start, stop, 8192):
            yield first, min(first + 8192, stop)
