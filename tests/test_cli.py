"""The command line: what each command prints, and the exit code it ends with."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from threading import Timer
from typing import IO

import pytest

from searcher import Archive, IndexBusy, IndexMissing, SearchRequest, reindex
from searcher.cli import main
from searcher.engine.local.generations import Generations
from searcher.formats import as_json

SEEDS = Path(__file__).parents[1] / "seeds"
ROOT = SEEDS.parent


class Run:
    """Runs one command in this process and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        code = main([str(one) for one in arguments])
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with two articles and a file that is none."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, title in (("a.md", "Boston bans it"), ("b.md", "Worcester bans it")):
        (folder / name).write_text(f"---\ntitle: {title}\n---\n")
    (folder / "c.md").write_text("---\nexcerpt: x\n---\n")
    return folder


# reindex


def test_reindex_sums_up(run: Run, source: Path, tmp_path: Path) -> None:
    """The closing summary counts what was done and says why a file was rejected, with its cure."""
    assert run("reindex", source, "--index", tmp_path / "index") == 0
    assert re.fullmatch(
        r"Indexed 2 articles in \d+\.\d s: 2 added, 0 updated, 0 removed, 0 unchanged\.\n"
        r"1 file rejected:\n  c\.md:1: it has no title\. Add a line such as title: .*\n",
        run.out,
    )
    assert run("reindex", source, "--index", tmp_path / "index") == 0
    assert "0 added, 0 updated, 0 removed, 2 unchanged." in run.out


def test_reindex_shows_progress_on_stderr(run: Run, source: Path, tmp_path: Path) -> None:
    """Where no terminal is there for a bar, each stage is a plain line, apart from the report."""
    run("reindex", source, "--index", tmp_path / "index")
    lines = run.err.splitlines()
    assert lines[0] == "Looking"
    assert "Reading 3 files" in lines
    assert "\x1b" not in run.err


def test_reindex_draws_a_bar_on_a_terminal(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal there is a bar, and nothing of it in the output."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run("reindex", source, "--index", tmp_path / "index", "--json") == 0
    assert "Reading" in run.err
    assert "\x1b[" in run.err
    assert json.loads(run.out)["added"] == 2


def test_reindex_as_json(run: Run, source: Path, tmp_path: Path) -> None:
    """With --json the report is one JSON value, rejections included."""
    assert run("reindex", source, "--index", tmp_path / "index", "--json", "--jobs", "1") == 0
    report = json.loads(run.out)
    assert (report["added"], report["rejected"], report["articles"]) == (2, 1, 2)
    (rejection,) = report["rejections"]
    assert (rejection["path"], rejection["line"]) == ("c.md", 1)
    assert rejection["reason"]
    assert rejection["cure"]


def test_reindex_names_so_many_rejections(run: Run, tmp_path: Path) -> None:
    """Of many rejections the first are named and the rest counted."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "good.md").write_text("---\ntitle: A\n---\n")
    for number in range(25):
        (tmp_path / "source" / f"{number:02}.md").write_text("no")
    assert run("reindex", tmp_path / "source", "--index", tmp_path / "index") == 0
    assert "25 files rejected:" in run.out
    assert "19.md:1:" in run.out
    assert "20.md:1:" not in run.out
    assert "and 5 more; `searcher reindex --json` lists them all" in run.out


@pytest.mark.parametrize("spoilt", ["segment", "version", "manifest", "current", "all"])
def test_reindex_knows_its_source_whatever_became_of_the_index(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    """Damaged or of another version, an index is built again from its own articles, or not at all:
    never from those of another folder."""
    monkeypatch.chdir(SEEDS.parent)
    index = tmp_path / "index"
    for title in ("One", "Two"):
        (source / "e.md").write_text(f"---\ntitle: {title}\n---\n")
        assert run("reindex", source, "--index", index) == 0
    first, second = sorted(index.glob("gen-*"))
    if spoilt == "segment":
        for file in second.glob("*.arr"):
            file.write_bytes(b"x" * file.stat().st_size)
    elif spoilt == "version":
        for one in first, second:
            text = (one / "manifest.json").read_text()
            (one / "manifest.json").write_text(re.sub(r'("schema_version":)\d+', r"\g<1>1", text))
    elif spoilt == "current":
        (index / "current").write_text("gen-000007")
    else:
        (second / "manifest.json").write_text("{")
    if spoilt == "all":
        (first / "manifest.json").write_text("{")
        assert run("reindex", "--index", index) == 2
        assert "name that, as in `searcher reindex FOLDER`" in run.err
        return
    assert run("reindex", "--index", index) == 0
    with Archive.open(index) as archive:
        assert archive.get("e") is not None
        assert archive.info.articles == 3


def test_strict_publishes_nothing(run: Run, source: Path, tmp_path: Path) -> None:
    """With --strict one rejected file fails the run, and no index is there after it."""
    assert run("reindex", source, "--index", tmp_path / "index", "--strict") == 2
    assert "c.md:1: it has no title" in run.err.splitlines()[-1]
    with pytest.raises(IndexMissing):
        Archive.open(tmp_path / "index")


def test_the_environment_stands_in_for_options(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEARCHER_SOURCE and SEARCHER_INDEX are what is not named."""
    monkeypatch.setenv("SEARCHER_SOURCE", str(source))
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "index"))
    assert run("reindex") == 0
    assert run("search", "worcester") == 0
    assert run.out.startswith("1 found")


