"""Snippets: stored text and what matched, to the best fragments with the matches marked.

Text is judged by the analyzer that indexed it, so a stem or a synonym is marked as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from searcher.results import Snippet
from searcher.text import WORD, Word, analyse, core

__all__ = ["Marked", "Wanted", "find", "mark", "matched"]

REMEMBERED: Final = 5_000
"""How many stretches of text are remembered for one query: a few pages of hits."""

_CHUNK: Final = re.compile(r"\S+")
_LETTERS: Final = re.compile("[a-z]{3,}")
_FOLDING: Final = re.compile("[\u00aa-\u1fff\u2c00-\ud7ff\uf900-\U0010ffff]")
"""Letters, some of which fold to others. Between the ranges are dashes, quotes and symbols."""

_WITHIN: Final = "-'’ʼ&.+‐‑_"
_PIECE: Final = re.compile("[^-‐‑_]+")
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mark: every word with one of these terms, every word that, as written (folded),
    begins with one of the prefixes or is one of the forms."""

    terms: frozenset[str]
    prefixes: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()


class _Mark(NamedTuple):
    """Characters ``start`` to ``end`` stand for a wanted ``thing``."""

    start: int
    end: int
    thing: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what of it matched. ``things`` are the distinct wanted things it has."""

    text: str
    marks: tuple[_Mark, ...]
    things: frozenset[str]

    def snippet(self, limit: int | None = None) -> Snippet:
        """The text with its marks.

        A text of more than ``limit`` characters is cut, between words, to the fragment that has
        most of the wanted things, or to two where one cannot have all; an ellipsis stands at each
        cut.
        """
        if limit is None or len(self.text) <= limit:
            return Snippet(self.text, tuple((start, end) for start, end, _ in self.marks))
        return _cut(self.text, self.marks, _fragments(self.text, self.marks, limit))

    def part(self, start: int, end: int) -> Marked:
        """What of a stretch of the text matched."""
        marks = tuple(
            _Mark(mark.start - start, mark.end - start, mark.thing)
            for mark in self.marks
            if start <= mark.start and mark.end <= end
        )
        return Marked(self.text[start:end], marks, frozenset(mark.thing for mark in marks))


def find(text: str, wanted: Wanted) -> Marked:
    """What of a text matched."""
    marks = _finder(wanted).marks(text)
    return Marked(text, marks, frozenset(mark.thing for mark in marks)) if marks else _plain(text)


def mark(text: str, wanted: Wanted, limit: int | None = None) -> Snippet:
    """A text with what matched marked, cut where it is longer than ``limit``."""
    return find(text, wanted).snippet(limit)


def matched(text: str, wanted: Wanted) -> int:
    """How many distinct wanted things the text has."""
    return len(find(text, wanted).things)


def _plain(text: str) -> Marked:
    return Marked(text, (), frozenset())


# -- finding ---------------------------------------------------------------------------------


class _Finder(dict[str, tuple[_Mark, ...]]):
    """Finds what one ``Wanted`` asks for. As a dict: stretches without blanks, and the marks in
    them, once judged; looking a text up in it costs no Python per word."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.plain = wanted.terms | wanted.forms
        self.cores = _cores(wanted)

    def marks(self, text: str) -> tuple[_Mark, ...]:
        """The marks of a text, in order."""
        low = text.lower()
        if not self.cores or _may_hide(text, low, self.cores):
            return self._every_stretch(text)
        found = {low.rfind(" ", 0, at) + 1 for core in self.cores for at in _places(low, core)}
        return tuple(
            _Mark(at + start, at + end, thing)
            for at in sorted(found)
            for start, end, thing in self[text[at:].partition(" ")[0]]
        )

    def _every_stretch(self, text: str) -> tuple[_Mark, ...]:
        chunks = text.split()
        judged = list(map(self.__getitem__, chunks))
        hits = list(filter(judged.__getitem__, range(len(judged))))
        if not hits:
            return ()
        starts = _starts(text, chunks)
        return tuple(
            _Mark(starts[hit] + start, starts[hit] + end, thing)
            for hit in hits
            for start, end, thing in judged[hit]
        )

    def __missing__(self, chunk: str) -> tuple[_Mark, ...]:
        found: tuple[_Mark, ...] = ()
        if self.wanted.prefixes or not self.plain.isdisjoint(_terms(chunk)):
            found = tuple(self._judged(chunk))
        if len(self) >= REMEMBERED:
            self.clear()
        self[chunk] = found
        return found

    def _judged(self, chunk: str) -> Iterator[_Mark]:
        for word in WORD.finditer(chunk):
            at = word.start()
            for start, end, thing in self._word(word[0]):
                yield _Mark(at + start, at + end, thing)

    def _word(self, raw: str) -> tuple[_Mark, ...]:
        """The whole raw word where it, or its joined form, is wanted; else its pieces."""
        whole = self._whole(analyse(raw))
        length = len(raw) if "." in raw[:-1] else len(raw.rstrip("."))  # U.S. but not Sen.
        return (_Mark(0, length, whole),) if whole else tuple(self._pieces(raw))

    def _whole(self, word: Word) -> str | None:
        ways = word.parts if word.width == 1 else ()
        if word.joined:
            ways += ((word.form, word.joined),)
        return next(filter(None, (self._thing(*way) for way in ways)), None)

    def _pieces(self, raw: str) -> Iterable[_Mark]:
        for piece in _PIECE.finditer(raw):
            word = analyse(piece[0])
            things = (self._thing(*part) for part in word.parts)
            if thing := self._whole(word) or next(filter(None, things), None):
                yield _Mark(piece.start(), piece.end(), thing)

    def _thing(self, form: str, term: str) -> str | None:
        if term in self.wanted.terms:
            return term
        if form in self.wanted.forms:
            return form
        return next((prefix for prefix in self.wanted.prefixes if form.startswith(prefix)), None)


