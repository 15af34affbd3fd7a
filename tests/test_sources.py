"""Reading: which files are looked at, what they become, and why some become nothing."""

from __future__ import annotations

import io
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import sources
from searcher.article import Article, Provider, RelatedItem
from searcher.errors import SourceError
from searcher.sources import Rejection, ahead, article_id, parse, read, scan

SEEDS = Path(__file__).parents[1] / "seeds"


def article(text: str | bytes, path: str = "a.md") -> Article:
    data = text if isinstance(text, bytes) else text.encode()
    found = parse(data, path)
    assert isinstance(found, Article), found
    return found


def rejection(text: str | bytes, path: str = "a.md") -> Rejection:
    data = text if isinstance(text, bytes) else text.encode()
    found = parse(data, path)
    assert isinstance(found, Rejection), found
    return found


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", ""])


# What a real file becomes


def test_seeds_all_become_articles() -> None:
    """Every seed is an article with an outlet, a date, a web address and related stories."""
    found = [read(SEEDS, file.path) for file in scan(SEEDS)]
    assert len(found) == 5
    for one in found:
        assert isinstance(one, Article), one
        assert one.provider
        assert one.published_at
        assert one.url.startswith("https://")
        assert one.related


def test_one_seed_value_by_value() -> None:
    """A seed's values stand in the article as the file says them, its encoding mended."""
    found = read(SEEDS, "000_8feee25d5bf3b605.txt")
    assert isinstance(found, Article)
    assert found.id == "000_8feee25d5bf3b605"
    assert found.title.startswith("Cambridge becomes 4th Mass. community to ban")
    assert "tech ban doesn’t prevent" in found.excerpt
    assert found.published_at == datetime(2020, 1, 14, 19, 49, tzinfo=UTC)
    assert found.provider == Provider("The Business Journals", "bizjournals.com")
    assert found.topics == ("AI", "Computer Vision")
    assert (found.quality, found.heat, found.published) == (59.0, 79.0, True)
    assert [item.provider and item.provider.name for item in found.related] == [
        "MassLive",
        "The Harvard Crimson",
    ]


def test_secured_is_nowhere() -> None:
    """What stands under `secured` never gets into an article, not even through an alias."""
    text = front("title: A", "secured: &blob sEcReT", "excerpt: *blob", "topics: [*blob]")
    assert "sEcReT" not in repr(article(text))
    for file in scan(SEEDS):
        raw = (SEEDS / file.path).read_text()
        if "secured:" in raw:
            blob = raw.split('secured: "')[1][:40]
            assert blob not in repr(read(SEEDS, file.path))


def test_a_title_is_enough() -> None:
    """Everything but the title may be missing."""
    assert article(front("title: Alone")) == Article(id="a", title="Alone")


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        (["sourceUrl: https://a/s"], "https://a/s"),
        (["webUrl: https://a/w"], "https://a/w"),
        (["originalUrl: https://a/o"], "https://a/o"),
        (["originalUrl: https://a/o", "webUrl: https://a/w"], "https://a/w"),
        (["ampUrl: https://a/amp", "sourceUrl: https://a/s"], "https://a/s"),
        (["ampWebUrl: https://a/amp"], "https://a/amp"),
        (["cdnAmpUrl: https://a/cdn"], "https://a/cdn"),
        (["webUrl:", "originalUrl: https://a/o"], "https://a/o"),
        (["webUrl: javascript:alert(1)", "sourceUrl: HTTP://a/s"], "HTTP://a/s"),
        (["webUrl: javascript:alert(1)"], ""),
        ([], ""),
    ],
)
def test_urls_of_both_vocabularies(lines: list[str], url: str) -> None:
    """The address people should follow is taken from either vocabulary, and only http(s) ones."""
    assert article(front("title: A", *lines)).url == url
    nested = [f"    {line}" for line in lines]
    assert article(front("title: A", "related:", "  - title: B", *nested)).related[0].url == url


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-06-24T19:27:00Z", datetime(2020, 6, 24, 19, 27)),
        ("2020-06-24T19:27:00+02:00", datetime(2020, 6, 24, 17, 27)),
        ("2020-06-24T19:27:00-0730", datetime(2020, 6, 25, 2, 57)),
        ("2020-06-24T19:27", datetime(2020, 6, 24, 19, 27)),
        ("2020-06-24 19:27:00", datetime(2020, 6, 24, 19, 27)),
        ("2020-06-24 19:27:00 -5", datetime(2020, 6, 25, 0, 27)),
        ("2020-06-24t19:27:00.5-01:00", datetime(2020, 6, 24, 20, 27, 0, 500_000)),
        ("2020-06-24T19:27:00.1234567Z", datetime(2020, 6, 24, 19, 27, 0, 123_456)),
        ("2020-06-24", datetime(2020, 6, 24)),
        ("2020-6-4", datetime(2020, 6, 4)),
        ('"2020-06-24"', datetime(2020, 6, 24)),
        ("Wed, 24 Jun 2020 19:27:00 +0100", datetime(2020, 6, 24, 18, 27)),
        ("1969-07-20T20:17:40Z", datetime(1969, 7, 20, 20, 17, 40)),
    ],
)
def test_dates_become_utc(written: str, meant: datetime) -> None:
    """Dates come in many forms; all become UTC, and one without a zone is taken as UTC."""
    found = article(front("title: A", f"publishedDateTime: {written}"))
    assert found.published_at == meant.replace(tzinfo=UTC)
    assert found.published_at.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    ["yesterday", "2020-13-01", "2020-02-30", "", "~", "[2020]", "{a: b}", "0001-01-01T00:00:00Z"]
    + ["9999-12-31", "2020-01-01T25:00:00Z", "2020-01-01T00:00:00+99:00", "24/06/2020", "12345"],
)
def test_a_bad_date_costs_only_itself(written: str) -> None:
    """An article whose date cannot be read, or is a placeholder, is kept without a date."""
    assert article(front("title: A", f"publishedDateTime: {written}")).published_at is None


