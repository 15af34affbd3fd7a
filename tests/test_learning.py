"""Learning: an index places its articles by what all of them teach, however it came to be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import Archive, Article, reindex
from searcher.article import Provider, RelatedItem
from searcher.cli import main
from searcher.engine.local import generation as module
from searcher.engine.local.arrays import ArrayFile
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building
from searcher.engine.local.concerned import concerned_documents
from searcher.engine.local.generations import Generations
from searcher.engine.local.segment import Segment
from searcher.engine.local.spool import packed, spool
from searcher.engine.local.writer import SegmentBuilder
from searcher.intake import Known, place
from searcher.places import City, Knowledge, knowledge, learn
from searcher.places.difference import Difference
from searcher.places.edition import edition
from searcher.places.knowledge import site
from searcher.places.text import WORD
from searcher.sources import read
from tests.archives import write

TOWNS = ("Danville", "Champaign", "Decatur", "Chrisman", "Marshall")
HOME = "Paris, Illinois"
BARE = {"title": "Fire on Main Street", "excerpt": "A fire broke out in Paris."}


def beacon(**fields: str) -> dict[str, object]:
    """An article of a local paper's."""
    return {**fields, "provider": {"name": "Paris Beacon", "domain": "parisbeacon.example"}}


def local(count: int) -> dict[str, dict[str, object]]:
    """Articles that say where that paper is at home."""
    return {
        f"n{n:03}": beacon(title="News", excerpt=f"Crews from {TOWNS[n % 5]}, Ill., came today.")
        for n in range(count)
    }


def cities(index: Path) -> dict[str, tuple[City, ...]]:
    """The cities of every article of an index."""
    live = Generations(index).live()
    segments = zip(live.manifest.segments, live.segments(), strict=True)
    return {
        stored.article.id: stored.cities
        for entry, segment in segments
        for stored in module.Stretch(
            segment.file.path, tuple(sorted(set(range(segment.size)) - set(entry.deleted)))
        ).stored()
    }


def names(index: Path, article: str) -> list[str]:
    return [city.label for city in cities(index)[article]]


def test_an_index_places_by_what_its_articles_teach(tmp_path: Path) -> None:
    """In an archive large enough a bare name is the one near its publisher's home."""
    write(tmp_path / "source", bare=beacon(**BARE), **local(98))
    reindex(tmp_path / "source", tmp_path / "index")
    assert names(tmp_path / "index", "bare") == ["Paris, France"]
    write(tmp_path / "source", **local(99))
    report = reindex(tmp_path / "source", tmp_path / "index")
    assert (report.added, report.updated, report.unchanged) == (1, 0, 99)
    assert names(tmp_path / "index", "bare") == [HOME]
    with Archive.open(tmp_path / "index") as archive:
        values = {one.value: one.count for one in archive.search("paris").facets["city"].values}
    assert values == {HOME: 1}
    (tmp_path / "source" / "n000.md").unlink()
    reindex(tmp_path / "source", tmp_path / "index")
    assert names(tmp_path / "index", "bare") == ["Paris, France"]


def test_a_rollback_takes_its_knowledge_along(tmp_path: Path) -> None:
    """Each generation has what its own articles taught, and doctor's checksums cover it."""
    source, index = tmp_path / "source", tmp_path / "index"
    for count in (3, 5):
        write(source, **local(count))
        reindex(source, index)
    assert Generations(index).live().knowledge() == learned(source)
    live = Generations(index).rollback()
    assert live.knowledge().articles == 3
    (live.path / "knowledge.json").write_text(Knowledge().to_json())
    assert [one.split()[0] for one in live.verify()] == ["gen-000001/knowledge.json"]


def learned(source: Path) -> Knowledge:
    """What the articles of a folder teach."""
    return learn(read(source, path.name) for path in source.iterdir())  # type: ignore[misc]


