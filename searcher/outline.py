"""Outline: front matter that is nothing but lines of ``key: value`` and ``- value``, indented.

Nearly every file's is, and it is read in a third of the time that YAML's events take. What is
written in any other way (over several lines, with anchors, comments, brackets ...) is no outline:
``searcher.frontmatter`` reads it by the whole of YAML. Of an outline, both make the same.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final, TypeAlias

__all__ = ["NULLS", "Value", "outline"]

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Row: TypeAlias = tuple[str, str, str, str]

LONGEST: Final = 2**18
"""Longer texts are left to YAML's events, which take no memory for what nobody wants."""

NULLS: Final = ("", "~", "null", "Null", "NULL")
"""What means no value, unless in quotes."""

_HIGH: Final = "\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
"""What YAML allows beyond ASCII, but for the ends of lines."""
_QUOTED: Final = rf'"[ !#-\[\]-~{_HIGH}]*+(?:\\["\\/][ !#-\[\]-~{_HIGH}]*+)*"'
_WORD: Final = rf"[!-9;-~{_HIGH}]"  # no colon
_PLAIN: Final = (
    rf"(?:-(?=\d)|[$()+./0-9;<=A-Z\\^_a-z~{_HIGH}]){_WORD}*+"
    rf"(?:(?::++(?![ \n])| ++(?![:#\n])){_WORD}*+)*"
)
_KEY: Final = r"([A-Za-z_][A-Za-z0-9_-]{0,99}+):(?: ++|(?=\n))"
_ROW: Final = re.compile(
    rf"^( {{0,12}}+)(- ++(?=\S)|)(?:{_KEY}|)({_QUOTED}|{_PLAIN}|) *+\n", re.MULTILINE
)
"""A line: its indent, dash, key and value. Indents are bounded, and so is the nesting with them;
YAML bounds keys as well. (An empty branch is cheaper than a question mark.)"""
_ESCAPE: Final = re.compile(r"\\(.)")


def outline(text: str, wanted: Container[str]) -> dict[str, Value] | None:
    """The values of the wanted keys, at every level; None where the text is no outline."""
    if len(text) > LONGEST:
        return None
    start = 4 if text.startswith("---\n") else 0
    found = _ROW.findall(text, start)
    if len(found) != text.count("\n", start) or not text.endswith("\n"):
        return None
    rows = [row for row in found if row[2] or row[3]]
    rows.append(("", "", "", ""))  # is part of nothing
    values, at = _mapping(rows, 0, "", wanted)
    # A line that does not fit ends all it stands in: no indent further up is the one it needs.
    return values if values and at == len(rows) - 1 else None


def _mapping(
    rows: list[Row], at: int, indent: str, wanted: Container[str]
) -> tuple[dict[str, Value], int]:
    """The mapping that begins at a row, and the row after it."""
    values: dict[str, Value] = {}
    while True:
        here, dash, key, text = rows[at]
        if here != indent or dash or not key:
            return values, at
        at += 1
        if not text:
            value, at = _below(rows, at, indent, wanted)
            if key in wanted:
                values[key] = value
        elif key in wanted:
            values[key] = _scalar(text)


def _below(rows: list[Row], at: int, indent: str, wanted: Container[str]) -> tuple[Value, int]:
    """What stands below a key."""
    here, dash, key, _ = rows[at]
    if dash and len(here) >= len(indent):
        return _list(rows, at, here, wanted)
    if key and len(here) > len(indent):
        return _mapping(rows, at, here, wanted)
    return None, at


def _list(rows: list[Row], at: int, indent: str, wanted: Container[str]) -> tuple[list[Value], int]:
    values: list[Value] = []
    while True:
        here, dash, key, text = rows[at]
        if here != indent or not dash:
            return values, at
        value: Value
        if key:
            within = here + " " * len(dash)
            rows[at] = within, "", key, text
            value, at = _mapping(rows, at, within, wanted)
        else:
            value, at = _scalar(text), at + 1
        values.append(value)


def _scalar(text: str) -> str | None:
    if text[0] == '"':
        return _ESCAPE.sub(r"\1", text[1:-1]) if "\\" in text else text[1:-1]
    return None if text in NULLS else text
