"""reindex: what a run reads, counts, rejects and leaves in the index, whatever happened before."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import Archive, IndexMissing, SearchRequest, SourceError, reindex, workers
from searcher.engine import open_engine
from searcher.engine.local.generations import Generations
from searcher.engine.local.spool import spooled
from searcher.errors import SearcherError
from searcher.indexing import Progress, Report
from searcher.intake import CHUNK, CHUNK_BYTES, Task, chunks, read_files
from searcher.sources import SourceFile
from tests.archives import shut


class Place:
    """A source folder and the index made from it."""

    def __init__(self, folder: Path) -> None:
        self.source, self.index = folder / "source", folder / "index"
        self.source.mkdir(parents=True)

    def write(self, name: str, title: str | None, **fields: str) -> None:
        lines = [f"{key}: {value}" for key, value in fields.items()]
        lines += [] if title is None else [f"title: {title}"]
        (self.source / name).write_text("\n".join(["---", *lines, "---", ""]))

    def reindex(self, **options: bool | int) -> Report:
        return reindex(self.source, self.index, **options)  # type: ignore[arg-type]

    def ids(self, query: str = "") -> set[str]:
        with Archive.open(self.index) as archive:
            found = archive.search(SearchRequest(query, size=100))
            assert found.total == len(found.hits)
            return {hit.id for hit in found.hits}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Two articles, indexed."""
    place = Place(tmp_path)
    place.write("a.md", "Boston bans it")
    place.write("b.md", "Worcester bans it")
    place.reindex()
    return place


def counts(report: Report) -> tuple[int, int, int, int, int]:
    changed = report.added, report.updated, report.removed
    return (*changed, report.unchanged, report.rejected)


def test_a_run_counts_what_changed(place: Place) -> None:
    """Added, updated, removed and unchanged articles are counted against the index as it was."""
    place.write("a.md", "Boston allows it")
    place.write("c.md", "Springfield waits")
    place.write("d.md", "Cambridge votes")
    (place.source / "b.md").unlink()
    report = place.reindex()
    assert counts(report) == (2, 1, 1, 0, 0)
    assert report.articles == 3
    assert counts(place.reindex()) == (0, 0, 0, 3, 0)
    assert (place.ids("bans"), place.ids("allows")) == (set(), {"a"})


def test_an_unchanged_source_publishes_nothing(place: Place) -> None:
    """Where nothing changed the live generation stays, and nothing new is on the disk."""
    report = place.reindex()
    assert report.generation == "gen-000001"
    assert Generations(place.index).names() == ["gen-000001"]


def test_a_touched_file_is_unchanged(place: Place) -> None:
    """A file with another time and the same content is no update; its time is noted."""
    os.utime(place.source / "a.md", (1, 1))
    assert counts(place.reindex()) == (0, 0, 0, 2, 0)
    assert Generations(place.index).live().sources()["a.md"].mtime_ns == 1_000_000_000


def test_full_reads_what_looks_unchanged(place: Place) -> None:
    """A change that keeps size and time escapes a usual run, and --full finds it."""
    path = place.source / "a.md"
    before = path.stat()
    place.write("a.md", "Boston lost it")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    place.reindex()
    assert place.ids("lost") == set()
    place.reindex(full=True)
    assert place.ids("lost") == {"a"}


def test_full_counts_against_the_live_index(place: Place) -> None:
    """With --full an article whose file is the same is unchanged, and the index is a new one."""
    place.write("b.md", "Worcester allows it")
    place.write("c.md", "Lynn")
    report = place.reindex(full=True)
    assert (counts(report), report.generation) == ((1, 1, 0, 1, 0), "gen-000002")
    (place.source / "a.md").unlink()
    assert counts(place.reindex(full=True)) == (0, 0, 1, 2, 0)


