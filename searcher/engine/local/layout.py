"""The arrays of a segment, by name: what the bulk writer and the Whoosh codec both write.

terms                           the terms of all text fields, sorted
<text>.offsets, .places         by term: where its postings, its positions begin
<text>.docs, .freqs             by posting
<text>.positions                by occurrence; ascending within a posting
<text>.lengths                  by document, in places
<keyword>.keys, .offsets, .docs sorted values, and the documents that have each
city.labels                     by key: what to show for it
<facet>.sets                    by document: the number of its set of values
<facet>.set_offsets, .set_values   by set: its values, as numbers of keys
dates                           by document: seconds since 1970, or ``NO_DATE``
words, words.counts, .terms     the words as written, how often, and the term of each
stored.data, .offsets           each document packed
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.schema import FACETS

__all__ = [
    "NO_DATE",
    "document_type",
    "keyword_field",
    "offsets",
    "stored",
    "stretches",
    "text_field",
    "vocabulary",
]

Array = NDArray[Any]

NO_DATE: Final = int(np.iinfo(np.int64).min)


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


def document_type(size: int) -> np.dtype[Any]:
    """The narrowest type for the numbers of so many documents."""
    return np.min_scalar_type(max(size - 1, 0))


def text_field(
    out: ArrayWriter,
    name: str,
    vocabulary_size: int,
    postings: tuple[Array, Array, Array],
    positions: Array,
    lengths: Array,
) -> None:
    """A text field. ``postings``: term numbers, documents, frequencies; sorted by the first two."""
    terms, docs, freqs = postings
    out.add(f"{name}.offsets", smallest(offsets(np.bincount(terms, minlength=vocabulary_size))))
    places = np.bincount(terms, freqs, vocabulary_size).astype(np.int64)
    out.add(f"{name}.places", smallest(offsets(places)))
    out.add(f"{name}.docs", docs.astype(document_type(len(lengths))))
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
    keys = sorted({value for values in sets for value in values})
    index = {key: number for number, key in enumerate(keys)}
    ends = offsets(np.array([len(values) for values in sets], np.int64))
    flat = np.array([index[value] for values in sets for value in values], np.int64)
    counts = np.diff(ends)[rows]
    value = flat[stretches(ends[rows], counts)]
    document = np.repeat(np.arange(len(rows)), counts)[np.argsort(value, kind="stable")]
    out.add_strings(f"{name}.keys", keys)
    if name == "city":
        out.add_strings(f"{name}.labels", [labels.get(key, key) for key in keys])
    out.add(f"{name}.offsets", smallest(offsets(np.bincount(value, minlength=len(keys)))))
    out.add(f"{name}.docs", document.astype(document_type(len(rows))))
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
