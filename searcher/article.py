"""The values that go into an archive: one article, the stories related to it, and who ran them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Article", "Provider", "RelatedItem"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published a story. ``name`` is what the facet shows; ``domain`` need not match it."""

    name: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """A story listed inside an article: the same news as another outlet told it."""

    title: str
    excerpt: str = ""
    url: str = ""
    published_at: datetime | None = None
    provider: Provider | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as one file holds it.

    Attributes:
        id: the file's path within its source, without its ending; unique in an archive.
        title: plain text, repaired, never empty.
        excerpt: plain text, possibly cut off.
        url: where the story is on the web; empty where the file names none.
        published_at: an aware time in UTC.
        quality, heat: the archive's own scores, unscaled.
        published: False where the file says ``published: false``.
    """

    id: str
    title: str
    excerpt: str = ""
    url: str = ""
    published_at: datetime | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    related: tuple[RelatedItem, ...] = ()
    quality: float | None = None
    heat: float | None = None
    published: bool = True
