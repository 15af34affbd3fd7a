"""What is measured, each in a process of its own: ``python -m bench.tasks TASK '{"…": …}'``.

A task prints one JSON object. CPU seconds are of the whole process, all its threads and children.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from bench.mix import MIX, Ask
from bench.peers import Answer, Peer, peer
from bench.spool import Feed, spool

__all__ = ["TASKS", "run"]

MIB: Final = 1 << 20


def run(task: str, **arguments: Any) -> dict[str, Any]:
    """Run one task in a fresh process and return what it measured."""
    command = [sys.executable, "-m", "bench.tasks", task, json.dumps(arguments, default=str)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def generate(folder: str, count: int) -> dict[str, Any]:
    """Make the spool of generated articles."""
    path = spool(Path(folder), count)
    return {"path": str(path), "bytes": path.stat().st_size}


def write(folder: str, count: int) -> dict[str, Any]:
    """Write the generated archive as files, unless it is there."""
    from bench.generate import write as write_files

    if not Path(folder).exists():
        part = Path(folder + ".part")
        shutil.rmtree(part, ignore_errors=True)
        write_files(part, count)
        part.rename(folder)
    return {}


def build(engine: str, folder: str, source: str, raw: bool, limit: int) -> dict[str, Any]:
    """Index the first ``limit`` entries; the CPU time of reading them is taken off."""
    path, module, feed = Path(folder), peer(engine), Feed(Path(source), limit)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    before = _resident("VmRSS")
    with _timed() as spent:
        module.build(path, feed, raw)
    cpu = spent["cpu"] - feed.seconds
    return {
        "articles": limit,
        "per_cpu_second": limit / cpu,
        "cpu": cpu,
        "wall": spent["wall"] - feed.seconds,
        "peak_mib": _resident("VmHWM"),
        "before_mib": before,
        "size_mib": sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / MIB,
    }


def opening(engine: str, folder: str) -> dict[str, Any]:
    """Open, imports aside; then what is resident, before and after queries."""
    module = peer(engine)
    imported = _resident("VmRSS")
    with _timed() as spent:
        opened = module.open(Path(folder))
    resident = _resident("VmRSS")
    with closing(opened):
        for ask in MIX:
            opened.answer(ask)
        after = _resident("VmRSS")
    return {
        "ms": spent["wall"] * 1e3,
        "cpu_ms": spent["cpu"] * 1e3,
        "imported_mib": imported,
        "resident_mib": resident,
        "after_queries_mib": after,
    }


def first(engine: str, folder: str) -> dict[str, Any]:
    """Every query once in a fresh process: the first touch of its terms."""
    with closing(peer(engine).open(Path(folder))) as opened:
        return {"ms": [_once(opened, ask)[1]["cpu"] * 1e3 for ask in MIX]}


def new(engine: str, folder: str) -> dict[str, Any]:
    """Every query once in a fresh process that knows the words from others: nothing of the query,
    of the articles it shows or of its facets is remembered."""
    with closing(peer(engine).open(Path(folder))) as opened:
        for ask in MIX:
            opened.know(ask)
        return {"ms": [_once(opened, ask)[1]["cpu"] * 1e3 for ask in MIX]}


def warm(folders: dict[str, str], rounds: int, slow: list[str]) -> dict[str, Any]:
    """The queries one by one, each asked of every engine in turn; those of ``slow`` are timed once.

    Who comes first is drawn anew each time: whoever came right after one that works for long would
    always find the processor's caches cold.

    Returns each query's median CPU and wall milliseconds per engine, and what they disagree in.
    """
    opened = {engine: peer(engine).open(Path(folder)) for engine, folder in folders.items()}
    cpu: dict[str, list[list[float]]] = {engine: [[] for _ in MIX] for engine in opened}
    wall: dict[str, list[list[float]]] = {engine: [[] for _ in MIX] for engine in opened}
    differences: list[str] = []
    draw = random.Random(1)
    for turn in range(-1, rounds):
        asked = [engine for engine in opened if turn <= 0 or engine not in slow]
        for number, ask in enumerate(MIX):
            answers = {}
            for engine in draw.sample(asked, len(asked)):
                answers[engine], spent = _once(opened[engine], ask)
                if turn >= 0:
                    cpu[engine][number].append(spent["cpu"] * 1e3)
                    wall[engine][number].append(spent["wall"] * 1e3)
            if turn == 0:
                differences += _differences(ask, answers)
    for one in opened.values():
        one.close()
    return {
        "cpu": {engine: [statistics.median(t) for t in times] for engine, times in cpu.items()},
        "wall": {engine: [statistics.median(t) for t in times] for engine, times in wall.items()},
        "differences": differences,
    }


def threads(folder: str, queries: int, workers: int) -> dict[str, Any]:
    """Mixed queries from several threads on one archive, against the same ones from one."""
    from searcher.results import Results

    archive: Any = peer("searcher").open(Path(folder)).archive  # type: ignore[attr-defined]
    asked = random.Random(1).choices([ask.request for ask in MIX], k=queries)
    expected = {request: archive.search(request) for request in set(asked)}

    def problem(request: Any) -> str:
        try:
            found: Results = archive.search(request)
        except Exception as error:  # noqa: BLE001 (what it must not raise is counted)
            return repr(error)
        return "" if found == expected[request] else f"another result for {request.query!r}"

    with _timed() as spent, ThreadPoolExecutor(workers) as pool:
        problems = [found for found in pool.map(problem, asked) if found]
    return {"queries": queries, "problems": len(problems), "first": problems[:3], **spent}


def files(source: str, index: str, count: int) -> dict[str, Any]:
    """From files on disk: a whole run, one without changes, one with 100 files rewritten, and one
    without these."""
    from searcher import reindex

    shutil.rmtree(index, ignore_errors=True)
    stolen = _stolen()
    with _timed() as whole:
        report = reindex(source, index)
    stolen = _stolen() - stolen
    with _timed() as unchanged:
        same = reindex(source, index)
    chosen = sorted(Path(source).rglob("*.md"))[:: max(1, count // 100)][:100]
    before = [path.read_bytes() for path in chosen]
    for path, data in zip(chosen, before, strict=True):
        # What they taught of their publishers goes, so that others have to be placed again.
        path.write_bytes(re.sub(rb"(?m)^excerpt: .*", b'excerpt: "Nothing is said."', data))
    with _timed() as changed:
        updated = reindex(source, index)
    for path, data in zip(chosen, before, strict=True):
        path.write_bytes(data)
    gone = [path.rename(path.with_suffix(".away")) for path in chosen[: count // 2]]
    with _timed() as removed:
        fewer = reindex(source, index)
    for path in gone:
        path.rename(path.with_suffix(".md"))
    shutil.rmtree(index, ignore_errors=True)
    return {
        "articles": report.articles,
        "rejected": report.rejected,
        "per_second": count / whole["wall"],
        "cpu_seconds": whole["cpu"],
        "stolen_seconds": stolen,
        "peak_mib": _resident("VmHWM"),
        "unchanged_seconds": unchanged["wall"],
        "unchanged": same.unchanged,
        "changed_seconds": changed["wall"],
        "updated": updated.updated,
        "removed_seconds": removed["wall"],
        "removed": fewer.removed,
    }


TASKS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    task.__name__: task
    for task in (generate, write, build, opening, first, new, warm, threads, files)
}


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Wall and CPU seconds of the block, in the dictionary once it is done."""
    spent: dict[str, float] = {}
    wall, cpu = time.perf_counter(), _cpu()
    yield spent
    spent["wall"], spent["cpu"] = time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _resident(what: str) -> float:
    """MiB resident: ``VmRSS`` now, ``VmHWM`` at most so far. Linux tells; elsewhere the most."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines[what].split()[0]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MIB if sys.platform == "darwin" else 1024)


def _stolen() -> float:
    """Seconds of processors that a virtual machine's host gave to others, where Linux tells."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    return int(stat.read_text().split(maxsplit=9)[8]) / os.sysconf("SC_CLK_TCK")


def _once(opened: Peer, ask: Ask) -> tuple[Answer, dict[str, float]]:
    with _timed() as spent:
        answer = opened.answer(ask)
    return answer, spent


def _differences(ask: Ask, answers: dict[str, Answer]) -> list[str]:
    """What the engines do not agree in: totals, pages, and the counts of each facet."""
    told: dict[str, list[str]] = defaultdict(list)
    for engine, answer in answers.items():
        told[json.dumps(_comparable(answer), sort_keys=True)].append(engine)
    if len(told) < 2:
        return []
    return [f"{ask.name}: {' = '.join(engines)} found {what}" for what, engines in told.items()]


def _comparable(answer: Answer) -> dict[str, Any]:
    """Among values that tie for the last place each engine may list others: they are left out."""
    facets = {}
    for name, values in answer.facets.items():
        counts = [count for _, count in values if count][:10]
        last = counts[-1] if len(counts) == 10 else 0
        facets[name] = [counts, sorted(v for v, count in values if count > last)]
    return {"total": answer.total, "hits": len(answer.hits), "facets": facets}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
