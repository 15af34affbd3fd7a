"""Results as JSON and CSV: what programs and spreadsheets get."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Provider
from searcher.formats import CSV_COLUMNS, as_csv, as_json, web_link
from searcher.places import City
from searcher.places.city import Evidence
from searcher.request import SearchRequest
from searcher.results import Facet, FacetValue, Hint, Hit, RelatedHit, Results, Snippet

BOSTON = City(
    *(4930956, "Boston", "Boston, Massachusetts", "US", "Massachusetts", 42.36, -71.06),
    *(0.98, "about", (Evidence("title", 0, 6, "Boston", "dateline"),)),
)
MIAMI = City(
    *(4164138, "Miami", "Miami, Florida", "US", "Florida", 25.77, -80.19),
    *(0.9, "related", (Evidence("related[0]", 0, 5, "Miami", "most populous"),)),
)


def results_with(**changes: object) -> Results:
    """Results with one hit, whose article has the changes."""
    values: dict[str, object] = {
        "id": "news/001",
        "title": "Boston bans <it>",
        "excerpt": "Boston joins",
        "url": "https://mashable.com/a",
        "published_at": datetime(2020, 6, 24, 19, 27, tzinfo=UTC),
        "provider": Provider("Mashable", "mashable.com"),
        "topics": ("AI", "Privacy"),
        **changes,
    }
    article = Article(**values)  # type: ignore[arg-type]
    title = article.title
    snippets = {"title": Snippet(title, ((0, min(6, len(title))),))}
    related = (RelatedHit("A <b>", "javascript:alert(1)", "WBUR", Snippet("A <b>")),)
    facets = {
        "city": Facet("city", (FacetValue("Boston, Massachusetts", 3, True, "4930956"),), 2, 7)
    }
    return Results(
        SearchRequest("boston", size=2),
        "articles with boston",
        3,
        (Hit(article, (BOSTON, MIAMI), 7.123456, snippets, related),),
        facets,
        months=(("2020-06", 3),),
        hints=(Hint("try", SearchRequest("x"), 4),),
        took_ms=1.23456,
    )


def rows(results: Results) -> list[dict[str, str]]:
    """The CSV read back by the standard library."""
    return list(csv.DictReader(StringIO(as_csv(results), newline="")))


def test_json_has_the_documented_keys_and_survives_the_wire() -> None:
    """The JSON is plain values and has every key that the interface promises."""
    found = json.loads(json.dumps(as_json(results_with())))
    promised = "query reading warnings suggestion total took_ms page page_size next hits facets"
    assert set(promised.split()) <= set(found)
    assert found["next"] == 2
    assert found["suggestion"] is None
    hit = found["hits"][0]
    assert hit["provider"] == {"name": "Mashable", "domain": "mashable.com"}
    assert hit["published_at"] == "2020-06-24T19:27:00Z"
    assert hit["cities"][0]["role"] == "about"
    assert hit["cities"][0]["evidence"][0]["cue"] == "dateline"
    assert found["facets"]["city"][0] == {
        "value": "Boston, Massachusetts",
        "count": 3,
        "selected": True,
        "key": "4930956",
    }
    assert found["facet_notes"]["city"] == {"missing": 2, "more": 7}


def test_json_snippets_are_escaped_and_marked() -> None:
    """A snippet is HTML: the text escaped, what matched in <mark>, nothing else."""
    snippets = as_json(results_with())["hits"][0]["snippets"]
    assert snippets == {"title": "<mark>Boston</mark> bans &lt;it&gt;"}


def test_missing_parts_are_null_or_empty() -> None:
    """An article without date and provider says null in JSON and nothing in CSV."""
    results = results_with(published_at=None, provider=None, topics=(), url="")
    hit = as_json(results)["hits"][0]
    assert (hit["published_at"], hit["provider"], hit["topics"], hit["url"]) == (None, None, [], "")
    row = rows(results)[0]
    assert (row["published_at"], row["provider"], row["domain"], row["topics"]) == ("", "", "", "")


def test_times_are_given_in_utc() -> None:
    """A time of another zone is told in UTC, with a Z."""
    late = datetime(2020, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    hit = as_json(results_with(published_at=late))["hits"][0]
    assert hit["published_at"] == "2019-12-31T22:30:00Z"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "http:///x",
        "ftp://x",
        "x",
        "http://[",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Data makes no link but an http(s) one with a host."""
    assert web_link(url) == ""
    assert as_json(results_with(url=url))["hits"][0]["url"] == ""
    assert rows(results_with(url=url))[0]["url"] == ""


def test_web_addresses_stay_as_they_are() -> None:
    """An http(s) address is kept, blanks around it apart."""
    assert web_link(" HTTPS://a.example/b?c=d#e ") == "HTTPS://a.example/b?c=d#e"


def test_csv_lists_own_cities_and_every_column() -> None:
    """The CSV has the documented columns; cities of related items only are not the article's."""
    row = rows(results_with())[0]
    assert tuple(row) == CSV_COLUMNS
    assert row["cities"] == "Boston, Massachusetts"
    assert row["topics"] == "AI; Privacy"
    assert row["published"] == "yes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_are_no_formulas(start: str) -> None:
    """A cell that a spreadsheet would run gets an apostrophe before it."""
    assert rows(results_with(title=f"{start}1+1"))[0]["title"] == f"'{start}1+1"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_csv_keeps_any_text(text: str) -> None:
    """Whatever a title holds is read back from the CSV as it was, but for a defusing apostrophe."""
    assert rows(results_with(title=text))[0]["title"].removeprefix("'") == text.removeprefix("'")


def test_explanations_are_given_where_there_are_some() -> None:
    """The score's parts are in the JSON only where the request asked for them."""
    results = results_with()
    assert "explanation" not in as_json(results)["hits"][0]
    hit = results.hits[0]
    told = Hit(hit.article, (), 3.0, hit.snippets, explanation=(("boston in title", 3.0),))
    found = as_json(Results(results.request, "", 1, (told,), {}))["hits"][0]
    assert found["explanation"] == [{"what": "boston in title", "points": 3.0}]
