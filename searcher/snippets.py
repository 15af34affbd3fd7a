"""Snippets: a text and its marks, to the best fragments of it with the marks in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from searcher.finding import Mark, Text, things
from searcher.results import Snippet

__all__ = ["snippet"]

_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*\s+(?=\S)")


def snippet(text: Text, part: int, marks: Sequence[Mark], limit: int | None = None) -> Snippet:
    """One of the texts, with the marks that are in it.

    A text of more than ``limit`` characters is cut, between words, to the fragment that has most
    of the wanted things, or to two where one cannot have all; an ellipsis stands at each cut.
    """
    low, high = text.part(part)
    if limit is None or high - low <= limit:
        kept = [(start - low, end - low) for start, end, _ in marks]
        return Snippet(text.text[low:high], tuple(kept))
    fragments = _fragments(text.text, marks, limit, low, high)
    return _cut(text.text, marks, fragments, low, high)


def _fragments(
    text: str, marks: Sequence[Mark], limit: int, low: int, high: int
) -> list[tuple[int, int]]:
    best = _densest(marks, limit)
    if len(best) == len(marks) or len(things(best)) == len(things(marks)):
        return [_stretch(text, best, limit, low, high)]
    half = limit // 2
    first = _stretch(text, _densest(marks, half), half, low, high)
    seen = things(_between(marks, *first))
    sides = [(low, first[0]), (first[1], high)]
    unseen = [[m for m in _between(marks, *side) if m[2] not in seen] for side in sides]
    more = [_densest(side, half) for side in unseen]
    side = max((0, 1), key=lambda i: len(things(more[i])))
    return sorted([first, _stretch(text, more[side], half, *sides[side])])


def _between(marks: Sequence[Mark], low: int, high: int) -> list[Mark]:
    return [one for one in marks if low <= one[0] and one[1] <= high]


def _densest(marks: Sequence[Mark], limit: int) -> Sequence[Mark]:
    """The run of marks within ``limit`` characters with most distinct things, then most marks."""
    room = limit - 4  # an ellipsis and a blank at either end
    if not marks or marks[-1][1] - marks[0][0] <= room:
        return marks
    best: Sequence[Mark] = ()
    score = (0, 0)
    end = 0
    for at, (start, _, _) in enumerate(marks):
        while end < len(marks) and marks[end][1] - start <= room:
            end += 1
        run = marks[at:end]
        if (found := (len(things(run)), len(run))) > score:
            best, score = run, found
    return best


def _stretch(text: str, marks: Sequence[Mark], limit: int, low: int, high: int) -> tuple[int, int]:
    """About ``limit`` characters of text between ``low`` and ``high`` with the marks in them: from
    the beginning of a sentence where one is near enough, else of a word, to the end of a word."""
    room = limit - 4
    first, last = (marks[0][0], marks[-1][1]) if marks else (low, low)
    earliest = max(low, last - room)
    if earliest == low:
        start = low
    elif sentence := _SENTENCE.search(text, earliest, first):
        start = sentence.end()
    else:
        blank = text.find(" ", max(earliest, first - room // 4), first)
        start = first if blank < 0 else blank + 1
    end = start + room
    if end >= high:
        return start, high
    blank = text.rfind(" ", max(last, start + 1), end + 1)
    return start, end if blank < 0 else blank


def _cut(
    text: str, marks: Sequence[Mark], fragments: Sequence[tuple[int, int]], low: int, high: int
) -> Snippet:
    """The fragments as one text, an ellipsis wherever some of it is left out."""
    made, kept = "", []
    before = low
    for start, end in fragments:
        gap = text[before:start]
        made = f"{made} … ".lstrip() if gap.strip() else made + gap if made else made
        shift = len(made) - start
        kept += [(one + shift, two + shift) for one, two, _ in marks if start <= one and two <= end]
        made += text[start:end]
        before = end
    return Snippet(f"{made.rstrip()} …" if text[before:high].strip() else made, tuple(kept))
