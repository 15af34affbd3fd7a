"""What templates are told besides the results."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Provider, RelatedItem
from searcher.places import City
from searcher.places.city import Evidence
from searcher.request import SearchRequest
from searcher.results import Facet, FacetValue, Hit, Results
from web import page
from web.evidence import reasons


def results_of(request: SearchRequest, total: int = 0, **more: object) -> Results:
    """Results without hits."""
    return Results(request, "", total, (), more.pop("facets", {}), **more)  # type: ignore[arg-type]


def city_because(*evidence: Evidence) -> City:
    """A city with this evidence."""
    return City(1, "Boston", "Boston, Massachusetts", "US", "", 0.0, 0.0, 1.0, "about", evidence)


@given(st.integers(1, 60), st.integers(0, 500))
def test_page_numbers_lead_everywhere_in_order(here: int, total: int) -> None:
    """First, last and this page are linked, ascending; a gap stands for at least two pages."""
    results = results_of(SearchRequest(page=here), total)
    found = list(page.numbers(results))
    numbers = [n for n in found if n is not None]
    assert numbers == sorted(set(numbers))
    assert {1, results.pages, min(here, results.pages)} <= set(numbers)
    for before, number, after in zip(found, found[1:], found[2:], strict=False):
        assert number is not None or (before is not None and after is not None)
        assert number is not None or after - before > 2  # type: ignore[operator]


@given(st.dates(date(1500, 1, 1), date(2300, 1, 1)), st.lists(st.integers(0, 9), min_size=1))
def test_bars_keep_every_article_and_cover_time_without_gaps(
    start: date, counts: list[int]
) -> None:
    """Bars add up to the months they stand for, follow one another, and the highest is full."""
    first = start.year * 12 + start.month - 1
    months = tuple(
        (f"{(first + i) // 12:04}-{(first + i) % 12 + 1:02}", n) for i, n in enumerate([*counts, 1])
    )
    bars = page.bars(results_of(SearchRequest("x", page=3), months=months))
    assert sum(bar.count for bar in bars) == sum(counts) + 1
    assert max(bar.height for bar in bars) == 100
    assert all(bar.request.page == 1 and bar.request.query == "x" for bar in bars)
    spans = [(bar.request.date_from, bar.request.date_to) for bar in bars]
    for (_, end), (begin, _) in pairwise(spans):
        assert end is not None
        assert begin == end + timedelta(days=1)
    assert len(bars) <= 48


def test_no_dates_no_bars() -> None:
    """Articles without dates have no histogram."""
    assert page.bars(results_of(SearchRequest())) == []


def test_each_chip_lets_go_of_one_choice() -> None:
    """What was chosen is shown with its label, and its link asks for everything but it."""
    request = SearchRequest("x", city=("4930956", "Paris, France"), date_from=date(2020, 6, 1))
    boston = FacetValue("Boston, Massachusetts", 0, True, "4930956")
    chips = page.chips(results_of(request, facets={"city": Facet("city", (boston,))}))
    assert [chip.label for chip in chips] == [
        *("Boston, Massachusetts", "Paris, France", "from 1 June 2020")
    ]
    assert chips[0].request == request.without("city", "4930956")
    assert chips[2].request == request.changed(date_from=None)
    assert page.unfiltered(request) == SearchRequest("x")


def test_a_shared_label_is_asked_for_by_its_key() -> None:
    """Two places with one label cannot be told apart by it, so their forms send the id."""
    one, two, three = (FacetValue(v, 1, False, k) for v, k in [("A", "1"), ("A", "2"), ("B", "3")])
    facet = Facet("city", (one, two, three))
    assert [page.form_value(facet, value) for value in facet.values] == ["1", "2", "B"]


def test_a_choice_the_archive_does_not_know_is_still_listed() -> None:
    """Chosen values are matched by label, id or bare name; the rest are strangers."""
    facet = Facet("city", (FacetValue("Boston, Massachusetts", 3, True, "4930956"),))
    request = SearchRequest(city=("boston", "4930956", "Boston, Massachusetts", "Atlantis"))
    assert page.unlisted(facet, request) == ["Atlantis"]


def test_a_choice_is_known_however_its_name_is_written() -> None:
    """Case, accents and blanks do not make a stranger of it, as they do not in a search."""
    facet = Facet("city", (FacetValue("Z\u00fcrich, Switzerland", 3, True, "2657896"),))
    request = SearchRequest(city=("zurich", "ZU\u0308RICH", " zurich,  switzerland"))
    assert page.unlisted(facet, request) == []


def test_a_form_carries_along_what_it_does_not_show() -> None:
    """Hidden fields are what the visible ones leave out, never the page."""
    request = SearchRequest("x", city=("A",), sort="newest", page=4)
    assert page.hidden(request, "q", "city") == [("sort", "newest")]


def test_evidence_is_shown_where_it_stands() -> None:
    """The deciding words are marked within the words around them, and the place is named."""
    text = "word " * 40 + "BOSTON (AP) " + "more " * 40
    related = RelatedItem("In Boston today", "x", provider=Provider("WBUR"))
    hit = Hit(Article("a", "T", text, related=(related,)), (), 0.0, {})
    city = city_because(
        Evidence("excerpt", 200, 206, "BOSTON", "dateline"),
        Evidence("related[0]", 3, 9, "Boston", "most populous"),
        Evidence("elsewhere", 3, 9, "Boston", ""),
    )
    (where, snippet, cue), (other, inside, _), (_, plain, _) = reasons(hit, city)
    assert (where, cue, other) == ("in the excerpt", "dateline", "in what WBUR wrote")
    assert "<mark>BOSTON</mark> (AP)" in snippet.html
    assert snippet.text.startswith("… word")
    assert snippet.text.endswith(" …")
    assert inside.html == "In <mark>Boston</mark> today\nx"
    assert plain.html == "Boston"


@pytest.mark.parametrize(("number", "words"), [(0, "0 hits"), (1, "1 hit"), (1204, "1,204 hits")])
def test_numbers_agree_with_their_noun(number: int, words: str) -> None:
    """Numbers are grouped and the noun follows them."""
    assert page.count(number, "hit") == words


def test_dates_are_unmistakable() -> None:
    """A day is written with its month's name, a moment as Atom wants it."""
    moment = datetime(2020, 6, 4, 23, 0, tzinfo=UTC)
    assert page.day(moment) == "4 June 2020"
    assert page.moment(moment) == "2020-06-04T23:00:00Z"


def test_a_bar_never_widens_the_chosen_dates() -> None:
    """The bar of a month that is only partly chosen leads to the chosen part."""
    chosen = SearchRequest(date_from=date(2020, 6, 10), date_to=date(2020, 6, 20))
    (bar,) = page.bars(results_of(chosen, months=(("2020-06", 3),)))
    assert bar.request == chosen
