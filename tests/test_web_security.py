"""Mistakes and attacks: what the site never does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.website import Outline, article, data, outline, site_of
from web import create_app

EVIL: Final = '<script>alert("x")</script>'
PAGES: Final = (
    *("/", "/search", "/search?q=facial+recognition", "/help", "/facet/city?q=facial"),
    *("/article/000_8feee25d5bf3b605", "/search?q=zebra&city=Atlantis", "/search?page=2&size=2"),
    *("/search?q=facial&explain=1&sort=oldest&match=any&from=2020&to=2021-12-31", "/search?from=x"),
)


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> FlaskClient:
    """A visitor of the seeds' site."""
    return create_app(seeds_index).test_client()


@pytest.mark.parametrize(
    "query", ["from=2020-13", "page=0", "size=5000", "sort=best", "match=some"]
)
def test_a_mistake_is_a_400_with_its_cure(client: FlaskClient, query: str) -> None:
    """On the page as in JSON, a wrong value is told together with what is right."""
    name = query.split("=")[0]
    told = client.get(f"/search.json?{query}")
    assert told.status_code == 400
    assert name in told.get_json()["error"]
    assert name in outline(client, f"/search?{query}", 400).words
    assert client.get(f"/search.csv?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ['"', "(((", "AND", "-", "*", "a" * 9000, "(" * 3000, "😀 \0 \u202e"]
)
def test_no_query_is_a_mistake(client: FlaskClient, query: str) -> None:
    """Whatever is typed gets a page."""
    assert client.get("/search", query_string={"q": query}).status_code == 200


def test_without_an_index_the_site_says_how_to_build_one(tmp_path: Path) -> None:
    """A missing index is a friendly 503 that names the command; once built, the site works."""
    client = create_app(tmp_path / "index").test_client()
    assert "searcher reindex" in outline(client, "/", 503).words
    assert "searcher reindex" in data(client, "/search.json")["error"]
    assert client.get("/healthz").status_code == 503
    assert "searcher_ready 0" in client.get("/metrics").text
    for address in ("/help", "/robots.txt", "/openapi.json", "/opensearch.xml"):
        assert client.get(address).status_code == 200
    site_of(tmp_path, {"a.md": article("One")})
    assert "1 article" in outline(client, "/search").words


def test_an_unknown_address_is_a_page_of_ours(client: FlaskClient) -> None:
    """404 and 405 look like the site and lead back to it."""
    assert "Start again" in outline(client, "/nosuch", 404).words
    assert data(client, "/nosuch.json")["status"] == 404
    assert client.post("/search").status_code == 405


def test_an_unknown_setting_is_refused(seeds_index: Path) -> None:
    """A mistyped setting fails at once and names those there are."""
    with pytest.raises(TypeError, match="show_unpublished"):
        create_app(seeds_index, show_unpublishd=True)


def test_a_bug_tells_visitors_nothing(seeds_index: Path) -> None:
    """An unforeseen error is logged and answered without its details."""
    app: Flask = create_app(seeds_index)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the details")

    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert "the details" not in response.text


@pytest.mark.parametrize(
    "address", [*PAGES, "/search.json", "/nosuch", "/static/style.css", "/suggest"]
)
def test_every_answer_is_protected(client: FlaskClient, address: str) -> None:
    """Whatever the answer: a strict policy, no sniffing, no frames, little referrer."""
    with client.get(address) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_nothing_inline_and_are_well_formed(client: FlaskClient, address: str) -> None:
    """No inline script or style, every tag closed, every field labelled, every id once."""
    page = Outline(client.get(address).text)
    assert page.balanced
    assert not page.all("style")
    assert all("src" in script for script in page.all("script"))
    for _, attributes in page.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == 1


def test_data_makes_no_markup_and_no_other_links(tmp_path: Path) -> None:
    """Tags in the data are text, and an address that is not http(s) is no link."""
    evil = (
        "---\ntitle: 'Evil &lt;script&gt;alert(1)&lt;/script&gt;'\n"
        "sourceUrl: 'javascript:alert(1)'\n"
        "provider: {name: '&lt;img src=x onerror=alert(1)&gt;'}\ntopics: ['&quot;&gt;&lt;b&gt;']\n"
        "related:\n  - title: Evil too\n    webUrl: 'data:text/html,x'\n---\n"
    )
    client = site_of(tmp_path, {"a.md": evil})
    for address in ("/", "/search?q=evil", "/article/a", "/facet/topic"):
        page = outline(client, address)
        assert page.balanced
        assert not page.all("img") + page.all("b")
        assert all("src" in script for script in page.all("script"))
        assert not [link for link in page.links.values() if link.startswith(("java", "data"))]


@pytest.mark.parametrize("name", ["q", "city", "sort", "find", "order", "from"])
def test_what_is_typed_is_never_markup(client: FlaskClient, name: str) -> None:
    """No parameter comes back as anything but text."""
    for path in ("/search", "/facet/city", "/"):
        page = Outline(client.get(path, query_string={name: EVIL}).text)
        assert page.balanced
        assert all("src" in script for script in page.all("script"))


def test_only_named_hosts_are_answered(seeds_index: Path) -> None:
    """A site that names its hosts refuses requests made for others."""
    client = create_app(seeds_index, hosts=("news.example",)).test_client()
    assert client.get("/help", headers={"Host": "news.example"}).status_code == 200
    assert client.get("/help", headers={"Host": "evil.example"}).status_code == 400


def test_behind_a_proxy_links_use_its_address(seeds_index: Path) -> None:
    """Forwarded headers count only where the site says a proxy stands before it."""
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/news"}
    behind = create_app(seeds_index, proxies=1).test_client().get("/search.atom", headers=forwarded)
    assert "https://localhost/news/article/" in behind.text
    before = create_app(seeds_index).test_client().get("/search.atom", headers=forwarded)
    assert "https://localhost" not in before.text


def test_doubled_slashes_stay_on_the_site(client: FlaskClient) -> None:
    """A path with too many slashes leads to the one meant, never to another host."""
    response = client.get("/article//evil.example")
    assert response.status_code == 308
    assert response.headers["Location"] == "http://localhost/article/evil.example"
