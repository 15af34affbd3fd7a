"""Threads: one archive shared by several answers each as it would answer alone."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Thread

from searcher import Archive, Results, SearchRequest
from searcher.article import Article, Provider
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building

WORDS = [f"{first}{second}" for first in ("bo", "ca", "di", "fe") for second in ("ston", "n", "lt")]


def story(number: int, say: random.Random) -> Article:
    title, excerpt = (" ".join(say.choices(WORDS, k=length)) for length in (4, 20))
    provider, topic = Provider(f"P{number % 5}"), f"T{number % 3}"
    return Article(f"n{number:03}", title, excerpt, provider=provider, topics=(topic,))


def write(folder: Path, articles: int) -> None:
    say = random.Random(1)
    with building(folder, full=True) as build:
        build.add(prepare([(story(number, say), ()) for number in range(articles)]))
        build.publish("test", "0", [], {})


def requests(many: int) -> list[SearchRequest]:
    """Words, phrases, prefixes, slips, filters, sorts and pages, drawn at random."""
    say = random.Random(2)
    forms = ("{} {}", '"{} {}"', "{} OR {}", "{} -{}", "title:{} {}", "{}* {}", "{}x {}", "", "{}")
    return [
        SearchRequest(
            say.choice(forms).format(*say.choices(WORDS, k=2)),
            provider=tuple(say.sample(["P0", "P1", "P9"], say.randint(0, 2))),
            topic=tuple(say.sample(["T0", "T1"], say.randint(0, 1))),
            sort=say.choice(["relevance", "newest", "oldest"]),
            page=say.randint(1, 3),
        )
        for _ in range(many)
    ]


def timeless(results: Results) -> Results:
    return replace(results, took_ms=0)


def test_threads_get_what_one_thread_gets(tmp_path: Path) -> None:
    """Four threads over one cold archive, thousands of mixed searches: every answer is the same."""
    write(tmp_path, 300)
    asked = requests(400)
    with Archive.open(tmp_path) as archive:
        alone = {request: timeless(archive.search(request)) for request in asked}
    mixed = asked * 4
    random.Random(3).shuffle(mixed)
    with Archive.open(tmp_path) as archive, ThreadPoolExecutor(4) as pool:
        for request, results in zip(mixed, pool.map(archive.search, mixed), strict=True):
            assert timeless(results) == alone[request]


def test_threads_search_while_the_index_is_rebuilt(tmp_path: Path) -> None:
    """Each answer is whole and of one generation, whichever was live when it was asked."""
    write(tmp_path, 40)
    totals: list[tuple[int, int]] = []
    with Archive.open(tmp_path) as archive:

        def search() -> None:
            while builder.is_alive():
                results = archive.search(SearchRequest("", size=100))
                totals.append((results.total, len(results.hits)))

        def rebuild() -> None:
            for number in range(12):
                write(tmp_path, 40 + number % 2)

        builder = Thread(target=rebuild)
        builder.start()
        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(search) for _ in range(3)]:
                done.result()
        builder.join()
        assert archive.info.generation == "gen-000013"
    assert set(totals) <= {(40, 40), (41, 41)}
