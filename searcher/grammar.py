"""The query language: what a person typed, to a syntax tree and warnings. Never an exception.

    query     = sequence { "OR" sequence }
    sequence  = item { ["AND"] item }
    item      = { "NOT" } [ "-" | "+" ] [ field ":" ] ( "(" query ")" | quoted [ "~" n ] | text )

Words side by side are alternatives only as far as the match mode says so; AND makes both its
sides required, binds tighter than OR, and so does standing side by side. What is none of this is
text: an AND with nothing to join is a word, a parenthesis without its partner is punctuation, a
field nobody knows is a word before a colon. Whatever is read otherwise than it looks is said in
the warnings.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from searcher.lexing import Token, lex
from searcher.operators import (
    DATE_FIELDS,
    FIELDS,
    LIMITS,
    OPERATORS,
    VALUE_FIELDS,
    Limits,
    Operator,
    edits,
)
from searcher.syntax import (
    Beginning,
    Days,
    Node,
    Quoted,
    Similar,
    Value,
    Word,
    all_of,
    any_of,
    negated,
    required,
)
from searcher.text import WORD

__all__ = [
    "FIELDS",
    "LIMITS",
    "OPERATORS",
    "Limits",
    "Operator",
    "Query",
    "parse",
    "period",
    "stretch",
    "words_of",
]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the tree, and what a person should know about how it was read."""

    tree: Node
    warnings: tuple[str, ...] = ()


def parse(text: str, limits: Limits = LIMITS) -> Query:
    """Read a query. Any text at all gives a tree; an empty one gives every article."""
    tokens, warnings = lex(text, limits)
    tree = _Parser(tokens, limits, warnings).query("")
    return Query(tree, tuple(dict.fromkeys(warnings)))


def period(text: str) -> tuple[date, date] | None:
    """The first and last day of ``2020``, ``2020-06`` or ``2020-06-24``; None for all else."""
    found = _PERIOD.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return date(year, month or 1, day or 1), last


def stretch(
    first: tuple[date, date] | None, last: tuple[date, date] | None
) -> tuple[date | None, date | None]:
    """The first day of one period and the last one of another.

    Of periods in the wrong order the outermost days, in the wrong order as well: from 2021 to 2020
    is from the end of 2021 to the beginning of 2020, so that it can be turned round.
    """
    if first and last and first[0] > last[1]:
        return first[1], last[0]
    return first and first[0], last and last[1]


_PERIOD: Final = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_PUNCTUATION: Final = re.compile(r"[-.,;:!?/|&–—…'‘’]+")
_MARKED: Final = re.compile(r"(.*?)(?:(\*+)|~([0-9]{0,9}))", re.DOTALL)