def test_text_is_repaired() -> None:
    """Wrong encodings, entities and tags are mended in titles, excerpts, names and related text."""
    found = article(
        front(
            'title: "Ben &amp; Jerry doesnâ€™t"',
            'excerpt: "<p>One</p><p>two&nbsp;three</p>"',
            'provider: {name: "A&amp;B", domain: ab.com}',
            'topics: ["R&amp;D", "  "]',
            "related:",
            '  - {title: "CafÃ©", excerpt: "<b>x</b>y"}',
        )
    )
    assert found.title == "Ben & Jerry doesn’t"
    assert found.excerpt == "One two three"
    assert found.provider == Provider("A&B", "ab.com")
    assert found.topics == ("R&D",)
    assert found.related == (RelatedItem("Café", "xy"),)


def test_no_control_character_survives() -> None:
    """Terminal escapes and other control characters never get into an article."""
    found = article(front(r'title: "\e[31mRed\x07 alert"', r'excerpt: "&#27;[0m\x00x"'))
    assert all(letter.isprintable() for letter in found.title + found.excerpt)
    found = article(front("title: A", r'url: "https://a/\e[31m"', r'provider: {domain: "\e[0mx"}'))
    assert (found.url, found.provider) == ("https://a/[31m", Provider("[0mx", "[0mx"))


def test_numbers_that_are_none() -> None:
    """Scores that are no finite number are missing."""
    found = article(front("title: A", "quality: .nan", "heat: high"))
    assert (found.quality, found.heat) == (None, None)
    found = article(front("title: A", "quality: 1e999", "heat: -1"))
    assert (found.quality, found.heat) == (None, -1.0)


@pytest.mark.parametrize(
    ("written", "published"),
    [("false", False), ("False", False), ('"false"', False), ("no", False), ("0", False)]
    + [("true", True), ("yes", True), ("", True), ("~", True)],
)
def test_published(written: str, published: bool) -> None:
    """Only what says so is unpublished."""
    assert article(front("title: A", f"published: {written}")).published is published


@pytest.mark.parametrize(
    ("written", "provider"),
    [
        ("{name: Omaha.com, domain: apnews.com}", Provider("Omaha.com", "apnews.com")),
        ("{domain: apnews.com}", Provider("apnews.com", "apnews.com")),
        ("Mashable", Provider("Mashable")),
        ("{name: }", None),
        ("[a, b]", None),
        ("~", None),
    ],
)
def test_provider(written: str, provider: Provider | None) -> None:
    """An outlet is a name and a domain, or either; the two need not fit each other."""
    assert article(front("title: A", f"provider: {written}")).provider == provider


