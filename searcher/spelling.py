"""Spelling: corrections and completions from an archive's own vocabulary."""

from __future__ import annotations

import re
from math import log
from typing import Final

from searcher.engine import Engine, Word
from searcher.text import fold

__all__ = ["complete", "correct", "halves"]

CANDIDATES: Final = 50
"""How many near words are weighed."""

FIRST_LETTER: Final = 4.0
"""Slips are rare in the first letter: a word has to be e^4 times as common to make up for one.
Weighing how near two keys are, swaps or doubled letters as well finds hardly any word more."""

_TYPING: Final = re.compile(r"[^\W_]+\Z")


def correct(engine: Engine, word: str) -> str | None:
    """The word of the archive that was most likely meant by one it does not have, folded.

    None where nothing is near: words of fewer than four letters and those with figures in them
    are left alone, and only from eight letters on two mistakes are thought possible.
    """
    typed = fold(word)
    if len(typed) < 4 or not typed.isalpha():
        return None
    for distance in (1, 2) if len(typed) >= 8 else (1,):
        near = [one for one in engine.words_near(typed, distance, CANDIDATES) if one.text != typed]
        if near:
            return max(near, key=lambda one: (_likelihood(typed, one), one.text)).text
    return None


def _likelihood(typed: str, word: Word) -> float:
    return log(word.count) - FIRST_LETTER * (typed[0] != word.text[0])


def halves(engine: Engine, word: str) -> tuple[str, str] | None:
    """The two words of the archive that were written as one: ``healthcare``, ``covid19``.

    The first has three letters or more, the second two (``powerbi``) or is a number. Where there
    are several such pairs, the one whose rarer word is most common.
    """
    form = fold(word)
    pairs = [(form[:at], form[at:]) for at in range(3, len(form))]
    pairs = [(a, b) for a, b in pairs if a.isalpha() and (b.isdigit() or (b.isalpha() and b[1:]))]
    known = [(count, a, b) for a, b in pairs if (count := engine.word_count(a))]
    counted = [(min(count, engine.word_count(b)), (a, b)) for count, a, b in known]
    count, pair = max(counted, default=(0, ("", "")))
    return pair if count else None


def complete(engine: Engine, text: str, limit: int) -> tuple[str, ...]:
    """What somebody may be typing: the text with its last word completed, likeliest first."""
    typing = _TYPING.search(text)
    if not typing:
        return ()
    start, beginning = typing.start(), fold(typing[0])
    words = engine.words_from(beginning, limit + 1)
    return tuple(text[:start] + word.text for word in words if word.text != beginning)[:limit]