@dataclass(slots=True)
class _Parser:
    """One reading of some tokens. The depth of recursion is bounded by ``Limits.depth``."""

    tokens: list[Token]
    limits: Limits
    warnings: list[str]
    at: int = 0
    terms: int = 0
    fuzzies: int = 0

    def _warn(self, text: str) -> None:
        self.warnings.append(text)

    # from tokens to the tree

    def _peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def _next(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def query(self, field: str) -> Node:
        """Alternatives, up to a closing parenthesis or the end; ``field`` stands before it."""
        alternatives = [self._sequence(field)]
        while self._peek() == "or":
            self.at += 1
            alternatives.append(self._sequence(field))
        return any_of(alternatives)

    def _sequence(self, field: str) -> Node:
        nodes: list[Node] = []
        joined = False
        while self._peek() not in ("or", "close", "end"):
            if self._peek() == "and":
                self.at += 1
                joined = True
                nodes[-1:] = map(required, nodes[-1:])
                continue
            node = self._item(field)
            nodes.append(required(node) if joined else node)
            joined = False
        return all_of(nodes)

    def _item(self, field: str) -> Node:
        negative = False
        while self._peek() == "not":
            self.at += 1
            negative = not negative
        sign = self._next().text if self._peek() == "sign" else ""
        negative ^= sign == "-"
        if self._peek() == "field":
            field = self._next().text
        node = self._primary(field)
        return negated(node) if negative else required(node) if sign else node

    def _primary(self, field: str) -> Node:
        token = self._next()
        if token.kind == "open":
            node = self.query(field)
            self.at += 1
            return node
        leaves = [leaf for leaf in self._leaves(token, field) if self._counted()]
        return all_of(leaves)

    def _counted(self) -> bool:
        self.terms += 1
        if self.terms > self.limits.terms:
            self._warn(f"only the first {self.limits.terms} words are searched")
        return self.terms <= self.limits.terms

    # from one token to its leaves

    def _leaves(self, token: Token, field: str) -> list[Node]:
        text = token.text if token.kind == "quoted" else token.text.rstrip(",;")
        if field in VALUE_FIELDS and WORD.search(text):
            return [Value(field, text)]
        if field in DATE_FIELDS:
            return self._dates(field, text)
        if token.kind == "address":
            return [Value("url", text)]
        if not WORD.search(text):
            if not _PUNCTUATION.fullmatch(text):
                self._warn(f"nothing to search for in {token.text or 'empty quotes'}")
            return []
        if token.kind == "quoted":
            return [Quoted(text, self._capped("near", token.slop, self.limits.slop), field)]
        return self._words(text, field)

    def _words(self, text: str, field: str) -> list[Node]:
        marked = _MARKED.fullmatch(text)
        marked = marked if marked and WORD.search(marked[1]) else None  # ~50 is about fifty
        words = words_of(marked[1] if marked else text)
        if "*" in (marked[1] if marked else text):
            self._warn("* stands for letters at a word's end only")
        leaves: list[Node] = [Word(word, field) for word in words]
        if marked:
            leaves[-1] = self._open_ended(words[-1], marked, field)
        return leaves

    def _open_ended(self, word: str, marked: re.Match[str], field: str) -> Node:
        if marked[2]:
            return Beginning(word, field)
        distance = self._capped("~", marked[3] or "1", self.limits.distance)
        distance = self._apart(word, distance)
        return Similar(word, distance, field) if distance else Word(word, field)

    def _apart(self, word: str, distance: int) -> int:
        """How many letters a fuzzy word may be away: fewer where it is short, and none where there
        are too many such words, each of which is held against every word of the archive."""
        most = edits(word)
        if distance > most:
            letters = "one letter" if most else "no letter"
            self._warn(f"{word}~: in so short a word {letters} may differ")
        self.fuzzies += bool(distance and most)
        if self.fuzzies > self.limits.fuzzy:
            most = self.limits.fuzzy
            self._warn(f"more than {most} words with ~: the others are searched as written")
            return 0
        return min(distance, most)

    def _capped(self, name: str, number: str, most: int) -> int:
        if int(number or 0) > most:
            self._warn(f"{name} {number} is more than {most}: {most} was taken")
        return min(int(number or 0), most)

    def _dates(self, field: str, text: str) -> list[Node]:
        days = _days(field, text)
        if days is None:
            forms = f"2020, 2020-06, 2020-06-24{', 2020..2021' * (field == 'date')}"
            self._warn(f"{field}:{text} is no date ({forms}): searched as text")
            return [Word(word) for word in words_of(text) or [field]]
        if days.first and days.last and days.first > days.last:
            self._warn(f"{field}:{text} ends before it begins: turned round")
            days = Days(days.last, days.first)
        return [days]


def words_of(text: str) -> list[str]:
    """The words of a text. What is written without blanks between words (東京) stays together; an
    AND that is a word is in small letters, lest it join when it is written again."""
    runs: list[str] = []
    end = -1
    for found in WORD.finditer(text):
        if found.start() == end:
            runs[-1] += found.group()
        else:
            runs.append(found.group())
        end = found.end()
    words = ["".join(WORD.findall(run)) for run in runs]  # as it is read when it stands alone
    return [word.lower() if word in ("AND", "OR", "NOT") else word for word in words]


def _days(field: str, text: str) -> Days | None:
    start, dots, end = text.partition("..")
    first, last = period(start), period(end if dots else start)
    wrong = (start and not first) or (end and not last) or not (first or last)
    if wrong or (dots and field != "date"):
        return None
    try:
        if field == "before" and first:
            return Days(None, first[0] - timedelta(days=1))
        if field == "after" and last:
            return Days(last[1] + timedelta(days=1), None)
    except OverflowError:
        return None
    return Days(*stretch(first, last))
