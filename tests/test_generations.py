"""Generations: whatever happens to a build or a disk, what is served is whole, old or new."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import (
    Archive,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    SearcherError,
    SearchRequest,
    SourceError,
    reindex,
)
from searcher.article import Article
from searcher.engine import open_engine
from searcher.engine.local import generations as module
from searcher.engine.local.batch import prepare
from searcher.engine.local.build import building
from searcher.engine.local.generations import Generations
from searcher.places import Knowledge

ROOT = Path(__file__).parents[1]
SIZES = (40, 41)


def write(folder: Path, articles: int, full: bool = True) -> None:
    """Build some articles at a location."""
    items = [(Article(f"n{n:03}", f"Story {n} of Boston"), ()) for n in range(articles)]
    with building(folder, full) as build:
        build.remove([article.id for article, _ in items])
        build.add(prepare(items))
        build.learned(Knowledge(articles))
        build.publish("test", "0", [], {})


def counted(location: Path) -> int:
    """How many articles an index finds, by opening and searching it."""
    with Archive.open(location) as archive:
        results = archive.search(SearchRequest("boston", size=100))
        assert results.total == len(results.hits)
        return results.total


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python code in a process of its own."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


# Killed builds

REBUILD = """
import sys
from pathlib import Path
from tests.test_generations import SIZES, write
print("ready", flush=True)
number = 0
while True:
    number += 1
    write(Path(sys.argv[1]), SIZES[number % 2], full=number % 3 == 0)
    print(number, flush=True)
"""


def test_a_build_killed_anywhere_costs_nothing(tmp_path: Path) -> None:
    """However a build is killed, the index opens as one of the whole states, and builds go on."""
    write(tmp_path, SIZES[0])
    say = random.Random(7)
    for _ in range(6):
        process = run(REBUILD, tmp_path)
        assert process.stdout
        process.stdout.readline()
        process.stdout.readline()
        time.sleep(say.random() * 0.15)
        process.kill()
        process.communicate()
        assert counted(tmp_path) in SIZES
        assert Generations(tmp_path).live().verify() == []
    write(tmp_path, 7)
    assert counted(tmp_path) == 7
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"current", "lock", *Generations(tmp_path).names()}
    assert len(Generations(tmp_path).names()) <= module.KEPT


DIE = """
import os, signal, sys
from pathlib import Path
from tests.test_generations import write
steps = int(sys.argv[2])
def watch(event, arguments):
    global steps
    if event in ("open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir") and any(
        str(one).startswith(sys.argv[1]) for one in arguments[:2]
    ):
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), signal.SIGKILL)
pid = 1
while pid and steps < 200:
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        print(steps, os.WIFSIGNALED(status), flush=True)
        sys.stdin.readline()
        steps += 1
if not pid:
    sys.addaudithook(watch)
    write(Path(sys.argv[1]), 41, full=False)
    os._exit(0)