def test_a_folder_that_cannot_be_read_loses_nothing(place: Place) -> None:
    """It is one rejection that names it, and what is known from it stays until it can be read."""
    for name in ("in/c.md", "in/deep/d.md", "inner/e.md"):
        (place.source / name).parent.mkdir(parents=True, exist_ok=True)
        place.write(name, "Salem bans it")
    place.reindex()
    away = shut(place.source / "in")
    place.write("b.md", "Worcester allows it")
    (place.source / "inner" / "e.md").unlink()
    report = place.reindex()
    assert counts(report) == (0, 1, 1, 3, 1)
    assert str(report.rejections[0]).startswith("in: the folder cannot be read: ")
    assert "the articles in it (2) stay as they were. See that" in str(report.rejections[0])
    assert place.ids("salem") == {"in/c", "in/deep/d"}
    assert place.reindex().generation == report.generation
    with pytest.raises(SourceError, match=r"the articles in it \(2\) would be lost"):
        place.reindex(full=True)
    (place.source / "in").unlink()
    away.rename(place.source / "in")
    assert counts(place.reindex()) == (0, 0, 0, 4, 0)


def test_a_new_folder_that_cannot_be_read_is_a_rejection(place: Place) -> None:
    """It costs the others nothing, and fails a strict run."""
    (place.source / "in").mkdir()
    shut(place.source / "in")
    assert counts(place.reindex(full=True)) == (0, 0, 0, 2, 1)
    with pytest.raises(SourceError, match="in: the folder cannot be read"):
        place.reindex(strict=True)


def test_a_file_that_breaks_leaves_and_comes_back(place: Place) -> None:
    """A broken file is rejected with its reason and its old article goes; mended, it is back."""
    place.write("a.md", None)
    report = place.reindex()
    assert counts(report) == (0, 0, 1, 1, 1)
    assert str(report.rejections[0]).startswith("a.md:1: it has no title.")
    assert place.ids() == {"b"}
    assert place.reindex().rejections == report.rejections
    place.write("a.md", "Boston bans it")
    assert counts(place.reindex()) == (1, 0, 0, 1, 0)
    assert place.ids() == {"a", "b"}


def test_two_files_of_one_id_are_one_article(place: Place) -> None:
    """Of a.md and a.txt the first is the article; the other takes its place when it goes."""
    place.write("a.txt", "Salem bans it")
    report = place.reindex()
    assert counts(report) == (0, 0, 0, 2, 1)
    assert (report.rejections[0].path, "a.md" in report.rejections[0].reason) == ("a.txt", True)
    assert counts(place.reindex()) == (0, 0, 0, 2, 1)
    (place.source / "a.md").unlink()
    assert counts(place.reindex()) == (0, 1, 0, 1, 0)
    assert (place.ids("salem"), place.ids("boston")) == ({"a"}, set())


def test_a_new_file_before_another_of_its_id_takes_over(place: Place) -> None:
    """An article whose id a file with an earlier name claims is that file's from then on."""
    place.write("b.markdown", "Lowell bans it")
    assert counts(place.reindex()) == (0, 1, 0, 1, 1)
    assert (place.ids("lowell"), place.ids("worcester")) == ({"b"}, set())


def test_renaming_every_file_keeps_every_article(place: Place) -> None:
    """New endings on the same articles make the same segment, which stands in for the old one."""
    for path in place.source.iterdir():
        path.rename(path.with_suffix(".txt"))
    assert counts(place.reindex()) == (0, 2, 0, 0, 0)
    assert place.ids() == {"a", "b"}
    assert Generations(place.index).live().verify() == []


def test_a_moved_source_is_noted(place: Place, tmp_path: Path) -> None:
    """The same files in another folder are no change, but the index knows the new folder."""
    place.source = place.source.rename(tmp_path / "moved")
    assert counts(place.reindex()) == (0, 0, 0, 2, 0)
    assert Generations(place.index).live().manifest.source == str(tmp_path / "moved")


