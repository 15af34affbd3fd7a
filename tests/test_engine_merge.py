"""Merging: several segments as one are what one build of their living articles would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.article import Article
from searcher.engine.local import layout, writer
from searcher.engine.local.arrays import ArrayFile
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import _to_merge, building
from searcher.engine.local.counts import recount
from searcher.engine.local.generation import Generation, SegmentEntry
from searcher.engine.local.merge import merge
from searcher.engine.local.segment import Segment
from searcher.engine.local.writer import SegmentBuilder
from tests.test_engine_evaluate import Items, archives, named, quick


@pytest.fixture(autouse=True, scope="module", params=[3, layout.BLOCK])
def _blocks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything holds with many blocks of few documents as with one of all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "BLOCK", request.param)
        yield


def segment(path: Path, items: Items) -> Segment:
    builder = SegmentBuilder()
    builder.add(prepare(items))
    builder.write(path)
    return Segment(ArrayFile(path))


def without(part: Segment, deleted: Sequence[int]) -> Segment:
    counts = part.file.path.with_suffix(".counts")
    recount(part, deleted, counts)
    return Segment(part.file, sorted(deleted), ArrayFile(counts))


def same(one: ArrayFile, other: ArrayFile) -> None:
    assert one.names() == other.names()
    for name in one.names():
        np.testing.assert_array_equal(one[name], other[name], name)


@settings(quick, max_examples=40)
@given(items=archives, cuts=st.lists(st.integers(0, 12), max_size=3))
def test_merging_is_building_at_once(
    tmp_path_factory: pytest.TempPathFactory, items: Items, cuts: list[int]
) -> None:
    """Segments of consecutive articles merge to the very bytes of one segment of them all."""
    folder = tmp_path_factory.mktemp("merge")
    items = named(items)
    edges = [0, *sorted(min(cut, len(items)) for cut in cuts), len(items)]
    spans = [span for span in pairwise(edges) if span[0] < span[1]]
    parts = [segment(folder / f"{n}", items[a:b]) for n, (a, b) in enumerate(spans)]
    digest, size = merge(parts, folder / "merged")
    builder = SegmentBuilder()
    builder.add(prepare(items))
    assert digest == builder.write(folder / "once")
    assert size == len(items)
    assert (folder / "merged").read_bytes() == (folder / "once").read_bytes()


@settings(quick, max_examples=40)
@given(items=archives, cut=st.integers(0, 12), gone=st.sets(st.integers(0, 11)))
def test_merging_leaves_out_what_is_removed(
    tmp_path_factory: pytest.TempPathFactory, items: Items, cut: int, gone: set[int]
) -> None:
    """Removed articles leave nothing."""
    folder = tmp_path_factory.mktemp("merge")
    items = named(items)
    cut = min(max(cut, 1), len(items))
    living = [item for number, item in enumerate(items) if number not in gone]
    if not living:
        return
    parts = [without(segment(folder / "0", items[:cut]), [n for n in gone if n < cut])]
    if cut < len(items):
        later = [n - cut for n in gone if cut <= n < len(items)]
        parts.append(without(segment(folder / "1", items[cut:]), later))
    _, size = merge(parts, folder / "merged")
    merged, fresh = ArrayFile(folder / "merged"), segment(folder / "once", living).file
    assert size == len(living)
    same(merged, fresh)


@settings(quick, max_examples=40)
@given(before=archives, items=archives, kept=st.sampled_from([0, writer.KEPT_CHUNKS]))
def test_a_run_is_the_same_whatever_was_before_it(
    tmp_path_factory: pytest.TempPathFactory, before: Items, items: Items, kept: int
) -> None:
    """What is known of the words of one run leaves no trace in the next."""
    folder = tmp_path_factory.mktemp("run")
    # In the first run the form of us is an acronym's, in the second it is not.
    before = named([(Article("", "the U.S. said", ""), ()), *before])
    items = named([(Article("", "told us", ""), ()), *items])
    builder = SegmentBuilder()
    builder.add(prepare(before))
    builder.write(folder / "before")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "KEPT_CHUNKS", kept)
        builder = builder.following()
    builder.add(prepare(items))
    builder.write(folder / "run")
    assert (folder / "run").read_bytes() == segment(folder / "alone", items).file.path.read_bytes()


def test_a_segment_of_which_nothing_lives_leaves_nothing(tmp_path: Path) -> None:
    """Beside one that is whole."""
    items = [(story(number), ()) for number in range(40)]
    first, second = segment(tmp_path / "0", items[:20]), segment(tmp_path / "1", items[20:])
    _, size = merge([without(first, range(20)), second], tmp_path / "merged")
    merged = ArrayFile(tmp_path / "merged")
    assert size == 20
    same(merged, second.file)


def test_merging_in_small_steps_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few postings are moved at a time, the merged bytes are the same."""
    items = [(story(number), ()) for number in range(60)]
    parts = [segment(tmp_path / f"{n}", items[n : n + 20]) for n in (0, 20, 40)]
    parts[1] = without(parts[1], [0, 7, 19])
    digests = set()
    for chunk in (1, 7, 100, 2_000_000):
        monkeypatch.setattr("searcher.engine.local.merge.CHUNK", chunk)
        digests.add(merge(parts, tmp_path / "merged"))
    assert len(digests) == 1


