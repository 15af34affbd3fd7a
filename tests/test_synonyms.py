"""Synonyms: what a query also finds, and the files that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.errors import SourceError
from searcher.synonyms import BUILT_IN, Synonyms, Way
from searcher.text import lines, tokens

BUILT = Synonyms.load()


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text, place by place."""
    return tuple(term for token in tokens(text) for _, term in token.word.parts)


def also(query: str, synonyms: Synonyms = BUILT) -> set[tuple[str, ...]]:
    """Every way that the words of a query may also go."""
    said = terms(query)
    return {way.terms for at in range(len(said)) for way in synonyms.ways(said, at)}


@pytest.mark.parametrize(
    ("query", "way"),
    [
        ("face recognition", "facial"),
        ("facial recognition ban", "face"),
        ("US", "United States"),
        ("United States", "US"),
        ("U.K.", "United Kingdom"),
        ("United Nations", "U.N."),
        ("Iraq", "Iraqi"),
        ("Iraqis", "Iraq"),
        ("Germany", "German"),
        ("calif", "California"),
        ("gov", "governor"),
        ("Senator", "sen"),
        ("MA", "Massachusetts"),
        ("nyc", "New York City"),
        ("St Louis", "Saint"),
        ("artificial intelligence", "AI"),
        ("CEO", "chief executive"),
        ("found", "find"),
        ("coronavirus", "covid-19"),
        ("four", "4"),
    ],
)
def test_what_is_built_in(query: str, way: str) -> None:
    """The built-in file knows countries, states, titles, letters for names and the like."""
    assert terms(way) in also(query)


@pytest.mark.parametrize("query", ["face", "facial", "mass", "in", "or", "me", "new", "news"])
def test_what_has_no_other_way(query: str) -> None:
    """A face alone is not facial, and plain words mean no state."""
    assert not also(query)


def test_only_what_differs_is_replaced(tmp_path: Path) -> None:
    """What two ways begin or end with stays; the way stands for the rest, in its context."""
    file = tmp_path / "own.txt"
    file.write_text("[0.6]\nred hot iron, red cold iron\n")
    synonyms = Synonyms.load(file)
    assert synonyms.ways(terms("red hot iron"), 1) == (Way(1, ("cold",), 0.6),)
    assert synonyms.ways(terms("red hot iron"), 0) == ()
    assert synonyms.ways(terms("hot iron"), 0) == ()


def test_one_way_and_both(tmp_path: Path) -> None:
    """A comma goes both ways, an arrow only to the right."""
    file = tmp_path / "own.txt"
    file.write_text("alpha, beta # the same\n\ngamma > delta, epsilon\n")
    synonyms = Synonyms.load(file)
    assert also("alpha", synonyms) == {("beta",)}
    assert also("beta", synonyms) == {("alpha",)}
    assert also("gamma", synonyms) == {("delta",), ("epsilon",)}
    assert also("delta", synonyms) == set()


def test_a_sites_own_weight_counts(tmp_path: Path) -> None:
    """Of two weights for one way the larger holds."""
    file = tmp_path / "own.txt"
    file.write_text("[1]\nface recognition, facial recognition\n")
    ways = Synonyms.load(file).ways(terms("face recognition"), 0)
    assert [way.weight for way in ways if way.terms == ("facial",)] == [1.0]


@pytest.mark.parametrize("line", ["alone", ", ,", "[2]", "[0]", "[heavy]", "> right", "left >"])
def test_a_bad_line_names_its_file_and_place(tmp_path: Path, line: str) -> None:
    """A file that makes no sense is an error that says where."""
    file = tmp_path / "own.txt"
    file.write_text(f"# a comment\n{line}\n")
    with pytest.raises(SourceError, match=r"own\.txt, line 2"):
        Synonyms.load(file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A file that is not there is not silently left out."""
    with pytest.raises(SourceError, match=r"nowhere\.txt"):
        Synonyms.load(tmp_path / "nowhere.txt")


def test_a_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    """A file whose bytes are no UTF-8 is named with its cure."""
    (tmp_path / "own.txt").write_bytes(b"caf\xe9, coffee house\n")
    with pytest.raises(SourceError, match=r"own\.txt .* UTF-8"):
        Synonyms.load(tmp_path / "own.txt")


def test_the_built_in_file_says_nothing_twice() -> None:
    """Every line of the built-in file is there once."""
    said = [line for _, line in lines(BUILT_IN) if not line.startswith("[")]
    assert len(said) == len(set(said))
