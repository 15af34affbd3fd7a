"""Site: one archive as one web site shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app

from searcher import Archive
from searcher.request import FACETS, SearchRequest
from searcher.results import Hit, Results

__all__ = ["Settings", "Site", "current_site"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site can choose.

    Attributes:
        name: what the page calls itself.
        show_unpublished: whether articles with ``published: false`` are found, with a badge, or
            hidden from every page and format. Single words of theirs may still serve to correct
            the spelling of a query.
        hosts: the host names to answer for; empty answers for all.
        proxies: how many reverse proxies stand before the site, whose X-Forwarded headers count.
    """

    name: str = "Searcher"
    show_unpublished: bool = True
    hosts: tuple[str, ...] = ()
    proxies: int = 0


class Site:
    """The archive behind the pages. Opened when it is first needed, so that a site can start first.

    Where unpublished articles are hidden, every question is narrowed to the published ones here,
    so no view can forget to.
    """

    def __init__(self, archive: Archive | str | Path, settings: Settings) -> None:
        self.settings = settings
        self.facets = tuple(n for n in FACETS if n != "status" or settings.show_unpublished)
        self._archive = archive if isinstance(archive, Archive) else None
        self._location = archive if not isinstance(archive, Archive) else ""
        self._lock = Lock()

    @property
    def archive(self) -> Archive:
        """The opened archive.

        Raises:
            IndexMissing, IndexDamaged, IndexOutdated: it cannot be opened yet; asking again may.
        """
        with self._lock:
            if self._archive is None:
                self._archive = Archive.open(self._location)
            return self._archive

    @property
    def info(self) -> Any:
        """What the live index is: articles, generation, built_at."""
        return self.archive.info

    def search(self, request: SearchRequest) -> Results:
        """The archive's answer; without a trace of unpublished articles where they are hidden."""
        if self.settings.show_unpublished:
            return self.archive.search(request)
        results = self.archive.search(request.changed(status=("published",), page=request.page))
        return replace(
            results,
            request=replace(results.request, status=()),
            facets={name: facet for name, facet in results.facets.items() if name != "status"},
            suggestion=results.suggestion if self._finds(results.suggestion) else None,
            hints=tuple(
                replace(hint, request=replace(hint.request, status=()))
                for hint in results.hints
                if hint.request.status
            ),
        )

    def get(self, article_id: str) -> Hit | None:
        """One article, if there is one to show."""
        hit = self.archive.get(article_id)
        return hit if hit and self._shown(hit) else None

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """Articles like this one."""
        return tuple(hit for hit in self.archive.similar(article_id) if self._shown(hit))

    def suggest(self, text: str) -> tuple[str, ...]:
        """Completions of what somebody is typing."""
        if self.settings.show_unpublished:
            return self.archive.suggest(text)
        return tuple(filter(self._finds, self.archive.suggest(text, published=True)))

    @property
    def articles(self) -> int:
        """How many articles there are to find."""
        if self.settings.show_unpublished:
            return int(self.info.articles)
        return self.archive.search(SearchRequest(status=("published",), size=0)).total

    def _shown(self, hit: Hit) -> bool:
        return hit.published or self.settings.show_unpublished

    def _finds(self, query: str | None) -> bool:
        """Whether a query finds a published article: nothing else may be suggested."""
        request = SearchRequest(query or "", match="all", status=("published",), size=0)
        return bool(query) and self.archive.search(request).total > 0


def current_site() -> Site:
    """The site that the request under way was made to."""
    site: Site = current_app.extensions["searcher.site"]
    return site
