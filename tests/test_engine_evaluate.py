"""The embedded engine against brute force: any plan over any articles, built in any steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.article import Article, Provider, RelatedItem
from searcher.engine import Word, open_engine
from searcher.engine import plan as p
from searcher.engine.local import evaluate, facets, ranking
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building
from searcher.engine.local.generations import Generations
from searcher.places import City, Evidence
from tests.oracle import Answer, Oracle


@pytest.fixture(autouse=True, scope="module", params=["few", "many"])
def _few(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything holds by the ways for few documents as by those for many, which these are."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "few":
            for module in (evaluate, facets, ranking):
                patch.setattr(module, "FEW", 0)
        yield


Items = Sequence[tuple[Article, tuple[City, ...]]]

WORDS = ("boston", "bans", "banned", "face", "facial-recognition", "tech", "the", "computers",
         "computing", "city", "e-mail", "news", "us", "U.S.")  # fmt: skip
FACETS = ("city", "provider", "topic", "year", "status")

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
moments = st.integers(0, 900).map(lambda day: datetime(2019, 6, 1, 12, tzinfo=UTC) + timedelta(day))


def city(number: int, role: str = "about") -> City:
    evidence = (Evidence("title", 0, 1, "x", "test"),)
    name = "Ab"[number % 2] + str(number // 2)
    return City(number, name, f"{name}, X", "US", "X", 0.0, 0.0, 1.0, role, evidence)  # type: ignore[arg-type]


cities = st.lists(
    st.builds(city, st.integers(1, 5), st.sampled_from(["about", "mentioned", "related"])),
    max_size=3,
    unique_by=lambda one: one.id,
).map(tuple)
articles = st.builds(
    Article,
    id=st.just(""),
    title=texts.map(lambda text: text or "untitled"),
    excerpt=texts,
    url=st.sampled_from(["", "https://www.a.b.com/one/two", "https://b.com/two"]),
    published_at=st.none() | moments,
    provider=st.none() | st.sampled_from([Provider("A b", "a.com"), Provider("a B", "c.org")]),
    topics=st.lists(st.sampled_from(["AI", "Law", "é"]), max_size=3, unique=True).map(tuple),
    related=st.lists(st.builds(RelatedItem, texts, texts), max_size=2).map(tuple),
    published=st.booleans(),
)
archives = st.lists(st.tuples(articles, cities), min_size=1, max_size=12)

terms = st.sampled_from(
    ["boston", "ban", "face", "facialrecognit", "tech", "the", "comput", "no", "us", "US"]
)
begun = st.sampled_from(["b", "ba", "banne", "compute", "facialrec", "u", "us", "zz"])
misspelt = st.sampled_from(["bostn", "bnas", "baned", "tehc", "city", "uss"])
fields = st.sampled_from([p.TEXT_FIELDS, ("title",), ("excerpt", "related")])
leaves = st.one_of(
    st.builds(p.Term, terms, fields),
    st.builds(
        p.Phrase,
        st.lists(st.tuples(terms) | st.just(("ban", "tech")), min_size=2, max_size=3).map(tuple),
        fields,
        st.integers(0, 4),
    ),
    st.builds(p.Prefix, begun, fields),
    st.builds(p.Fuzzy, misspelt, st.integers(1, 2)),
    st.builds(p.Is, st.just("provider"), st.just(("A b",))),
    st.builds(p.Is, st.just("site"), st.just(("b.com",))),
    st.builds(p.Is, st.just("url"), st.just(("two", "one"))),
    st.builds(p.Dates, st.none() | moments, st.none() | moments),
    st.just(p.All()),
    st.just(p.Nothing()),
)


def branches(children: st.SearchStrategy[p.Node]) -> st.SearchStrategy[p.Node]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    pairs = st.lists(st.tuples(children, st.sampled_from([1.0, 0.5])), min_size=1, max_size=3)
    ways = pairs.map(lambda some: p.Synonyms(tuple(n for n, _ in some), tuple(w for _, w in some)))
    return st.one_of(
        st.builds(p.And, several),
        st.builds(p.Or, several),
        st.builds(p.Without, children, children),
        ways,
        several.flatmap(words),
    )


def words(nodes: tuple[p.Node, ...]) -> st.SearchStrategy[p.Node]:
    counts = st.just(()) | st.tuples(*[st.integers(1, 2)] * len(nodes))
    return st.builds(
        p.Words,
        st.just(nodes),
        minimum=st.integers(1, len(nodes)),
        enough=st.integers(0, 6),
        counts=counts,
        best=st.integers(1, 4),
    )


nodes = st.recursive(leaves, branches, max_leaves=6)
filters = st.lists(
    st.one_of(
        st.builds(p.Is, st.just("city"), st.just(("1", "3"))),
        st.builds(p.Is, st.just("topic"), st.just(("AI",))),
        st.builds(p.Is, st.just("status"), st.just(("published",))),
    ),
    max_size=2,
    unique_by=lambda one: one.field,
).map(tuple)
plans = st.builds(
    p.Plan,
    node=nodes,
    filters=filters,
    dates=st.none() | st.builds(p.Dates, st.none() | moments, st.none() | moments),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    start=st.integers(0, 3),
    limit=st.integers(0, 12),
    facets=st.sampled_from([FACETS, FACETS[:3], ()]),
    facet_limit=st.integers(0, 4),
)


def named(items: Items) -> Items:
    return [
        (Article(**{**{n: getattr(a, n) for n in a.__dataclass_fields__}, "id": f"a{n}"}), found)
        for n, (a, found) in enumerate(items)
    ]


def write(folder: Path, items: Items, gone: Sequence[str] = (), full: bool = False) -> None:
    with building(folder, full) as build:
        build.remove(gone)
        build.add(prepare(items))
        build.publish("test", "0", [], {})


def check(folder: Path, items: Items, plan: p.Plan) -> None:
    """The engine answers as brute force does, ties of rounding aside."""
    engine = open_engine(folder)
    found, expected = engine.evaluate(plan), Oracle(items).evaluate(plan)
    assert (found.total, found.minimum) == (expected.total, expected.minimum)
    assert found.facets == expected.facets
    assert found.months == expected.months
    stretch = slice(plan.start, plan.start + plan.limit)
    assert found.scores == pytest.approx(expected.scores[stretch], rel=1e-4, abs=1e-6)
    ids = [stored.article.id for stored in engine.stored(found.documents)]
    assert _blurred(ids, expected) == _blurred(expected.ids[stretch], expected)


def _blurred(ids: Sequence[str], answer: Answer) -> list[float]:
    """Scores in place of ids: two that differ only in rounding may stand either way."""
    score = dict(zip(answer.ids, answer.scores, strict=True))
    return [round(score[one], 4) if score[one] else hash(one) for one in ids]


quick = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@quick
@given(items=archives, plan=plans)
def test_every_plan_is_answered_as_brute_force_answers_it(
    tmp_path_factory: pytest.TempPathFactory, items: Items, plan: p.Plan
) -> None:
    """Totals, order, scores, facets and months of any plan are those of a plain recount."""
    folder = tmp_path_factory.mktemp("index")
    items = named(items)
    write(folder, items)
    check(folder, items, plan)


@quick
@given(
    items=archives,
    plan=plans,
    cut=st.integers(0, 12),
    gone=st.lists(st.sets(st.integers(0, 11), max_size=4), min_size=2, max_size=2),
)
def test_an_index_built_in_steps_answers_as_one_built_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    items: Items,
    plan: p.Plan,
    cut: int,
    gone: list[set[int]],
) -> None:
    """Adding some articles later and removing others leaves what a fresh build would have."""
    folder = tmp_path_factory.mktemp("index")
    items = named(items)
    write(folder, items[:cut])
    write(folder, items[cut:], [f"a{n}" for n in gone[0] if n < cut])
    write(folder, [], [f"a{n}" for n in gone[1]])
    removed = {n for n in gone[0] if n < cut} | gone[1]
    left = [item for n, item in enumerate(items) if n not in removed]
    check(folder, left, plan)
    fresh = tmp_path_factory.mktemp("fresh")
    write(fresh, left)
    assert vocabulary(folder) == vocabulary(fresh)


def vocabulary(folder: Path) -> list[Word]:
    """All that is known of words as they are written."""
    engine = open_engine(folder)
    return [
        *engine.words_from("", 100),
        *(word for one in ("us", "ban", "polcy") for word in engine.words_near(one, 2, 100)),
    ]


def test_a_word_stands_for_all_its_forms_until_its_last_article_goes(tmp_path: Path) -> None:
    """A word that one segment has finds its other forms in all, and nothing once it is gone."""
    items = named([(Article("", "", "the bans"), ()) for _ in range(9)])
    write(tmp_path, items)
    write(tmp_path, [(Article("late", "", "banned"), ())])
    nodes = p.Prefix("banne"), p.Fuzzy("baned", 1)
    assert [_total(tmp_path, node) for node in nodes] == [10, 10]
    write(tmp_path, [], ["late"])
    assert [_total(tmp_path, node) for node in nodes] == [0, 0]
    write(tmp_path, [(Article("late", "", "banned"), ())])
    write(tmp_path, [], [article.id for article, _ in items[:2]])
    assert [_total(tmp_path, node) for node in nodes] == [8, 8]


def _total(folder: Path, node: p.Node) -> int:
    return open_engine(folder).evaluate(p.Plan(node)).total


def test_removing_step_by_step_leaves_what_a_fresh_index_has(tmp_path: Path) -> None:
    """Of one segment again and again, until it is rewritten: words, checksums and files are right
    after each step."""
    items = named([(Article("", "", f"word{n} same"), ()) for n in range(12)])
    location, gone = tmp_path / "steps", 0
    write(location, items)
    for count in (1, 1, 5, 4):
        write(location, [], [article.id for article, _ in items[gone : gone + count]])
        gone += count
        write(tmp_path / f"fresh{gone}", items[gone:])
        assert vocabulary(location) == vocabulary(tmp_path / f"fresh{gone}")
        live = Generations(location).live()
        assert live.verify() == []
        files = {file for entry in live.manifest.segments for file in entry.files}
        assert {path.name for path in live.path.glob("MAIN_*")} == files


def test_the_most_frequent_words_of_several_segments(tmp_path: Path) -> None:
    """A word that leads in no segment may lead in all of them together."""
    many = " ".join(f"rx{number:02}" for number in range(30))
    large = [*[many] * 6, *["rxw"] * 5, *["else"] * 9]
    items = named([(Article("", "", text), ()) for text in large])
    write(tmp_path, items)
    late = [(Article(f"b{n}", "", "rxw " + "ry " * n), ()) for n in range(5)]
    write(tmp_path, late)
    engine = open_engine(tmp_path)
    assert len(Generations(tmp_path).live().manifest.segments) == 2
    assert engine.words_from("rx", 2) == [Word("rxw", 10), Word("rx00", 6)]
    every = engine.words_from("r", 100)
    assert len(every) == 32
    for limit in range(1, 33):
        assert engine.words_from("r", limit) == every[:limit]
