"""What programs are told: JSON, CSV, Atom, completions, health, metrics; and what is kept."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from searcher.formats import CSV_COLUMNS
from searcher.grammar import OPERATORS
from tests.website import Outline, article, data, outline, site_of
from web import create_app

ATOM: Final = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> FlaskClient:
    """A visitor of the seeds' site."""
    return create_app(seeds_index).test_client()


def test_csv_is_a_file_of_the_hits(client: FlaskClient) -> None:
    """The CSV has the documented columns and a row for each hit of the page."""
    response = client.get("/search.csv?q=facial+recognition&size=3")
    assert response.mimetype == "text/csv"
    rows = list(csv.reader(StringIO(response.text, newline="")))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == 4


def test_a_next_page_is_named_in_the_link_header(client: FlaskClient) -> None:
    """Programs can follow pages without making addresses."""
    link = client.get("/search.json?q=facial+recognition&size=3").headers["Link"]
    assert link == '</search.json?q=facial+recognition&page=2&size=3>; rel="next"'
    assert "Link" not in client.get("/search.json?q=facial+recognition").headers


def test_the_feed_is_atom_newest_first(client: FlaskClient) -> None:
    """The feed parses, and lists the hits newest first unless another order is asked for."""
    feed = ElementTree.fromstring(client.get("/search.atom?q=facial").text)
    dates = [entry.findtext(f"{ATOM}published") for entry in feed.iter(f"{ATOM}entry")]
    assert len(dates) == 5
    assert dates == sorted(dates, key=str, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]


def test_the_feed_survives_any_title(tmp_path: Path) -> None:
    """What XML cannot hold is left out; what it must escape is escaped."""
    client = site_of(tmp_path, {"a.md": '---\ntitle: "a\\u0001b & \\u000b<c>"\n---\n'})
    feed = ElementTree.fromstring(client.get("/search.atom").text)
    assert "&" in str(feed.findtext(f"{ATOM}entry/{ATOM}title"))


def test_strange_parameters_are_told_to_programs(client: FlaskClient) -> None:
    """A mistyped parameter does not pass unnoticed."""
    assert "no parameter provder: ignored" in data(client, "/search.json?provder=x")["warnings"]


def test_completions_have_the_form_browsers_know(client: FlaskClient) -> None:
    """``[typed, [completion, ...]]``, and none for nothing."""
    typed, found = data(client, "/suggest?q=recog")
    assert typed == "recog"
    assert "recognition" in found
    assert data(client, "/suggest") == ["", []]


def test_a_browser_can_add_the_site(client: FlaskClient) -> None:
    """The OpenSearch description parses and names the search page."""
    text = client.get("/opensearch.xml").text
    templates = [
        e.get("template", "") for e in ElementTree.fromstring(text).iter() if "Url" in e.tag
    ]
    assert "http://localhost/search?q={searchTerms}&page={startPage?}" in templates


def test_the_description_names_addresses_that_exist(client: FlaskClient) -> None:
    """Everything in the OpenAPI description answers."""
    described = data(client, "/openapi.json")
    assert described["openapi"].startswith("3.")
    for path in described["paths"]:
        assert client.get(path).status_code == 200, path


def test_explain_tells_scores(client: FlaskClient) -> None:
    """``explain=1`` shows on the page and in the JSON what a score is made of."""
    hit = data(client, "/search.json?q=facial&explain=1")["hits"][0]
    assert hit["explanation"]
    assert hit["explanation"][0]["what"] in outline(client, "/search?q=facial&explain=1").words


def test_help_has_every_operator(client: FlaskClient) -> None:
    """The help page is drawn from the grammar's own table."""
    page = outline(client, "/help")
    for operator in OPERATORS:
        assert operator.meaning in page.words
        assert operator.example in page.links


def test_health_and_metrics(client: FlaskClient) -> None:
    """Health tells what is served; metrics count what was answered."""
    assert data(client, "/healthz")["articles"] == 5
    client.get("/search.json")
    text = client.get("/metrics").text
    assert "searcher_articles 5" in text
    assert re.search(r'searcher_answers_total\{view="data.json",status="200"\} [1-9]', text)
    assert re.search(r"searcher_answer_seconds_count [1-9]", text)


def test_robots_stay_out_of_endless_combinations(client: FlaskClient) -> None:
    """Searches are not to be crawled; articles may be."""
    assert "Disallow: /search\n" in client.get("/robots.txt").text


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    """A page comes with a tag, by which the second answer is an empty 304."""
    first = client.get("/search?q=facial")
    again = client.get("/search?q=facial", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_new_index_changes_every_tag(tmp_path: Path) -> None:
    """After a reindex the old tag is no longer good, and the new article is there."""
    client = site_of(tmp_path, {"a.md": article("One")})
    tag = client.get("/search").headers["ETag"]
    site_of(tmp_path, {"b.md": article("Two")})
    response = client.get("/search", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "2 articles" in Outline(response.text).words


def test_static_files_are_kept_for_a_year(client: FlaskClient) -> None:
    """A page names its stylesheet by version, so that browsers may keep it."""
    (sheet,) = outline(client, "/").all("link", rel="stylesheet")
    with client.get(sheet["href"]) as response:
        assert "immutable" in response.headers["Cache-Control"]