def test_a_word_lives_as_long_as_one_of_its_terms(tmp_path: Path) -> None:
    """U.S. and us are one word and two terms: whichever is removed, the other is still found."""
    texts = "told us", "the U.S. said", "nothing"
    items = named([(Article("", text, ""), ()) for text in texts])
    for gone, term in ((0, "US"), (1, "us")):
        one, two = segment(tmp_path / "one", items[:2]), segment(tmp_path / "two", items[2:])
        merge([without(one, [gone]), two], tmp_path / f"merged {gone}")
        merged = Segment(ArrayFile(tmp_path / f"merged {gone}"))
        number = merged.strings("words").index_of("us")
        assert merged.strings("terms")[int(merged["words.terms"][number])] == term


def story(number: int) -> Article:
    text = " ".join(f"word{number * at % 23}" for at in range(number % 9 + 1))
    told = "They told us", "The U.S. said", ""
    text += f" {told[number % 3]}"
    return Article(f"n{number:03}", f"Story {number} of Boston", text, topics=(f"T{number % 4}",))


def built(folder: Path, articles: Sequence[Article], batch: int = 8) -> Generation:
    with building(folder) as build:
        for at in range(0, len(articles), batch):
            build.add(prepare([(article, ()) for article in articles[at : at + batch]]))
        return build.publish("test", "0", [], {})


def files(generation: Generation) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in generation.path.glob("*.arr")}


def test_the_same_articles_make_the_same_files(tmp_path: Path) -> None:
    """Segment names and bytes depend on the articles alone, not on when or in what batches."""
    articles = [story(number) for number in range(50)]
    one = files(built(tmp_path / "one", articles))
    assert one == files(built(tmp_path / "two", articles)) == files(
        built(tmp_path / "three", articles, batch=50)
    )  # fmt: skip


def test_a_run_is_bounded_where_no_blank_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every character of a Chinese text counts, not only every stretch between blanks."""
    monkeypatch.setattr(writer, "RUN_TOKENS", 40)
    batch = prepare([(Article("a", "東京都の新しい法律について話す", ""), ())])
    builder = SegmentBuilder()
    for _ in range(3):
        assert builder.room(batch)
        builder.add(batch)
    assert not builder.room(batch)


@pytest.mark.parametrize(("name", "limit"), [("RUN_ARTICLES", 16), ("RUN_TOKENS", 40)])
def test_several_runs_make_what_one_run_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    """An archive too large for one run is written in several, and merged to the same bytes."""
    articles = [story(number) for number in range(50)]
    once = files(built(tmp_path / "one", articles))
    assert len(once) == 1
    monkeypatch.setattr(writer, name, limit)
    assert files(built(tmp_path / "two", articles)) == once


def test_a_large_change_is_written_in_several_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles of the base are replaced though the change itself takes several runs."""
    built(tmp_path, [story(number) for number in range(50)])
    monkeypatch.setattr(writer, "RUN_TOKENS", 40)
    changed = [story(number) for number in range(20, 90)]
    with building(tmp_path) as build:
        for at in range(0, 70, 8):
            build.add(prepare([(article, ()) for article in changed[at : at + 8]]))
        build.remove([article.id for article in changed])
        generation = build.publish("test", "0", [], {})
    assert generation.manifest.articles == 90
    assert generation.verify() == []


sizes = st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), max_size=12)


@given(sizes=sizes)
def test_what_stays_is_a_geometric_row(sizes: list[tuple[int, float]]) -> None:
    """After merging each segment holds over three times what all smaller ones hold together."""
    entries = [
        SegmentEntry(str(n), size, tuple(range(min(int(size * gone), size - 1, 1000))))
        for n, (size, gone) in enumerate(sizes)
    ]
    chosen = _to_merge(entries)
    assert chosen == [entry for entry in entries if entry in chosen]
    living = [entry.articles - len(entry.deleted) for entry in entries if entry not in chosen]
    merged = sum(entry.articles - len(entry.deleted) for entry in chosen)
    row = sorted([*living, merged] if chosen else living)
    assert all(len(e.deleted) <= e.articles / 4 for e in entries if e not in chosen)
    wasteful = any(len(e.deleted) > e.articles / 4 for e in entries)
    if not wasteful:
        assert all(sum(row[:at]) * 3 < size for at, size in enumerate(row) if at)
