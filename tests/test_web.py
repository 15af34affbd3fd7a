"""The pages: what is found, shown and linked."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from searcher.request import FACETS
from tests.website import Outline, article, data, outline, site_of
from web import create_app

PAGES: Final = (
    *("/", "/search", "/search?q=facial+recognition", "/help", "/facet/city?q=facial"),
    *("/article/000_8feee25d5bf3b605", "/search?q=zebra&city=Atlantis", "/search?page=2&size=2"),
    *("/search?q=facial&explain=1&sort=oldest&match=any&from=2020&to=2021-12-31", "/search?from=x"),
)


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> FlaskClient:
    """A visitor of the seeds' site."""
    return create_app(seeds_index).test_client()


def test_the_seeds_are_found_and_narrowed(client: FlaskClient) -> None:
    """Five articles are about facial recognition; one of them is about Worcester."""
    assert data(client, "/search.json?q=facial+recognition")["total"] == 5
    address = "/search.json?q=facial+recognition&city=Worcester,+Massachusetts"
    found = data(client, address)
    assert [hit["title"] for hit in found["hits"]] == [
        "Worcester bans city use of facial recognition technology"
    ]
    assert found["facets"]["city"][0]["value"] == "Boston, Massachusetts"


def test_the_front_page_leads_into_the_archive(client: FlaskClient) -> None:
    """It tells how many articles there are and links cities, providers, topics and the newest."""
    page = outline(client, "/")
    assert page.words.count("5 articles") == 1
    assert "/search?city=Boston%2C+Massachusetts" in page.links.values()
    assert "/article/004_4904662d45091d22" in page.links.values()


def test_the_front_page_with_words_searches(client: FlaskClient) -> None:
    """Parameters after the plain address are a search."""
    assert "1 article" in outline(client, "/?q=facial&provider=Mashable").words


def test_one_form_holds_everything_that_was_asked(client: FlaskClient) -> None:
    """Sending the form untouched asks for the same again, from the first page."""
    asked = [
        *(("q", "facial recognition"), ("city", "Boston, Massachusetts"), ("topic", "AI")),
        *(("topic", "Computer Vision"), ("year", "2020"), ("from", "2020-01-01")),
        *(("to", "2020-12-31"), ("match", "all"), ("sort", "newest"), ("size", "1")),
    ]
    address = "/search?" + "&".join(f"{name}={quote(value)}" for name, value in asked)
    page = outline(client, f"{address}&page=2")
    assert len(page.all("form")) == 1
    assert sorted(page.fields()) == sorted(asked)


def test_every_facet_has_labelled_checkboxes_with_counts(client: FlaskClient) -> None:
    """City, provider, topic, year and status are chosen by checkbox."""
    page = outline(client, "/search?q=facial+recognition")
    assert {box["name"] for box in page.all("input", type="checkbox") if "name" in box} == set(
        FACETS
    )
    assert page.all("input", type="checkbox", name="city", value="Worcester, Massachusetts")


def test_a_chosen_value_is_listed_whatever_else_is_asked(client: FlaskClient) -> None:
    """Known or not, with hits or without: what was chosen can be let go."""
    page = outline(
        client, "/search?q=zebra&city=Atlantis&city=Boston,+Massachusetts&provider=Mashable"
    )
    boxes = page.all("input", type="checkbox", checked="")
    assert {box["value"] for box in boxes} == {"Atlantis", "Boston, Massachusetts", "Mashable"}


def test_pages_follow_one_another(client: FlaskClient) -> None:
    """Each page links the next and the one before; together they show every hit once."""
    seen: list[str] = []
    address: str | None = "/search?q=facial+recognition&size=2"
    while address:
        page = outline(client, address)
        seen += [a["href"] for a in page.all("a") if a["href"].startswith("/article/")]
        address = next((a["href"] for a in page.all("a", rel="next")), None)
    assert len(seen) == len(set(seen)) == 5


