"""Counts: how often the words of a segment occur in what is left of it.

Words as written have no postings, which would make the index larger by a tenth. So what an article
takes with it is told from its texts, read once more as it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.engine.local.arrays import ArrayWriter, smallest
from searcher.engine.local.reader import Reader
from searcher.engine.local.schema import pieces
from searcher.engine.local.segment import Segment
from searcher.engine.plan import TEXT_FIELDS
from searcher.text import WORD, analyse

__all__ = ["recount"]

Array = NDArray[Any]


def recount(segment: Segment, deleted: Sequence[int], path: Path) -> None:
    """Write how often each word of a segment occurs once these documents are removed, those that
    were removed before among them."""
    before = np.ones(segment.size, bool) if segment.alive is None else segment.alive
    alive = np.ones(segment.size, bool)
    alive[np.asarray(deleted, np.int64)] = False
    gone, left = np.flatnonzero(before & ~alive), np.flatnonzero(alive)
    if len(gone) < len(left):
        counts = segment["words.counts"] - _occurrences(segment, gone)
    else:
        counts = _occurrences(segment, left)
    out = ArrayWriter(path)
    out.add("words.counts", smallest(np.maximum(counts, 0)))
    out.close()


def _occurrences(segment: Segment, documents: Array) -> Array:
    """How often each word of a segment occurs in some of its documents."""
    stored = map(Reader([segment]).stored, documents.tolist())
    words = segment.strings("words")
    counts = np.zeros(len(words), np.int64)
    for word, often in _words(one.article for one in stored).items():
        # Another version of Python may know more letters, and fold a word in another way.
        if (number := words.index_of(word)) >= 0:
            counts[number] = often
    return counts


def _words(articles: Iterable[Article]) -> Counter[str]:
    """How often each word occurs in some articles, as the bulk writer counts it."""
    chunks: Counter[str] = Counter()
    for article in articles:
        for name in TEXT_FIELDS:
            for text in pieces(article, name):
                chunks.update(text.split())
    words: Counter[str] = Counter()
    for chunk, often in chunks.items():
        for raw in WORD.findall(chunk):
            for form, _ in analyse(raw).parts:
                words[form] += often
    return words
