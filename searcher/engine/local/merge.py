"""Merging: several segments to one, what is removed left out, in bounded memory.

Postings are moved a stretch of terms at a time. Within a term the documents of one segment follow
those of the segment before it, so nothing needs sorting: every posting's new place is arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.interner import Interner
from searcher.engine.local.layout import offsets, stretches
from searcher.engine.local.schema import FACETS, KEYWORDS
from searcher.engine.local.segment import Segment
from searcher.engine.plan import TEXT_FIELDS

__all__ = ["merge"]

Array = NDArray[Any]

CHUNK: Final = 2_000_000
"""About how many postings or places are moved at a time."""


class _Input:
    """One segment, where its documents go, and where its terms go.

    Attributes:
        size: how many documents the merged segment has.
        moved: by document, its merged number.
        maps: by field, the merged number of each term; -1 where no living document has it.
    """

    def __init__(self, segment: Segment, base: int, size: int) -> None:
        self.segment, self.size = segment, size
        self.alive = np.ones(segment.size, bool) if segment.alive is None else segment.alive
        self.moved = np.cumsum(self.alive) - 1 + base
        self.maps: dict[str, Array] = {}
        self._placed: dict[int, tuple[Array, Array]] = {}

    def placed(self, name: str) -> tuple[Array, Array]:
        """By document, its merged block in a field, and its number within that."""
        blocks = layout.blocks(name, self.size)
        if blocks not in self._placed:
            block, within = layout.placed(name, self.moved, self.size)
            self._placed[blocks] = np.broadcast_to(block, within.shape), within
        return self._placed[blocks]

    def documents(self, name: str, first: int, last: int) -> Array:
        """How many living documents each of a stretch of terms has in each merged block."""
        segment, blocks = self.segment, layout.blocks(name, self.size)
        block, _ = self.placed(name)
        often: Array = np.diff(segment.bounds(name)[first : last + 1].astype(np.int64))
        if segment.alive is None and block[0] == block[-1]:
            counts = np.zeros((len(often), blocks), np.int64)
            counts[:, block[0]] = often
            return counts
        _, docs = segment.postings(name, np.arange(first, last))
        rows = np.arange(len(often)).repeat(often) * blocks + block.take(docs)
        counts = np.bincount(rows[self.alive.take(docs)], minlength=len(often) * blocks)
        return counts.reshape(-1, blocks)

    def places(self, name: str, first: int, last: int) -> Array:
        """How often living documents have each of a stretch of terms."""
        if self.segment.alive is None:
            return np.diff(self.segment[f"{name}.places"][first : last + 1].astype(np.int64))
        often, freqs = self.living(name, "freqs", first, last)
        return np.diff(offsets(freqs)[offsets(often)])

    def living(self, name: str, column: str, first: int, last: int) -> tuple[Array, Array]:
        """How many values each of a stretch of terms has in a field's column, and the values, both
        of living documents only. Documents are told by their numbers within the merged blocks."""
        segment = self.segment
        bounds = segment[f"{name}.places"] if column == "positions" else segment.bounds(name)
        edges = bounds[first : last + 1].astype(np.int64)
        values = segment[f"{name}.{column}"][edges[0] : edges[-1]]
        if column != "docs" and segment.alive is None:
            return np.diff(edges), values
        where, docs = segment.postings(name, np.arange(first, last))
        if column == "docs":
            values = self.placed(name)[1].take(docs)
        if segment.alive is None:
            return np.diff(edges), values
        kept = segment.alive.take(docs)
        if column == "positions":
            kept = kept.repeat(segment[f"{name}.freqs"][where])
        return np.diff(offsets(kept)[edges - edges[0]]), values[kept]


def merge(segments: Sequence[Segment], path: Path) -> tuple[str, int]:
    """Write the living documents of some segments as one; its digest and how many there are."""
    living = [one.size if one.alive is None else int(one.alive.sum()) for one in segments]
    bases, size = offsets(np.array(living)).tolist(), sum(living)
    inputs = [_Input(one, base, size) for one, base in zip(segments, bases, strict=False)]
    out = ArrayWriter(path)
    counts = _strings(out, inputs, "terms", TEXT_FIELDS, size)
    for name in TEXT_FIELDS:
        _text(out, inputs, name, *counts.pop(name))
        _release(inputs)
    for name in KEYWORDS:
        _keyword(out, inputs, name, size)
        _release(inputs)
    out.add("dates", _living(inputs, "dates"))
    _words(out, inputs)
    _release(inputs)
    _stored(out, inputs)
    return out.close(), size


def _release(inputs: Sequence[_Input]) -> None:
    # What was mapped counts as this process's memory until it is let go.
    for one in inputs:
        one.segment.file.release()


def _union(inputs: Sequence[_Input], table: str) -> tuple[list[bytes], list[Array]]:
    """All strings of a table in UTF-8, sorted, and by input where its own ones went."""
    tables = [one.segment.strings(table).all_encoded() for one in inputs]
    # Each table is sorted already: sorting only merges them, where a set would lose the order.
    union = list(dict.fromkeys(sorted(chain.from_iterable(tables))))
    index = {text: number for number, text in enumerate(union)}
    maps = [np.fromiter(map(index.__getitem__, texts), np.int64, len(texts)) for texts in tables]
    return union, maps


def _living(inputs: Sequence[_Input], name: str) -> Array:
    return np.concatenate([one.segment[name][one.alive] for one in inputs])


def _strings(
    out: ArrayWriter, inputs: Sequence[_Input], table: str, fields: Sequence[str], size: int
) -> dict[str, tuple[Array, Array]]:
    """Write what living documents have of a table, and note where each input's own strings went.
    By field: the living documents by string and block, the living places by string."""
    strings, maps = _union(inputs, table)
    for one, mapping in zip(inputs, maps, strict=True):
        one.maps |= dict.fromkeys(fields, mapping)
    counts = {name: _counts(inputs, name, (len(strings), size)) for name in fields}
    live = np.any([documents.any(axis=1) for documents, _ in counts.values()], axis=0)
    moved = np.where(live, np.cumsum(live) - 1, -1)
    for one, mapping in zip(inputs, maps, strict=True):
        one.maps |= dict.fromkeys(fields, moved[mapping])
    out.add_encoded(table, [text for text, keep in zip(strings, live, strict=True) if keep])
    return {name: (documents[live], places[live]) for name, (documents, places) in counts.items()}


def _counts(inputs: Sequence[_Input], name: str, shape: tuple[int, int]) -> tuple[Array, Array]:
    documents = np.zeros((shape[0], layout.blocks(name, shape[1])), np.int64)
    places = np.zeros(shape[0], np.int64)
    for one in inputs:
        for first, last in _spans(one.segment.bounds(name)):
            mine = one.maps[name][first:last]
            documents[mine] += one.documents(name, first, last)
            if name in TEXT_FIELDS:
                places[mine] += one.places(name, first, last)
    return documents, places


def _spans(bounds: Array) -> Iterator[tuple[int, int]]:
    """Stretches of terms with about ``CHUNK`` values each, by where each term's values begin."""
    cuts = np.searchsorted(bounds, np.arange(0, int(bounds[-1]) + CHUNK, CHUNK))
    edges = np.unique([0, *np.minimum(cuts, len(bounds) - 1), len(bounds) - 1])
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _text(
    out: ArrayWriter, inputs: Sequence[_Input], name: str, blocks: Array, places: Array
) -> None:
    out.add(f"{name}.places", smallest(offsets(places)))
    _docs(out, inputs, name, blocks)
    for column, counts in (("freqs", blocks.sum(axis=1)), ("positions", places)):
        _move(out, inputs, f"{name}.{column}", counts, _widest(inputs, f"{name}.{column}"))
    out.add(f"{name}.lengths", smallest(_living(inputs, f"{name}.lengths")))


