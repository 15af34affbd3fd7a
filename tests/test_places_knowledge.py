"""What an archive teaches: publishers' homes and the casing of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Provider
from searcher.places import Knowledge, find_cities, learn
from searcher.places.knowledge import address, site

BEACON = Provider("Paris Beacon", "parisbeacon.example")
TEXTS = (
    "Crews from Danville, Ill., came on Friday.",
    "A driver from Champaign, Ill., was hurt.",
    "Officials in Decatur, Illinois, met on Monday.",
    "The court in Chrisman, Ill., heard the case.",
    "The festival in Marshall, Ill., begins today.",
)


def archive(size: int) -> list[Article]:
    """Articles of one local paper."""
    return [
        Article(str(n), "News of the day", TEXTS[n % len(TEXTS)], provider=BEACON)
        for n in range(size)
    ]


def test_home_decides_a_bare_name() -> None:
    """A name the publisher's home has is the one there, against a larger one far away."""
    bare = Article("x", "Fire on Main Street", "A fire broke out in Paris.", provider=BEACON)
    assert [city.label for city in find_cities(bare)] == ["Paris, France"]
    knowledge = learn(archive(120))
    assert [city.label for city in find_cities(bare, knowledge)] == ["Paris, Illinois"]


def test_small_archives_teach_nothing() -> None:
    """Below a hundred articles what is learned is not used."""
    bare = Article("x", "Fire on Main Street", "A fire broke out in Paris.", provider=BEACON)
    assert find_cities(bare, learn(archive(99))) == find_cities(bare)


@given(st.integers(0, 12), st.integers(0, 12))
def test_knowledge_adds_up(first: int, second: int) -> None:
    """Parts learned apart add up to the whole, and what was added can be taken back."""
    whole = learn(archive(12)[:first] + archive(12)[:second])
    parts = learn(archive(12)[:first]) + learn(archive(12)[:second])
    assert whole == parts
    assert parts - learn(archive(12)[:second]) == learn(archive(12)[:first])


def test_who_published_nothing_that_names_a_place_has_no_home() -> None:
    """Nothing, articles of no site, and such as name no place teach nobody's home."""
    assert learn(()) == Knowledge()
    nowhere = learn([Article("a", "Boston", "They met in Boston, Massachusetts.")])
    nothing = learn([Article("b", "News", "It rained.", provider=BEACON)])
    assert (nowhere.articles, nothing.articles) == (1, 1)
    for taught in (nowhere, nothing):
        assert not any((taught.sites, taught.regions, taught.cells))


def test_a_state_alone_is_a_home_without_a_spot() -> None:
    """It tells the region of its publisher, and no cell of the map."""
    knowledge = learn([Article("a", "News", "It was the rule in Nebraska.", provider=BEACON)])
    assert knowledge.regions[BEACON.domain].keys() == {"US.Nebraska"}
    assert not knowledge.cells


def test_knowledge_survives_json() -> None:
    """Knowledge is the same after JSON, and the same knowledge is the same text."""
    knowledge = learn(archive(10))
    assert Knowledge.from_json(knowledge.to_json()) == knowledge
    assert learn(reversed(archive(10))).to_json() == knowledge.to_json()


def test_casing_of_words() -> None:
    """An archive that writes a word small in its sentences says that it is no name."""
    text = "They took the bath and a bath again, then bath after bath."
    knowledge = learn(Article(str(n), "News", text) for n in range(100))
    assert knowledge.small["bath"]
    assert "paris" not in knowledge.small


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://www.A.com:8080/boston/x?q=/y#z", "www.a.com", "/boston/x"),
        ("http://me:you@a.org", "a.org", ""),
        ("https://a.org?x", "a.org", ""),
        ("a.org/x", "", ""),
        ("", "", ""),
    ],
)
def test_addresses(url: str, host: str, path: str) -> None:
    """The host in small letters without its port, and the path without what follows."""
    article = Article("a", "T", "", url=url)
    assert address(article) == (host, path)
    assert site(article) == host.removeprefix("www.")