_finder = lru_cache(maxsize=64)(_Finder)


def _cores(wanted: Wanted) -> frozenset[str]:
    """What stands, as written, in every word that is wanted; nothing where one has no such core."""
    cores = {core(term) for term in wanted.terms}
    cores |= {one if _LETTERS.fullmatch(one) else None for one in wanted.prefixes}
    cores |= {one if _LETTERS.fullmatch(one) else None for one in wanted.forms}
    return frozenset() if None in cores else frozenset(one for one in cores if one)


def _may_hide(text: str, low: str, cores: frozenset[str]) -> bool:
    """Whether a core may stand in a text otherwise than letter by letter: with an accent, or
    with a mark within the word, such as a hyphen."""
    if not text.isascii() and (len(low) != len(text) or _FOLDING.search(text)):
        return True
    joined = low
    for within in _WITHIN:
        if within in joined:
            joined = joined.replace(within, "")
    return joined != low and any(joined.count(core) != low.count(core) for core in cores)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


@lru_cache(maxsize=100_000)
def _terms(chunk: str) -> frozenset[str]:
    """Every term and form of a stretch without blanks."""
    words = [analyse(raw) for raw in WORD.findall(chunk)]
    terms = {term for word in words for _, term in word.terms}
    pieces = [analyse(piece) for raw in WORD.findall(chunk) for piece in _PIECE.findall(raw)]
    terms |= {term for word in pieces for _, term in word.terms}
    forms = {form for word in (*words, *pieces) for form, _ in (*word.parts, (word.form, ""))}
    return frozenset(terms | forms)


def _starts(text: str, chunks: Sequence[str]) -> Sequence[int]:
    """Where each stretch without blanks begins."""
    starts = list(accumulate((len(chunk) + 1 for chunk in chunks), initial=0))
    if starts[-1] == len(text) + 1 and not text[0].isspace():  # one blank between any two
        return starts
    return [found.start() for found in _CHUNK.finditer(text)]


# -- cutting ---------------------------------------------------------------------------------


def _fragments(text: str, marks: Sequence[_Mark], limit: int) -> list[tuple[int, int]]:
    best = _densest(marks, limit)
    if len(_things(best)) == len(_things(marks)):
        return [_stretch(text, best, limit, 0, len(text))]
    half = limit // 2
    first = _stretch(text, _densest(marks, half), half, 0, len(text))
    seen = _things(m for m in marks if first[0] <= m.start and m.end <= first[1])
    sides = [(0, first[0]), (first[1], len(text))]
    unseen = [
        [m for m in marks if low <= m.start and m.end <= high and m.thing not in seen]
        for low, high in sides
    ]
    more = [_densest(side, half) for side in unseen]
    side = max((0, 1), key=lambda i: len(_things(more[i])))
    return sorted([first, _stretch(text, more[side], half, *sides[side])])


def _things(marks: Iterable[_Mark]) -> set[str]:
    return {m.thing for m in marks}


def _densest(marks: Sequence[_Mark], limit: int) -> Sequence[_Mark]:
    """The run of marks within ``limit`` characters with most distinct things, then most marks."""
    best: Sequence[_Mark] = ()
    score = (0, 0)
    end = 0
    for start, first in enumerate(marks):
        while end < len(marks) and marks[end].end - first.start <= limit - 4:
            end += 1
        run = marks[start:end]
        if (found := (len(_things(run)), len(run))) > score:
            best, score = run, found
    return best


def _stretch(text: str, marks: Sequence[_Mark], limit: int, low: int, high: int) -> tuple[int, int]:
    """About ``limit`` characters of text between ``low`` and ``high`` with the marks in them: from
    the beginning of a sentence where one is near enough, else of a word, to the end of a word."""
    room = limit - 4  # an ellipsis and a blank at either end
    first, last = (marks[0].start, marks[-1].end) if marks else (low, low)
    earliest = max(low, last - room)
    sentences = [m.end() for m in _SENTENCE.finditer(text, earliest, first)]
    if earliest == low:
        start = low
    elif sentences:
        start = sentences[0]
    else:
        blank = text.find(" ", max(earliest, first - room // 4), first)
        start = first if blank < 0 else blank + 1
    end = start + room
    if end >= high:
        return start, high
    blank = text.rfind(" ", max(last, start + 1), end + 1)
    return start, end if blank < 0 else blank


def _cut(text: str, marks: Sequence[_Mark], fragments: Sequence[tuple[int, int]]) -> Snippet:
    """The fragments as one text, an ellipsis wherever some of it is left out."""
    made, kept = "", []
    before = 0
    for start, end in fragments:
        gap = text[before:start]
        made = f"{made} … ".lstrip() if gap.strip() else made + gap if made else made
        shift = len(made) - start
        kept += [
            (m.start + shift, m.end + shift) for m in marks if start <= m.start and m.end <= end
        ]
        made += text[start:end]
        before = end
    return Snippet(f"{made.rstrip()} …" if text[before:].strip() else made, tuple(kept))