def _docs(out: ArrayWriter, inputs: Sequence[_Input], name: str, blocks: Array) -> None:
    """Which documents have which term, given how many by term and block."""
    out.add(f"{name}.offsets", smallest(offsets(blocks.ravel())))
    dtype = layout.document_type(name, inputs[0].size)
    _move(out, inputs, f"{name}.docs", blocks.sum(axis=1), dtype)


def _move(
    out: ArrayWriter, inputs: Sequence[_Input], array: str, counts: Array, dtype: np.dtype[Any]
) -> None:
    """Write one array of a field; ``counts``: how many values each merged term has in it."""
    with out.pieces(array, dtype) as write:
        for first, last in _spans(offsets(counts)):
            write(_chunk(inputs, array, first, counts[first:last], dtype))


def _widest(inputs: Sequence[_Input], name: str) -> np.dtype[Any]:
    return np.result_type(*[one.segment[name].dtype for one in inputs])


def _chunk(
    inputs: Sequence[_Input], array: str, first: int, counts: Array, dtype: np.dtype[Any]
) -> Array:
    """An array's values for the merged terms from ``first`` on, ``counts`` for each."""
    name, column = array.split(".")
    target = np.empty(int(counts.sum()), dtype)
    free = offsets(counts)[:-1]
    for one in inputs:
        mapping = one.maps[name]
        mine = np.flatnonzero((mapping >= first) & (mapping < first + len(counts)))
        if len(mine):
            low, high = int(mine[0]), int(mine[-1]) + 1
            often, values = one.living(name, column, low, high)
            # Those between that no living document has are no merged terms.
            terms, often = mapping[mine] - first, often[mine - low]
            target[stretches(free[terms], often)] = values
            free[terms] += often
    return target


def _keyword(out: ArrayWriter, inputs: Sequence[_Input], name: str, size: int) -> None:
    blocks, _ = _strings(out, inputs, f"{name}.keys", (name,), size)[name]
    if name == "city":
        labels = _labels(inputs)
        out.add_strings("city.labels", [labels[number] for number in range(len(blocks))])
    _docs(out, inputs, name, blocks)
    if name in FACETS:
        _sets(out, inputs, name)


def _labels(inputs: Sequence[_Input]) -> dict[int, str]:
    """What to show for each merged key."""
    numbered = [(one.maps["city"].tolist(), one.segment.strings("city.labels")) for one in inputs]
    return {number: label for pair in numbered for number, label in zip(*pair, strict=True)}


def _sets(out: ArrayWriter, inputs: Sequence[_Input], name: str) -> None:
    """The facet's sets of values, those of living documents, in the order they are first used."""
    sets, rows = Interner(), []
    for one in inputs:
        bounds = one.segment[f"{name}.set_offsets"].tolist()
        values = one.maps[name][one.segment[f"{name}.set_values"]].tolist()
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
    """The words as written that living documents have; of several terms the last stands, as
    where they are first written."""
    words, maps = _union(inputs, "words")
    counts, terms = np.zeros(len(words), np.int64), np.full(len(words), -1, np.int64)
    for one, mapping in zip(inputs, maps, strict=True):
        counts[mapping] += one.segment["words.counts"]
        moved = one.maps["title"]
        terms[mapping] = np.maximum(terms[mapping], moved[one.segment["words.terms"]])
        for word, term in one.segment.acronyms:
            terms[mapping[word]] = max(terms[mapping[word]], moved[term])
    live = (counts > 0) & (terms >= 0)
    out.add_encoded("words", [word for word, keep in zip(words, live, strict=True) if keep])
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