def test_what_could_not_be_read_is_tried_again(place: Place, tmp_path: Path) -> None:
    """A file that could not be opened is rejected, and tried again though it looks the same."""
    (place.source / "c.md").symlink_to(tmp_path / "later.md")
    assert counts(place.reindex()) == (0, 0, 0, 2, 1)
    assert place.reindex().generation == "gen-000002"
    (tmp_path / "later.md").write_text("---\ntitle: Here it is\n---\n")
    assert counts(place.reindex()) == (1, 0, 0, 2, 0)


def test_strict_publishes_nothing_where_a_file_is_rejected(place: Place) -> None:
    """With strict one rejected file fails the run, new or known, and the old index stays."""
    place.write("a.md", "Boston allows it")
    place.write("c.md", None)
    with pytest.raises(SourceError, match=r"c\.md:1: it has no title"):
        place.reindex(strict=True)
    assert place.ids("allows") == set()
    place.reindex()
    with pytest.raises(SourceError, match="Nothing was indexed"):
        place.reindex(strict=True)
    assert place.ids("allows") == {"a"}


def test_an_empty_or_missing_folder_leaves_the_index(place: Place, tmp_path: Path) -> None:
    """A source without articles is a mistake that empties no index."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "missing", place.source / "a.md"):
        with pytest.raises(SourceError, match=folder.name):
            reindex(folder, place.index)
    assert place.ids() == {"a", "b"}


def test_a_failed_first_run_leaves_no_index(tmp_path: Path) -> None:
    """Where nothing could be built there is nothing to open."""
    place = Place(tmp_path)
    place.write("a.md", None)
    with pytest.raises(SourceError):
        place.reindex(strict=True)
    with pytest.raises(IndexMissing):
        Archive.open(place.index)
    assert {path.name for path in place.index.iterdir()} == {"lock"}


def test_an_index_of_rejections_only_can_be_searched(tmp_path: Path) -> None:
    """Where every file is rejected the index is empty and answers so; later files come in."""
    place = Place(tmp_path)
    place.write("a.md", None)
    assert (place.reindex().articles, place.ids("x"), place.ids()) == (0, set(), set())
    place.write("a.md", "Boston")
    assert counts(place.reindex()) == (1, 0, 0, 0, 0)
    assert place.ids("boston") == {"a"}


def test_progress_counts_what_is_read(place: Place) -> None:
    """A run tells its stages in order; the reading ends at all files that had to be read."""
    told: list[Progress] = []
    place.write("c.md", "Lynn")
    reindex(place.source, place.index, progress=told.append)
    assert [one.stage for one in told] == ["scan", "read", "place", "write"]
    assert told[1:3] == [Progress("read", 1, 1), Progress("place", 1, 1)]


# Strange articles, workers

STRANGE: dict[str, bytes] = {
    "surrogate": b'title: "x \\ud800 \\udfff y"\nexcerpt: "\\udcff"',
    "entity": b"title: x &#xD800; &#1114112; &#99999999999999999999; y",
    "nul": b'title: "x \\0 y"\nexcerpt: a\0b',
    "numbers": b"title: 1e999\nquality: 1e999\nheat: -.inf\nexcerpt: " + b"9" * 100_000,
    "year 9999": b"title: x\npublishedDateTime: 9999-12-31T23:59:59-14:00",
    "year 1": b"title: x\npublishedDateTime: 0001-01-01T00:00:00+14:00",
    "year 1500": b"title: x\npublishedDateTime: 1500-01-01T00:00:00",
    "one word": b"title: x\nexcerpt: " + b"a" * 5_000_000,
    "many words": b"title: x\nexcerpt: " + b"a b. " * 400_000,
    "long title": b"title: " + b"boston bans " * 83_334,
    "records": b'title: "x \\x1e y \\x1e"',
    "marks": b"title: x\nexcerpt: " + "e\u0301\u0327\u200d\u202e".encode() * 50_000,
    "address": b'title: x\nwebUrl: "http://[::1/"',
    "url": b'title: x\nwebUrl: "http://[::1/%%%\\ud800"\nprovider: {name: "\\udc00", domain: ".."}',
}


def test_no_strange_article_costs_another(place: Place) -> None:
    """Lone surrogates, NULs, endless words, far dates: each is indexed or rejected by itself."""
    for name, front in STRANGE.items():
        (place.source / f"{name}.md").write_bytes(b"---\n" + front + b"\n---\n")
    report = place.reindex(jobs=1)
    assert report.articles + report.rejected == 2 + len(STRANGE)
    assert place.ids() >= {
        "a",
        "b",
        "long title",
        "one word",
        "year 9999",
        "year 1",
        "nul",
        "address",
    }
    assert Generations(place.index).live().verify() == []


def test_an_error_of_ours_rejects_one_file(place: Place) -> None:
    """Where our code fails at a file, that one is rejected and the rest is ready for the index."""
    unencodable = os.fsdecode(b"c\xff.md")  # scan gives no such name: nothing could store it
    place.write(unencodable, "Lynn")
    paths = ("a.md", unencodable, "nul\0.md", "b.md")
    tasks = [Task(SourceFile(path, 1, 1)) for path in paths]
    read = read_files(str(place.source), place.index, tasks)
    outcomes = {outcome.path: outcome for outcome in read.outcomes}
    assert [outcomes[path].record.id for path in paths] == ["a", None, None, "b"]
    assert [article.id for path in read.spools for article in spooled(path)] == ["a", "b"]
    assert read.knowledge.articles == 2
    reasons = [one.rejection.reason for path in paths if (one := outcomes[path]).rejection]
    assert "could not be read into the index: UnicodeEncodeError: " in reasons[0]
    assert reasons[1] == "could not be read into the index: ValueError: embedded null byte"


SHARED = 2 * CHUNK + 1
"""So many articles are enough for several processes."""


def many(place: Place, articles: int) -> None:
    for number in range(articles):
        place.write(
            f"n{number:04}.md",
            f"Story {number} of Boston w{number % 37}",
            provider=f"{{name: P{number % 7}}}",
            topics=f"[T{number % 5}, T{number % 3}]",
            publishedDateTime=f"2020-01-{number % 28 + 1:02}",
        )


def test_workers_build_the_same_bytes(tmp_path: Path) -> None:
    """Two processes make the very segments that one makes, and the same sources."""
    place = Place(tmp_path)
    many(place, SHARED)
    place.write("broken.md", None)
    built = []
    for jobs in (1, 2):
        place.index = tmp_path / f"index{jobs}"
        report = place.reindex(jobs=jobs)
        assert counts(report) == (SHARED, 0, 0, 0, 1)
        live = Generations(place.index).live()
        built.append((live.manifest.files, live.manifest.rejections, live.sources()))
    assert built[0] == built[1]


def test_a_killed_worker_fails_the_run_clearly(tmp_path: Path) -> None:
    """When a worker is killed the run ends with a cure, nothing is switched, and a retry works."""
    place = Place(tmp_path)
    place.write("a.md", "Boston")
    place.reindex()
    many(place, SHARED)
    stop = threading.Event()
    killer = threading.Thread(target=_kill_workers, args=(stop,))
    killer.start()
    try:
        with pytest.raises(SearcherError, match="--jobs 1"):
            place.reindex(jobs=2)
    finally:
        stop.set()
        killer.join()
    assert place.ids() == {"a"}
    assert place.reindex(jobs=1).articles == SHARED + 1


def _kill_workers(stop: threading.Event) -> None:
    """Kill one worker of this process as soon as there is one."""
    while not stop.is_set():
        for path in Path("/proc/self/task").glob("*/children"):
            for child in path.read_text().split():
                command = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"popen_loky" in command and b"tracker" not in command:
                    os.kill(int(child), signal.SIGKILL)
                    return
        time.sleep(0.01)


# Any sequence of changes

WORDS = ("boston", "bans", "face", "recognition", "tech", "city", "news", "e-mail")
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
edits = st.lists(
    st.tuples(
        st.sampled_from([f"{name}{end}" for name in "abcde" for end in (".md", ".txt")]),
        st.one_of(
            st.just("delete"), st.just("break"), st.just("touch"),
            st.tuples(words, words, st.sampled_from("PQR"), st.sampled_from("TUV")),
        ),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def apply(place: Place, name: str, change: str | tuple[str, ...], moment: int) -> None:
    path = place.source / name
    if isinstance(change, tuple):
        title, excerpt, provider, topic = change
        place.write(
            name, title, excerpt=excerpt, provider=f"{{name: {provider}}}", topics=f"[{topic}]"
        )
    elif change == "break":
        place.write(name, None)
    elif change == "delete" and path.exists():
        path.unlink()
    if path.exists():
        os.utime(path, ns=(moment, moment))


def answers(index: Path) -> dict[str, object]:
    """What an index says to some searches, corrections aside, and the articles it holds."""
    found: dict[str, object] = {}
    with Archive.open(index) as archive:
        engine = open_engine(index)
        for query in ("", *WORDS, '"face recognition"', "boston OR news", "-city bans"):
            results = archive.search(SearchRequest(query, size=100))
            found[query] = (
                results.total,
                [(hit.id, round(hit.score, 4)) for hit in results.hits if not query],
                {hit.id: round(hit.score, 4) for hit in results.hits},
                results.facets,
            )
    stored = {name: engine.get(name) for name in "abcdez"}
    found["stored"] = {name: one and one[1] for name, one in stored.items()}
    return found


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rounds=st.lists(edits, min_size=1, max_size=5))
def test_after_any_changes_an_index_is_as_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str]]]
) -> None:
    """Whatever was written, broken, touched, renamed and deleted, in whatever runs."""
    place = Place(tmp_path_factory.mktemp("place"))
    place.write("z.md", "the last one")
    moment = 10**18
    for changes in rounds:
        for name, change in changes:
            moment += 1
            apply(place, name, change, moment)
        report = place.reindex()
    fresh = Place(tmp_path_factory.mktemp("fresh"))
    anew = reindex(place.source, fresh.index)
    assert answers(place.index) == answers(fresh.index)
    assert (report.rejections, report.articles) == (anew.rejections, anew.articles)
    live = Generations(place.index).live()
    assert live.sources() == Generations(fresh.index).live().sources()
    assert live.verify() == []


@given(st.lists(st.integers(0, 3 * CHUNK_BYTES), max_size=500))
def test_chunks_are_bounded(sizes: list[int]) -> None:
    """A chunk has few files and few bytes, but for one file that has more; none is left out."""
    tasks = [Task(SourceFile(str(number), size, 1)) for number, size in enumerate(sizes)]
    found = chunks(tasks)
    assert [task for chunk in found for task in chunk] == tasks
    for chunk in found:
        assert 1 <= len(chunk) <= CHUNK
        assert len(chunk) == 1 or sum(task.file.size for task in chunk) <= CHUNK_BYTES


def test_segments_stay_few(tmp_path: Path) -> None:
    """Many small changes leave a geometric row of segments, not one for each change."""
    place = Place(tmp_path)
    many(place, 60)
    place.reindex(jobs=1)
    for number in range(40):
        place.write(f"x{number}.md", f"One more {number}")
        place.write(f"n{number:04}.md", f"Changed {number}")
        place.reindex(jobs=1)
        assert len(Generations(place.index).live().manifest.segments) <= 4
    assert len(place.ids("changed")) == 40
    assert place.reindex().articles == 100


def test_chunks_answer_for_every_file(place: Place) -> None:
    """A file that went between the scan and the reading is rejected, not forgotten."""
    tasks = [Task(SourceFile(name, 1, 1)) for name in ("a.md", "gone.md", "b.md")]
    read = read_files(str(place.source), place.index, tasks)
    assert [outcome.path for outcome in read.outcomes] == ["a.md", "gone.md", "b.md"]
    assert [outcome.rejection is None for outcome in read.outcomes] == [True, False, True]
    assert read.knowledge.articles == 2


def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    """After SIGKILL no worker lives on, though nobody told it to stop."""
    source = tmp_path / "articles"
    source.mkdir()
    for number in range(900):
        (source / f"a{number}.md").write_text(f"---\ntitle: Boston bans {number}\n---\n")
    code = (
        f"from searcher import reindex; reindex({str(source)!r}, {str(tmp_path / 'i')!r}, jobs=2)"
    )
    run = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    deadline = time.monotonic() + 60
    while len(_group(run.pid)) < 3 and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    run.kill()
    run.wait()
    assert ended(run.pid)


def ended(leader: int) -> bool:
    """Whether the processes of a group end by themselves, soon."""
    deadline = time.monotonic() + 60
    while _group(leader) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _group(leader)


def _group(leader: int) -> list[str]:
    """The processes of a group that are alive, as Linux lists them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has just ended
            continue
        if int(group) == leader and state != "Z":
            found.append(stat.parent.name)
    return found


