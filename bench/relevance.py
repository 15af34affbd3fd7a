"""How good the ranking is: public collections with human judgements, ours beside three peers.

    python -m bench.relevance DIR [--auto] [--typos] [--json FILE]

Each collection is a folder in DIR: ``docs.jsonl`` (id, title, text), ``queries.tsv`` (id, query),
``qrels.tsv`` (query id, document id, grade). Ours are files of articles, indexed and searched
through the public API with ``match="any"``; the peers get the same texts in memory.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any, Final, TypeAlias

from searcher import Archive, SearchRequest, reindex
from searcher.text import STOP_WORDS, WORD, fold

DEPTH: Final = 100
METRICS: Final = ("nDCG@10", "MAP", "MRR", f"recall@{DEPTH}")

Ranked: TypeAlias = list[str]
Engine: TypeAlias = Callable[[str], Ranked]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents as (id, title, text), queries by id, and grades by query and document."""

    name: str
    documents: tuple[tuple[str, str, str], ...]
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]


def read(folder: Path) -> Collection:
    """A collection as it lies in its folder; only queries that have a relevant document."""
    with (folder / "docs.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    grades: dict[str, dict[str, int]] = {}
    for query, document, grade in _table(folder / "qrels.tsv"):
        if int(grade) > 0:
            grades.setdefault(query, {})[document] = int(grade)
    queries = {number: text for number, text in _table(folder / "queries.tsv") if number in grades}
    documents = tuple((str(row["id"]), row["title"], row["text"]) for row in rows)
    return Collection(folder.name, documents, queries, grades)


def _table(file: Path) -> Iterator[list[str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line:
            yield line.split("\t")


# -- measures --------------------------------------------------------------------------------


def measure(ranked: Ranked, grades: dict[str, int]) -> tuple[float, ...]:
    """nDCG@10 with linear gains, average precision, reciprocal rank and recall, as trec_eval."""
    places = [place for place, one in enumerate(ranked[:DEPTH], 1) if one in grades]
    gained = _dcg(grades.get(one, 0) for one in ranked[:10])
    best = _dcg(sorted(grades.values(), reverse=True)[:10])
    precision = sum(found / place for found, place in enumerate(places, 1)) / len(grades)
    return gained / best, precision, 1 / places[0] if places else 0.0, len(places) / len(grades)


def _dcg(gains: Iterable[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def score(engine: Engine, collection: Collection) -> list[float]:
    """The measures of one engine over all queries, on average."""
    rows = [measure(engine(text), collection.grades[n]) for n, text in collection.queries.items()]
    return _mean(rows)


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


# -- engines ---------------------------------------------------------------------------------


def ours(collection: Collection, folder: Path) -> Archive:
    """The collection as files of articles, indexed. A document without a title is "Untitled"."""
    source = folder / "articles"
    source.mkdir()
    for number, (_, title, text) in enumerate(collection.documents):
        fields = {"title": title.strip() or "Untitled", "excerpt": text}
        lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
        (source / f"{number}.md").write_text("\n".join(["---", *lines, "---", ""]), "utf-8")
    report = reindex(source, folder / "index")
    assert report.articles == len(collection.documents), report.rejections
    return Archive.open(folder / "index")


def searched(archive: Archive, collection: Collection, match: Any, corrected: bool) -> Engine:
    """Our search; where asked to, as somebody who takes every corrected query that is offered."""
    ids = [document for document, _, _ in collection.documents]

    def search(query: str) -> Ranked:
        results = archive.search(SearchRequest(query, match=match, size=DEPTH))
        if corrected and results.suggestion:
            results = archive.search(SearchRequest(results.suggestion, match=match, size=DEPTH))
        return [ids[int(hit.id)] for hit in results.hits]

    return search


def bm25s(collection: Collection) -> Engine:
    """bm25s as its README has it: Lucene's formula, Snowball stems, English stop words."""
    import bm25s as library
    import Stemmer

    def words(texts: list[str]) -> list[list[str]]:
        found = library.tokenize(
            texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False
        )
        return [list(one) for one in found]

    stemmer = Stemmer.Stemmer("english")
    retriever = library.BM25(method="lucene", k1=1.5, b=0.75)
    retriever.index(words([f"{t} {x}" for _, t, x in collection.documents]), show_progress=False)
    ids = [document for document, _, _ in collection.documents]

    def search(query: str) -> Ranked:
        tokens = words([query])
        if not tokens[0]:
            return []
        depth = min(DEPTH, len(ids))
        found, scores = retriever.retrieve(tokens, k=depth, show_progress=False)
        return [ids[n] for n, s in zip(found[0].tolist(), scores[0].tolist(), strict=True) if s > 0]

    return search


def tantivy(collection: Collection) -> Engine:
    """Tantivy with its English stemmer: one field of title and text, any word."""
    import tantivy as library

    schema = library.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="en_stem")
    schema.add_integer_field("number", stored=True)
    index = library.Index(schema.build())
    writer = index.writer(50_000_000, 1)
    for number, (_, title, text) in enumerate(collection.documents):
        writer.add_document(library.Document(text=[f"{title} {text}"], number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    ids = [document for document, _, _ in collection.documents]

    def search(query: str) -> Ranked:
        words = " ".join(_plain(query)).lower()  # its parser takes AND and OR for operators
        found = searcher.search(index.parse_query(words, ["text"]), DEPTH).hits
        return [ids[searcher.doc(address)["number"][0]] for _, address in found]

    return search


def fts5(collection: Collection) -> Engine:
    """SQLite FTS5 with its Porter stemmer, a title counting twice, any word."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE docs USING fts5(title, text, tokenize='porter unicode61')"
    )
    rows = [(title, text) for _, title, text in collection.documents]
    database.executemany("INSERT INTO docs VALUES (?, ?)", rows)
    ids = [document for document, _, _ in collection.documents]
    statement = (
        "SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 2.0, 1.0), rowid LIMIT ?"
    )

    def search(query: str) -> Ranked:
        words = " OR ".join(f'"{word}"' for word in _plain(query))
        found = database.execute(statement, (words, DEPTH)) if words else ()
        return [ids[row - 1] for (row,) in found]

    return search


def _plain(query: str) -> list[str]:
    """The words of a query with nothing that a query parser could take for an operator."""
    return re.findall(r"[^\W_]+", query)


PEERS: Final = (bm25s, tantivy, fts5)


# -- typing errors ---------------------------------------------------------------------------


def mistyped(query: str, dice: random.Random) -> str:
    """The query with one slip in one of its longer words."""
    words = [
        match
        for match in WORD.finditer(query)
        if len(match[0]) > 4 and match[0].isalpha() and fold(match[0]) not in STOP_WORDS
    ]
    if not words:
        return query
    match = dice.choice(words)
    start, end = match.span()
    return query[:start] + _slip(match[0], dice) + query[end:]


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    slip = dice.choice([slip for slip in slips if slip != word])
    return slip.upper() if word.isupper() else slip


def with_typos(collection: Collection) -> Collection:
    """The same collection, one slip in every query; the same slips every time."""
    dice = random.Random(collection.name)
    queries = {number: mistyped(text, dice) for number, text in collection.queries.items()}
    return Collection(collection.name, collection.documents, queries, collection.grades)


# -- the report ------------------------------------------------------------------------------

Scores: TypeAlias = dict[str, list[float]]


def compare(collection: Collection, auto: bool, typos: bool) -> Scores:
    """The measures of every engine on one collection, by engine."""
    scores: Scores = {}
    with tempfile.TemporaryDirectory() as folder, ours(collection, Path(folder)) as archive:
        scores["searcher"] = score(searched(archive, collection, "any", False), collection)
        if auto:
            scores["auto"] = score(searched(archive, collection, "auto", False), collection)
        if typos:
            damaged = with_typos(collection)
            for name, corrected in (("typos", False), ("typos, corrected", True)):
                scores[name] = score(searched(archive, collection, "any", corrected), damaged)
    return scores | {peer.__name__: score(peer(collection), collection) for peer in PEERS}


def show(scores: dict[str, Scores]) -> Iterator[str]:
    """One table a measure, in Markdown: an engine a row, a collection a column, and the mean."""
    names = list(next(iter(scores.values())))
    for at, metric in enumerate(METRICS):
        yield "| " + " | ".join([metric, *scores, "mean"]) + " |"
        yield "|" + "---|" * (len(scores) + 2)
        for name in names:
            values = [of[name][at] for of in scores.values()]
            cells = [f"{value:.4f}" for value in [*values, sum(values) / len(values)]]
            yield "| " + " | ".join([name, *cells]) + " |"
        yield ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.relevance", description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path, help="a folder of collections")
    parser.add_argument("--auto", action="store_true", help="also with match=auto")
    parser.add_argument("--typos", action="store_true", help="also with one slip in every query")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args(arguments)
    folders = sorted(file.parent for file in options.directory.glob("*/docs.jsonl"))
    if not folders:
        parser.error(f"{options.directory} holds no collection: */docs.jsonl is missing")
    scores = {one.name: compare(read(one), options.auto, options.typos) for one in folders}
    print("\n".join(show(scores)))
    if options.json:
        options.json.write_text(json.dumps({"metrics": METRICS, "scores": scores}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