def test_reindex_keeps_to_the_source_of_the_index(
    run: Run, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a source an index follows its own, wherever one stands; a new one, ``seeds``."""
    index, elsewhere = tmp_path / "index", tmp_path / "elsewhere"
    assert run("reindex", source, "--index", index) == 0
    (elsewhere / "seeds").mkdir(parents=True)
    (elsewhere / "seeds" / "other.md").write_text("---\ntitle: another\n---\n")
    monkeypatch.chdir(elsewhere)
    assert run("reindex", "--index", index) == 0
    assert "0 removed" in run.out
    assert run("reindex", "--index", elsewhere / "index") == 0
    assert "1 added" in run.out


# search


def test_search_in_text(run: Run, seeds_index: Path) -> None:
    """Piped, results are plain lines: count and reading, hits with their facts, facets."""
    assert run("search", "worcester", "--index", seeds_index) == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("1 found: articles with")
    assert "1. Worcester bans city use of facial recognition technology" in lines
    assert "   New York Post · 2021-12-15 · Worcester, Massachusetts · Computer Vision, AI" in (
        run.out
    )
    assert "004_4904662d45091d22 · https://nypost.com/2021/12/15/" in run.out
    assert "   + Omaha.com: Worcester bans city use of facial recognition technology" in lines
    assert "city     Worcester, Massachusetts 1" in lines
    assert "\x1b" not in run.out


def test_marks_are_for_terminals(
    run: Run, seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal what matched stands out; with NO_COLOR it does so without colour."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    run("search", "worcester", "--index", seeds_index)
    assert re.search(r"\x1b\[1;33mWorcester\x1b\[0m", run.out)
    monkeypatch.setenv("NO_COLOR", "1")
    run("search", "worcester", "--index", seeds_index)
    assert not re.search(r"\x1b\[[0-9;]*3\dm", run.out)
    assert "\x1b[1mWorcester" in run.out


def test_search_as_json(run: Run, seeds_index: Path) -> None:
    """JSON from the command line is what the library's results say, by the shared renderer."""
    query = ("facial recognition", "--city", "Boston, Massachusetts", "--limit", "2")
    assert run("search", *query, "--format", "json", "--index", seeds_index) == 0
    shown = json.loads(run.out)
    request = SearchRequest("facial recognition", city=("Boston, Massachusetts",), size=2)
    with Archive.open(seeds_index) as archive:
        expected = as_json(archive.search(request))
    del shown["took_ms"], expected["took_ms"]
    assert shown == json.loads(json.dumps(expected))


def test_search_as_csv(run: Run, seeds_index: Path) -> None:
    """CSV has a row for each hit of the page."""
    assert run("search", "--format", "csv", "--index", seeds_index) == 0
    rows = list(csv.DictReader(StringIO(run.out)))
    assert len(rows) == 5
    assert {row["provider"] for row in rows} >= {"Mashable", "Daily Mail"}


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--city", "Worcester"], ["004"]),
        (["--city", "Worcester", "--city", "Cambridge"], ["000", "004"]),
        (["--provider", "Mashable"], ["001"]),
        (["--topic", "Natural Language Processing"], ["002", "003"]),
        (["--year", "2021"], ["004"]),
        (["--status", "published"], ["000", "001"]),
        (["--from", "2020-06-27", "--to", "2020"], ["002", "003"]),
        (["--from", "2021", "--to", "2020-06-27"], ["002", "003", "004"]),
        (["--city", "", "--city", "Worcester"], ["004"]),
        (["--to", "2020-01"], ["000"]),
        (["--from", "2021-12-15", "--to", "2021-12-15"], ["004"]),
        (["worcester cambridge", "--match", "all"], []),
        (["worcester mashable cambridge", "--match", "any"], ["000", "004"]),
        (["--sort", "oldest", "--limit", "1"], ["000"]),
        (["--sort", "newest", "--limit", "1"], ["004"]),
        (["--sort", "oldest", "--limit", "2", "--page", "2"], ["002", "003"]),
        (["--limit", "0"], []),
        (["--", "-boston", "ban"], ["000", "004"]),
    ],
)
def test_search_options(run: Run, seeds_index: Path, options: list[str], ids: list[str]) -> None:
    """Every option narrows, orders or pages as its name says."""
    assert run("search", "--index", seeds_index, "--format", "json", *options) == 0
    assert sorted(hit["id"][:3] for hit in json.loads(run.out)["hits"]) == ids