def started(place: Place, *options: str) -> subprocess.Popen[bytes]:
    """A run of the command in a process of its own that has begun to build."""
    run = launched(place, *options)
    deadline = time.monotonic() + 60
    while not list(place.index.glob("building-*/spool/*")) and run.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return run


def launched(place: Place, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "searcher", "reindex", *options, str(place.source)]
    command += ["--index", str(place.index)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_end_tidies_up(tmp_path: Path, jobs: str, end: int) -> None:
    """SIGTERM and Ctrl-C end a run alike: one line, no trace of the build, no worker left."""
    place = Place(tmp_path)
    many(place, SHARED)
    run = started(place, "--jobs", jobs)
    if end == signal.SIGINT:
        os.killpg(run.pid, end)  # a terminal tells it to the workers as well
    else:
        run.send_signal(end)
    _, said = run.communicate()
    assert run.returncode == 130
    assert b"searcher: Interrupted" in said.splitlines()[-1]
    assert b"Traceback" not in said
    assert {path.name for path in place.index.iterdir()} == {"lock"}
    assert ended(run.pid)


@pytest.mark.parametrize("pause", [0, 0.04, 0.08])
@pytest.mark.parametrize("processes", [2, 4, 5])
def test_ctrl_c_while_workers_start_is_one_line(
    tmp_path: Path, processes: int, pause: float
) -> None:
    """However many there are, and how far: none says that it was interrupted or left alone."""
    place = Place(tmp_path)
    many(place, SHARED)
    run = launched(place, "--jobs", "2")
    deadline = time.monotonic() + 60
    while len(_group(run.pid)) < processes:
        assert run.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(pause)
    os.killpg(run.pid, signal.SIGINT)
    out, said = run.communicate(timeout=60)
    assert out == b""
    told = [line for line in said.splitlines() if not line.startswith((b"Looking", b"Reading"))]
    assert told == [b"searcher: Interrupted: what was there before is unchanged."]
    assert ended(run.pid)


def test_a_request_to_end_waits_for_what_is_being_started() -> None:
    """It comes when the workers are there, each one, and through whatever handler there was."""
    told: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda number, _: told.append(number)) for one in signals]
    mine = [signal.getsignal(one) for one in signals]
    try:
        with workers._uninterrupted():
            for one in (*signals, signal.SIGTERM):
                os.kill(os.getpid(), one)
            time.sleep(0.01)
            assert told == []
        assert set(told) == set(signals)
        assert [signal.getsignal(one) for one in signals] == mine
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def test_workers_started_by_a_thread_never_see_ctrl_c() -> None:
    """There no handler can be set, but what is started inherits what is blocked."""
    with ThreadPoolExecutor(1) as pool:
        assert signal.SIGINT in pool.submit(_blocked).result()


