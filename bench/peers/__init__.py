"""The engines that are compared: each builds from the same entries and answers the same queries.

An answer is the whole work of one page: the ten best hits with what a page shows of them and the
best passage of each text field, the exact total, and the ten leading values of three facets, a
facet's counts leaving its own selection out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from bench.mix import FACETS, Ask
from bench.spool import Entry
from searcher.article import Article
from searcher.places import City
from searcher.text import WORD, analyse

__all__ = [
    "ENGINES",
    "FACETS",
    "TEXTS",
    "Answer",
    "Labels",
    "Peer",
    "analysed",
    "peer",
    "rest",
    "shown",
    "terms",
    "texts",
]

ENGINES: Final = {
    "searcher": "bench.peers.ours",
    "tantivy": "bench.peers.tantivy_peer",
    "fts5": "bench.peers.fts5",
    "whoosh": "bench.peers.stock_whoosh",
}
TEXTS: Final = ("title", "excerpt", "related")
BREAK: Final = " betweenitems "
"""A word between related items, so that no phrase reaches from one into the next."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one engine answered; ``facets`` are (label, count), most frequent first."""

    total: int
    hits: list[dict[str, Any]]
    facets: dict[str, list[tuple[str, int]]]


class Peer(Protocol):
    """One engine's opened index."""

    def answer(self, ask: Ask) -> Answer:
        """The whole page for one query."""

    def know(self, ask: Ask) -> object:
        """Touch the query's words, as other queries would, but neither remember the query nor
        show anything; an engine that remembers nothing just answers."""
        return self.answer(ask)

    def close(self) -> None:
        """Let the index go."""


class Module(Protocol):
    """What each engine's module has."""

    def build(self, folder: Path, entries: Iterable[Entry], raw: bool) -> None:
        """Index the entries: ``raw`` texts with the engine's own English analysis, else terms
        that our analyzer made, so that all engines index the same ones."""

    def open(self, folder: Path) -> Peer:
        """Open what ``build`` made."""


def peer(engine: str) -> Module:
    """The module of one engine; imports nothing of the others."""
    module: Any = import_module(ENGINES[engine])
    return module  # type: ignore[no-any-return]


@dataclass(slots=True)
class Labels:
    """Facet values as small numbers, which is the fastest facet column of every peer."""

    names: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FACETS})
    numbers: dict[str, dict[str, int]] = field(
        default_factory=lambda: {name: {} for name in FACETS}
    )

    def of(self, article: Article, cities: tuple[City, ...]) -> dict[str, list[int]]:
        """An article's values in each facet."""
        provider = [article.provider.name] if article.provider else []
        values = [[city.label for city in cities], provider, article.topics]
        return {
            facet: [self._number(facet, label) for label in labels]
            for facet, labels in zip(FACETS, values, strict=True)
        }

    def _number(self, facet: str, label: str) -> int:
        numbers = self.numbers[facet]
        number = numbers.setdefault(label, len(numbers))
        if number == len(self.names[facet]):
            self.names[facet].append(label)
        return number

    def save(self, folder: Path) -> None:
        (folder / "labels.json").write_text(json.dumps(self.names))

    @classmethod
    def load(cls, folder: Path) -> Labels:
        names: dict[str, list[str]] = json.loads((folder / "labels.json").read_text())
        return cls(names, {f: {name: n for n, name in enumerate(names[f])} for f in names})


def texts(article: Article, raw: bool) -> tuple[str, str, str]:
    """Title, excerpt and related text to index: as written, or as the terms of our analyzer."""
    if raw:
        return shown(article)
    related = BREAK.join(map(analysed, _related(article)))
    return analysed(article.title), analysed(article.excerpt), related


def shown(article: Article) -> tuple[str, str, str]:
    """Title, excerpt and related text as written, which each peer stores for pages to show."""
    return article.title, article.excerpt, "\n".join(_related(article))


def _related(article: Article) -> list[str]:
    return [text for item in article.related for text in (item.title, item.excerpt)]


def analysed(text: str) -> str:
    """A text as its terms, with blanks between; a joined form before the parts it joins."""
    return " ".join(map(_terms, WORD.findall(text)))


def terms(words: Iterable[str]) -> list[str]:
    """A query's words as terms."""
    return [term for word in words for term in _terms(word).split()]


@cache
def _terms(word: str) -> str:
    found = analyse(word).terms
    return " ".join(term for _, term in sorted(found, key=lambda t: (t[0], -len(t[1]))))


_JSON: Final = msgspec.json.Encoder()


def rest(article: Article, cities: tuple[City, ...]) -> bytes:
    """What a page shows of an article besides its texts, as JSON that each peer stores."""
    return _JSON.encode(
        {
            "id": article.id,
            "url": article.url,
            "published_at": str(article.published_at),
            "provider": [article.provider.name, article.provider.domain]
            if article.provider
            else [],
            "topics": article.topics,
            "quality": article.quality,
            "heat": article.heat,
            "published": article.published,
            "related": [
                [item.url, str(item.published_at), item.provider.name if item.provider else ""]
                for item in article.related
            ],
            "cities": [_city(city) for city in cities],
        }
    )


def _city(city: City) -> list[Any]:
    place = [city.id, city.name, city.label, city.country, city.region]
    evidence = [(e.field, e.start, e.end, e.text, e.cue) for e in city.evidence]
    return [*place, city.latitude, city.longitude, city.confidence, city.role, evidence]
