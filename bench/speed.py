"""``python -m bench``: Searcher beside Tantivy, SQLite FTS5 and Whoosh in the same run.

Every engine does the same whole work for each of sixty queries (``bench.mix``), their answers are
compared, and each figure is taken in a process of its own. Prints tables and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import searcher.text
from bench.peers import ENGINES
from bench.report import report
from bench.spool import GENERATOR, HERE, fingerprint
from bench.tasks import run

__all__ = ["main", "measure"]

NEEDED: Final = ("tantivy", "wordfreq")
STAGES: Final = ("build", "open", "first", "new", "warm", "threads", "files")
WHOOSH_BUILD: Final = 10_000
"""At most so many articles are built raw with stock Whoosh: its rate does not rise with more."""

SLOW: Final = {"whoosh": 20_000}
"""Engines that are timed once only where there are more articles than this: it takes long."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; 1 where engines disagree."""
    options = _options(arguments)
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        _say(f"The bench needs {' and '.join(missing)}: `make bench` installs it.")
        return 2
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    measured = {size: measure(size, work, options) for size in options.sizes}
    result = {"machine": _machine(), "sizes": measured}
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")
    text = report(measured, markdown=False)
    print(text)
    if options.markdown:
        Path(options.markdown).write_text(report(measured, markdown=True) + "\n")
    return int(any(one.get("warm", {}).get("differences") for one in measured.values()))


def measure(size: int, work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All asked stages at one number of articles."""
    _say(f"{size:,} articles: generating")
    spool = run("generate", folder=work, count=size)["path"]
    found: dict[str, Any] = {}
    indexes = {}
    if set(options.stages) - {"files"}:
        found["build"] = _builds(size, work, spool, options)
        indexes = {e: _index(e, size, work, spool, e in found["build"]) for e in options.engines}
    for stage in STAGES[1:]:
        if stage in options.stages:
            _say(f"{size:,} articles: {stage}")
            found[stage] = globals()[f"_{stage}"](size, work, indexes, options)
    return {stage: value for stage, value in found.items() if value}


def _builds(size: int, work: Path, spool: str, options: argparse.Namespace) -> dict[str, Any]:
    """Every engine with its own analysis of the same articles."""
    if "build" not in options.stages:
        return {}
    found = {}
    for engine in options.engines:
        limit = min(size, WHOOSH_BUILD) if engine == "whoosh" else size
        _say(f"{size:,} articles: {engine} builds {limit:,}")
        folder = work / f"raw-{engine}-{size}"
        found[engine] = run(
            "build", engine=engine, folder=folder, source=spool, raw=True, limit=limit
        )
    return found


def _index(engine: str, size: int, work: Path, spool: str, built: bool) -> str:
    """The index that is searched: of our terms, so that all engines find the same.

    A peer's is kept for the next run, as long as what made it stays the same.
    """
    if engine == "searcher" and built:
        return str(work / f"raw-searcher-{size}")
    folder = work / f"terms-{engine}-{size}-{_made_by()}"
    done = folder.with_suffix(".done")
    if engine == "searcher" or not done.exists():
        _say(f"{size:,} articles: {engine} indexes our terms")
        run("build", engine=engine, folder=folder, source=spool, raw=False, limit=size)
        done.touch()
    return str(folder)


def _made_by() -> str:
    """What decides the terms of the searched indexes and how they are laid out."""
    words = Path(searcher.text.__file__)
    listed = [words.parent / "words" / name for name in ("forms.txt", "stop.txt")]
    return fingerprint(words, *listed, *GENERATOR, *sorted((HERE / "peers").glob("*.py")))


def _open(
    size: int, _: Path, indexes: dict[str, str], options: argparse.Namespace
) -> dict[str, Any]:
    """The median of several openings, each in a process of its own."""
    found = {}
    for engine, folder in indexes.items():
        times = range(_times(engine, size, options))
        runs = [run("opening", engine=engine, folder=folder) for _ in times]
        found[engine] = {key: _median([one[key] for one in runs]) for key in runs[0]}
    return found


def _fresh(
    task: str, size: int, _: Path, indexes: dict[str, str], options: argparse.Namespace
) -> dict[str, Any]:
    """Each query's median over several fresh processes."""
    cpu = {}
    for engine, folder in indexes.items():
        times = range(_times(engine, size, options))
        runs = [run(task, engine=engine, folder=folder)["ms"] for _ in times]
        cpu[engine] = [_median(list(one)) for one in zip(*runs, strict=True)]
    return {"cpu": cpu}


_first, _new = partial(_fresh, "first"), partial(_fresh, "new")


def _warm(
    size: int, _: Path, indexes: dict[str, str], options: argparse.Namespace
) -> dict[str, Any]:
    slow = [engine for engine in indexes if _slow(engine, size)]
    return run("warm", folders=indexes, rounds=options.rounds, slow=slow)


def _threads(
    _: int, __: Path, indexes: dict[str, str], options: argparse.Namespace
) -> dict[str, Any]:
    if "searcher" not in indexes:
        return {}
    return run("threads", folder=indexes["searcher"], queries=options.queries, workers=4)


def _files(size: int, work: Path, _: dict[str, str], __: argparse.Namespace) -> dict[str, Any]:
    source = work / f"files-{size}-{fingerprint(*GENERATOR)}"
    run("write", folder=source, count=size)
    return run("files", source=source, index=work / f"files-index-{size}", count=size)


def _slow(engine: str, size: int) -> bool:
    return size > SLOW.get(engine, size)


def _times(engine: str, size: int, options: argparse.Namespace) -> int:
    return 1 if _slow(engine, size) else int(options.repeats)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _machine() -> dict[str, Any]:
    packages = ("tantivy", "whoosh3", "numpy")
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _listed(text: str) -> list[str]:
    return [part for part in text.replace(" ", ",").split(",") if part]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    work = Path(tempfile.gettempdir(), "searcher-bench")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in _listed(text)],
        default=[20_000],
        help="how many articles, one after another: 20000,100000 (20000)",
    )
    for name, every in (("engines", list(ENGINES)), ("stages", list(STAGES))):
        some = f"some of {','.join(every)} (all)"
        parser.add_argument(f"--{name}", type=_listed, default=every, help=some)
    parser.add_argument("--rounds", type=int, default=5, help="warm rounds after the first")
    parser.add_argument(
        "--repeats", type=int, default=3, help="fresh processes for open, first, new"
    )
    parser.add_argument("--queries", type=int, default=10_000, help="queries of the four threads")
    parser.add_argument("--work", default=work, help="folder for archives and indexes")
    parser.add_argument("--json", help="file for everything measured")
    parser.add_argument("--markdown", help="file for the tables")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
