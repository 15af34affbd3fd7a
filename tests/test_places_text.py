"""What the gazetteer's readers see of a text: its words, its headline, what its names tell."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article
from searcher.places import find_cities
from searcher.places.findings import weigh
from searcher.places.gazetteer import gazetteer
from searcher.places.model import SIGNALS, model
from searcher.places.reading import read
from searcher.places.text import ASCII_WORD, HEADLINE, WORD, Field

ASCII: Final = st.text(st.characters(max_codepoint=127))


def test_what_begins_with_no_letter_makes_no_headline() -> None:
    """Be it a figure or a Roman numeral in one sign, which has a capital and is no letter."""
    assert Field("title", "Fire in Boston ⅩⅧth ⅩⅩⅦth 18th", gazetteer()).headline == 0


@given(ASCII | st.text("sS' ab_1."))
def test_ascii_has_the_same_words_either_way(text: str) -> None:
    """The quicker pattern tells the same words apart as the one for all texts."""
    assert ASCII_WORD.split(text) == WORD.split(text)


@pytest.mark.parametrize("written", ["Boston's mayor", "Boston’s mayor", "BOSTON'S mayor"])
def test_a_possessive_is_no_part_of_its_word(written: str) -> None:
    """Be it small or in capitals."""
    assert Field("excerpt", written, gazetteer()).words[::2] == [written[:6], "mayor"]


@pytest.mark.parametrize("length", [HEADLINE - 1, HEADLINE, HEADLINE + 1])
def test_a_headline_has_so_many_words_at_most(length: int) -> None:
    """A first line in title case, unless it is longer."""
    field = Field("related[0]", f"{'Council ' * length}\nIt met on Monday.", gazetteer())
    assert field.headline == (length if length <= HEADLINE else 0)


@pytest.mark.parametrize("blank", ["  ", "\t", "\xa0", "\u202f", " \t "])
def test_any_blank_is_a_blank(blank: str) -> None:
    """Cities and what tells of them are the same, however their words are set apart."""
    text = "A fire in Paris, Texas, killed two. Police in New York met in St. Louis, Mo."
    expected = find_cities(Article("a", "Fire", text))
    found = find_cities(Article("a", "Fire", text.replace(" ", blank)))
    assert [city.label for city in found] == [city.label for city in expected]
    assert [city.confidence for city in found] == [city.confidence for city in expected]


@pytest.mark.parametrize(
    "url", ["http://[x", "http://[::1/a", "http://[bad]/", "https://a\u2100b/"]
)
def test_an_address_that_is_none_tells_nothing(url: str) -> None:
    """It is no error either: an article may have any text for one."""
    with_it, without = (
        find_cities(Article("a", "Council meets", "Police in Boston met.", url=one))
        for one in (url, "")
    )
    assert with_it == without


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("Boston votes", "It was in Boston, Mass., that they met.", {"in the title", "beside"}),
        ("The vote", "It was in Boston, Mass., that they met.", {"beside"}),
        ("Boston votes", "They met.", {"in the title"}),
        ("The vote", "It was in Washington that they met.", {"state or country"}),
    ],
)
def test_what_a_finding_tells(title: str, text: str, told: set[str]) -> None:
    """Of three signs exactly those are told that the text has."""
    [finding] = weigh(read(Article("a", title, text), gazetteer()), model())
    signals = dict(zip(SIGNALS, finding.signals, strict=True))
    asked = ("in the title", "beside", "state or country")
    assert {name for name in asked if signals[name]} == told