def test_beyond_the_last_page_leads_back(client: FlaskClient) -> None:
    """A page that does not exist says so and links the last that does."""
    page = outline(client, "/search?q=facial&size=2&page=99")
    assert page.links["Go to page 3"] == "/search?q=facial&page=3&size=2"
    assert client.get(f"/search?page={10**8}").status_code == 200


def test_nothing_found_leads_on(client: FlaskClient) -> None:
    """An empty result says so and links at least one way on."""
    asked = "q=facial+recognition&city=Worcester,+Massachusetts&provider=Mashable"
    page = outline(client, f"/search?{asked}")
    assert "Nothing was found" in page.words
    ways = [way["text"] for way in data(client, f"/search.json?{asked}")["hints"] if way["total"]]
    assert ways
    assert all(way in page.links for way in ways)


def test_every_link_of_a_page_answers(client: FlaskClient) -> None:
    """No page of ours links to one that fails."""
    links = {
        href
        for address in PAGES
        for href in Outline(client.get(address).text).links.values()
        if href.startswith("/")
    }
    assert len(links) > 50
    for link in links:
        assert client.get(link).status_code == 200, link


def test_an_article_is_shown_whole(client: FlaskClient) -> None:
    """Title, excerpt, outlet, date, topics, cities and why, related coverage, the way out."""
    page = outline(client, "/article/000_8feee25d5bf3b605")
    for words in (
        *("Cambridge becomes 4th Mass. community", "doesn’t prevent", "The Business Journals"),
        *("14 January 2020", "Computer Vision", "Cambridge, Massachusetts", "about it"),
        *("in related coverage only", "Somerville", "The Harvard Crimson", "Similar articles"),
    ):
        assert words in page.words
    assert any(link.startswith("https://www.bizjournals.com/") for link in page.links.values())


@pytest.mark.parametrize("name", ["a/b.c/d", "with blank", "ünï/çødé", "50%/off?#&;=+", "x.txt"])
def test_an_id_may_be_any_path(tmp_path: Path, name: str) -> None:
    """The link that a result gives leads to its article, whatever its file is called."""
    client = site_of(tmp_path, {f"{name}.md": article("Findable")})
    (link,) = [
        link for text, link in outline(client, "/search").links.items() if text == "Findable"
    ]
    assert "Findable" in outline(client, link).words


def test_an_unknown_article_is_not_found(client: FlaskClient) -> None:
    """A wrong id is a 404 that leads on."""
    assert "no article" in outline(client, "/article/nosuch/one", 404).words


def test_a_facet_page_lists_and_finds_values(tmp_path: Path) -> None:
    """All values are there, in parts; they can be searched; the chosen one always stays."""
    files = {
        f"{i}.md": article(f"Story {i}", provider=f"{{name: Outlet {i:03}}}") for i in range(250)
    }
    client = site_of(tmp_path, files)
    more = outline(client, "/search").links
    address = next(link for text, link in more.items() if text.startswith("240 more"))
    first, second = outline(client, address), outline(client, f"{address}?part=2")
    assert len(first.all("input", type="checkbox")) == 200
    assert len(second.all("input", type="checkbox")) == 50
    found = outline(client, "/facet/provider?provider=Outlet+007&find=outlet+24&order=name")
    values = [box["value"] for box in found.all("input", type="checkbox")]
    assert values == ["Outlet 007", *(f"Outlet {i}" for i in range(240, 250))]
    assert ("provider", "Outlet 007") in found.fields()


def test_articles_without_a_city_are_counted(tmp_path: Path) -> None:
    """The facet says how many of the articles have no value."""
    client = site_of(tmp_path, {"a.md": article("Nothing in particular")})
    assert "1 article without a city" in outline(client, "/search").words


def test_an_unknown_facet_is_not_found(client: FlaskClient) -> None:
    """A wrong facet is a 404 that names the right ones."""
    assert "city, provider" in outline(client, "/facet/colour", 404).words


