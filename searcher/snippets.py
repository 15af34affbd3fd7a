"""Snippets: stored text and what matched, to the best fragments with the matches marked.

Text is judged by the analyzer that indexed it, so a stem or a synonym is marked as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from searcher.results import Snippet
from searcher.text import UNSPACED, WORD, Word, analyse, initials

__all__ = ["Wanted", "mark", "matched"]

_LATIN: Final = "\u00aa-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff10-\uff5a"
"""Characters that may fold to a plain letter or figure."""

_WITHIN: Final = frozenset("'’ʼ&.+,#")
"""What may stand inside a word; its pieces are only told apart at hyphens."""

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


def mark(text: str, wanted: Wanted, limit: int | None = None) -> Snippet:
    """Text with what matched marked.

    A text of more than ``limit`` characters is cut, between words, to the fragment that has most
    of the wanted things, or to two where one cannot have all; an ellipsis stands at each cut.
    """
    marks = _finder(wanted).marks(text)
    if limit is None or len(text) <= limit:
        return Snippet(text, tuple((start, end) for start, end, _ in marks))
    return _cut(text, marks, _fragments(text, marks, limit))


def matched(text: str, wanted: Wanted) -> int:
    """How many distinct wanted things the text has."""
    return len({thing for _, _, thing in _finder(wanted).marks(text)})


# -- finding ---------------------------------------------------------------------------------


class _Finder(dict[str, tuple[_Mark, ...]]):
    """Finds what one ``Wanted`` asks for. As a dict: raw words and their marks, once judged."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.candidates = _beginnings(wanted).finditer

    def marks(self, text: str) -> list[_Mark]:
        """The marks of a text, in order. Only words that begin like a wanted one are judged."""
        found: list[_Mark] = []
        end = 0
        for candidate in self.candidates(text):
            at = candidate.start()
            if at >= end and (word := _word_at(text, at, end)):
                at, end = word.span()
                for start, stop, thing in self[word[0]]:
                    found.append(_Mark(at + start, at + stop, thing))
        return found

    def __missing__(self, raw: str) -> tuple[_Mark, ...]:
        """The whole raw word where it, or its joined form, is wanted; else its pieces."""
        whole = self._whole(analyse(raw))
        length = len(raw) if "." in raw[:-1] else len(raw.rstrip("."))  # U.S. but not Sen.
        found = (_Mark(0, length, whole),) if whole else tuple(self._pieces(raw))
        self[raw] = found
        return found

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


_finder = lru_cache(maxsize=256)(_Finder)


def _word_at(text: str, at: int, low: int) -> re.Match[str] | None:
    """The raw word that begins at ``at``; where a part of a word does, the word it is within."""
    if at <= low or text[at - 1] not in _WITHIN:
        return WORD.match(text, at)
    blank = max(low, text.rfind(" ", low, at) + 1)
    return next((word for word in WORD.finditer(text, blank) if word.end() > at), None)


def _beginnings(wanted: Wanted) -> re.Pattern[str]:
    """A quick search for where a wanted word could begin."""
    firsts = {one[0] for one in (*wanted.prefixes, *wanted.forms) if one}
    firsts = firsts.union(*map(initials, filter(None, wanted.terms)))
    if not firsts:
        return re.compile(r"(?!)")
    letters = "".join(sorted(re.escape(one) + re.escape(one.upper()) for one in firsts))
    others = _LATIN if letters.isascii() else "\u00aa-\U0001e943"
    apart = rf"(?<!\w.)|(?<=[{UNSPACED}])|(?<=[{UNSPACED}].)"
    return re.compile(rf"[{letters}{others}](?:{apart})", re.DOTALL)


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
        if text[before:start].strip():
            made = f"{made} … ".lstrip()
        shift = len(made) - start
        kept += [
            (m.start + shift, m.end + shift) for m in marks if start <= m.start and m.end <= end
        ]
        made += text[start:end]
        before = end
    return Snippet(f"{made.rstrip()} …" if text[before:].strip() else made, tuple(kept))
