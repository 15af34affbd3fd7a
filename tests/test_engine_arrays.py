"""Tables of strings, leading values, stored articles: what is found is what was written."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article
from searcher.engine import Stored
from searcher.engine.local.arrays import RUNG, ArrayFile, ArrayWriter, Strings
from searcher.engine.local.facets import _leading
from searcher.engine.local.schema import pack, unpack

SIZES: Final = (0, 1, RUNG - 1, RUNG, RUNG + 1, 3 * RUNG)


def table(path: Path, strings: list[str]) -> Strings:
    """Strings as they are written and mapped."""
    writer = ArrayWriter(path)
    writer.add_strings("words", strings)
    writer.close()
    return ArrayFile(path).strings("words")


@pytest.mark.parametrize("size", SIZES)
def test_sorted_strings_are_found_where_bisection_finds_them(tmp_path: Path, size: int) -> None:
    """Every string, whatever stands between two, before the first and after the last."""
    strings = sorted((f"{2 * at:05}é" for at in range(size)), key=str.encode)
    found = table(tmp_path / "strings.arr", strings)
    encoded = [text.encode() for text in strings]
    for text in (*strings, *(f"{at:05}" for at in range(2 * size + 2)), "", "zzz"):
        assert found.find(text.encode()) == bisect_left(encoded, text.encode())
        assert found.index_of(text) == (strings.index(text) if text in strings else -1)


@given(st.sets(st.text("abé", max_size=4)), st.text("abé", max_size=4))
def test_a_string_is_told_from_those_it_stands_in(strings: set[str], asked: str) -> None:
    """Where the bytes of one string stand within another, or across two, it is not there."""
    ordered = sorted(strings, key=str.encode)
    with TemporaryDirectory() as folder:
        found = table(Path(folder, "strings.arr"), ordered).index_of(asked)
    assert found == (ordered.index(asked) if asked in strings else -1)


@given(st.lists(st.text("abé", max_size=5)), st.text("abé", min_size=1, max_size=3))
def test_strings_are_told_by_their_part_and_size(strings: list[str], part: str) -> None:
    """Where it overlaps itself too, but not across two strings that stand next to each other."""
    with TemporaryDirectory() as folder:
        found = table(Path(folder, "strings.arr"), strings)
        containing, longer = found.containing([part, "bé"]).tolist(), found.longer(3).tolist()
    assert containing == [part in text or "bé" in text for text in strings]
    assert longer == [len(text.encode()) > 3 for text in strings]


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(0, 35))
def test_the_leading_values_are_the_first_of_all_sorted(sums: list[int], limit: int) -> None:
    """Highest sums first, of equal ones the earlier; nothing that no article has."""
    ranked = sorted((at for at, count in enumerate(sums) if count), key=lambda at: (-sums[at], at))
    assert _leading(np.array(sums, np.int64), limit).tolist() == ranked[:limit]


def test_a_large_article_comes_back_as_it_was() -> None:
    """Also one with repeats further apart than the compressor looks."""
    half = " ".join(f"{number * number:x}" for number in range(30_000))
    article = Article("a", "title", f"{half} | {half}")
    assert unpack(pack(article, ())) == Stored(article, ())
