"""Lexing: from the text of a query to its tokens, those that mean something where they stand.

A parenthesis without a partner, an AND with nothing to join, a field nobody knows: what only looks
like syntax leaves here as text, or not at all, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from searcher.operators import FIELDS, Limits

__all__ = ["Token", "lex"]


class Token(NamedTuple):
    """One piece of a query; ``slop`` is what stands after the ~ of a quoted one."""

    kind: str  # open, close, quoted, sign, field, address, text, and, or, not
    text: str
    slop: str = ""


_QUOTES: Final = str.maketrans("“”„‟＂", '"' * 5)
_TOKEN: Final = re.compile(
    r"""  (?P<open>\() | (?P<close>\))
        | "(?P<quoted>[^"]*)" (?:~(?P<slop>[0-9]{1,9}))?
        | (?P<lone>")
        | (?<![^\s(]) (?P<sign>[-+]) (?=[^\s)+-])
        | (?P<address>https?://[^\s()"]+)
        | (?P<name>[A-Za-z]\w*):(?=[^\s):])
        | (?P<text>[^\s()"]+)""",
    re.VERBOSE,
)
_NONE: Final = Token("", "")
_OPERATORS: Final = tuple(Token("text", name) for name in ("AND", "OR", "NOT"))
_VALUES: Final = frozenset(("text", "address", "quoted", "open"))
_FIELD_ALONE: Final = frozenset(f"{name}:" for name in FIELDS)
_STARTS: Final = _VALUES | {"sign", "field", "not"}
_ENDS: Final = _VALUES - {"open"} | {"close"}

SHOUTED: Final = 5
"""In a query of more words that is all in capitals, operators cannot be told from words."""

_DELIBERATE: Final = frozenset('()"')
"""Who writes one of these means operators, as does who puts one after every word."""


def _shouted(text: str) -> bool:
    words = text.split()
    if len(words) <= SHOUTED or not text.isupper() or _DELIBERATE & set(text):
        return False
    return any(Token("text", word) not in _OPERATORS for word in words[1::2])


def lex(text: str, limits: Limits) -> tuple[list[Token], list[str]]:
    """The tokens of a query, and what is to be said about them.

    Every parenthesis has its partner, and signs, fields and operators something to apply to.
    """
    lexer = _Lexer(limits)
    return lexer.read(text), lexer.warnings


class _Lexer:
    """One reading of one text."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.warnings: list[str] = []
        self.shouted = False

    def read(self, text: str) -> list[Token]:
        text = self._cut(text.translate(_QUOTES))
        self.shouted = _shouted(text)
        return self._operators(self._balanced(list(self._lex(text))))

    def _warn(self, text: str) -> None:
        self.warnings.append(text)

    def _cut(self, text: str) -> str:
        most = self.limits.characters
        if len(text) <= most:
            return text
        self._warn(f"the query is longer than {most} characters: the rest was left out")
        kept = text[: most + 1].rsplit(None, 1)[0]
        return kept[:most]

    def _lex(self, text: str) -> Iterator[Token]:
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or ""
            if kind == "lone":
                self._warn('a lone " was ignored')
            elif kind == "name":
                yield self._named(found["name"])
            elif found["quoted"] is not None:
                yield Token("quoted", " ".join(found["quoted"].split()), found["slop"] or "")
            else:
                if found[0].lower() in _FIELD_ALONE:
                    self._warn(f"{found[0]} has no value right after it: searched as text")
                yield Token(kind, found[kind])

    def _named(self, name: str) -> Token:
        if name.lower() in FIELDS:
            return Token("field", name.lower())
        self._warn(f"no field {name}: searched as text; the fields are {', '.join(FIELDS)}")
        return Token("text", name)

    def _balanced(self, tokens: list[Token]) -> list[Token]:
        """Without the parentheses that have no partner or stand too deep."""
        opened: list[int] = []
        alone, deep = set(), set()
        for at, token in enumerate(tokens):
            if token.kind == "open":
                opened.append(at)
            elif token.kind == "close" and not opened:
                alone.add(at)
            elif token.kind == "close" and len(opened) > self.limits.depth:
                deep |= {opened.pop(), at}
            elif token.kind == "close":
                opened.pop()
        if alone := alone | set(opened):
            self._warn("parentheses without a partner were ignored")
        if deep:
            self._warn(f"parentheses deeper than {self.limits.depth} were ignored")
        dropped = alone | deep
        return [token for at, token in enumerate(tokens) if at not in dropped]

    def _operators(self, tokens: list[Token]) -> list[Token]:
        """AND, OR, NOT, fields and signs where they have something to apply to, else as text."""
        kept: list[Token] = []
        for at in range(len(tokens) - 1, -1, -1):
            token = tokens[at]
            after = kept[-1].kind if kept else ""
            if token in _OPERATORS:
                token = self._operator(token.text, tokens[at - 1] if at else _NONE, after)
            elif token.kind == "field" and after not in _VALUES:
                self._warn(f"{token.text}: has no value right after it: searched as text")
                token = Token("text", token.text)
            elif token.kind == "sign" and after not in _STARTS:
                continue
            kept.append(token)
        return kept[::-1]

    def _operator(self, name: str, before: Token, after: str) -> Token:
        if before.kind in ("field", "sign"):
            return Token("text", name)
        if self.shouted:
            self._warn("all is in capitals: AND, OR and NOT were read as words")
            return Token("text", name)
        joins = before.kind in _ENDS and before not in _OPERATORS
        if after in _STARTS and (name == "NOT" or joins):
            return Token(name.lower(), name)
        self._warn(f"{name} has nothing to join: searched as a word")
        return Token("text", name)
