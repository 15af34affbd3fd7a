# mypy: disable-error-code="attr-defined,no-untyped-call"
"""Whoosh as it comes: its own writer, its own search loop, its own grouping and highlights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import Stemmer
from whoosh import analysis, fields, index, query, sorting

from bench.mix import Ask
from bench.peers import FACETS, TEXTS, Answer, Labels, Peer, rest, shown, terms, texts
from bench.spool import Entry

__all__ = ["build", "open"]

_ENGLISH = Stemmer.Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball English: Whoosh's own Porter stemmer is broken."""
    return str(_ENGLISH.stemWord(word))


WORDS: Final = analysis.StemmingAnalyzer(r"\w+", stoplist=None, stemfn=stem, cachesize=-1)


def build(folder: Path, entries: Iterable[Entry], raw: bool) -> None:
    labels = Labels()
    writer = index.create_in(str(folder), _schema(raw)).writer(limitmb=256)
    for article, cities in entries:
        indexed = dict(zip(TEXTS, texts(article, raw), strict=True))
        stored = {f"_stored_{name}": text for name, text in zip(TEXTS, shown(article), strict=True)}
        values = labels.of(article, cities)
        when = article.published_at
        writer.add_document(
            **indexed,
            **stored,
            date=when.replace(tzinfo=None) if when else None,
            rest=rest(article, cities),
            **{facet: " ".join(map(str, numbers)) for facet, numbers in values.items()},
        )
    writer.commit()
    labels.save(folder)


def open(folder: Path) -> StockWhoosh:  # noqa: A001
    return StockWhoosh(folder)


def _schema(raw: bool) -> Any:
    analyzer = WORDS if raw else analysis.SpaceSeparatedTokenizer()
    text = {name: fields.TEXT(analyzer, phrase=True, stored=True) for name in TEXTS}
    several = {name: fields.KEYWORD(stored=True) for name in ("city", "topic")}
    facets = {**several, "provider": fields.ID(sortable=True)}
    return fields.Schema(**text, **facets, date=fields.DATETIME, rest=fields.STORED)


class StockWhoosh(Peer):
    """An opened index."""

    def __init__(self, folder: Path) -> None:
        self._labels = Labels.load(folder)
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        for name in TEXTS:  # highlights are of what is stored, which is no terms but text
            self._searcher.schema[name].analyzer = WORDS

    def close(self) -> None:
        self._searcher.close()

    def answer(self, ask: Ask) -> Answer:
        words, chosen, dates = self._words(ask), self._chosen(ask), self._dates(ask)
        open_facets = [facet for facet in FACETS if facet not in chosen]
        found = self._search(words, [*chosen.values(), *dates], open_facets)
        counted = self._counts(found, open_facets)
        for facet in chosen:
            others = [node for name, node in chosen.items() if name != facet]
            counted |= self._counts(self._search(words, [*others, *dates], [facet]), [facet])
        # With grouping, Whoosh ignores the limit and lists every match.
        hits = [self._hit(hit, ask) for hit in islice(found, 10)]
        return Answer(len(found), hits, counted)

    def _search(self, words: Any, filters: list[Any], facets: list[str]) -> Any:
        # Several values: FieldFacet would walk all postings of the field on every query, stored
        # values cost by the hit, which is 3 times as fast at the median. One value: its column.
        grouping = {
            facet: sorting.FieldFacet(facet, maptype=sorting.Count)
            if facet == "provider"
            else sorting.StoredFieldFacet(facet, allow_overlap=True, maptype=sorting.Count)
            for facet in facets
        }
        only = query.And(filters) if filters else None
        return self._searcher.search(words, limit=10, filter=only, groupedby=grouping, terms=False)

    def _counts(self, found: Any, facets: list[str]) -> dict[str, list[tuple[str, int]]]:
        counted = {}
        for facet in facets:
            names = self._labels.names[facet]
            groups = {k: v for k, v in found.groups(facet).items() if k not in (None, "", b"")}
            best = sorted(groups.items(), key=lambda pair: -pair[1])[:10]
            counted[facet] = [(names[int(key)], count) for key, count in best]
        return counted

    def _hit(self, found: Any, ask: Ask) -> dict[str, Any]:
        hit: dict[str, Any] = json.loads(found["rest"])
        hit["title"], hit["score"] = found["title"], found.score
        hit["snippets"] = {
            field: found.highlights(field) if ask.words else found[field] for field in TEXTS
        }
        return hit

    def _words(self, ask: Ask) -> Any:
        found = terms(ask.words)
        match ask.kind:
            case _ if not found:
                return query.Every()
            case "phrase":
                return query.Or([query.Phrase(field, found) for field in TEXTS])
            case "prefix":
                return query.Or([query.Prefix(field, ask.words[0]) for field in TEXTS])
            case "or":
                return query.Or([self._word(term) for term in found])
            case _:
                return query.And([self._word(term) for term in found])

    @staticmethod
    def _word(term: str) -> Any:
        return query.Or([query.Term(field, term) for field in TEXTS])

    def _chosen(self, ask: Ask) -> dict[str, Any]:
        values = {"city": ask.city, "provider": ask.provider}
        return {
            facet: query.Term(facet, str(self._labels.numbers[facet].get(value, -1)))
            for facet, value in values.items()
            if value
        }

    @staticmethod
    def _dates(ask: Ask) -> list[Any]:
        if not (ask.since or ask.until):
            return []
        low = datetime.combine(ask.since, time()) if ask.since else None
        high = datetime.combine(ask.until + timedelta(days=1), time()) if ask.until else None
        return [query.DateRange("date", low, high, endexcl=True)]