def test_search_explains(run: Run, seeds_index: Path) -> None:
    """With --explain each hit's score comes with its parts."""
    assert run("search", "worcester", "--explain", "--index", seeds_index) == 0
    assert re.search(r"^ +\d+\.\d{3}  .*worcest", run.out, re.MULTILINE)


def test_search_leads_on(run: Run, seeds_index: Path) -> None:
    """Pages that follow are named, and nothing found leads on."""
    run("search", "facial", "--limit", "2", "--index", seeds_index)
    assert run.out.endswith("Page 1 of 3: --page 2 goes on\n")
    assert run("search", "worcester", "--year", "1999", "--index", seeds_index) == 0
    assert run.out.startswith("0 found: ")
    assert "Try: " in run.out


# show, doctor, rollback


def test_show(run: Run, seeds_index: Path) -> None:
    """An article is shown whole, with the evidence for its cities and its related coverage."""
    for name in ("004_4904662d45091d22", "004_4904662d45091d22.txt"):
        assert run("show", name, "--index", seeds_index) == 0
        assert run.out.startswith("Worcester bans city use of facial recognition technology\n")
        assert re.search(r"^Worcester, Massachusetts  \(about, \d+% sure\)$", run.out, re.M)
        assert "  Jurist: Vermont AG requests information on Border Patrol" in run.out


def test_show_of_no_article(run: Run, seeds_index: Path) -> None:
    """An id that does not exist is wrong input, and the message says where ids come from."""
    assert run("show", "nowhere", "--index", seeds_index) == 2
    assert "`searcher search` shows them" in run.err


def test_cities(run: Run, tmp_path: Path) -> None:
    """The cities of article files and of plain texts are printed with the words that decided."""
    (tmp_path / "note.txt").write_text("BOSTON (AP) - The mayor of Boston, Mass., said so.")
    seed = SEEDS / "004_4904662d45091d22.txt"
    assert run("cities", seed, tmp_path / "note.txt") == 0
    first, second = run.out.split(f"{tmp_path}/note.txt:\n")
    assert "Worcester, Massachusetts  (about" in first
    assert "Boston, Massachusetts  (about" in second
    assert "  excerpt: “" in second
    (tmp_path / "none.txt").write_text("Nothing happened anywhere.")
    assert run("cities", tmp_path / "none.txt") == 0
    assert run.out == "no city\n"


def test_cities_as_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From stdin and as JSON the cities come with ids, coordinates and evidence."""
    text = TextIOWrapper(BytesIO(b"Police in Boston, Massachusetts, said so."))
    monkeypatch.setattr("sys.stdin", text)
    assert run("cities", "-", "--format", "json") == 0
    ((city,),) = (one["cities"] for one in json.loads(run.out))
    assert (city["id"], city["label"]) == (4930956, "Boston, Massachusetts")
    assert city["evidence"][0]["text"].startswith("Boston")


def test_doctor_and_rollback(run: Run, source: Path, tmp_path: Path) -> None:
    """The doctor tells a stale index apart from a damaged one; rollback brings the one before."""
    index = tmp_path / "index"
    run("reindex", source, "--index", index)
    (source / "a.md").write_text("---\ntitle: Springfield bans it\n---\n")
    assert run("doctor", "--index", index) == 0
    assert "stale: 0 files added, 1 changed, 0 removed" in run.out
    run("reindex", source, "--index", index)
    assert run("rollback", "--index", index) == 0
    assert re.match(r"gen-000001 is live again: 2 articles, built \d{4}-", run.out)
    run("search", "springfield", "--index", index, "--match", "all")
    assert run.out.startswith("0 found")
    live = Generations(index).live()
    next(live.path.glob("*.toc")).write_bytes(b"x")
    assert run("doctor", "--index", index) == 1
    assert "damaged: " in run.out
    assert "Cure: searcher rollback" in run.out


def test_moved_source(run: Run, source: Path, tmp_path: Path) -> None:
    """Where the articles were moved, --source says where they are."""
    run("reindex", source, "--index", tmp_path / "index")
    shutil.move(source, tmp_path / "moved")
    assert run("doctor", "--index", tmp_path / "index") == 0
    assert "stale: The folder" in run.out
    assert run("doctor", "--index", tmp_path / "index", "--source", tmp_path / "moved") == 0
    assert "current: nothing changed" in run.out


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["serch"], "--help"),
        (["search", "--page", "0"], "whole number from 1"),
        (["search", "--limit", "1001"], "from 0 to 1000"),
        (["search", "--limit", "ten"], "whole number"),
        (["search", "--sort", "best"], "newest"),
        (["search", "--from", "June"], "2020-06"),
        (["search", "--to", "2020-02-30"], "2020-06"),
        (["search", "--form", "csv"], "--help"),
        (["search", "-boston"], "put -- before"),
        (["search"], "searcher reindex"),
        (["show", "x"], "searcher reindex"),
        (["serve"], "searcher reindex"),
        (["serve", "--port", "99999"], "65535"),
        (["doctor"], "searcher reindex"),
        (["rollback"], "searcher reindex"),
        (["reindex", "nowhere"], "Name a folder"),
        (["reindex", "--jobs", "0"], "from 1"),
        (["cities", "nowhere"], "- for stdin"),
        (["cities"], "--help"),
    ],
)
def test_a_users_mistake_is_one_line_with_its_cure(
    run: Run,
    tmp_path: Path,
    arguments: list[str],
    cure: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wrong usage or input ends with 2 and one line on stderr that names the cure."""
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    lines = [line for line in run.err.splitlines() if line != "Looking"]
    assert len(lines) == 1
    assert lines[0].startswith("searcher: ")
    assert cure in lines[0]
    assert run.out == ""


