"""Tantivy: three text fields, facet values as fast unsigned columns, one aggregation for all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Occur, Query, TextAnalyzerBuilder, Tokenizer

from bench.mix import Ask
from bench.peers import FACETS, TEXTS, Answer, Labels, Peer, rest, shown, terms, texts
from bench.spool import Entry

__all__ = ["build", "open"]

HEAP: Final = 256_000_000
"""The writer's memory in bytes: larger than its default, so that fewer segments are merged."""

EVERY: Final = 10_000
"""More values than any facet has: fewer of each segment would make the counts inexact."""

ENGLISH: Final = "en_stem"
"""Tantivy's own analysis. Of texts that are terms already, indexing makes words at the blanks."""

BEGINNING: Final = 150
"""Characters shown of a text where nothing is marked, as many as of a marked passage."""

NONE: Final = 2**32
"""A facet value that no article has."""


def build(folder: Path, entries: Iterable[Entry], raw: bool) -> None:
    """One thread, one commit, merges waited for."""
    index, labels = tantivy.Index(_schema(), str(folder)), Labels()
    if not raw:
        index.register_tokenizer(ENGLISH, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer(HEAP, 1)
    for article, cities in entries:
        document = tantivy.Document()
        for field, text in zip(TEXTS, texts(article, raw), strict=True):
            document.add_text(field, text)
        for field, text in zip(TEXTS, shown(article), strict=True):
            document.add_bytes(f"shown_{field}", text.encode())
        for facet, values in labels.of(article, cities).items():
            for value in values:
                document.add_unsigned(facet, value)
        if article.published_at is not None:
            document.add_date("date", article.published_at)
        document.add_bytes("rest", rest(article, cities))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    labels.save(folder)


def open(folder: Path) -> Tantivy:  # noqa: A001
    return Tantivy(folder)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name=ENGLISH)
        builder.add_bytes_field(f"shown_{name}", stored=True)
    for name in FACETS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_date_field("date", indexed=True, fast=True)
    builder.add_bytes_field("rest", stored=True)
    return builder.build()


class Tantivy(Peer):
    """An opened index."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema, self._labels = self._index.schema, Labels.load(folder)
        self._searcher = self._index.searcher()

    def close(self) -> None:
        del self._searcher, self._index

    def answer(self, ask: Ask) -> Answer:
        words, chosen, dates = self._words(ask), self._chosen(ask), self._dates(ask)
        whole = _all_of([words, *chosen.values(), *dates])
        found: Any = self._searcher.search(whole, 10)
        return Answer(found.count, self._hits(ask, words, found.hits), self._facets(ask, whole))

    def _words(self, ask: Ask) -> Query:
        found = terms(ask.words)
        match ask.kind:
            case "phrase":
                return _any_of([Query.phrase_query(self._schema, f, list(found)) for f in TEXTS])
            case "prefix":
                # With one word this is a range of terms: 50 times as fast as regex_query.
                begun: list[str | tuple[int, str]] = list(ask.words)
                return _any_of([Query.phrase_prefix_query(self._schema, f, begun) for f in TEXTS])
            case "or":
                return _any_of([self._word(term) for term in found])
            case _:
                return _all_of([self._word(term) for term in found])

    def _word(self, term: str) -> Query:
        return _any_of([Query.term_query(self._schema, field, term) for field in TEXTS])

    def _chosen(self, ask: Ask) -> dict[str, Query]:
        values = {"city": ask.city, "provider": ask.provider}
        return {
            facet: self._unscored(
                Query.term_query(self._schema, facet, self._labels.numbers[facet].get(value, NONE))
            )
            for facet, value in values.items()
            if value
        }

    def _dates(self, ask: Ask) -> list[Query]:
        if not (ask.since or ask.until):
            return []
        day = timedelta(days=1)
        low = datetime.combine(ask.since, time(), UTC) if ask.since else None
        high = datetime.combine(ask.until + day, time(), UTC) if ask.until else None
        kind = tantivy.FieldType.Date
        return [
            self._unscored(
                Query.range_query(self._schema, "date", kind, low, high, include_upper=not high)
            )
        ]

    @staticmethod
    def _unscored(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)

    def _facets(self, ask: Ask, whole: Query) -> dict[str, list[tuple[str, int]]]:
        chosen = self._chosen(ask)
        counted = self._count(whole, [facet for facet in FACETS if facet not in chosen])
        for facet in chosen:
            others = [query for name, query in chosen.items() if name != facet]
            rest_of_it = _all_of([self._words(ask), *others, *self._dates(ask)])
            counted |= self._count(rest_of_it, [facet])
        return counted

    def _count(self, query: Query, facets: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        asked = {
            facet: {"terms": {"field": facet, "size": 10, "segment_size": EVERY}}
            for facet in facets
        }
        told = self._searcher.aggregate(query, asked)
        names = self._labels.names
        return {
            facet: [(names[facet][int(b["key"])], b["doc_count"]) for b in told[facet]["buckets"]]
            for facet in facets
        }

    def _hits(self, ask: Ask, words: Query, found: list[Any]) -> list[dict[str, Any]]:
        makers = {
            field: tantivy.SnippetGenerator.create(self._searcher, words, self._schema, field)
            for field in TEXTS
            if ask.words and ask.kind != "prefix"  # of which it knows no words to mark
        }
        hits = []
        for score, address in found:
            document: Any = self._searcher.doc(address)
            hit = json.loads(bytes(document.get_first("rest")))
            texts = {field: document.get_first(f"shown_{field}").decode() for field in TEXTS}
            hit["title"], hit["score"] = texts["title"], score
            hit["snippets"] = {field: text[:BEGINNING] for field, text in texts.items()}
            for field, maker in makers.items():
                document.add_text(field, texts[field])
                hit["snippets"][field] = maker.snippet_from_doc(document).to_html()
            hits.append(hit)
        return hits


def _any_of(queries: list[Query]) -> Query:
    return _combined(queries, Occur.Should)


def _all_of(queries: list[Query]) -> Query:
    return _combined(queries, Occur.Must)


def _combined(queries: list[Query], occur: Occur) -> Query:
    if not queries:
        return Query.all_query()
    return queries[0] if len(queries) == 1 else Query.boolean_query([(occur, q) for q in queries])