"""


def test_a_build_killed_at_each_step_costs_nothing(tmp_path: Path) -> None:
    """Killed before its first, second, ... change on the disk, a build has not been or is done."""
    for _ in range(3):
        write(tmp_path, 40)
    process = run(DIE, tmp_path, 0)
    assert process.stdin
    assert process.stdout
    states, killed = [], True
    while killed:
        killed = process.stdout.readline().split()[1] == "True"
        states.append(counted(tmp_path))
        assert Generations(tmp_path).live().verify() == []
        if killed:
            if states[-1] == 41:
                write(tmp_path, 40)
            process.stdin.write("\n")
            process.stdin.flush()
    process.kill()
    process.communicate()
    assert len(states) > 15
    assert set(states) == {40, 41}
    write(tmp_path, 7)
    assert not list(tmp_path.glob("building-*"))


# Builders at once

HOLD = """
import sys, time
from searcher.engine.local.build import building
with building(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_builders_at_once(tmp_path: Path) -> None:
    """The second builder is told to wait; the lock of a killed one is free at once."""
    write(tmp_path, 5)
    process = run(HOLD, tmp_path)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    for attempt in (lambda: write(tmp_path, 6), Generations(tmp_path).rollback):
        with pytest.raises(IndexBusy, match="wait until it is done"):
            attempt()
    assert counted(tmp_path) == 5
    process.send_signal(signal.SIGKILL)
    process.communicate()
    write(tmp_path, 6)
    assert counted(tmp_path) == 6


def test_a_builder_in_another_thread_is_busy_as_well(tmp_path: Path) -> None:
    """The lock is between builds, not only between processes."""
    with building(tmp_path), pytest.raises(IndexBusy):
        write(tmp_path, 1)


# Full disks

LIMITED = """
import resource, sys
from pathlib import Path
from searcher import SearcherError
from tests.test_generations import write
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    write(Path(sys.argv[1]), 2000, full=False)
except SearcherError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [0, 3, 500, 4096, 30_000])
def test_a_full_disk_is_an_error_with_a_cure(tmp_path: Path, limit: int) -> None:
    """Where a file cannot be written whole, the build fails with its cure and leaves no trace."""
    write(tmp_path, 5)
    process = run(LIMITED, tmp_path, limit)
    out, err = process.communicate()
    assert "cannot be written (File too large): make room there" in out
    assert err == ""
    assert counted(tmp_path) == 5
    assert Generations(tmp_path).names() == ["gen-000001"]
    assert not list(tmp_path.glob("building-*"))
    write(tmp_path, 2000 // 10, full=False)
    assert Generations(tmp_path).live().manifest.articles == 200


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A location that is a file, or below one, is an error that says what to do."""
    (tmp_path / "file").write_text("x")
    for location in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(SearcherError, match="name a folder that you may write to"):
            write(location, 1)


# Damage

FILES = ("*.arr", "*.toc", "manifest.json", "sources.json", "knowledge.json")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two generations."""
    folder = tmp_path_factory.mktemp("built")
    write(folder, 8)
    write(folder, 9)
    return folder


def file_of(location: Path, pattern: str) -> Path:
    (path,) = (location / "gen-000002").glob(pattern)
    return path


@pytest.mark.parametrize("pattern", FILES)
@pytest.mark.parametrize("how", ["missing", "cut", "empty", "longer"])
def test_missing_and_cut_files_are_damage(
    built: Path, tmp_path: Path, pattern: str, how: str
) -> None:
    """A file that is gone or of another size is damage on opening; a rollback and a build mend."""
    location = shutil.copytree(built, tmp_path / "index")
    path = file_of(location, pattern)
    data = path.read_bytes()
    path.unlink()
    if how != "missing":
        path.write_bytes({"cut": data[:-1], "empty": b"", "longer": data + b"x"}[how])
    with pytest.raises(IndexDamaged, match="searcher rollback"):
        Archive.open(location)
    assert Generations(location).rollback().name == "gen-000001"
    assert counted(location) == 8
    write(location, 10, full=False)
    assert counted(location) == 10


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(pattern=st.sampled_from(FILES), at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found(
    built: Path, tmp_path_factory: pytest.TempPathFactory, pattern: str, at: float, bit: int
) -> None:
    """Any changed bit of any file is found; a build does not take it over, a rollback leaves it."""
    location = tmp_path_factory.mktemp("flip") / "index"
    shutil.copytree(built, location)
    path = file_of(location, pattern)
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= 1 << bit
    path.write_bytes(data)
    generations = Generations(location)
    if pattern == "manifest.json":
        with pytest.raises((IndexDamaged, IndexOutdated)):
            generations.live()
    else:
        name = f"gen-000002/{path.name}"
        assert generations.live().verify() == [f"{name} holds other bytes than were written"]
    shutil.copytree(location, location.with_name("other"))
    write(location.with_name("other"), 9, full=False)
    assert Generations(location.with_name("other")).live().verify() == []
    assert generations.rollback().name == "gen-000001"


def test_a_rollback_skips_what_is_damaged(tmp_path: Path) -> None:
    """It returns to the newest whole generation before the live one, and says where none is."""
    for articles in (1, 2, 3):
        write(tmp_path, articles)
    path = file_of(tmp_path, "*.arr")
    path.write_bytes(path.read_bytes()[::-1])
    assert Generations(tmp_path).rollback().name == "gen-000001"
    assert counted(tmp_path) == 1
    with pytest.raises(IndexMissing, match="no earlier whole generation"):
        Generations(tmp_path).rollback()
    write(tmp_path, 4)
    assert Generations(tmp_path).current_name() == "gen-000004"


@pytest.mark.parametrize("content", [b"gen-000009\n", b"\xff\0\n", b"../..\n", b"gen-1\0\n"])
def test_a_damaged_pointer_is_damage(tmp_path: Path, content: bytes) -> None:
    """Where ``current`` names nothing that is there, the index is damaged and can be rebuilt."""
    write(tmp_path, 1)
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(IndexDamaged):
        Generations(tmp_path).live()
    write(tmp_path, 2, full=False)
    assert counted(tmp_path) == 2


def test_an_index_of_another_version_is_rebuilt(tmp_path: Path) -> None:
    """Another schema, whatever else its manifest holds, is outdated; reindex rebuilds it."""
    reindex(ROOT / "seeds", tmp_path)
    path = tmp_path / "gen-000001" / "manifest.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "schema_version": 0, "of old": 1}))
    with pytest.raises(IndexOutdated, match="run `searcher reindex`"):
        Archive.open(tmp_path)
    report = reindex(ROOT / "seeds", tmp_path)
    assert (report.added, report.generation) == (5, "gen-000002")


# Readers beside builders


def test_a_reader_keeps_its_generation(tmp_path: Path) -> None:
    """An opened engine answers from its files though they were pruned long ago."""
    write(tmp_path, 12)
    engine = open_engine(tmp_path)
    for articles in range(1, 6):
        write(tmp_path, articles)
    assert not (tmp_path / "gen-000001").exists()
    assert not engine.current()
    assert engine.info.articles == 12
    assert [engine.get(f"n{n:03}") is not None for n in range(13)] == [True] * 12 + [False]


def test_opening_never_fails_while_others_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though each build prunes all before it at once, an archive opens, and opens whole."""
    monkeypatch.setattr(module, "KEPT", 1)
    write(tmp_path, 40)
    done = threading.Event()

    def build() -> None:
        try:
            for number in range(30):
                write(tmp_path, SIZES[number % 2], full=number % 5 == 0)
        finally:
            done.set()

    builder = threading.Thread(target=build)
    builder.start()
    opened = 0
    while not done.is_set():
        assert counted(tmp_path) in SIZES
        opened += 1
    builder.join()
    assert opened > 5
    assert Generations(tmp_path).names() == ["gen-000031"]


def test_a_rollback_goes_back_to_what_was_live_before(tmp_path: Path) -> None:
    """What an operator rolled back from is never gone back to, and what was kept is not pruned."""
    source = tmp_path / "articles"
    source.mkdir()
    (source / "a.md").write_text("---\ntitle: first\n---\n")
    generations = Generations(tmp_path / "index")
    for title in ("first", "second", "third"):
        (source / f"{title}.md").write_text(f"---\ntitle: {title}\n---\n")
        reindex(source, tmp_path / "index")
    assert [generations.rollback().name, generations.rollback().name] == [
        "gen-000002",
        "gen-000001",
    ]
    (source / "fourth.md").write_text("---\ntitle: fourth\n---\n")
    reindex(source, tmp_path / "index")
    assert generations.names() == ["gen-000001", "gen-000004"]
    assert generations.rollback().name == "gen-000001"


def test_an_index_that_may_not_be_read(tmp_path: Path) -> None:
    """It is not taken for none, which would be built anew beside it, and the cure is another."""
    (tmp_path / "index").symlink_to("index")  # root is refused as well
    with pytest.raises(SourceError, match=r"cannot be read .*: see that it may be read"):
        Archive.open(tmp_path / "index")
    with pytest.raises(SourceError, match="cannot be read"):
        Generations(tmp_path / "index").rollback()


def test_a_rollback_of_nothing_leaves_nothing(tmp_path: Path) -> None:
    """A mistyped location is told, and no folder is made for it."""
    with pytest.raises(IndexMissing):
        Generations(tmp_path / "typo").rollback()
    assert not (tmp_path / "typo").exists()
