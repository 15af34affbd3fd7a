"""The reading: in plain words, what a query was understood to ask for.

articles with all of: face, recognition; city is Boston, Massachusetts; from June 2020
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from searcher.syntax import (
    AllOf,
    AnyOf,
    Beginning,
    Days,
    Node,
    Not,
    Quoted,
    Similar,
    Value,
    Word,
    conditions,
    is_bare,
)

__all__ = [
    "about_text",
    "also",
    "clause",
    "days",
    "many",
    "named",
    "reading",
    "reading_of",
    "words_clause",
]

NAMED: Final = 10
"""For how many words a reading names what else was searched."""

_PLACES: Final = {
    "": "",
    "title": " in the title",
    "excerpt": " in the excerpt",
    "related": " in related stories",
}
_PLAIN: Final = re.compile(r"[\w.,'’&/+-]+(?: [\w.,'’&/+-]+)*")
_CONNECTIVE: Final = re.compile(r"\b(?:and|or|not|in)\b")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def reading_of(tree: Node) -> str:
    """The reading of a tree by itself, where all its bare words are required."""
    nodes = conditions(tree)
    bare = [node.text for node in nodes if is_bare(node)]
    others = [node for node in nodes if not is_bare(node)]
    text = [clause(node) for node in others if about_text(node)]
    outside = [clause(node) for node in others if not about_text(node)]
    return reading([words_clause(bare, len(bare)), *text] if bare else text, outside)


def reading(text: Sequence[str], outside: Sequence[str]) -> str:
    """One sentence from the clauses about an article's text and those about all else."""
    subject = "articles with " + "; ".join(text) if text else "all articles"
    return "; ".join([subject, *outside])


def also(ways: Sequence[tuple[str, str]]) -> list[str]:
    """What was searched besides what was said, from (text, said); no clause where nothing was."""
    texts: dict[str, list[str]] = {}
    for text, said in ways:
        texts.setdefault(said, []).append(text)
    named = [f"{' or '.join(others)} for {said}" for said, others in texts.items()]
    more = [f"{len(named) - NAMED} more"] if len(named) > NAMED else []
    return [f"also searched: {', '.join([*named[:NAMED], *more])}"] if named else []


def about_text(node: Node) -> bool:
    """Whether a condition asks for something in the article's text."""
    return not isinstance(node, (Value, Days, Not))


def words_clause(words: Sequence[str], minimum: int) -> str:
    """Bare words, of which at least ``minimum`` must be there."""
    if len(words) == 1:
        return f"the word {words[0]}"
    listed = ", ".join(words)
    if minimum >= len(words):
        return f"all of: {listed}"
    return f"any of: {listed}" if minimum <= 1 else f"at least {minimum} of: {listed}"


def named(text: str) -> str:
    """A value as a person may read it, in quotes where it could be taken for something else."""
    plain = _PLAIN.fullmatch(text) and not _CONNECTIVE.search(text)
    return text if plain else f'"{text}"'


def clause(node: Node, label: Callable[[Value], str] = lambda value: named(value.text)) -> str:
    """One condition in words. ``label`` tells what the value of a field is called."""
    match node:
        case AllOf(nodes):
            return " and ".join(_inner(one, label) for one in nodes)
        case AnyOf(nodes):
            return "either " + " or ".join(_inner(one, label) for one in nodes)
        case Not(Value(field, text)):
            return f"{_verb(field)} not {label(Value(field, text))}"
        case Not(inner):
            return f"without {_inner(inner, label)}"
        case Value(field):
            return f"{_verb(field)} {label(node)}"
        case Days(first, last):
            return days(first, last)
        case _:
            return _text(node) + _PLACES[node.field]


def _inner(node: Node, label: Callable[[Value], str]) -> str:
    text = clause(node, label)
    return f"({text})" if isinstance(node, (AllOf, AnyOf, Not)) else text


def _text(node: Word | Quoted | Beginning | Similar) -> str:
    match node:
        case Word(text, _, needed):
            return f"{_word(text)} required" if needed else _word(text)
        case Quoted(text, 0):
            return f'the phrase "{text}"'
        case Quoted(text, slop):
            return f'the words "{text}" with at most {slop} others between'
        case Beginning(text):
            return f"any form of a word beginning with {_word(text)}"
        case Similar(text, distance):
            letters = "letters" if distance > 1 else "letter"
            return f"any form of a word {distance} {letters} from {_word(text)}"


def _word(text: str) -> str:
    return f'"{text}"' if text.lower() in ("and", "or", "either") else text


def _verb(field: str) -> str:
    return "url has" if field == "url" else f"{field} is"


def days(first: date | None, last: date | None) -> str:
    """A stretch of days, in the largest units that name it exactly."""
    if first is None or last is None:
        return f"since {_day(first)}" if first else f"until {_day(last)}" if last else "ever"
    start, end = _unit(first, last) or _month_span(first, last) or (_day(first), _day(last))
    return f"from {start}" if start == end else f"from {start} to {end}"


def _day(day: date | None) -> str:
    return f"{day.day} {_month(day)}" if day else ""


def _month(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _unit(first: date, last: date) -> tuple[str, str] | None:
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return (str(first.year), str(last.year)) if whole_years else None


def _month_span(first: date, last: date) -> tuple[str, str] | None:
    ends = last.day == monthrange(last.year, last.month)[1]
    return (_month(first), _month(last)) if first.day == 1 and ends else None


def many(count: int, noun: str) -> str:
    """So many things, in words: 1 file, 2,000 files."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
