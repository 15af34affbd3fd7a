"""Sites for tests, and what a test asks of a page: links, fields, words, every attribute."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from searcher import reindex
from web import create_app

__all__ = ["Outline", "article", "data", "outline", "site_of"]

_EMPTY = {"input", "link", "meta", "br", "rect", "circle", "path"}


class Outline(HTMLParser):
    """One page, read tag by tag. ``balanced`` tells whether every tag was closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.links: dict[str, str] = {}
        self.words = ""
        self.balanced = True
        self._open: list[str] = []
        self._link: str | None = None
        self.feed(html)
        self.balanced = self.balanced and not self._open
        self.words = " ".join(self.words.split())
        self.links = {" ".join(text.split()): href for text, href in self.links.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag not in _EMPTY:
            self._open.append(tag)
        if tag == "a" and "href" in found:
            self._link, self._text = found["href"], ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self._open) and self._open.pop() == tag
        if tag == "a" and self._link is not None:
            self.links[self._text], self._link = self._link, None

    def handle_data(self, data: str) -> None:
        self.words += f" {data}" if data.strip() else " "
        if self._link is not None:
            self._text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every such tag."""
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]

    def fields(self) -> list[tuple[str, str]]:
        """What the page's form sends when nothing is touched; blank values left out."""
        sent = []
        for _, a in self.tags:
            off = a.get("type") in ("checkbox", "radio") and "checked" not in a
            if a.get("name") and a.get("value") and "content" not in a and not off:
                sent.append((a["name"], a["value"]))
        return sent


def article(title: str, **more: str) -> str:
    """An article's file."""
    lines = [f"{name}: {value}" for name, value in more.items()]
    return "\n".join(["---", f"title: {title!r}", *lines, "---", ""])


def site_of(folder: Path, files: dict[str, str], **settings: Any) -> FlaskClient:
    """A visitor of a site over these files and those that the folder has already."""
    for name, text in files.items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reindex(folder / "source", folder / "index")
    return create_app(folder / "index", **settings).test_client()


def outline(client: FlaskClient, address: str, status: int = 200) -> Outline:
    """The page at an address."""
    response = client.get(address)
    assert response.status_code == status, response.text
    return Outline(response.text)


def data(client: FlaskClient, address: str) -> Any:
    """The JSON at an address."""
    return client.get(address).get_json()
