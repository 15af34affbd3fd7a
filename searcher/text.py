"""Text: repair, words, terms. One analyzer for the index, the query and the snippet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import Stemmer

__all__ = ["WORD", "Token", "Word", "analyse", "fold", "tokens"]

WORD: Final = re.compile(r"\w+(?:[-'’&.+]\w+)*")
"""What a raw word is. The bulk writer runs ``WORD.findall`` over every text."""


class Word(NamedTuple):
    """What one raw word of a text means to the index.

    ``form`` is the word folded but not stemmed: it feeds spelling, completion and prefixes.
    ``terms`` are (place, term): where the word has parts, the parts stand at places 0, 1, ...
    and the joined form beside the first. ``width`` is how many places the word takes.
    """

    form: str
    terms: tuple[tuple[int, str], ...]
    width: int


class Token(NamedTuple):
    """One raw word where it stands: characters ``start`` to ``end``, first place ``position``."""

    start: int
    end: int
    position: int
    word: Word


def fold(text: str) -> str:
    """Case and accents folded."""
    return text.casefold()


@lru_cache(maxsize=200_000)
def analyse(raw: str) -> Word:
    """One raw word, as ``WORD`` found it, to its terms."""
    stemmer = Stemmer.Stemmer("english")
    parts = [fold(part) for part in re.split(r"[-'’&.+]", raw) if part]
    terms = [(place, stemmer.stemWord(part)) for place, part in enumerate(parts)]
    if len(parts) > 1:
        terms.insert(1, (0, stemmer.stemWord("".join(parts))))
    return Word("".join(parts), tuple(terms), len(parts))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, with their places."""
    position = 0
    for match in WORD.finditer(text):
        word = analyse(match.group())
        yield Token(match.start(), match.end(), position, word)
        position += word.width
