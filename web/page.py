"""What templates need besides Results: page numbers, the histogram, chips, words for values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from searcher.request import FACETS, MAX_PAGE_SIZE, SearchRequest
from searcher.results import Facet, FacetValue, Results
from searcher.text import fold
from web import params

__all__ = [
    "FACET_TITLES",
    "LACKING",
    "MATCH_TITLES",
    "MAX_PAGE_SIZE",
    "ROLES",
    "SORT_TITLES",
    "Bar",
    "Chip",
    "bars",
    "chips",
    "count",
    "day",
    "everything",
    "form_value",
    "hidden",
    "moment",
    "numbers",
    "unfiltered",
    "unlisted",
]

FACET_TITLES: Final = {
    "city": "City",
    "provider": "Provider",
    "topic": "Topic",
    "year": "Year",
    "status": "Status",
}
LACKING: Final = {**{name: name for name in FACET_TITLES}, "year": "date"}
"""What an article that has no value of a facet is without."""

MATCH_TITLES: Final = {
    "auto": "As many words as possible",
    "all": "All words",
    "any": "Any word",
}
SORT_TITLES: Final = {"relevance": "Relevance", "newest": "Newest", "oldest": "Oldest"}
ROLES: Final = {
    "about": "about it",
    "mentioned": "mentioned",
    "related": "in related coverage only",
}
everything: Final = SearchRequest()

_STEPS: Final = (1, 12, 120)
_MOST_BARS: Final = 48
_CHART_HEIGHT: Final = 100
_LEAST_BAR: Final = 4
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram: a month, a year or a decade, and the request that narrows to it."""

    label: str
    count: int
    height: int
    request: SearchRequest


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was chosen: where it belongs, its words, and the request without it."""

    facet: str
    label: str
    request: SearchRequest


def count(number: int, one: str = "", many: str = "") -> str:
    """A number for people: "1,204" or "1 article", "3 articles"."""
    noun = (one if number == 1 else many or f"{one}s") if one else ""
    return f"{number:,} {noun}".strip()


def day(moment: datetime | date) -> str:
    """A day for people: "24 June 2020"."""
    moment = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def moment(when: datetime) -> str:
    """A time as Atom and HTML write it, in UTC (RFC 3339)."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def unfiltered(request: SearchRequest) -> SearchRequest:
    """The same words with nothing chosen."""
    return request.changed(date_from=None, date_to=None, **dict.fromkeys(FACETS, ()))


def numbers(results: Results) -> Iterator[int | None]:
    """The page numbers to link: both ends, those around this page; None for those left out."""
    here, last = min(results.request.page, results.pages), results.pages
    shown = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
    before = 0
    for number in shown:
        if number == before + 2:
            yield before + 1
        elif number > before + 2:
            yield None
        yield number
        before = number


def bars(results: Results) -> list[Bar]:
    """The histogram by month, or by year or decade where months were too many."""
    counts = [(int(month[:4]) * 12 + int(month[5:]) - 1, n) for month, n in results.months]
    if not counts:
        return []
    first, last = counts[0][0], counts[-1][0]
    step = next((s for s in _STEPS if last // s - first // s < _MOST_BARS), _STEPS[-1])
    sums = dict.fromkeys(range(first // step, last // step + 1), 0)
    for month, number in counts:
        sums[month // step] += number
    top = max(sums.values())
    return [_bar(results.request, at * step, step, number, top) for at, number in sums.items()]


def _bar(request: SearchRequest, month: int, step: int, number: int, top: int) -> Bar:
    start, end = _first_day(month), _first_day(month + step) - timedelta(days=1)
    earliest, latest = request.days
    height = max(_LEAST_BAR, round(_CHART_HEIGHT * number / top)) if number else 0
    narrowed = request.changed(
        date_from=max(start, earliest or start), date_to=min(end, latest or end)
    )
    return Bar(_period(month, step), number, height, narrowed)


def _first_day(month: int) -> date:
    return date(max(1, month // 12), month % 12 + 1, 1)


def _period(month: int, step: int) -> str:
    if step == 1:
        return f"{_MONTHS[month % 12]} {month // 12}"
    return str(month // 12) if step == 12 else f"{month // 12}s"


def chips(results: Results) -> list[Chip]:
    """Everything that was chosen besides the words, each with the request that lets it go."""
    request = results.request
    found = [
        Chip(title, _label(results.facets.get(name), value), request.without(name, value))
        for name, title in FACET_TITLES.items()
        for value in request.selected(name)
    ]
    if request.date_from or request.date_to:
        gone = request.changed(date_from=None, date_to=None)
        found.append(Chip("Date", _range(*request.days), gone))
    return found


def _label(facet: Facet | None, chosen: str) -> str:
    values = facet.values if facet else ()
    return next((value.value for value in values if value.key == chosen), chosen)


def _range(start: date | None, end: date | None) -> str:
    if start and end:
        return day(start) if start == end else f"{day(start)} to {day(end)}"
    return f"from {day(start)}" if start else f"until {day(end)}" if end else ""


def form_value(facet: Facet, value: FacetValue) -> str:
    """How an address names a value: by its label, or by its key where another has that label."""
    shared = sum(other.value == value.value for other in facet.values) > 1
    return value.key if shared else value.value


def unlisted(facet: Facet, request: SearchRequest) -> list[str]:
    """The chosen values that the archive does not know: listed all the same, to be let go."""
    known = set()
    for value in facet.values:
        if value.selected:
            label = fold(value.value)
            known |= {fold(value.key), label, label.partition(",")[0]}
    return [v for v in request.selected(facet.name) if fold(" ".join(v.split())) not in known]


def hidden(request: SearchRequest, *shown: str) -> list[tuple[str, str]]:
    """What a form must carry along because none of its fields shows it. Never the page number."""
    return [pair for pair in params.pairs(request) if pair[0] not in (*shown, "page")]
