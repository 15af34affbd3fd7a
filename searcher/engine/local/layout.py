"""The arrays of a segment, by name: what the bulk writer and the Whoosh codec both write.

terms                           the terms of all text fields, sorted
<field>.offsets                 by term and block of documents: where its postings begin
<field>.docs                    by posting: the document's number within its block
<text>.freqs                    by posting
<text>.places                   by term: where its positions begin
<text>.positions                by occurrence; ascending within a posting
<text>.lengths                  by document, in places
<keyword>.keys                  sorted values: the terms of a keyword field
city.labels                     by key: what to show for it
<facet>.sets                    by document: the number of its set of values
<facet>.set_offsets, .set_values   by set: its values, as numbers of keys
dates                           by document: seconds since 1970, or ``NO_DATE``
words, words.counts, .terms     the words as written, how often, and the term of each; once
                                documents are removed, a file of its own has the counts of the rest
stored.data, .offsets           each document packed

A block is 65,536 documents, so that a number within it takes two bytes. Only ``id`` has no blocks:
a key with one document would need more bytes for them than they save.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.interner import Interner
from searcher.engine.local.schema import FACETS

__all__ = [
    "BLOCK",
    "NO_DATE",
    "blocks",
    "changes",
    "distinct",
    "document_type",
    "grouped",
    "heads",
    "keyword_field",
    "offsets",
    "placed",
    "postings",
    "runs",
    "stored",
    "stretches",
    "text_field",
    "vocabulary",
]

Array = NDArray[Any]

NO_DATE: Final = int(np.iinfo(np.int64).min)

BLOCK: Final = 1 << 16
"""Documents in a block."""


def offsets(counts: Array) -> Array:
    """Where each of some consecutive stretches starts, and at the end where the last one ends."""
    out = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def stretches(starts: Array, counts: Array) -> Array:
    """The indexes start, start + 1, ... of every stretch, one stretch after another."""
    ends = counts.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    begun: Array = (starts - (ends - counts)).repeat(counts)
    return begun + np.arange(total)


def distinct(values: Array) -> Array:
    """Whole numbers, each once, ascending. ``np.unique`` would first import ``numpy.ma``, which
    takes as long as several searches."""
    ordered = np.sort(values)
    return ordered.take(heads(ordered))


def heads(ordered: Array) -> Array:
    """Where each value of some ascending ones stands first."""
    return changes(ordered).nonzero()[0]


def runs(ordered: Array) -> tuple[Array, Array]:
    """Where each value of some ascending ones stands first, and how often it stands there."""
    first = heads(ordered)
    counts = np.empty_like(first)  # as np.diff has it, which takes three times as long to begin
    np.subtract(first[1:], first[:-1], out=counts[:-1])
    counts[-1:] = len(ordered) - first[-1:]
    return first, counts


def grouped(docs: Array, values: Array) -> tuple[Array, Array, Array]:
    """By sorting: each document once, ascending, the sum of its values, and how many they are."""
    order = docs.argsort(kind="stable")
    docs = docs.take(order)
    first, times = runs(docs)
    return docs.take(first), np.add.reduceat(values.take(order), first), times


def changes(values: Array) -> Array:
    """Whether each value is another than the one before it."""
    found = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def blocks(field: str, size: int) -> int:
    """How many blocks a field of so many documents has; 1: their numbers are kept whole."""
    return 1 if field == "id" else max(1, -(-size // BLOCK))


def placed(field: str, docs: Array, size: int) -> tuple[Any, Array]:
    """Each document's block, and its number within the block."""
    if blocks(field, size) == 1:
        return 0, docs
    block = docs // BLOCK
    return block, docs - block * BLOCK


def document_type(field: str, size: int) -> np.dtype[Any]:
    """The narrowest type for the numbers of so many documents in a field."""
    return np.min_scalar_type(max(0, (size if blocks(field, size) == 1 else BLOCK) - 1))


def postings(
    out: ArrayWriter, field: str, terms: Array, docs: Array, shape: tuple[int, int]
) -> None:
    """Which document has which term, sorted by the two. ``shape``: how many terms and documents."""
    many, (block, within) = blocks(field, shape[1]), placed(field, docs, shape[1])
    counts = np.bincount(terms * many + block, minlength=shape[0] * many)
    out.add(f"{field}.offsets", smallest(offsets(counts)))
    out.add(f"{field}.docs", within.astype(document_type(field, shape[1])))


def text_field(
    out: ArrayWriter,
    name: str,
    vocabulary_size: int,
    found: tuple[Array, Array, Array],
    positions: Array,
    lengths: Array,
) -> None:
    """A text field. ``found``: term numbers, documents, frequencies; sorted by the first two."""
    terms, docs, freqs = found
    places = np.bincount(terms, freqs, vocabulary_size).astype(np.int64)
    out.add(f"{name}.places", smallest(offsets(places)))
    postings(out, name, terms, docs, (vocabulary_size, len(lengths)))
    out.add(f"{name}.freqs", smallest(freqs))
    out.add(f"{name}.positions", smallest(positions))
    out.add(f"{name}.lengths", smallest(lengths))


def keyword_field(
    out: ArrayWriter,
    name: str,
    sets: Sequence[tuple[str, ...]],
    rows: Array,
    labels: Mapping[str, str],
) -> None:
    """A keyword field: the distinct sets of values, and by document the number of its own."""
    interner = Interner()
    numbers = interner.numbers(chain.from_iterable(sets))
    keys = sorted(interner)
    flat = interner.ranks(keys)[numbers]
    ends = offsets(np.array([len(values) for values in sets], np.int64))
    counts = np.diff(ends)[rows]
    value = flat[stretches(ends[rows], counts)]
    document = np.repeat(np.arange(len(rows)), counts)
    # Both in one number, they are sorted in a fifth of the time that a stable argsort takes.
    value, document = np.divmod(np.sort(value * len(rows) + document), max(1, len(rows)))
    out.add_strings(f"{name}.keys", keys)
    if name == "city":
        out.add_strings(f"{name}.labels", [labels.get(key, key) for key in keys])
    postings(out, name, value, document, (len(keys), len(rows)))
    if name in FACETS:
        out.add(f"{name}.sets", smallest(rows))
        out.add(f"{name}.set_offsets", smallest(ends))
        out.add(f"{name}.set_values", smallest(flat))


def vocabulary(out: ArrayWriter, words: Sequence[str], counts: Array, terms: Array) -> None:
    """The words as written, sorted, how often each occurs, and the number of its term."""
    out.add_strings("words", words)
    out.add("words.counts", smallest(counts))
    out.add("words.terms", smallest(terms))


def stored(out: ArrayWriter, pieces: Iterable[bytes], sizes: Array) -> None:
    """The packed documents, in any number of pieces, and the size of each document."""
    with out.pieces("stored.data", np.dtype(np.uint8)) as write:
        for piece in pieces:
            write(np.frombuffer(piece, np.uint8))
    out.add("stored.offsets", smallest(offsets(sizes)))
