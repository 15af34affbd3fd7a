"""City: a populated place an article is about or mentions, and why we think so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["City", "Evidence", "Role"]

Role = Literal["about", "mentioned", "related"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that decided.

    Attributes:
        field: ``title``, ``excerpt``, or ``related`` followed by the item's number: ``related[0]``.
        start, end: the span in that field's text (in a related item: its title, a newline, its
            excerpt).
        text: the words of the span.
        cue: what decided, for a person to read: "dateline", "Mass. beside it", "most populous".
    """

    field: str
    start: int
    end: int
    text: str
    cue: str


@dataclass(frozen=True, slots=True)
class City:
    """One city of one article.

    Attributes:
        id: the GeoNames id.
        name: the city's name alone, "Boston".
        label: what the facet shows: "Boston, Massachusetts" or "Paris, France".
        country: ISO 3166 two-letter code. region: the first-level region's name.
        latitude, longitude: degrees.
        confidence: from 0 to 1.
        role: ``about``, ``mentioned``, or ``related`` (named in related items only).
        evidence: the mentions that decided, best first; never empty.
    """

    id: int
    name: str
    label: str
    country: str
    region: str
    latitude: float
    longitude: float
    confidence: float
    role: Role
    evidence: tuple[Evidence, ...]
