"""Names in an address <-> SearchRequest."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from searcher.errors import QueryError
from searcher.request import FACETS, MATCH_MODES, MAX_PAGE_SIZE, SORTS, SearchRequest
from web import params
from web.openapi import document

_TEXT = st.text(max_size=12).map(str.strip)
_VALUES = st.lists(_TEXT.filter(bool), max_size=3, unique=True).map(tuple)
_DAYS = st.none() | st.dates(date(1000, 1, 1), date(2999, 12, 31))
_REQUESTS = st.builds(
    SearchRequest,
    query=_TEXT,
    **dict.fromkeys(FACETS, _VALUES),
    date_from=_DAYS,
    match=st.sampled_from(MATCH_MODES),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 999_999),
    size=st.integers(0, MAX_PAGE_SIZE),
    explain=st.booleans(),
)


def asked(query: str) -> SearchRequest:
    """The request in the query part of an address."""
    return params.read(MultiDict(parse_qsl(query, keep_blank_values=True)))


@given(_REQUESTS, _DAYS)
def test_an_address_reads_back_as_the_request_it_was_made_of(
    request: SearchRequest, end: date | None
) -> None:
    """Every request that a page can hold survives being a link."""
    request = request.changed(date_to=end, page=request.page)
    assert asked(urlsplit(params.address("/search", request)).query) == request


def test_what_is_as_usual_is_not_in_the_address() -> None:
    """The plain request has the plain address."""
    assert params.address("/search", SearchRequest()) == "/search"
    assert params.address("/search", SearchRequest("a b")) == "/search?q=a+b"


def test_blank_values_say_nothing() -> None:
    """An unfilled form field is as good as none, and blanks around a value do not count."""
    assert asked("q=+&city=&city=+&from=&to=&sort=&page=&size=&match=&explain=") == SearchRequest()
    assert asked("q=+a+&city=+Boston+") == SearchRequest("a", city=("Boston",))


def test_facets_repeat_and_keep_their_order_once() -> None:
    """A facet's values are those given, each once; of anything else there can be but one."""
    found = asked("city=B&city=A&city=B&sort=oldest&sort=oldest&q=x&q=")
    assert (found.city, found.sort, found.query) == (("B", "A"), "oldest", "x")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-06-24", date(2020, 6, 24), date(2020, 6, 24)),
    ],
)
def test_a_month_or_a_year_is_meant_whole(text: str, first: date, last: date) -> None:
    """``from`` is the first day of what is named, ``to`` its last."""
    found = asked(f"from={text}&to={text}")
    assert (found.date_from, found.date_to) == (first, last)


def test_a_stretch_in_the_wrong_order_is_the_whole_of_both() -> None:
    """From 2021 to 2020 is from the first day of 2020 to the last of 2021."""
    assert asked("from=2021&to=2020").days == (date(2020, 1, 1), date(2021, 12, 31))
    assert asked("from=2020-06-02&to=2020-06-01").days == (date(2020, 6, 1), date(2020, 6, 2))
    assert asked("from=2020-06&to=2020").days == (date(2020, 6, 1), date(2020, 12, 31))


@pytest.mark.parametrize(
    "query",
    [
        *("from=yesterday", "to=2020-13", "from=2020-02-30", "from=2020&from=2021"),
        *("page=0", "page=-1", "page=two", "page=1.5", "page=²", f"page={'9' * 5000}"),
        *("size=1001", "size=-1", "sort=best", "match=some", "q=a&q=b"),
    ],
)
def test_a_wrong_value_is_a_query_error_that_names_the_parameter(query: str) -> None:
    """A mistake is told with the name of the parameter that is to be mended."""
    with pytest.raises(QueryError, match=query.split("=")[0]):
        asked(query)


@pytest.mark.parametrize(
    ("text", "meant"), [("1", True), ("yes", True), ("0", False), ("no", False)]
)
def test_explain_is_a_switch(text: str, meant: bool) -> None:
    """Any value turns explanations on but those that say no."""
    assert asked(f"explain={text}").explain is meant


def test_strange_names_are_told() -> None:
    """A parameter that does not exist is noticed, so that it can be told."""
    assert params.unknown(["q", "provder", "from", "_"]) == ("_", "provder")


def test_every_parameter_is_described() -> None:
    """The OpenAPI description has exactly the parameters there are."""
    described = document("Searcher")["paths"]["/search.json"]["get"]["parameters"]
    assert [one["name"] for one in described] == list(params.PARAMETERS)
    assert all(one["description"] for one in described)
