"""Finding: where a stored text has what a query wants, for snippets to mark.

Text is judged by the analyzer that indexed it, so a stem or a synonym is found as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, TypeAlias

from searcher.text import WORD, Word, analyse, cores, fold

__all__ = ["Mark", "Phrase", "Text", "Wanted", "things"]

REMEMBERED: Final = 5_000
"""How many stretches of text are remembered for one query: a few pages of what may match."""

_LETTERS: Final = re.compile("[a-z]{3,}")
_WITHIN: Final = "-'’ʼ&.+‐‑_"
_FOLDING: Final = "\u00aa-\u1fff\u2070-\u218f\u2460-\u24ff\u2c00-\ud7ff\uf900-\U0010ffff"
"""Letters, some of which fold to others. Between the ranges are dashes, quotes and symbols."""
_ODD: Final = re.compile(rf"[{_FOLDING}]|[{_WITHIN}](?=\w)")
"""A letter that may fold to others, or a mark before a letter."""
_SHAPE: Final = bytes(
    ord("a" if one.isalnum() else "-" if one in _WITHIN else one) for one in map(chr, range(128))
).ljust(256)
"""Of a byte of ASCII: a letter or figure is an a, a mark a -."""
_NOTHING_WITHIN: Final = str.maketrans("", "", _WITHIN)
_CLOSING: Final = ',;:!?)"”'
_PIECE: Final = re.compile("[^-‐‑_]+")
_BREAK: Final = " \0 "
"""What stands between two texts: no word, and no phrase goes over it."""


Mark: TypeAlias = tuple[int, int, str]
"""(start, end, thing): these characters stand for a wanted thing."""

Phrase: TypeAlias = tuple[tuple[str, ...], ...]
"""The terms that may stand at each place."""


class Text:
    """Stored texts prepared for finding, as one. Its stretches stand between two blanks.

    Attributes:
        text: the texts, breaks between them.
        parts: where in it each of the texts begins; in the end, where the next would.
        low: the text in small letters, character by character.
        odd: the stretches that may have a word otherwise than letter by letter (an accent, a
            mark within), folded and without the marks, a blank between them.
        starts: where each of these begins.
    """

    __slots__ = ("low", "odd", "parts", "starts", "text")

    def __init__(self, *texts: str) -> None:
        self.text = text = f"{_BREAK.join(texts)} "
        self.parts = [0, *accumulate(len(one) + len(_BREAK) for one in texts)]
        low = text.lower()
        self.low = low if len(low) == len(text) else "".join(map(_small, text))
        self.starts = _odd(text)
        self.odd = " ".join(map(self._plain, self.starts))

    def _plain(self, start: int) -> str:
        return fold(self._stretch(start)).translate(_NOTHING_WITHIN).replace(" ", "")

    def part(self, number: int) -> tuple[int, int]:
        """Where one of the texts begins and ends."""
        return self.parts[number], self.parts[number + 1] - len(_BREAK)

    def _stretch(self, start: int) -> str:
        """The stretch that begins there."""
        return self.text[start : self.text.index(" ", start)]

    def having(self, parts: Iterable[str]) -> list[tuple[int, str]]:
        """The stretches that have any of some runs of letters, each after where it begins."""
        text, low = self.text, self.low
        found = {}
        for part in parts:
            at = low.find(part)
            while at >= 0:
                start, end = low.rfind(" ", 0, at) + 1, low.find(" ", at)
                found[start] = text[start:end]
                at = low.find(part, end)
            if part in self.odd:
                for start, plain in zip(self.starts, self.odd.split(" "), strict=True):
                    if part in plain:
                        found[start] = self._stretch(start)
        return sorted(found.items())


def _odd(text: str) -> list[int]:
    """Where the stretches begin that have ``_ODD`` in them. Most of what it leaves out is told by
    the bytes' shapes, twice as fast."""
    shapes = text.encode("ascii", "replace").translate(_SHAPE)
    starts, at = set(), 0
    for before in shapes.split(b"-a")[:-1]:
        at += len(before)
        starts.add(text.rfind(" ", 0, at) + 1)
        at += len(b"-a")
    if not text.isascii():
        marks = accumulate(map(len, shapes.split(b"?")[:-1]), lambda at, more: at + 1 + more)
        starts |= {text.rfind(" ", 0, at) + 1 for at in marks if _ODD.match(text, at)}
    return sorted(starts)


