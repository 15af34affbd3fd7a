"""Results: the one value that comes out of a search. Pages, JSON, CSV and terminal render it.

What there are dozens of in a result is a named tuple: it is made in half the time of a dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import NamedTuple

from searcher.article import Article, Provider
from searcher.places import City
from searcher.request import SearchRequest

__all__ = ["Facet", "FacetValue", "Hint", "Hit", "RelatedHit", "Results", "Snippet"]


class Snippet(NamedTuple):
    """A stretch of stored text. ``marks`` are (start, end) within ``text``, ascending, disjoint."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def html(self) -> str:
        """The text escaped for HTML, what matched in ``<mark>``."""
        made, at = "", 0
        for start, end in self.marks:
            made += f"{escape(self.text[at:start])}<mark>{escape(self.text[start:end])}</mark>"
            at = end
        return made + escape(self.text[at:])


class RelatedHit(NamedTuple):
    """A related item that matched, with the outlet that ran it."""

    title: str
    url: str
    provider: str
    snippet: Snippet
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    Attributes:
        article: as it is stored.
        cities: those of its own text first, then those only its related items name.
        score: larger is better; comparable within one result only. 0 where nothing was scored.
        snippets: ``title`` whole and, where there is an excerpt, ``excerpt`` (cut where long).
        related: the related items that matched, best first.
        explanation: the score's parts as (what, points), where the request asked for it.
    """

    article: Article
    cities: tuple[City, ...]
    score: float
    snippets: Mapping[str, Snippet]
    related: tuple[RelatedHit, ...] = ()
    explanation: tuple[tuple[str, float], ...] = ()

    @property
    def id(self) -> str:
        return self.article.id

    @property
    def title(self) -> str:
        return self.article.title

    @property
    def excerpt(self) -> str:
        return self.article.excerpt

    @property
    def url(self) -> str:
        return self.article.url

    @property
    def published_at(self) -> datetime | None:
        return self.article.published_at

    @property
    def provider(self) -> Provider | None:
        return self.article.provider

    @property
    def topics(self) -> tuple[str, ...]:
        return self.article.topics

    @property
    def published(self) -> bool:
        return self.article.published


class FacetValue(NamedTuple):
    """One value of a facet. ``value`` is its label; ``key`` tells apart values that share one."""

    value: str
    count: int  # type: ignore[assignment]  # in place of the tuple's own count()
    selected: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of what matches.

    Attributes:
        values: by count, then label; the chosen ones are always there.
        missing: how many articles have no value at all.
        more: how many values have articles besides those listed.
    """

    name: str
    values: tuple[FacetValue, ...]
    missing: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Hint:
    """A way on from a poor result: words for a person, and the request that takes it."""

    text: str
    request: SearchRequest
    total: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, and what it searched.

    Attributes:
        request: the request that was answered.
        reading: in plain words, what was understood and done.
        warnings: whatever a person should know, such as a field that does not exist.
        suggestion: a corrected query, offered and not applied.
        total: exactly how many articles match.
        hits: the asked page of them.
        facets: by name, in the order that was asked for.
        months: ``("2020-06", 3)`` in time order, without gaps.
        hints: where nothing was found, the ways on.
        took_ms: milliseconds from request to result.
    """

    request: SearchRequest
    reading: str
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Facet]
    warnings: tuple[str, ...] = ()
    suggestion: str | None = None
    months: tuple[tuple[str, int], ...] = ()
    hints: tuple[Hint, ...] = ()
    took_ms: float = field(default=0.0, compare=False)

    @property
    def pages(self) -> int:
        """How many pages there are; at least 1."""
        return max(1, -(-self.total // self.request.size)) if self.request.size else 1

    @property
    def next_page(self) -> int | None:
        """The number of the page after this one, if there is one."""
        return self.request.page + 1 if self.request.page < self.pages else None
