"""The words of a generation as they were written: prefixes, near misses, how often they occur."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine import Word
from searcher.engine.local.cache import Cache
from searcher.engine.local.layout import distinct
from searcher.engine.local.segment import Segment

__all__ = ["Vocabulary"]

Array = NDArray[Any]

CACHE_BYTES: Final = 4 * 2**20
"""How much the near misses of recent queries' words may take."""

LONGEST: Final = 40
"""Longer words are never proposed and never found by a misspelling."""


class Vocabulary:
    """The words of all segments; terms in results are numbers, one array a segment.

    Words that only removed articles had count nothing, and are as if they had never been there.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._nearest: Cache[tuple[int, str, int], tuple[Array, Array]] = Cache(
            CACHE_BYTES, lambda found: sum(array.nbytes for array in found)
        )

    def _near(self, segment: int, word: str, distance: int) -> tuple[Array, Array]:
        """Numbers of the words of a segment near a word, and how many edits away each is."""

        def near(_: object) -> tuple[Array, Array]:
            numbers, steps = _near(self._by_length[segment], word, distance)
            living = self._segments[segment]["words.counts"][numbers] > 0
            return numbers[living], steps[living]

        return self._nearest.get((segment, word, distance), near)

    def prefix_terms(self, prefix: str) -> list[Array]:
        """The terms of the words that begin with ``prefix``, and the terms that do themselves.

        A term stands for all its forms, in whichever segment one of them was found.
        """
        found = []
        for segment in self._segments:
            words = segment.strings("words").with_prefix(prefix)
            terms = segment.strings("terms").with_prefix(prefix)
            counts = segment["words.counts"][words.start : words.stop]
            numbers = segment.terms_of(words.start + counts.nonzero()[0])
            found.append(np.concatenate([numbers, np.arange(terms.start, terms.stop)]))
        return self._everywhere(found, prefix)

    def near_terms(self, word: str, distance: int) -> list[Array]:
        """The terms of the words within ``distance`` edits of ``word``; in all their forms."""
        found = []
        for at, segment in enumerate(self._segments):
            found.append(segment.terms_of(self._near(at, word, distance)[0]))
        return self._everywhere(found)

    def _everywhere(self, found: Sequence[Array], prefix: str = "\0") -> list[Array]:
        """By segment the numbers of all terms that were found in one of them. Those that begin
        with the prefix were found in each."""
        if len(found) < 2:
            return [distinct(terms) for terms in found]
        texts: set[str] = set()
        for segment, terms in zip(self._segments, found, strict=True):
            table = segment.strings("terms")
            begun = table.with_prefix(prefix)
            others = terms[(terms < begun.start) | (terms >= begun.stop)]
            texts.update(map(table.__getitem__, others.tolist()))
        more = [np.array([*map(one.term, texts)], np.int64) for one in self._segments]
        return [
            distinct(np.concatenate([terms, others[others >= 0]]))
            for terms, others in zip(found, more, strict=True)
        ]

    def words_from(self, prefix: str, limit: int) -> list[Word]:
        """The most frequent words that begin with ``prefix``.

        Of each segment's most frequent ones so many are looked at that no other word can occur as
        often in all of them together (the threshold algorithm: Fagin, Lotem and Naor 2001).
        """
        tables = [segment.strings("words") for segment in self._segments]
        spans = [table.with_prefix(prefix) for table in tables]
        counts = [
            segment["words.counts"][span.start : span.stop]
            for segment, span in zip(self._segments, spans, strict=True)
        ]
        wide = limit
        while True:
            frequent: set[str] = set()
            others = 0  # how often at most a word occurs that is not looked at
            for table, span, often in zip(tables, spans, counts, strict=True):
                largest = _largest(often, wide)
                frequent.update(table[span.start + at] for at in largest)
                others += int(often[largest].min()) - 1 if len(largest) < len(often) else 0
            found = [Word(word, self.count(word)) for word in frequent]
            found = [word for word in found if word.count]
            best = heapq.nsmallest(limit, found, key=lambda word: (-word.count, word.text))
            if others <= 0 or (len(best) == limit and best[-1].count > others):
                return best
            wide *= 4

    def words_near(self, word: str, distance: int, limit: int) -> list[Word]:
        """The nearest words within ``distance`` edits; the most frequent of equally near ones."""
        total: Counter[str] = Counter()
        steps: dict[str, int] = {}
        for at, segment in enumerate(self._segments):
            for number, step in zip(*self._near(at, word, distance), strict=True):
                text = segment.strings("words")[int(number)]
                total[text] += int(segment["words.counts"][number])
                steps[text] = int(step)
        ranked = sorted(total, key=lambda text: (steps[text], -total[text], text))
        return [Word(text, total[text]) for text in ranked[:limit]]

    def count(self, word: str) -> int:
        """How often a word occurs as written."""
        total = 0
        for segment in self._segments:
            number = segment.strings("words").index_of(word)
            total += int(segment["words.counts"][number]) if number >= 0 else 0
        return total

    @cached_property
    def _by_length(self) -> list[dict[int, tuple[Array, Array]]]:
        """By segment and length: numbers of words, and their letters, one row a place."""
        return [dict(_letters(segment)) for segment in self._segments]


def _letters(segment: Segment) -> Iterator[tuple[int, tuple[Array, Array]]]:
    words = list(segment.strings("words"))
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    for length in range(1, LONGEST + 1):
        numbers = np.flatnonzero(lengths == length)
        if len(numbers):
            text = "".join([words[number] for number in numbers]).encode("utf-32-le")
            letters = np.frombuffer(text, np.uint32).reshape(-1, length)
            yield length, (numbers, np.ascontiguousarray(letters.T))


def _near(lengths: dict[int, tuple[Array, Array]], word: str, distance: int) -> tuple[Array, Array]:
    """Numbers of the words within ``distance`` edits of ``word``, and how many edits."""
    numbers, steps = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for length in range(len(word) - distance, len(word) + distance + 1):
        if length in lengths:
            mine, letters = lengths[length]
            edits = _edits(letters, [ord(letter) for letter in word], distance)
            close = np.flatnonzero(edits <= distance)
            numbers.append(mine[close])
            steps.append(edits[close].astype(np.int64))
    return np.concatenate(numbers), np.concatenate(steps)


def _edits(letters: Array, word: Sequence[int], distance: int) -> Array:
    """Edits (insert, delete, replace, swap neighbours) from ``word`` to each column of letters.

    The optimal string alignment distance (Damerau 1964), all columns at once; only the cells
    within ``distance`` of the diagonal are computed, what lies outside counts as too far.
    """
    length, many = letters.shape
    far = np.full(many, distance + 1, np.uint8)
    before: list[Array] = []
    row = [np.full(many, j, np.uint8) if j <= distance else far for j in range(length + 1)]
    for i, letter in enumerate(word, 1):
        low, high = max(1, i - distance), min(length, i + distance)
        current = [far] * (length + 1)
        current[0] = np.full(many, i, np.uint8) if i <= distance else far
        for j in range(low, high + 1):
            cost = row[j - 1] + (letters[j - 1] != letter)
            cell = np.minimum(cost, np.minimum(row[j], current[j - 1]) + 1)
            if i > 1 and j > 1:
                swapped = (letters[j - 2] == letter) & (letters[j - 1] == word[i - 2])
                cell = np.where(swapped, np.minimum(cell, before[j - 2] + 1), cell)
            current[j] = cell.astype(np.uint8)
        before, row = row, current
    return row[length]


def _largest(counts: Array, limit: int) -> list[int]:
    if len(counts) > limit:
        cut = np.partition(counts, len(counts) - limit)[len(counts) - limit]
        return np.flatnonzero(counts >= cut).tolist()
    return list(range(len(counts)))