@pytest.mark.parametrize(
    ("written", "topics"),
    [
        ("[AI, Law, AI]", ("AI", "Law")),
        ("AI, Law", ("AI", "Law")),
        ("[{name: AI}, [x], ~, 5]", ("AI", "5")),
        ("{a: b}", ()),
        ("~", ()),
    ],
)
def test_topics(written: str, topics: tuple[str, ...]) -> None:
    """Topics keep their order, each once, whether listed or on one line."""
    assert article(front("title: A", f"topics: {written}")).topics == topics


@pytest.mark.parametrize(
    ("written", "titles"),
    [
        ("[{title: B}, {title: C}]", ["B", "C"]),
        ("{title: B}", ["B"]),
        ("[B]", ["B"]),
        ("[{excerpt: only text}]", ["only text"]),
        ("[{url: https://a/}, ~, [x], {title: ''}]", []),
        ("~", []),
    ],
)
def test_related(written: str, titles: list[str]) -> None:
    """A related story is whatever has text; others are passed over."""
    assert [item.title for item in article(front("title: A", f"related: {written}")).related] == (
        titles
    )


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        (front("title: A", "excerpt: E") + "Body", "E"),
        (front("title: A") + "\n# Body\n\nof <b>it</b>\n", "# Body of it"),
        (front("title: A", "description: D") + "Body", "D"),
        (front("title: A", "excerpt: ''") + "One\n---\ntwo", "One --- two"),
    ],
)
def test_text_after_the_front_matter(text: str, excerpt: str) -> None:
    """The text after the front matter is the excerpt where the front matter has none."""
    assert article(text).excerpt == excerpt


# The forms a file may have


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: Caf\xc3\xa9\n---\n",
        b"\xef\xbb\xbf---\ntitle: Caf\xc3\xa9\n---\n",
        b"---\r\ntitle: Caf\xc3\xa9\r\n---\r\n",
        b"---\rtitle: Caf\xc3\xa9\r---\r",
        b"---\ntitle: Caf\xe9\n---\n",
        b"---\nexcerpt: doesn\xe2\x80\x99t\ntitle: Caf\xe9\n---\n",
        b"---\ntitle: Caf\xc3\xa9",
        b"\n\n--- \ntitle: Caf\xc3\xa9\n...\n",
        "---\ntitle: Café\n---\n".encode("utf-16"),
        b"---\ntitle: |\n  Caf\xc3\xa9\n---\n",
        b'---\n"title": "Caf\\u00e9"\n---\n',
        b"---\n{title: Caf\xc3\xa9}\n---\n",
        b"---\ntitle: wrong\ntitle: Caf\xc3\xa9\n---\n",
        b"---\ntitle:\tCaf\xc3\xa9\nx:\n\t- y\n---\n",
        b"---\ntitle: Caf\xc3\xa9\nx: \x00\x07\n---\n",
    ],
)
def test_forms_of_one_article(data: bytes) -> None:
    """Byte order marks, line ends, old encodings, a missing end and tabs change nothing."""
    assert article(data).title == "Café"


def test_encoding_damage_that_yaml_forbids() -> None:
    """UTF-8 read as Latin-1 holds control characters YAML forbids; it is mended all the same."""
    assert article(front("title: isnâ\x80\x99t â\x80\x9cso\x80â\x80\x9d")).title.startswith(
        "isn’t “so"
    )


def test_emoji_as_json_writes_them() -> None:
    """Two escapes for one character, as JSON writers make them, are that character."""
    assert article(front(r'title: "\ud83d\ude00 \u00e9"')).title == "😀 é"


@pytest.mark.parametrize(
    "text",
    ["title: A\n", "---\ntitle: A\n", "---\ntitle: A\n---\n", "%YAML 1.1\n---\ntitle: A\n...\n"]
    + ["# a comment\n\ntitle: A"],
)
@pytest.mark.parametrize("path", ["a.yaml", "a.YML"])
def test_yaml_files_need_no_fences(text: str, path: str) -> None:
    """A YAML file is front matter throughout, with or without lines of dashes."""
    assert article(text, path).title == "A"


@pytest.mark.parametrize(
    ("written", "title"),
    [("1984", "1984"), ("true", "true"), ("2020-01-01", "2020-01-01"), ("3.10", "3.10")],
)
def test_titles_stay_as_written(written: str, title: str) -> None:
    """A title that looks like a number or a date is the text it is."""
    assert article(front(f"title: {written}")).title == title


# What cannot be an article


