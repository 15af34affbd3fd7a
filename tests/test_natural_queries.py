"""What people really type, on the seed articles: each query finds the articles it means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Archive

CAMBRIDGE = "000_8feee25d5bf3b605"
BOSTON_TECH = "001_d3c8889e9de06db7"
BOSTON_DEPARTMENTS = "002_f847a58b8681d904"
BOSTON_SECOND = "003_33c2295afe8b2691"
WORCESTER = "004_4904662d45091d22"
BOSTON = {BOSTON_TECH, BOSTON_DEPARTMENTS, BOSTON_SECOND}
EVERY = {CAMBRIDGE, WORCESTER, *BOSTON}


@pytest.fixture(scope="module")
def archive(seeds_index: Path) -> Iterator[Archive]:
    with Archive.open(seeds_index) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("facial recognition", EVERY),
        ("face recognition", EVERY),
        ("facial-recognition", EVERY),
        ("facialrecognition", EVERY),
        ("Facial Recognition Technology", EVERY),
        ("ban", EVERY),
        ("cities that have banned facial recognition", EVERY),
        ("banning face surveillance in Boston", BOSTON),
        ("Boston's ban", BOSTON),
        ("boston city council vote", BOSTON),
        ("Worcester bans", {WORCESTER}),
        ("Cambridge face recognition ban", {CAMBRIDGE}),
        ("Massachusetts", {CAMBRIDGE, BOSTON_DEPARTMENTS, WORCESTER}),
        ("Mass.", {CAMBRIDGE, BOSTON_DEPARTMENTS, WORCESTER}),
        ("Mass. communities", {CAMBRIDGE, WORCESTER}),
        ("fourth community", {CAMBRIDGE}),
        ("4th community", {CAMBRIDGE}),
        ("doesn't", {CAMBRIDGE, BOSTON_SECOND}),
        ("doesnt", {CAMBRIDGE, BOSTON_SECOND}),
        ("doesn’t", {CAMBRIDGE, BOSTON_SECOND}),
        ("UK", {BOSTON_TECH}),
        ("U.K. privacy rights", {BOSTON_TECH}),
        ("U.N. moratorium", {BOSTON_TECH}),
        ("UN moratorium", {BOSTON_TECH}),
        ("second largest US city", {BOSTON_SECOND}),
        ("U.S. racial bias", {BOSTON_SECOND}),
        ("Senators Markey and Pressley", {BOSTON_SECOND}),
        ("Sen. Markey", {BOSTON_SECOND}),
        ("unanimous vote", {BOSTON_TECH, BOSTON_DEPARTMENTS, BOSTON_SECOND}),
        ("Harvard or MIT", {CAMBRIDGE}),
        ("facail recogniton", EVERY),
    ],
)
def test_a_natural_query_finds_what_it_means(
    archive: Archive, query: str, expected: set[str]
) -> None:
    """Each expected article is among the first ten."""
    assert expected <= {hit.id for hit in archive.search(query).hits}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("worcester", WORCESTER),
        ("cambridge face recognition", CAMBRIDGE),
        ("boston departments", BOSTON_DEPARTMENTS),
        ("second largest city", BOSTON_SECOND),
        ("racially discriminatory", BOSTON_SECOND),
        ("privacy win", BOSTON_TECH),
    ],
)
def test_the_article_that_is_about_it_comes_first(archive: Archive, query: str, first: str) -> None:
    """An article with the words in its own title beats those that mention them."""
    assert archive.search(query).hits[0].id == first


def test_news_is_not_new(archive: Archive) -> None:
    """A word is never taken for another that only looks like its singular."""
    results = archive.search("news")
    assert (results.total, results.suggestion) == (0, "new")
