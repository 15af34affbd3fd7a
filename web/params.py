"""Names in an address <-> SearchRequest, both ways: every link of a page is a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from searcher.errors import QueryError
from searcher.grammar import period, stretch
from searcher.request import FACETS, SearchRequest

__all__ = ["PARAMETERS", "address", "number", "pairs", "read", "unknown"]

PARAMETERS: Final[Mapping[str, str]] = {
    "q": "query",
    **{name: name for name in FACETS},
    "from": "date_from",
    "to": "date_to",
    "match": "match",
    "sort": "sort",
    "page": "page",
    "size": "size",
    "explain": "explain",
}
"""Each parameter's name in an address, and the attribute of SearchRequest it stands for."""

_NO: Final = ("0", "false", "no", "off")
_NUMBER_DIGITS: Final = 9
_DEFAULTS: Final = SearchRequest()


def read(args: MultiDict[str, str], **defaults: Any) -> SearchRequest:
    """The request an address asks for. Blank values, as an unfilled form sends them, say nothing.

    Raises:
        QueryError: a value that cannot be what it should be; the message says what can.
    """
    said = {name: _only(args, name) for name in PARAMETERS if name not in FACETS}
    start, end = stretch(_days("from", said["from"]), _days("to", said["to"]))
    asked: dict[str, Any] = {name: _all(args, name) for name in FACETS}
    asked |= {"query": said["q"], "date_from": start, "date_to": end}
    asked |= {name: said[name] for name in ("match", "sort") if said[name]}
    asked |= {name: number(name, said[name]) for name in ("page", "size") if said[name]}
    asked["explain"] = bool(said["explain"]) and said["explain"].lower() not in _NO
    return SearchRequest(**{**defaults, **asked})


def unknown(args: Iterable[str]) -> tuple[str, ...]:
    """The names that mean nothing here, so that a mistyped one does not pass unnoticed."""
    return tuple(sorted({name for name in args if name not in PARAMETERS}))


def pairs(request: SearchRequest) -> list[tuple[str, str]]:
    """The request as (name, value) in the order of ``PARAMETERS``; what is as usual is left out."""
    found = []
    for name, attribute in PARAMETERS.items():
        value = getattr(request, attribute)
        if value != getattr(_DEFAULTS, attribute):
            found += [(name, _text(one)) for one in (value if name in FACETS else (value,))]
    return found


def address(path: str, request: SearchRequest, *more: tuple[str, str]) -> str:
    """``path`` with the request in its query, then any ``more`` parameters that are not empty."""
    query = urlencode([*pairs(request), *(pair for pair in more if pair[1])])
    return f"{path}?{query}" if query else path


def _text(value: object) -> str:
    return "1" if value is True else str(value)


def _only(args: MultiDict[str, str], name: str) -> str:
    values = _all(args, name)
    if len(values) > 1:
        raise QueryError(f"{name} is given {len(values)} times: give it once.")
    return values[0] if values else ""


def _all(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    values = (value.strip() for value in args.getlist(name))
    return tuple(dict.fromkeys(value for value in values if value))


def number(name: str, text: str) -> int:
    """The whole number that a parameter is.

    Raises:
        QueryError: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS):
        raise QueryError(f"{name} is {text[:40]!r}: write a whole number, such as 2.")
    return int(text)


def _days(name: str, text: str) -> tuple[date, date] | None:
    """The first and the last day of a day, a month or a year."""
    if not text:
        return None
    days = period(text)
    if days is None:
        raise QueryError(
            f"{name} is {text[:40]!r}: write a day, a month or a year, "
            "such as 2020-06-24, 2020-06 or 2020."
        )
    return days
