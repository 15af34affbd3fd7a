"""BM25F: how well an article answers a word.

One saturation over the weighted frequencies of all fields (Robertson, Zaragoza, Taylor 2004,
"Simple BM25 extension to multiple weighted fields"), with Lucene's idf, which is never below 0:

    tf'   = sum over fields of  weight * tf / (1 - b + b * length / average length)
    idf   = ln(1 + (N - df + 0.5) / (df + 0.5))
    score = idf * tf' / (k1 + tf')

df counts the articles that have the word in any of the fields.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.layout import grouped
from searcher.engine.local.reader import Postings, Reader

__all__ = ["FIELD_WEIGHTS", "K1", "B", "Ranking", "add_up", "idf"]

Array = NDArray[Any]

K1: Final = 1.6
"""How slowly repetition stops counting. 1.6 was best over nine judged collections (1.2 to 2)."""

B: Final = 0.75
"""How much long texts are held back, from 0 to 1."""

FIELD_WEIGHTS: Final = {"title": 3.0, "excerpt": 1.0, "related": 1.0}
"""A word in a title counts as three in the text: the best of 1 to 5 on the same collections."""

FEW: Final = 8
"""Fewer postings than one for so many documents are added up by sorting. Measured."""


def idf(articles: int, frequency: int) -> float:
    """Lucene's inverse document frequency; above 0."""
    return math.log(1 + (articles - frequency + 0.5) / (frequency + 0.5))


class Ranking:
    """BM25F over one reader's articles."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._factors: dict[str, Array] = {}

    def factor(self, field: str) -> Array:
        """By document, what one occurrence in the field adds to tf'."""
        found = self._factors.get(field)
        if found is None:
            relative = self._reader.lengths(field) / np.float32(self._reader.average_length(field))
            weight = FIELD_WEIGHTS[field]
            found = self._factors[field] = (weight / (1 - B + B * relative)).astype(np.float32)
        return found

    def frequencies(self, postings: Iterable[tuple[str, Postings]]) -> tuple[Array, Array]:
        """Documents, ascending, and their tf' over some fields' postings."""
        parts = [(p.docs, self.factor(field).take(p.docs) * p.freqs) for field, p in postings]
        parts = [(docs, tf.astype(np.float32, copy=False)) for docs, tf in parts if len(docs)]
        return add_up(parts, self._reader.size)

    def scores(self, docs: Array, frequencies: Array, weight: float | None = None) -> Array:
        """Scores from tf'; ``weight`` stands in for the idf of words that are not one term."""
        if weight is None:
            weight = idf(self._reader.articles, len(docs))
        return np.float32(weight) * (frequencies / (np.float32(K1) + frequencies))


def add_up(parts: list[tuple[Array, Array]], size: int) -> tuple[Array, Array]:
    """The union of documents, ascending, and per document the sum of its values.

    Values are above 0. Many documents are added up in a column over all documents, few by sorting.
    """
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    if len(parts) == 1 and _ascending(parts[0][0]):
        return parts[0]
    if sum(len(docs) for docs, _ in parts) * FEW > size:
        column = np.zeros(size, np.float32)
        for docs, values in parts:
            np.add.at(column, docs, values)
        found = np.flatnonzero(column > 0)  # five times as fast as of the numbers themselves
        return found, column.take(found)
    docs = np.concatenate([docs for docs, _ in parts])
    values = np.concatenate([values for _, values in parts])
    return grouped(docs, values)[:2]


def _ascending(docs: Array) -> bool:
    return bool((docs[1:] > docs[:-1]).all())