def test_no_command_shows_the_commands(run: Run) -> None:
    """`searcher` alone says what there is, as wrong usage."""
    assert run() == 2
    for command in ("reindex", "search", "show", "serve", "doctor", "rollback", "cities"):
        assert re.search(rf"^ +{command} ", run.err, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["search", "--help"], ["reindex", "--help"]]
)
def test_help_is_no_mistake(run: Run, arguments: list[str]) -> None:
    """Asking for help or the version ends well, on stdout."""
    assert run(*arguments) == 0
    assert "searcher" in run.out
    assert run.err == ""


def test_our_failures_end_with_1(run: Run, source: Path, tmp_path: Path) -> None:
    """A damaged index, or somebody else building, is a failure and not a mistake."""
    index = tmp_path / "index"
    run("reindex", source, "--index", index)
    with Generations(index).lock():
        with pytest.raises(IndexBusy):
            reindex(source, index)
        assert run("reindex", source, "--index", index) == 1
        assert "wait" in run.err.splitlines()[-1]
    (Generations(index).live().path / "manifest.json").write_text("{")
    assert run("search", "x", "--index", index) == 1
    assert "searcher rollback" in run.err


def test_an_address_in_use(run: Run, seeds_index: Path) -> None:
    """A port somebody listens at is said so, with the options that choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--port", port, "--index", seeds_index) == 2
    assert "--port" in run.err


# As a process


@contextmanager
def started(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str]]]:
    """A command as a process of its own, its stdout and stderr; killed if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "searcher", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    killer = Timer(60, process.kill)
    killer.start()
    assert process.stdout
    assert process.stderr
    try:
        yield process, process.stdout, process.stderr
    finally:
        killer.cancel()
        process.kill()
        process.communicate()


def test_serve_answers(seeds_index: Path) -> None:
    """`searcher serve` says where it serves, answers there, and ends well on Ctrl-C."""
    with started("serve", "--port", 0, "--index", seeds_index) as (server, out, err):
        found = re.match(r"Searching at (http://127\.0\.0\.1:\d+) ", out.readline())
        assert found
        with urllib.request.urlopen(f"{found[1]}/search.json?q=worcester") as answer:
            assert json.load(answer)["total"] == 1
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert "Traceback" not in err.read()


def test_watch_follows(source: Path, tmp_path: Path) -> None:
    """With --watch a new file is indexed by itself; Ctrl-C ends it with 130 and no traceback."""
    index = tmp_path / "index"
    with started("reindex", source, "--watch", "--index", index) as (watcher, out, err):
        assert "2 added" in out.readline()
        while "Watching" not in (line := err.readline()):
            assert line, "the watcher ended"
        (source / "d.md").write_text("---\ntitle: Springfield\n---\n")
        while "1 added" not in (line := out.readline()):
            assert line, "the watcher ended"
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(30) == 130
        assert "Traceback" not in err.read()
    with Archive.open(index) as archive:
        assert archive.search("springfield").total == 1


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_nobody_reads_on(seeds_index: Path, form: str) -> None:
    """Where the reader has gone (`| head`), the command ends quietly with 141."""
    arguments = ("search", "--format", form, "--index", seeds_index)
    with started(*arguments) as (searching, out, err):
        out.close()
        assert err.read() == ""
        assert searching.wait(30) == 141
