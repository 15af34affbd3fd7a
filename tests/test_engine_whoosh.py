"""An index is a Whoosh index: Whoosh's own API reads it, writes it, and finds the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import create_in, open_dir

from searcher.article import Article, Provider, RelatedItem
from searcher.engine import open_engine
from searcher.engine import plan as p
from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayFile
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building
from searcher.engine.local.codec import ArrayCodec
from searcher.engine.local.engine import LocalEngine
from searcher.engine.local.schema import keywords, schema, timestamp
from searcher.indexing import reindex

WORDS = ("boston", "bans", "face", "facial-recognition", "tech", "the", "city")
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
archives = st.lists(
    st.builds(
        Article,
        id=st.just(""),
        title=texts,
        excerpt=texts,
        provider=st.none() | st.sampled_from([Provider("The A, B"), Provider("C")]),
        topics=st.lists(st.sampled_from(["AI", "Law"]), unique=True).map(tuple),
        published_at=st.none() | st.just(datetime(2020, 1, 2, tzinfo=UTC)),
        related=st.lists(st.builds(RelatedItem, texts, texts), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=10,
)


@pytest.fixture(autouse=True, scope="module", params=[3, layout.BLOCK])
def _blocks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything holds with many blocks of few documents as with one of all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "BLOCK", request.param)
        yield


def named(articles: list[Article]) -> list[Article]:
    return [
        Article(f"a{n}", a.title, a.excerpt, "", a.published_at, a.provider, a.topics, a.related)
        for n, a in enumerate(articles)
    ]


def build(folder: Path, articles: list[Article]) -> LocalEngine:
    with building(folder) as writing:
        writing.add(prepare([(article, ()) for article in articles]))
        writing.publish("test", "0", [], {})
    return open_engine(folder)  # type: ignore[return-value]


def ids_by_whoosh(engine: LocalEngine, folder: Path, wanted: Any) -> set[str]:
    with open_dir(folder / engine.info.generation).searcher() as searcher:
        return {hit["id"] for hit in searcher.search(wanted, limit=None)}


def ids_by_us(engine: LocalEngine, node: p.Node) -> set[str]:
    found = engine.evaluate(p.Plan(node, limit=1000))
    assert found.total == len(found.documents)
    return {stored.article.id for stored in engine.stored(found.documents)}


terms = st.sampled_from(["boston", "ban", "face", "facialrecognit", "recognit", "the", "missing"])
fields = st.sampled_from(p.TEXT_FIELDS)


@settings(max_examples=40, deadline=None)
@given(articles=archives, words=st.lists(terms, min_size=2, max_size=3), name=fields)
def test_whooshs_searcher_finds_the_same_articles(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], words: list[str], name: str
) -> None:
    """Words, phrases, filters and their combinations have the same matches both ways."""
    folder = tmp_path_factory.mktemp("index")
    engine = build(folder, named(articles))
    ours = tuple(p.Term(word, (name,)) for word in words)
    theirs = [query.Term(name, word) for word in words]
    pairs: list[tuple[p.Node, Any]] = [
        (ours[0], theirs[0]),
        (p.And(ours), query.And(theirs)),
        (p.Or(ours), query.Or(theirs)),
        (p.Without(ours[0], ours[1]), query.And([theirs[0], query.Not(theirs[1])])),
        (p.Phrase(tuple((w,) for w in words), (name,)), query.Phrase(name, words)),
        (p.Is("provider", ("The A, B",)), query.Term("provider", "The A, B")),
        (p.Is("topic", ("AI", "Law")), query.Or([query.Term("topic", t) for t in ("AI", "Law")])),
        (p.All(), query.Every()),
    ]
    for ours_, theirs_ in pairs:
        assert ids_by_us(engine, ours_) == ids_by_whoosh(engine, folder, theirs_)


@settings(max_examples=40, deadline=None)
@given(articles=archives)
def test_whooshs_writer_and_ours_write_the_same_postings(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article]
) -> None:
    """Written through ``writer(codec=...)``, the arrays are those of the bulk writer."""
    folder = tmp_path_factory.mktemp("index")
    articles = named(articles)
    engine = build(folder, articles)
    theirs = tmp_path_factory.mktemp("whoosh")
    writer = create_in(theirs, schema()).writer(codec=ArrayCodec())
    for article in articles:
        related = [text for item in article.related for text in (item.title, item.excerpt)]
        values = {name: list(value) for name, value in keywords(article, ()).items()}
        values["id"] = article.id  # type: ignore[assignment]
        writer.add_document(title=article.title, excerpt=article.excerpt, related=related, **values)
    writer.commit()
    one = ArrayFile(next((folder / engine.info.generation).glob("*.arr")))
    other = ArrayFile(next(theirs.glob("*.arr")))
    assert list(one.strings("terms")) == list(other.strings("terms"))
    for name in p.TEXT_FIELDS:
        for array in ("offsets", "places", "docs", "freqs", "positions"):
            assert np.array_equal(one[f"{name}.{array}"], other[f"{name}.{array}"]), (name, array)
    for name in ("provider", "topic", "status", "id"):
        assert list(one.strings(f"{name}.keys")) == list(other.strings(f"{name}.keys"))
        assert np.array_equal(one[f"{name}.docs"], other[f"{name}.docs"])
    with open_dir(theirs).searcher() as searcher:
        assert searcher.doc_count() == len(articles)


def test_the_last_second_before_1970_is_before_1970() -> None:
    """Fractions of a second are cut towards the past, so that a date's year is the facet's."""
    assert timestamp(datetime(1969, 12, 31, 23, 59, 59, 500_000, UTC)) == -1
    assert timestamp(datetime(1970, 1, 1, 0, 0, 0, 500_000, UTC)) == 0


def test_whoosh_reads_the_seeds(tmp_path: Path) -> None:
    """Stored fields, phrases, facet columns and scores are there for Whoosh's own search."""
    report = reindex("seeds", tmp_path)
    with open_dir(tmp_path / report.generation).searcher() as searcher:
        hits = searcher.search(query.Phrase("title", ["facial", "recognit"]), groupedby="provider")
        assert len(hits) == 4
        assert hits[0].score > 0
        assert set(hits.groups("provider")) == {"Mashable", "Campus Safety Magazine", "Daily Mail",
                                                "New York Post"}  # fmt: skip
        assert {hit["status"][0] for hit in hits} == {"published", "unpublished"}


def test_whoosh_sees_removed_articles_as_gone(tmp_path: Path) -> None:
    """What an incremental build removed, Whoosh does not find either."""
    articles = [Article(f"a{n}", "boston") for n in range(20)]
    build(tmp_path, articles)
    with building(tmp_path) as writing:
        writing.remove(["a3"])
        writing.publish("test", "0", [], {})
    engine = open_engine(tmp_path)
    assert isinstance(engine, LocalEngine)
    found = ids_by_whoosh(engine, tmp_path, query.Term("title", "boston"))
    assert found == {f"a{n}" for n in range(20) if n != 3}