def _blocked() -> set[signal.Signals]:
    with workers._uninterrupted():
        return {signal.Signals(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, [])}


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.01, 0.1])
def test_asking_twice_to_end_ends_as_well(tmp_path: Path, pause: float) -> None:
    """An impatient second Ctrl-C leaves no worker waiting for another, nor anything behind."""
    place = Place(tmp_path)
    many(place, SHARED)
    run = started(place, "--jobs", "2")
    for _ in range(3):
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(pause)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"searcher: Interrupted" in said.splitlines()[-1]
    assert {path.name for path in place.index.iterdir()} == {"lock"}
    assert ended(run.pid)


def test_a_run_killed_between_its_passes_costs_nothing(tmp_path: Path) -> None:
    """What waits to be placed when a run is killed goes with the next one."""
    place = Place(tmp_path)
    place.write("a.md", "Boston")
    place.reindex()
    many(place, SHARED)
    run = started(place, "--jobs", "1")
    run.kill()
    run.communicate()
    assert place.ids() == {"a"}
    assert list(place.index.glob("building-*"))
    assert place.reindex().articles == SHARED + 1
    assert not list(place.index.glob("building-*"))
    assert Generations(place.index).live().knowledge().articles == SHARED + 1


@pytest.mark.parametrize("links", [True, False])
def test_files_are_on_the_disk_before_they_are_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Every file of a generation is synced before the switch: one that is copied where the disk has
    no links, and one that takes the place of a link, for it holds the same."""
    place, synced, sync, switch = Place(tmp_path), set(), os.fsync, Generations._switch
    live: list[dict[str, int]] = []

    def noted(file: int) -> None:
        synced.add(os.fstat(file).st_ino)
        sync(file)

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    def switched(generations: Generations, name: str) -> None:
        live.append({path.name: path.stat().st_ino for path in (place.index / name).iterdir()})
        assert set(live[-1].values()) <= synced
        switch(generations, name)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Generations, "_switch", switched)
    if not links:
        monkeypatch.setattr(os, "link", refused)
    many(place, 8)
    place.reindex(jobs=1)
    place.write("another.md", "Boston")
    place.reindex(jobs=1)
    for ending in (".txt", ".md"):
        for path in list(place.source.iterdir()):
            path.rename(path.with_suffix(ending))
        place.reindex(jobs=1)
    segments = [{name for name in files if name.endswith(".arr")} for files in live]
    assert list(map(len, segments)) == [1, 2, 1, 1]
    assert segments[0] < segments[1]
    assert segments[2] == segments[3]
    assert all(live[2][name] != live[3][name] for name in segments[3])
    assert Generations(place.index).live().verify() == []


def test_a_disk_that_takes_nothing_when_all_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it says so only as files are synced, the run fails with its cure; nothing is lost."""
    place = Place(tmp_path)
    place.write("a.md", "Boston")
    before = place.reindex(jobs=1).generation
    place.write("b.md", "Boston")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SearcherError, match=r"No space left on device.*make room there"):
        place.reindex(jobs=1)
    assert Generations(place.index).live().name == before
    assert Generations(place.index).live().verify() == []
    assert not list(place.index.glob("building-*"))


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from searcher.__main__ import main
sys.exit(main())
"""


def test_a_disk_that_is_full_before_anything_is_placed(tmp_path: Path) -> None:
    """Where articles cannot wait on the disk the run fails with its cure; no article is blamed."""
    place = Place(tmp_path)
    many(place, 190)
    command = [sys.executable, "-c", LIMITED, "reindex", str(place.source)]
    command += ["--index", str(place.index)]
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 1
    assert b"cannot be written (File too large): make room there" in run.stderr.splitlines()[-1]
    assert {path.name for path in place.index.iterdir()} == {"lock"}


EARLY = """
import os, signal, sys
class Press:
    def find_spec(self, name, *_):
        if name == "searcher.cli":
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Press())
from searcher.__main__ import main
sys.exit(main())
"""


def test_an_early_interrupt_is_no_traceback() -> None:
    """Ctrl-C while the program is still being loaded ends it in one line."""
    run = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (130, b"searcher: Interrupted.\n")