def _small(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter


@dataclass(frozen=True)
class Wanted:
    """What to mark: every word with one of these terms, every word that, as written (folded),
    begins with one of the prefixes, and the words of a phrase where its terms, any of those at
    each place, stand one after another."""

    terms: frozenset[str]
    prefixes: tuple[str, ...] = ()
    phrases: frozenset[Phrase] = frozenset()

    @cached_property
    def _finder(self) -> _Finder:
        return _Finder(self)

    def marks(self, text: Text) -> tuple[Mark, ...]:
        """Where a text has what is wanted, in order."""
        return self._finder.marks(text)


class _Finder(dict[str, tuple[Mark, ...]]):
    """Finds what one ``Wanted`` asks for. As a dict: stretches, and the marks in them, once
    judged; looking one up in it costs no Python."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.terms = wanted.terms.union(*(ways for one in wanted.phrases for ways in one))
        self.cores = _cores(self.terms, set(wanted.prefixes))
        self.phrases: dict[str, list[Phrase]] = {}
        for phrase in wanted.phrases:
            for term in phrase[0]:
                self.phrases.setdefault(term, []).append(phrase)

    def marks(self, text: Text) -> tuple[Mark, ...]:
        """The marks of a text, in order."""
        if self.cores is None:
            return self._standing(text.text, list(self._every_stretch(text.text)))
        found = [
            (at + start, at + end, thing)
            for at, stretch in text.having(self.cores)
            for start, end, thing in self[stretch]
        ]
        return self._standing(text.text, found)

    def _standing(self, text: str, marks: list[Mark]) -> tuple[Mark, ...]:
        """The marks but those of words that are wanted in phrases alone and stand in none."""
        if not self.phrases or self.wanted.prefixes:
            return tuple(marks)
        kept: set[int] = set()
        for at, (_, _, thing) in enumerate(marks):
            for phrase in self.phrases.get(thing, ()):
                if _is_phrase(text, marks[at : at + len(phrase)], phrase):
                    kept.update(range(at, at + len(phrase)))
        # A mark of several words cannot be judged by its one thing.
        alone = self.wanted.terms
        return tuple(
            [
                mark
                for at, mark in enumerate(marks)
                if at in kept or mark[2] in alone or analyse(text[mark[0] : mark[1]]).width > 1
            ]
        )

    def _every_stretch(self, text: str) -> Iterator[Mark]:
        at = 0
        for stretch in text.split(" "):
            if stretch:
                for start, end, thing in self[stretch]:
                    yield at + start, at + end, thing
            at += len(stretch) + 1

    def __missing__(self, stretch: str) -> tuple[Mark, ...]:
        found: tuple[Mark, ...] = ()
        # What a core led to is mostly wanted; of all stretches few are.
        if self.cores or self.wanted.prefixes or not self.terms.isdisjoint(_terms(stretch)):
            found = self._judged(stretch)
        if len(self) >= REMEMBERED:
            self.clear()
        self[stretch] = found
        return found

    def _judged(self, stretch: str) -> tuple[Mark, ...]:
        plain = stretch.rstrip(_CLOSING)
        if plain.isalnum() and plain.isascii():
            return self._word(plain)
        return tuple(
            (word.start() + start, word.start() + end, thing)
            for word in WORD.finditer(stretch)
            for start, end, thing in self._word(word[0])
        )

    def _word(self, raw: str) -> tuple[Mark, ...]:
        """The whole raw word where it, or its joined form, is wanted; else its pieces."""
        whole = self._whole(analyse(raw))
        length = len(raw) if "." in raw[:-1] else len(raw.rstrip("."))  # U.S. but not Sen.
        if whole:
            return ((0, length, whole),)
        return () if raw.isalnum() else tuple(self._pieces(raw))

    def _whole(self, word: Word) -> str | None:
        ways = word.parts if word.width == 1 else ()
        if word.joined:
            ways += ((word.form, word.joined),)
        return self._first(ways)

    def _pieces(self, raw: str) -> Iterable[Mark]:
        for piece in _PIECE.finditer(raw):
            word = analyse(piece[0])
            if thing := self._whole(word) or self._first(word.parts):
                yield piece.start(), piece.end(), thing

    def _first(self, ways: Iterable[tuple[str, str]]) -> str | None:
        """The first wanted thing among some forms and terms of a word."""
        for form, term in ways:
            if term in self.terms:
                return term
            for prefix in self.wanted.prefixes:
                if form.startswith(prefix):
                    return prefix
        return None


def _is_phrase(text: str, marks: Sequence[Mark], phrase: Phrase) -> bool:
    """Whether marks, the first of which begins it, are those of a phrase with no word between."""
    if len(marks) < len(phrase):
        return False
    _, end, _ = marks[0]
    for (start, after, thing), ways in zip(marks[1:], phrase[1:], strict=True):
        between = text[end:start]
        if thing not in ways or (between != " " and (_BREAK in between or WORD.search(between))):
            return False
        end = after
    return True


def _cores(terms: Iterable[str], begun: set[str]) -> frozenset[str] | None:
    """Letters: every word with one of some terms, or that is begun so, has some of these in it;
    None where that is not sure."""
    found: set[str] = set()
    for term in terms:
        those = cores(term)
        if those is None:
            return None
        found |= those
    return frozenset(found | begun) if all(map(_LETTERS.fullmatch, begun)) else None


@lru_cache(maxsize=100_000)
def _terms(stretch: str) -> frozenset[str]:
    """Every term and form of a stretch without blanks."""
    raws = WORD.findall(stretch)
    raws += [piece for raw in raws if not raw.isalnum() for piece in _PIECE.findall(raw)]
    found: set[str] = set()
    for word in map(analyse, raws):
        found.add(word.form)
        found.update([term for _, term in word.terms], *word.parts)
    return frozenset(found)


def things(marks: Iterable[Mark]) -> set[str]:
    """The distinct wanted things among marks."""
    return {thing for _, _, thing in marks}
