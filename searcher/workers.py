"""Workers: files read, placed and tokenised in several processes, a chunk at a time, in order."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from typing import Any, Final

from searcher.article import Article
from searcher.engine.local.batch import Batch, prepare
from searcher.engine.local.generation import SourceRecord
from searcher.errors import SearcherError
from searcher.places import City, find_cities
from searcher.sources import MAX_BYTES, Rejection, SourceFile, parse, read

__all__ = ["Chunk", "Outcome", "Task", "processors", "read_all"]

CHUNK: Final = 200
"""How many files a worker reads at a time."""

WORTH_WORKERS: Final = 2 * CHUNK
"""Fewer files are read in this process: workers take a second to start."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, and what it was when it was last read."""

    file: SourceFile
    before: SourceRecord | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. ``fresh``: its content is not what it was before."""

    path: str
    record: SourceRecord
    rejection: Rejection | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """What became of some files, and the fresh articles among them."""

    outcomes: tuple[Outcome, ...]
    batch: Batch


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(source: str, tasks: Sequence[Task], jobs: int) -> Iterator[Chunk]:
    """Read files in ``jobs`` processes; the chunks come in the order of the tasks."""
    chunks = [tasks[at : at + CHUNK] for at in range(0, len(tasks), CHUNK)]
    if jobs < 2 or len(tasks) < WORTH_WORKERS:
        for chunk in chunks:
            yield from read_chunks(source, chunk)
        return
    # loky starts workers without running the caller's main module again, which an embedding
    # program may not be written for.
    from loky import ProcessPoolExecutor

    workers = min(jobs, len(chunks))
    with ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),)) as pool:
        waiting: deque[Any] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(read_chunks, source, chunk))
            if len(waiting) > 2 * jobs:
                yield from _result(waiting.popleft())
        while waiting:
            yield from _result(waiting.popleft())


def _end_with(parent: int) -> None:
    """Let this worker end when the process that started it does, even if that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _result(future: Any) -> list[Chunk]:
    try:
        chunks: list[Chunk] = future.result()
        return chunks
    except BrokenExecutor as error:
        raise SearcherError(
            "A process that read articles was killed, perhaps because memory ran out: close other "
            "programs or run `searcher reindex --jobs 1`. What was live before still is."
        ) from error


def read_chunks(source: str, tasks: Sequence[Task]) -> list[Chunk]:
    """Read some files. Whatever is wrong with one is its own rejection."""
    find_cities(Article("", ""))  # a gazetteer that does not open is no article's fault
    return _one_by_one(source, tasks)


def _one_by_one(source: str, tasks: Sequence[Task]) -> list[Chunk]:
    """All at once; where our code fails at one of them, each by itself, to reject that one."""
    try:
        return [_read_chunk(source, tasks)]
    except Exception as error:  # noqa: BLE001 - it may be any, and must not cost the others
        if len(tasks) == 1:
            return [_failed(tasks[0].file, error)]
    return [chunk for task in tasks for chunk in _one_by_one(source, [task])]


def _failed(file: SourceFile, error: Exception) -> Chunk:
    reason = f"could not be read into the index: {type(error).__name__}: {error}"
    rejection = Rejection(file.path, 1, reason, "Report it with the file")
    # Without a checksum it is tried again each time: the next version may manage.
    return Chunk((Outcome(file.path, _record(file, "", None), rejection, fresh=True),), prepare([]))


def _read_chunk(source: str, tasks: Sequence[Task]) -> Chunk:
    outcomes: list[Outcome] = []
    items: list[tuple[Article, tuple[City, ...]]] = []
    for task in tasks:
        found, digest = _read(source, task)
        if found is None and task.before is not None:
            record = _record(task.file, digest, task.before.id)
            outcomes.append(Outcome(task.file.path, record, None, fresh=False))
            continue
        article = found if isinstance(found, Article) else None
        if article is not None:
            items.append((article, find_cities(article)))
        record = _record(task.file, digest, article.id if article else None)
        rejection = found if isinstance(found, Rejection) else None
        outcomes.append(Outcome(task.file.path, record, rejection, fresh=True))
    return Chunk(tuple(outcomes), prepare(items))


def _read(source: str, task: Task) -> tuple[Article | Rejection | None, str]:
    """What a file holds, None where that is what it held before, and its checksum."""
    path = task.file.path
    try:
        with open(os.path.join(source, path), "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return read(source, path), ""
    digest = hashlib.sha256(data).hexdigest()
    if len(data) > MAX_BYTES:
        return read(source, path), digest
    if task.before is not None and task.before.sha256 == digest:
        return None, digest
    return parse(data, path), digest


def _record(file: SourceFile, digest: str, article_id: str | None) -> SourceRecord:
    return SourceRecord(file.size, file.mtime_ns, digest, article_id)
