"""Measuring: made-up archives never change, and every engine finds the same in them."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path
from statistics import mean

import pytest

from bench import generate, tasks
from bench.mix import KINDS, MIX
from bench.peers import ENGINES, peer, shown
from bench.report import report
from bench.spool import Feed, spool
from bench.targets import TARGETS, percentile, verdicts
from searcher.article import Article, RelatedItem
from searcher.sources import Rejection, parse

SEEDS = Path(__file__).parents[1] / "seeds"
TAG = re.compile(r"</?(?:b|mark)\b[^>]*>")
CUT = re.compile(r"…|\.\.\.")


def test_generated_archives_begin_alike() -> None:
    """The same seed gives the same articles, whatever the number; another seed gives others."""
    made = list(generate.articles(1_100))
    assert made[:50] == list(generate.articles(50))
    assert made[:50] != list(generate.articles(50, seed=2))
    assert len({article.id for article in made}) == len(made)


def sizes(articles: list[Article], files: list[str]) -> dict[str, float]:
    """Means: words of a title and of an excerpt, items an article, lines and bytes of a file."""
    items: list[Article | RelatedItem] = [*articles]
    items += [item for one in articles for item in one.related]
    lines = [file.splitlines() for file in files]
    open_lines = [[line for line in each if not line.startswith("secured")] for each in lines]
    return {
        "title": mean(len(item.title.split()) for item in items),
        "excerpt": mean(len(item.excerpt.split()) for item in items),
        "items": len(items) / len(articles),
        "lines": mean(map(len, lines)),
        "open bytes": mean(len("\n".join(each).encode()) for each in open_lines),
        "bytes": mean(len(file.encode()) for file in files),
    }


def test_generated_articles_have_the_sizes_of_the_seeds() -> None:
    """Texts, their number and files are as long in the mean, with what is sealed and without."""
    files = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    seeds = [parse(file.encode(), "seed.txt") for file in files]
    real = [one for one in seeds if isinstance(one, Article)]
    assert len(real) == len(seeds) == 5
    made = list(generate.articles(1_000))
    found = sizes(made, [generate.as_file(article) for article in made])
    assert found == pytest.approx(sizes(real, files), rel=0.06)


def test_generated_articles_have_up_to_four_related_items() -> None:
    """Some have none, and most have four."""
    made = list(generate.articles(1_000))
    assert Counter(len(article.related) for article in made).most_common(1)[0][0] == 4
    assert {len(article.related) for article in made} == set(range(5))


def test_generated_facets_are_as_uneven_as_news() -> None:
    """Few outlets publish most; there are many; not every article has a city."""
    made = list(generate.entries(1_000))
    outlets = Counter(article.provider.name for article, _ in made if article.provider)
    assert len(outlets) > 100
    assert sum(count for _, count in outlets.most_common(20)) > 300
    assert 0.2 < sum(not cities for _, cities in made) / len(made) < 0.4


def test_generated_files_read_as_the_articles(tmp_path: Path) -> None:
    """A written archive is read without a rejection, each file as the article it was made of."""
    generate.write(tmp_path, 40)
    files = sorted(path for path in tmp_path.rglob("*.md"))
    found: list[Article | Rejection] = [
        parse(path.read_bytes(), path.relative_to(tmp_path).as_posix()) for path in files
    ]
    expected = sorted(generate.articles(40), key=lambda article: article.id)
    assert found == expected


def test_a_spool_holds_the_generated_entries(tmp_path: Path) -> None:
    """What engines are fed is what was generated, as far as it is asked for."""
    path = spool(tmp_path, 120)
    assert list(Feed(path, limit=50)) == list(generate.entries(50))
    assert len(list(Feed(path))) == 120


def test_the_mix_has_sixty_queries_of_eight_kinds() -> None:
    """Every kind of query is asked, and the whole mix is sixty."""
    assert len(MIX) == 60
    assert {ask.kind for ask in MIX} == set(KINDS)


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """200 generated articles in each engine."""
    folder = tmp_path_factory.mktemp("bench")
    source = str(spool(folder, 200))
    for engine in ENGINES:
        tasks.build(engine, str(folder / engine), source, raw=False, limit=200)
    return {engine: str(folder / engine) for engine in ENGINES}


def test_all_engines_find_the_same(indexes: dict[str, str]) -> None:
    """Totals, pages and the counts of three facets agree for all sixty queries."""
    found = tasks.warm(indexes, rounds=1, slow=[])
    assert found["differences"] == []
    assert all(len(times) == 60 for times in found["cpu"].values())
    assert "All engines agree." in report({200: {"warm": found}}, markdown=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_shows_articles_as_they_are_written(
    indexes: dict[str, str], engine: str
) -> None:
    """None is spared the work by showing terms: titles and passages are the articles' own text,
    and what matched is marked in each hit."""
    articles = {article.id: article for article in generate.articles(200)}
    unmarked = ("all", "prefix") if engine == "tantivy" else ("all",)
    opened = peer(engine).open(Path(indexes[engine]))
    for ask in MIX:
        for hit in opened.answer(ask).hits:
            article = articles[hit["id"]]
            assert hit["title"] == article.title
            passages = hit["snippets"].values()
            assert (ask.kind in unmarked) == (not any(map(TAG.search, passages))), ask.name
            written = " ".join(" ".join(shown(article)).split())
            for passage in passages:
                for part in CUT.split(unescape(TAG.sub("", passage))):
                    assert " ".join(part.split()) in written
    opened.close()


def test_threads_are_compared_with_one(indexes: dict[str, str]) -> None:
    """Queries asked by several threads at once are held against the same ones asked alone."""
    found = tasks.threads(indexes["searcher"], queries=80, workers=4)
    assert found["queries"] == 80
    assert found["problems"] == 0


def test_whole_runs_are_told_with_what_they_did(tmp_path: Path) -> None:
    """Runs over files, without changes, with changed and with fewer; the files stay as made."""
    source = tmp_path / "files"
    tasks.write(str(source), 30)
    before = {path: path.read_bytes() for path in source.rglob("*.md")}
    found = tasks.files(str(source), str(tmp_path / "index"), 30)
    assert (found["articles"], found["unchanged"], found["updated"]) == (30, 30, 30)
    assert found["removed"] == 15
    assert 0 <= found["stolen_seconds"] < 60
    assert before == {path: path.read_bytes() for path in source.rglob("*.md")}


def test_targets_are_judged_where_they_can_be() -> None:
    """By a figure that was measured, and at the number of articles that the target is for."""
    opened = {"open": {"searcher": {"ms": 61.0, "resident_mib": 90.0}}}
    judged = {verdict.target.name: verdict.met for verdict in verdicts({100_000: opened})}
    assert judged == {"open": "no", "open, resident": "yes"}
    assert {verdict.met for verdict in verdicts({20_000: opened})} == {""}
    assert len(TARGETS) == 22


def test_slow_engines_are_timed_once(indexes: dict[str, str]) -> None:
    """Every engine has a figure for every query, however often it was asked."""
    found = tasks.warm(indexes, rounds=2, slow=["whoosh"])
    assert all(len(times) == 60 and all(times) for times in found["cpu"].values())
    assert found["differences"] == []


def test_p95_of_sixty_is_the_third_largest() -> None:
    """Percentiles are values that were measured."""
    assert percentile([float(n) for n in range(60)], 0.95) == 57
    assert percentile([5.0], 0.5) == 5


def test_a_report_is_json_ready_and_has_markdown() -> None:
    """What was measured can be written as JSON, and the table drawn for README."""
    measured = {200: {"first": {"cpu": {"searcher": [1.0] * 60, "tantivy": [2.0] * 60}}}}
    assert json.loads(json.dumps(measured[200])) == measured[200]
    assert "| searcher |" in report(measured, markdown=True)
