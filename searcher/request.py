"""SearchRequest: the one value that goes into a search, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, get_args

from searcher.errors import QueryError

__all__ = [
    "FACETS",
    "MATCH_MODES",
    "MAX_PAGE_SIZE",
    "MAX_VALUES",
    "SORTS",
    "Match",
    "SearchRequest",
    "Sort",
    "one_of",
    "within",
]

Match = Literal["auto", "all", "any"]
Sort = Literal["relevance", "newest", "oldest"]

FACETS: Final = ("city", "provider", "topic", "year", "status")
MATCH_MODES: Final[tuple[str, ...]] = get_args(Match)
SORTS: Final[tuple[str, ...]] = get_args(Sort)
MAX_PAGE_SIZE: Final = 1000
MAX_VALUES: Final = 100


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody searches for. Immutable: ``with_`` and ``without`` make the next request.

    Attributes:
        query: text in the grammar; empty asks for every article.
        city, provider, topic, year, status: chosen facet values. Values of one facet are
            alternatives; facets narrow each other. A value is a label, an id or a bare name; a
            blank one is none.
        date_from, date_to: first and last day, both included, in UTC. In the wrong order they are
            turned round, which the results tell.
        match: how many of the bare words must be there; ``auto`` asks for all of them and
            for fewer where that finds too little.
        page, size: which page, from 1, and how many hits it has.
        facets: which facets to count; the months come with the years.
        facet_size: how many values each of them lists, besides the chosen ones.
        related_size: how many of its related items that matched a hit lists.
        explain: also tell each hit's score by word and field.

    Raises:
        QueryError: a value outside its range.
    """

    query: str = ""
    city: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    match: Match = "auto"
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    facets: tuple[str, ...] = FACETS
    facet_size: int = 10
    related_size: int = 3
    explain: bool = False

    def __post_init__(self) -> None:
        for name in FACETS:
            value = getattr(self, name)
            if value == ():
                continue
            if isinstance(value, str):
                raise QueryError(f"{name} takes several values: write {name}=({value!r},).")
            chosen = tuple(str(one) for one in value if str(one).strip())
            object.__setattr__(self, name, chosen)
            within(f"the number of {name} values", len(chosen), 0, MAX_VALUES)
        one_of("match", self.match, MATCH_MODES)
        one_of("sort", self.sort, SORTS)
        within("page", self.page, 1, None)
        within("size", self.size, 0, MAX_PAGE_SIZE)
        within("facet_size", self.facet_size, 0, None)
        within("related_size", self.related_size, 0, None)
        for name in self.facets:
            one_of("facets", name, FACETS)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day, in their order."""
        first, last = self.date_from, self.date_to
        return (last, first) if first and last and first > last else (first, last)

    def selected(self, facet: str) -> tuple[str, ...]:
        """The chosen values of one facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def with_(self, facet: str, value: str) -> SearchRequest:
        """The same request with one more facet value chosen, on its first page."""
        values = self.selected(facet)
        return self if value in values else self.changed(**{facet: (*values, value)})

    def without(self, facet: str, value: str | None = None) -> SearchRequest:
        """The same request with one facet value, or the whole facet, let go; on its first page."""
        kept = () if value is None else tuple(v for v in self.selected(facet) if v != value)
        return self.changed(**{facet: kept})

    def changed(self, **changes: Any) -> SearchRequest:
        """The same request with other values, on its first page unless a page is named."""
        return replace(self, **{"page": 1, **changes})


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raise QueryError where a value is none of those allowed, which it names."""
    if value not in allowed:
        raise QueryError(f"{name} {value!r} is not known: use {', '.join(allowed)}.")


def within(name: str, value: int, low: int, high: int | None) -> None:
    """Raise QueryError where a number is outside its range, which it names."""
    if value < low or (high is not None and value > high):
        bound = f"at least {low}" if high is None else f"from {low} to {high}"
        raise QueryError(f"{name} is {value}: it must be {bound}.")