@pytest.mark.parametrize(
    ("text", "path", "line", "reason"),
    [
        ("", "a.md", 1, "empty"),
        (" \n\n", "a.yaml", 1, "empty"),
        ("Just text.\n", "a.txt", 1, "does not begin with front matter"),
        ("\n\n# Heading\n", "a.md", 3, "does not begin with front matter"),
        ("title: A\n", "a.md", 1, "does not begin with front matter"),
        (front(), "a.md", 1, "no title"),
        (front("# only a comment"), "a.md", 1, "no title"),
        (front("excerpt: x"), "a.md", 1, "no title"),
        (front("excerpt: x", "title: "), "a.md", 3, "no title"),
        (front("excerpt: x", "title: <b></b>"), "a.md", 3, "no title"),
        (front("excerpt: x", "title: [a]"), "a.md", 3, "not text"),
        (front("excerpt: x", "title: {a: b}"), "a.md", 3, "not text"),
        (front("- title: A"), "a.md", 2, "a list"),
        (front("hello"), "a.md", 2, "plain text"),
        (front("excerpt: x", "title: Boston: a city"), "a.md", 3, "mapping values"),
        (front("excerpt: é x", 'title: "He said "no""'), "a.md", 3, "did not find"),
        (
            front("excerpt: x", 'title: "never closed', "quality: 5"),
            "a.md",
            3,
            "quotes are not closed",
        ),
        (front("excerpt: x", r'title: "C:\dir"'), "a.md", 3, "escape"),
        (front("title: A", "excerpt: [a, b"), "a.md", 4, "did not find"),
        (front("title: A", "x: " + "[" * 100_000), "a.md", 3, "nests"),
        (front("title: " + "[" * 100_000), "a.md", 2, "nests"),
        ("---\ntitle: A\n---\ntitle: B\n", "a.yaml", 4, "several documents"),
        ("\x00\x01\x02", "a.md", 1, "does not begin"),
    ],
)
def test_rejections_name_the_line(text: str, path: str, line: int, reason: str) -> None:
    """What cannot be an article is rejected with the line that shows it, a reason and a cure."""
    found = rejection(text, path)
    assert (found.path, found.line) == (path, line), found
    assert reason in found.reason
    assert found.cure


def test_rejection_as_text() -> None:
    """A rejection prints as editors and people read it: path, line, reason, cure."""
    assert str(Rejection("a/b.md", 3, "it has no title", "Add one")) == (
        "a/b.md:3: it has no title. Add one."
    )


def test_aliases_cannot_grow() -> None:
    """Aliases of aliases stay as small as they are written, and a cycle is harmless."""
    bomb = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    assert article(front("title: A", *bomb, "topics: *a29")).topics == ()
    many = front("title: A", "excerpt: &e " + "x" * 10_000, "related: [" + "*e, " * 2000 + "]")
    assert rejection(many).reason == "its aliases repeat too much"
    assert article(front("title: A", "related: &r [*r, {title: B}]")).related == (RelatedItem("B"),)


