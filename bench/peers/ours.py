"""Searcher: built through the local engine's batches, asked through its public Archive."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.mix import Ask
from bench.peers import FACETS, Answer, Peer
from bench.spool import Entry
from searcher.archive import Archive
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building
from searcher.request import SearchRequest
from searcher.results import Hit

__all__ = ["build", "open"]

BATCH = 500
"""Articles prepared at a time, as reindexing does; importing its own figure would weigh on what is
measured here as an embedding program's searches."""


def build(folder: Path, entries: Iterable[Entry], raw: bool) -> None:
    """Our own analysis either way; verified, synced and published as reindexing does."""
    feed = iter(entries)
    with building(folder, full=True) as started:
        while items := list(itertools.islice(feed, BATCH)):
            started.add(prepare(items))
        started.publish("bench", "bench", [], {})


def open(folder: Path) -> Ours:  # noqa: A001
    return Ours(folder)


class Ours(Peer):
    """An opened archive."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive.open(folder)

    def close(self) -> None:
        self.archive.close()

    def know(self, ask: Ask) -> None:
        for word in ask.words if ask.kind != "prefix" else ():
            self.archive.search(SearchRequest(word, facets=(), size=0))

    def answer(self, ask: Ask) -> Answer:
        results = self.archive.search(ask.request)
        facets = {
            name: [(v.value, v.count) for v in results.facets[name].values] for name in FACETS
        }
        return Answer(results.total, [_hit(hit) for hit in results.hits], facets)


def _hit(hit: Hit) -> dict[str, Any]:
    marked = dict(hit.snippets)
    for item in hit.related:  # the best one: no more is asked for
        marked["related"] = item.snippet
    return {
        "id": hit.id,
        "title": hit.title,
        "url": hit.url,
        "published_at": str(hit.published_at),
        "provider": hit.provider.name if hit.provider else "",
        "topics": hit.topics,
        "score": hit.score,
        "cities": [(city.id, city.label, city.role) for city in hit.cities],
        "snippets": {name: snippet.html for name, snippet in marked.items()},
        "related": [(item.title, item.url, item.provider) for item in hit.related],
    }
