"""SQLite FTS5: one virtual table of texts, narrow tables of facts, the matches found once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from bench.mix import Ask, Kind
from bench.peers import FACETS, TEXTS, Answer, Labels, Peer, rest, shown, terms, texts
from bench.spool import Entry

__all__ = ["build", "open"]

SCHEMA: Final = """
    PRAGMA journal_mode = off;
    PRAGMA page_size = 8192;
    CREATE VIRTUAL TABLE text USING fts5(title, excerpt, related, tokenize = '{tokenizer}');
    CREATE VIRTUAL TABLE shown USING fts5(title, excerpt, related, tokenize = 'porter unicode61');
    CREATE TABLE article (doc INTEGER PRIMARY KEY, rest TEXT);
    CREATE TABLE fact (doc INTEGER PRIMARY KEY, date INTEGER);
    CREATE TABLE city (doc INTEGER, value INTEGER, PRIMARY KEY (doc, value)) WITHOUT ROWID;
    CREATE TABLE provider (doc INTEGER PRIMARY KEY, value INTEGER);
    CREATE TABLE topic (doc INTEGER, value INTEGER, PRIMARY KEY (doc, value)) WITHOUT ROWID;
"""
INDICES: Final = """
    CREATE INDEX by_date ON fact (date);
    CREATE INDEX by_city ON city (value, doc);
    CREATE INDEX by_provider ON provider (value, doc);
"""


def build(folder: Path, entries: Iterable[Entry], raw: bool) -> None:
    """One transaction, the full-text index optimised at the end."""
    tokenizer, labels = "porter unicode61" if raw else "ascii", Labels()
    with sqlite3.connect(folder / "fts5.db") as database:
        database.executescript(SCHEMA.format(tokenizer=tokenizer))
        for doc, (article, cities) in enumerate(entries, 1):
            database.execute("INSERT INTO text VALUES (?, ?, ?)", texts(article, raw))
            if not raw:  # then it is in the text itself
                database.execute("INSERT INTO shown VALUES (?, ?, ?)", shown(article))
            database.execute("INSERT INTO article VALUES (?, ?)", (doc, rest(article, cities)))
            when = article.published_at
            facts = doc, int(when.timestamp()) if when else None
            database.execute("INSERT INTO fact VALUES (?, ?)", facts)
            for facet, values in labels.of(article, cities).items():
                rows = ((doc, value) for value in values)
                database.executemany(f"INSERT INTO {facet} VALUES (?, ?)", rows)
        for table in ("text", "shown"):
            database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        database.executescript(INDICES)
        database.execute("ANALYZE")
    database.close()
    labels.save(folder)


def open(folder: Path) -> Fts5:  # noqa: A001
    return Fts5(folder)


class Fts5(Peer):
    """An opened database of terms."""

    def __init__(self, folder: Path) -> None:
        self._labels = Labels.load(folder)
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.executescript(
            "PRAGMA mmap_size = 4000000000; PRAGMA temp_store = memory; PRAGMA cache_size = -65536;"
            "CREATE TEMP TABLE found (doc INTEGER PRIMARY KEY, score REAL);"
        )

    def close(self) -> None:
        self._database.close()

    def answer(self, ask: Ask) -> Answer:
        """The matches go to a temporary table once; hits, total and facets are read from it."""
        facets: dict[str, list[tuple[str, int]]] = {}
        for facet, value in (("city", ask.city), ("provider", ask.provider)):
            if value:
                self._find(ask, without=facet)
                facets[facet] = self._count(facet)
        self._find(ask)
        total = self._rows("SELECT count(*) FROM found")[0][0]
        facets |= {facet: self._count(facet) for facet in FACETS if facet not in facets}
        return Answer(total, list(self._hits(ask)), facets)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        return self._database.execute(statement, values).fetchall()

    def _find(self, ask: Ask, without: str = "") -> None:
        """Fill ``found``; a facet that is counted without its own selection leaves it out."""
        joins, tests, values = _source(ask)
        for facet, label in (("city", ask.city), ("provider", ask.provider)):
            if label and facet != without:
                joins += f" CROSS JOIN {facet} ON {facet}.doc = source.rowid"
                tests.append(f"{facet}.value = ?")
                values.append(self._labels.numbers[facet].get(label, -1))
        if ask.since or ask.until:
            joins += " CROSS JOIN fact ON fact.doc = source.rowid"
            tests.append("fact.date >= ? AND fact.date < ?")
            values += _seconds(ask)
        statement = f"INSERT INTO found SELECT {joins} WHERE {' AND '.join(tests)}"
        self._database.execute("DELETE FROM found")
        # CROSS JOIN makes SQLite begin with the text; without words it may choose.
        joined = statement if ask.words else statement.replace("CROSS JOIN", "JOIN")
        self._database.execute(joined, values)

    def _count(self, facet: str) -> list[tuple[str, int]]:
        rows = self._rows(
            f"SELECT value, count(*) FROM found JOIN {facet} USING (doc) "
            "GROUP BY value ORDER BY 2 DESC LIMIT 10"
        )
        return [(self._labels.names[facet][value], count) for value, count in rows]

    def _hits(self, ask: Ask) -> Iterator[dict[str, Any]]:
        for doc, score in self._rows("SELECT doc, score FROM found ORDER BY score LIMIT 10"):
            hit = json.loads(self._rows("SELECT rest FROM article WHERE doc = ?", doc)[0][0])
            title, *snippets = self._snippets(ask, doc)
            hit["title"], hit["score"] = title, -score
            hit["snippets"] = dict(zip(TEXTS, snippets, strict=True))
            yield hit

    def _snippets(self, ask: Ask, doc: int) -> tuple[str, ...]:
        """The title, and the best passage of each text; unmarked where Porter knows no match."""
        rows: list[tuple[str, ...]] = []
        if ask.words:
            parts = ", ".join(f"snippet(shown, {n}, '<b>', '</b>', '…', 30)" for n in range(3))
            marked = f"SELECT title, {parts} FROM shown WHERE shown MATCH ? AND rowid = ?"
            rows = self._rows(marked, _expression(ask.kind, ask.words), doc)
        plain = "SELECT title, title, excerpt, related FROM shown WHERE rowid = ?"
        return (rows or self._rows(plain, doc))[0]


def _source(ask: Ask) -> tuple[str, list[str], list[object]]:
    """What is selected from where, its conditions and their values."""
    if not ask.words:
        return "source.rowid, 0.0 FROM fact AS source", ["true"], []
    ranked = "source.rowid, bm25(text, 3.0, 1.0, 1.0) FROM text AS source"
    words = ask.words if ask.kind == "prefix" else terms(ask.words)
    return ranked, ["text MATCH ?"], [_expression(ask.kind, words)]


def _expression(kind: Kind, words: Sequence[str]) -> str:
    found = [f'"{word}"' for word in words]
    match kind:
        case "phrase":
            return " + ".join(found)
        case "prefix":
            return f"{found[0]}*"
        case "or":
            return " OR ".join(found)
        case _:
            return " AND ".join(found)


def _seconds(ask: Ask) -> tuple[int, int]:
    low = datetime.combine(ask.since, time(), UTC).timestamp() if ask.since else 0
    until = ask.until + timedelta(days=1) if ask.until else None
    high = datetime.combine(until, time(), UTC).timestamp() if until else 2**40
    return int(low), int(high)
