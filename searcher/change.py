"""Change: what is in a source now, against what its index was built from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import asdict, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from searcher import __version__
from searcher.article import Article
from searcher.engine.local.build import Build
from searcher.engine.local.generation import SourceRecord, Stretch, checksum
from searcher.errors import SourceError
from searcher.intake import (
    Known,
    Outcome,
    Placed,
    Task,
    chunks,
    failure,
    learned,
    place,
    place_again,
    read_files,
)
from searcher.places import Knowledge, learn
from searcher.places.difference import Difference, difference
from searcher.places.knowledge import combine, together
from searcher.sources import Rejection, SourceFile, article_id
from searcher.workers import Workers

__all__ = ["Change"]

STRETCH: Final = 1000
"""How many indexed articles are looked at by a process at a time."""

Tell = Callable[[str, int, int], None]


class Change:
    """One run's change of an index: ``read``, then ``place`` and ``publish``.

    Attributes:
        before, records: by path, the files the live index was built from and those of the source,
            as far as their state is known by now.
        rejections: by path, of the latter.
    """

    def __init__(self, build: Build, workers: Workers, tell: Tell) -> None:
        self._build, self._workers, self._tell = build, workers, tell
        live = build.live
        self.before = live.sources() if live else {}
        old = [Rejection(**one) for one in live.manifest.rejections] if live else []
        self._rejected_before = {one.path: one for one in old}
        self._spools: list[Path] = []
        self._waiting = 0
        self.records: dict[str, SourceRecord] = {}
        self.rejections: dict[str, Rejection] = {}

    # Reading

    def read(self, source: str, files: Sequence[SourceFile], closed: Sequence[Rejection]) -> None:
        """Read the files that do not look as they did, and learn from them.

        What is known of folders that cannot be read, ``closed``, stays as it is.

        Raises:
            SourceError: it cannot stay, for the index is built from nothing.
        """
        found = {article_id(file.path) for file in files} if closed else set()
        for rejection in closed:
            self._leave(rejection, found)
        tasks = list(self._compare(files))
        self._taught = together(self._read(source, tasks))

    def _leave(self, closed: Rejection, found: Set[str]) -> None:
        below = [
            path
            for path in self.before
            if path.startswith(f"{closed.path}/") and article_id(path) not in found
        ]
        articles = sum(self.before[path].id is not None for path in below)
        if articles and not self._build.base:
            raise SourceError(
                f"{closed} Nothing was indexed: the articles in it ({articles:,}) would be lost."
            )
        for path in below:
            self._keep(path, self.before[path])
        told = f"; the articles in it ({articles:,}) stay as they were" if articles else ""
        self.rejections[closed.path] = replace(closed, reason=closed.reason + told)

    def _compare(self, files: Sequence[SourceFile]) -> Iterator[Task]:
        """Take over what looks as it did; the rest is to be read."""
        known = self.before if self._build.base else {}
        owners: dict[str, str] = {}
        for file in files:
            path, before = file.path, known.get(file.path)
            owner = owners.setdefault(article_id(path), path)
            if owner != path:
                # It gets no record, so that it is read as soon as the name is free.
                self.rejections[path] = _same_name(path, owner)
            elif before and _as_read(before, file):
                self._keep(path, before)
            else:
                yield Task(file, before)

    def _read(self, source: str, tasks: Sequence[Task]) -> Iterator[Knowledge]:
        done = 0
        reading = partial(read_files, source, self._build.spool)
        for read in self._workers.map(reading, chunks(tasks)):
            for outcome in read.outcomes:
                self._take(outcome)
            self._spools += read.spools
            self._waiting += read.knowledge.articles
            done += len(read.outcomes)
            self._tell("read", done, len(tasks))
            yield read.knowledge

    def _take(self, outcome: Outcome) -> None:
        path, record, before = outcome.path, outcome.record, self.before.get(outcome.path)
        if before and record.sha256 and record.sha256 == before.sha256 and self._build.base:
            self._keep(path, record)
            return
        self.records[path] = record
        if outcome.rejection:
            self.rejections[path] = outcome.rejection

    def _keep(self, path: str, record: SourceRecord) -> None:
        self.records[path] = record
        if path in self._rejected_before:
            self.rejections[path] = self._rejected_before[path]

    def unchanged(self, source: str) -> bool:
        """Whether the live index is what would be built."""
        live, state = self._build.base, (self.records, self.rejections)
        before = self.before, self._rejected_before
        return live is not None and live.manifest.source == source and state == before

    # Placing

    def place(self) -> None:
        """Place the new articles, and those of the index whose cities may be others now."""
        known, changed = self._learn()
        again: list[str] = []
        failed: list[tuple[Article, str]] = []
        for placed in self._placed(known, changed):
            for batch in placed.batches:
                self._build.add(batch)
            again += placed.ids
            failed += placed.failed
        self._build.remove(again)
        if failed:
            self._reject(failed)
            taught = Knowledge.from_json(known.path.read_text("ascii"))
            self._build.learned(taught - learn(article for article, _ in failed))

    def _learn(self) -> tuple[Known, Difference]:
        """Take back what the articles taught that go, add what the new ones do."""
        base = self._build.base
        old = base.knowledge() if base else Knowledge()
        removed = _split(self._build.remove(self._stale()))
        lost = together(self._workers.map(learned, removed))
        # Built from nothing, nothing was lost either, and the sum would be the same again.
        knowledge = combine([(old, 1), (self._taught, 1), (lost, -1)]) if base else self._taught
        del self._taught  # of a large archive it is large
        path = self._build.learned(knowledge)
        return Known(path, checksum(path)), difference(old, knowledge)

    def _placed(self, known: Known, changed: Difference) -> Iterator[Placed]:
        again = _split(self._build.concerned(changed)) if changed else []
        total = self._waiting + sum(len(stretch.documents) for stretch in again)
        done = 0
        for placed in chain(
            self._workers.map(partial(place, known), self._spools),
            self._workers.map(partial(place_again, known, changed), again),
        ):
            yield placed
            done += placed.seen
            self._tell("place", done, total)

    def _reject(self, failed: Sequence[tuple[Article, str]]) -> None:
        paths = {record.id: path for path, record in self.records.items()}
        for article, reason in failed:
            path = paths[article.id]
            read = self.records[path]
            self.records[path] = SourceRecord(read.size, read.mtime_ns, "", None)
            self.rejections[path] = failure(path, reason)

    def _stale(self) -> Iterator[str]:
        """The ids whose articles, as indexed, are no longer what the source says."""
        for path, record in self.before.items():
            now = self.records.get(path)
            if record.id is not None and (now is None or now.sha256 != record.sha256):
                yield record.id

    def publish(self, source: str) -> str:
        """Switch to the new state; the live generation's name."""
        rejections = [asdict(one) for one in self.rejected]
        return self._build.publish(source, __version__, rejections, self.records).name

    @property
    def rejected(self) -> list[Rejection]:
        """The rejections by path."""
        return sorted(self.rejections.values(), key=lambda one: one.path)


def _split(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same documents in pieces that a process can take at a time."""
    return [
        Stretch(one.file, one.documents[at : at + STRETCH])
        for one in stretches
        for at in range(0, len(one.documents), STRETCH)
    ]


def _as_read(record: SourceRecord, file: SourceFile) -> bool:
    # One that could not be read has no checksum: it is tried again, whatever it looks like.
    same = (record.size, record.mtime_ns) == (file.size, file.mtime_ns)
    return same and bool(record.sha256)


def _same_name(path: str, owner: str) -> Rejection:
    reason = f"another file has the same name but for its ending: {owner}"
    return Rejection(path, 1, reason, "Rename one of the two")