def test_cities_of_an_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`searcher cities` reads a file as one of the archive whose index is named."""
    source, index = tmp_path / "source", tmp_path / "index"
    reindex(write(source, **local(120)), index)
    write(tmp_path, bare=beacon(**BARE))
    command = ["cities", str(tmp_path / "bare.md")]
    for options, city in (([], "Paris, France"), (["--index", str(index)], HOME)):
        assert main([*command, *options]) == 0
        assert capsys.readouterr().out.startswith(city)
    monkeypatch.setenv("SEARCHER_INDEX", str(index))
    assert main(command) == 0
    assert capsys.readouterr().out.startswith(HOME)
    assert main([*command, "--index", str(tmp_path / "none")]) == 2
    assert "There is no index" in capsys.readouterr().err


def test_another_edition_places_everything_again(tmp_path: Path) -> None:
    """Where other weights, another gazetteer or other code placed the articles, all are placed."""
    source, index = write(tmp_path / "source", a="Fire in Boston"), tmp_path / "index"
    reindex(source, index)
    live = Generations(index).live()
    with building(index, full=True) as build:  # as an edition may have that finds no city
        build.add(prepare([(Article("a", "Fire in Boston"), ())]))
        build.publish(live.manifest.source, "0", [], live.sources())
    assert (reindex(source, index).generation, names(index, "a")) == ("gen-000002", [])
    path = index / "gen-000002" / "manifest.json"
    values = json.loads(path.read_text())
    assert (values.pop("sha256"), values["places"]) == (module._digest(values), edition())
    values["places"] = "another"
    path.write_text(json.dumps({**values, "sha256": module._digest(values)}))
    report = reindex(source, index)
    assert (report.generation, report.unchanged) == ("gen-000003", 1)
    assert names(index, "a") == ["Boston, Massachusetts"]


def test_an_article_that_cannot_be_placed_costs_no_other(tmp_path: Path) -> None:
    """Where our code fails at one article while placing, it is told of with the reason."""
    articles = [Article("a", "In Boston", url="https://a.com/"), Article("b", "Salem waits")]
    waiting = spool(tmp_path, packed(articles))
    regions: dict[str, dict[str, Any]] = {"a.com": {"US.Maine": "no number"}}
    damaged = Knowledge(200, {"a.com": 9}, regions)
    (tmp_path / "knowledge.json").write_text(damaged.to_json())
    placed = place(Known(tmp_path / "knowledge.json", "x"), waiting)
    assert [values for batch in placed.batches for values in batch.values["id"]] == [("b",)]
    assert [(article.id, reason[:9]) for article, reason in placed.failed] == [("a", "TypeError")]


# Any sequence of changes

SITES = ("parisbeacon.example", "alps.example", "")
TITLES = ("Fire on Main Street", "Bath of the Mayor", "Paris and London vote")
TEXTS = (
    "A fire broke out in Paris.",
    "Crews from Danville, Ill., came to Paris.",
    "Officials in Decatur, Illinois, met in Springfield.",
    "They took the bath and a bath again, then bath after bath.",
    "People in Bath and Reading met. They like Bath, and Bath likes reading.",
    "The mayor of Lyon, France, spoke in Nice and Grenoble.",
    "Nothing happened.",
)
articles = st.tuples(st.sampled_from(SITES), st.sampled_from(TITLES), st.sampled_from(TEXTS))
edits = st.dictionaries(st.integers(0, 11), st.none() | articles, min_size=1, max_size=8)


def apply(source: Path, edits: dict[int, tuple[str, str, str] | None], moment: int) -> None:
    for number, edit in edits.items():
        path = source / f"a{number}.md"
        path.unlink(missing_ok=True)
        if edit is not None:
            domain, title, excerpt = edit
            provider = {"name": "Outlet", "domain": domain}
            write(
                source, **{f"a{number}": {"title": title, "excerpt": excerpt, "provider": provider}}
            )
            os.utime(path, ns=(moment, moment))


@pytest.fixture(scope="module")
def small_archives() -> Iterator[None]:
    """Twelve articles are enough to learn from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knowledge, "ARTICLES", 6)
        yield


@pytest.mark.usefixtures("small_archives")
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(rounds=st.lists(edits, min_size=2, max_size=5))
def test_an_index_built_in_steps_places_as_one_built_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    rounds: Sequence[dict[int, tuple[str, str, str] | None]],
) -> None:
    """Whatever was written, changed and removed, every article has the cities of a fresh build."""
    folder = tmp_path_factory.mktemp("learning")
    source = write(folder / "source", always="Springfield waits")
    for moment, changes in enumerate(rounds, 10**9):
        apply(source, changes, moment * 10**9)
        reindex(source, folder / "index", jobs=1)
    reindex(source, folder / "fresh", jobs=1)
    assert cities(folder / "index") == cities(folder / "fresh")
    stepwise, fresh = (Generations(folder / name).live() for name in ("index", "fresh"))
    assert stepwise.knowledge() == fresh.knowledge() == learned(source)
    assert stepwise.verify() == []


