"""reindex: bring an index up to date with its source, reading only what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from searcher.engine.local.build import Build, building
from searcher.engine.local.generation import SourceRecord
from searcher.errors import SourceError
from searcher.sources import ENDINGS, Rejection, SourceFile, article_id, scan
from searcher.workers import Chunk, Task, processors, read_all

__all__ = ["Progress", "Report", "reindex"]

VERSION: Final = version("searcher")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in files. ``stage`` is "scan", "read" or "write"."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    Attributes:
        added, updated, removed, unchanged: articles, against the index as it was.
        rejected: files that are no article; ``rejections`` says why and what to do.
        articles: how many are in the index now.
        generation: the live generation's name; the old one where nothing had changed.
        seconds: how long the run took.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    rejected: int
    rejections: tuple[Rejection, ...]
    articles: int
    generation: str
    seconds: float


def reindex(
    source: str | Path,
    location: str | Path,
    *,
    full: bool = False,
    jobs: int | None = None,
    strict: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Index a folder of articles beside the live index, then switch to what was built.

    Args:
        source: the folder of article files.
        location: the index's folder, made where it is missing.
        full: read every file again, whatever it looks like.
        jobs: how many processes read files; by default one for each processor.
        strict: a rejected file fails the run.
        progress: called often with how far the run is.

    Raises:
        SourceError: the source cannot be read or holds no article files, or, with ``strict``, a
            file was rejected. Nothing was switched.
        IndexBusy: somebody else is building at the location.
        SearcherError: the index cannot be written, or a process that read files died.
    """
    began = time.monotonic()
    tell = progress or (lambda _: None)
    tell(Progress("scan", 0, 0))
    files = list(scan(source))
    if not files:
        endings = " ".join(ENDINGS)
        raise SourceError(f"The folder {source} holds no article files ({endings}): name another.")
    with building(location, full) as build:
        change = _Change(build, files)
        for chunk in read_all(str(source), change.tasks, jobs or processors()):
            change.take(chunk)
            tell(Progress("read", len(change.records), len(files)))
        if strict and change.rejections:
            _refuse(list(change.rejections.values()))
        tell(Progress("write", len(files), len(files)))
        generation = change.publish(str(Path(source).resolve()))
        return change.report(generation, time.monotonic() - began)


def _refuse(rejections: list[Rejection]) -> None:
    others = len(rejections) - 1
    more = f" And {others} more." if others else ""
    raise SourceError(f"Nothing was indexed, for a file was rejected: {rejections[0]}{more}")


class _Change:
    """What is in the source now, against what the index was built from.

    ``records`` and ``rejections`` are by path, of all files whose state is known so far.
    """

    def __init__(self, build: Build, files: list[SourceFile]) -> None:
        self._build = build
        base = build.base
        self._before = base.sources() if base else {}
        old = [Rejection(**one) for one in base.manifest.rejections] if base else []
        self._rejected_before = {one.path: one for one in old}
        self._fresh: set[str] = set()
        self.records: dict[str, SourceRecord] = {}
        self.rejections: dict[str, Rejection] = {}
        self.tasks = list(self._compare(files))

    def _compare(self, files: list[SourceFile]) -> Iterator[Task]:
        """Take over what looks as it did; the rest is to be read."""
        owners: dict[str, str] = {}
        for file in files:
            path, before = file.path, self._before.get(file.path)
            owner = owners.setdefault(article_id(path), path)
            if owner != path:
                # It gets no record, so that it is read as soon as the name is free.
                self.rejections[path] = _same_name(path, owner)
            elif before and _as_read(before, file):
                self._keep(path, before)
            else:
                yield Task(file, before)

    def _keep(self, path: str, record: SourceRecord) -> None:
        self.records[path] = record
        if path in self._rejected_before:
            self.rejections[path] = self._rejected_before[path]

    def take(self, chunk: Chunk) -> None:
        """Take in what some files became."""
        for outcome in chunk.outcomes:
            if not outcome.fresh:
                self._keep(outcome.path, outcome.record)
                continue
            self.records[outcome.path] = outcome.record
            self._fresh.add(outcome.path)
            if outcome.rejection:
                self.rejections[outcome.path] = outcome.rejection
        self._build.add(chunk.batch)

    def publish(self, source: str) -> str:
        """Switch to the new state, unless it is the old one; the live generation's name."""
        base = self._build.base
        rejections = sorted(self.rejections.values(), key=lambda one: one.path)
        state = source, self.records, self.rejections
        if base and state == (base.manifest.source, self._before, self._rejected_before):
            return base.name
        self._build.remove(self._stale())
        described = [asdict(one) for one in rejections]
        return self._build.publish(source, VERSION, described, self.records).name

    def _stale(self) -> Iterator[str]:
        """The ids whose articles, as indexed, are no longer what the source says."""
        for path, record in self._before.items():
            if record.id is not None and (path in self._fresh or path not in self.records):
                yield record.id

    def report(self, generation: str, seconds: float) -> Report:
        """The counts of this change."""
        now, old = _ids(self.records), _ids(self._before)
        fresh = _ids({path: self.records[path] for path in self._fresh})
        rejections = sorted(self.rejections.values(), key=lambda one: one.path)
        return Report(
            added=len(now - old),
            updated=len(fresh & old),
            removed=len(old - now),
            unchanged=len((now & old) - fresh),
            rejected=len(rejections),
            rejections=tuple(rejections),
            articles=len(now),
            generation=generation,
            seconds=seconds,
        )


def _as_read(record: SourceRecord, file: SourceFile) -> bool:
    # One that could not be read has no checksum: it is tried again, whatever it looks like.
    same = (record.size, record.mtime_ns) == (file.size, file.mtime_ns)
    return same and bool(record.sha256)


def _ids(records: Mapping[str, SourceRecord]) -> set[str]:
    return {record.id for record in records.values() if record.id is not None}


def _same_name(path: str, owner: str) -> Rejection:
    reason = f"another file has the same name but for its ending: {owner}"
    return Rejection(path, 1, reason, "Rename one of the two")