@pytest.mark.parametrize(
    ("address", "status", "cure"),
    [
        ("order=size", 400, "use count, name"),
        ("part=two", 400, "write a whole number"),
        ("part=0", 400, "at least 1"),
        ("part=7", 404, "the last one is 1"),
    ],
)
def test_a_wrong_part_or_order_of_a_facet_is_told(
    client: FlaskClient, address: str, status: int, cure: str
) -> None:
    """With what there is to choose from, as everywhere."""
    assert cure in outline(client, f"/facet/provider?{address}", status).words
    assert outline(client, "/facet/provider?order=&part=").words


def test_dates_in_the_wrong_order_are_turned_round_everywhere(client: FlaskClient) -> None:
    """Two parameters do what a stretch within the query does, and both say so."""
    for asked in ("from=2021&to=2020", "q=date:2021..2020"):
        found = data(client, f"/search.json?{asked}")
        assert (found["total"], found["reading"]) == (5, "all articles; from 2020 to 2021")
        assert [one.split(": ")[-1] for one in found["warnings"]] == ["turned round"]
    page = outline(client, "/search?from=2021&to=2020")
    assert ("from", "2020-01-01") in page.fields()
    assert ("to", "2021-12-31") in page.fields()


def test_unpublished_articles_carry_a_badge(tmp_path: Path) -> None:
    """They are found, and marked."""
    client = site_of(tmp_path, {"a.md": article("Secret plan", published="false")})
    assert "Unpublished" in outline(client, "/search?q=plan").words
    assert "Unpublished" in outline(client, "/article/a").words


def test_a_site_can_hide_unpublished_articles(tmp_path: Path) -> None:
    """Then no address shows a trace of them: neither title nor words nor numbers."""
    files = {"a.md": article("Hidden zephyr", published="false"), "b.md": article("Open door")}
    client = site_of(tmp_path, files, show_unpublished=False)
    for address in (
        *("/", "/search", "/search?status=unpublished", "/search?q=zephyr"),
        *("/search.json", "/search.csv", "/search.atom", "/suggest?q=zep", "/suggest?q=hid"),
        *("/article/b", "/facet/provider", "/search.json?status=unpublished"),
    ):
        text = client.get(address).text
        assert "Hidden" not in text, address
        assert "0 articles" in text or "zephyr" not in text, address
    assert data(client, "/search.json")["total"] == 1
    assert "status" not in data(client, "/search.json")["facets"]
    assert client.get("/article/a").status_code == 404
    assert client.get("/facet/status").status_code == 404
    assert data(client, "/healthz")["articles"] == 1
    assert "searcher_articles 1" in client.get("/metrics").text


def test_a_hidden_title_is_not_suggested_for_its_words(tmp_path: Path) -> None:
    """Words that published articles have as well do not bring up a title that is hidden."""
    body = "open secret meeting door"
    files = {"a.md": article("Secret meeting", published="false"), "b.md": article(body)}
    client = site_of(tmp_path, files, show_unpublished=False)
    assert "Secret meeting" not in client.get("/suggest?q=secret+me").text
    assert body in client.get("/suggest?q=open+sec").text


def test_values_are_bounded(tmp_path: Path) -> None:
    """More values of a facet than anybody chooses are refused, not worked on."""
    client = site_of(tmp_path, {"a.md": article("Open door")})
    answer = client.get("/search.json?" + "&".join(f"city=c{n}" for n in range(101)))
    assert answer.status_code == 400
    assert "from 0 to 100" in answer.text


def test_a_tag_is_good_for_its_own_address_only(tmp_path: Path) -> None:
    """What is not there is not unchanged."""
    client = site_of(tmp_path, {"a.md": article("Open door")})
    tag = {"If-None-Match": client.get("/article/a").headers["ETag"]}
    assert client.get("/article/a", headers=tag).status_code == 304
    assert client.get("/article/b", headers=tag).status_code == 404
    assert client.get("/search?page=0", headers=tag).status_code == 400


def test_the_front_pages_links_are_plain_searches(tmp_path: Path) -> None:
    """How the front page lists its newest is no part of what its links ask for."""
    client = site_of(tmp_path, {"a.md": article("Open door")})
    assert "size=6" not in client.get("/").text