PUBLISHERS = (
    *("a.example", "www.a.example", "news.a.example", "WWW.B.example", "b.example:80", "localhost"),
    *("x@b.example", "", "deep.er." * 6 + "example", "straße.example"),
)
SENTENCES = (
    *("Crews came to Paris.", "O'Brien left McAllen", "the CEOs of PARIs", "Mass. in Münster"),
    *("Winston-Salem and Walla Walla", "東京 and Paris東京", "cafe\u0301 in U.S.", "a_Paris_b"),
    *("the WHO came", "who came", "1.5paris", "⒈5\u0336Paris", "y" * 99 + "-Paris", "66"),
    *("y" * 110 + "paris", "a-" * 250 + "Paris", "1-" * 200 + "Paris"),
)
published = st.builds(
    lambda domain, scheme, host, title, excerpt, item: Article(
        "a",
        title,
        excerpt,
        url=f"{scheme}://{host}/x" if host else "",
        provider=Provider("Outlet", domain) if domain else None,
        related=(RelatedItem(item),),
    ),
    *(st.sampled_from(PUBLISHERS), st.sampled_from(("http", "h2")), st.sampled_from(PUBLISHERS)),
    *(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.sampled_from(SENTENCES)),
)


@given(st.lists(published, min_size=1, max_size=12), st.data())
def test_postings_tell_of_every_article_that_is_concerned(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], data: st.DataObject
) -> None:
    """Of whichever publishers and words more is known now, no article of theirs is passed over."""
    articles = [replace(one, id=str(number)) for number, one in enumerate(articles)]
    words = sorted({word.lower() for one in SENTENCES for word in WORD.findall(one)})
    changed = Difference(
        sites=data.draw(st.frozensets(st.sampled_from(sorted(map(site, articles))), max_size=2)),
        words=data.draw(st.frozensets(st.sampled_from(words), max_size=2)),
    )
    told = concerned(tmp_path_factory.mktemp("segment"), articles, changed)
    assert {at for at, one in enumerate(articles) if changed.concerns(one)} <= told


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (["the WHO came", "who came"], "who"),
        (["1.5paris", "⒈5\u0336Paris"], "paris"),
        *((["Nothing", text], "paris") for text in ("a-" * 250 + "Paris", "1-" * 200 + "Paris")),
        (["Nothing", "x\u0336" * 120 + "Paris"], "paris"),
    ],
)
def test_postings_tell_of_words_that_are_hard_to_see(
    tmp_path: Path, texts: list[str], word: str
) -> None:
    """An acronym, a figure that is a letter's neighbour, what stands behind a cut."""
    articles = [Article(str(number), "", text) for number, text in enumerate(texts)]
    changed = Difference(words=frozenset({word}))
    assert changed.concerns(articles[1])
    told = concerned(tmp_path, articles, changed)
    assert {at for at, one in enumerate(articles) if changed.concerns(one)} <= told


def concerned(folder: Path, articles: Sequence[Article], changed: Difference) -> set[int]:
    """The documents that the postings of a segment tell of."""
    builder = SegmentBuilder()
    builder.add(prepare((one, ()) for one in articles))
    builder.write(folder / "one")
    found = concerned_documents(Segment(ArrayFile(folder / "one")), changed).tolist()
    assert found == sorted(set(found))
    return set(found)


def test_postings_leave_out_articles_that_are_not_concerned(tmp_path: Path) -> None:
    """So that a few changed articles are not paid for by reading all."""
    sites = {f"n{n}": beacon(title="Fire in Boston") for n in range(3)}
    other = {"title": "Danville waits", "url": "https://b.example/"}
    source = write(tmp_path / "source", **sites, o1=other, o2=other, last="Nothing new")
    reindex(source, tmp_path / "index")
    (segment,) = Generations(tmp_path / "index").live().segments()
    ids = segment.strings("id.keys")
    for changed, names in (
        (Difference(), []),
        (Difference(sites=frozenset({"parisbeacon.example"})), ["n0", "n1", "n2"]),
        (Difference(words=frozenset({"danville"})), ["o1", "o2"]),
        (Difference(False, frozenset({"b.example"}), frozenset({"new"})), ["last", "o1", "o2"]),
        (Difference(words=frozenset({"us"})), list(ids)),
        (Difference(everything=True), list(ids)),
    ):
        found = set(concerned_documents(segment, changed).tolist())
        assert [name for key, name in enumerate(ids) if _document(segment, key) in found] == names


def _document(segment: Segment, key: int) -> int:
    return int(segment.postings("id", np.array([key]))[1][0])