@given(st.binary(max_size=200), st.sampled_from(["a.md", "a.yaml"]))
def test_any_bytes_are_an_article_or_a_rejection(data: bytes, path: str) -> None:
    """No bytes at all make the reader fail."""
    assert isinstance(parse(data, path), Article | Rejection)


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`\\,? \n\t\u00e9\u2028\x85\x93", max_size=80))
def test_any_front_matter_is_an_article_or_a_rejection(text: str) -> None:
    """No front matter at all makes the reader fail, and a rejection's line exists."""
    found = parse(f"---\ntitle: A\n{text}\n---\n".encode(), "a.md")
    if isinstance(found, Rejection):
        assert 1 <= found.line <= text.count("\n") + 4


@given(
    st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=60)
)
def test_quoted_titles_come_back(title: str) -> None:
    """A quoted title comes back, whatever letters, digits and marks it has."""
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    found = parse(front(f'title: "x {quoted} x"').encode(), "a.md")
    assert isinstance(found, Article)


# The folder


def test_scan_finds_what_may_be_articles(tmp_path: Path) -> None:
    """Files with a known ending are found in any folder, by path; hidden ones are not."""
    for name in ("b.md", "a/z.TXT", "a/b/c.yml", "a.yaml", "c.markdown", "d.html", "e", "md"):
        _write(tmp_path / name)
    for name in (".hidden.md", ".git/x.md", "a/.b/x.md"):
        _write(tmp_path / name)
    assert [file.path for file in scan(tmp_path)] == [
        *("a.yaml", "a/b/c.yml", "a/z.TXT", "b.md", "c.markdown")
    ]


def test_scan_tells_size_and_time(tmp_path: Path) -> None:
    """Each file comes with what recognises it unread: its size and its time of change."""
    _write(tmp_path / "a.md", "12345")
    os.utime(tmp_path / "a.md", ns=(1, 123_456_789))
    (file,) = scan(tmp_path)
    assert (file.size, file.mtime_ns) == (5, 123_456_789)


def test_scan_follows_links_but_not_around(tmp_path: Path) -> None:
    """Linked folders and files are followed; a link to a folder above ends there."""
    _write(tmp_path / "elsewhere" / "x.md")
    _write(tmp_path / "source" / "in" / "y.md")
    (tmp_path / "source" / "in" / "loop").symlink_to(tmp_path / "source")
    (tmp_path / "source" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "source" / "one.md").symlink_to(tmp_path / "elsewhere" / "x.md")
    assert [file.path for file in scan(tmp_path / "source")] == ["in/y.md", "linked/x.md", "one.md"]


def test_scan_passes_over_what_would_block(tmp_path: Path) -> None:
    """Pipes and sockets are no articles, whatever their name."""
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "s.md"))
        assert list(scan(tmp_path)) == []


def test_files_that_cannot_be_read_are_rejected(tmp_path: Path) -> None:
    """A link to nowhere or a name that is not Unicode is rejected by name, never lost."""
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    with open(os.fsencode(tmp_path) + b"/caf\xe9.md", "wb") as file:
        file.write(b"---\ntitle: A\n---\n")
    found = [read(tmp_path, file.path) for file in scan(tmp_path)]
    name, link = (one for one in found if isinstance(one, Rejection))
    assert (name.path, link.path) == ("caf\\xe9.md", "gone.md")
    assert link.reason == "is a link to nowhere"


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    """A folder may be called x.md; reading a folder as a file is a rejection."""
    _write(tmp_path / "x.md" / "y.md")
    assert [file.path for file in scan(tmp_path)] == ["x.md/y.md"]
    assert isinstance(read(tmp_path, "x.md"), Rejection)


def test_huge_files_are_rejected_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is rejected before it costs memory."""
    monkeypatch.setattr(sources, "MAX_BYTES", 2**20)
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(2**20 + 1)
    found = read(tmp_path, "a.md")
    assert isinstance(found, Rejection)
    assert "larger than 1 MB" in found.reason


def test_a_huge_file_is_told_though_the_disk_gives_a_little_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As network disks may: it is never taken for a file that ends there."""

    class Slow(io.FileIO):
        def readinto(self, buffer: Any) -> int:
            return super().readinto(memoryview(buffer)[:512])

        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(512, size or 512) if size != -1 else -1)

    monkeypatch.setattr(sources, "MAX_BYTES", 1_000)

    def opened(path: str, mode: str, buffering: int = -1) -> io.FileIO | io.BufferedReader:
        return Slow(path, mode) if buffering == 0 else io.BufferedReader(Slow(path, mode))

    monkeypatch.setattr(sources, "open", opened, raising=False)
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n" + "b" * 3_000)
    assert len(sources.contents(str(tmp_path / "a.md"))) == 1_001


@pytest.mark.parametrize("name", ["nowhere", "a.md"])
def test_a_source_must_be_a_folder(tmp_path: Path, name: str) -> None:
    """A source that is no folder is an error that names it and the cure."""
    _write(tmp_path / "a.md")
    with pytest.raises(SourceError, match=rf"{name}.*Name a folder"):
        scan(tmp_path / name)


def test_ids_are_paths_without_their_ending() -> None:
    """An article is known by its path without its ending, so a dot inside stays."""
    assert article_id("2020/a.b.md") == "2020/a.b"
    assert article(front("title: A"), "x/y.z.txt").id == "x/y.z"


def test_files_that_are_gone_can_be_fetched_ahead(tmp_path: Path) -> None:
    """Fetching is only a hint: whoever reads the file tells what is wrong with it."""
    _write(tmp_path / "a.md")
    ahead([str(tmp_path / "gone.md"), str(tmp_path), str(tmp_path / "a.md")])
    assert isinstance(read(tmp_path, "a.md"), Article)
    assert isinstance(read(tmp_path, "gone.md"), Rejection)


def _write(path: Path, text: str = "---\ntitle: A\n---\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
