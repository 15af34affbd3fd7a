"""Build: one build of an index folder, beside the live generation until it is published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from searcher.engine.local.batch import Batch
from searcher.engine.local.concerned import concerned_documents
from searcher.engine.local.counts import recount
from searcher.engine.local.generation import (
    KNOWLEDGE,
    Generation,
    Manifest,
    SegmentEntry,
    SourceRecord,
    Stretch,
    now,
)
from searcher.engine.local.generations import Generations
from searcher.engine.local.merge import merge
from searcher.engine.local.schema import SCHEMA_VERSION
from searcher.engine.local.segment import Segment
from searcher.engine.local.writer import SegmentBuilder
from searcher.errors import IndexDamaged, IndexMissing, IndexOutdated, SearcherError
from searcher.places import Knowledge
from searcher.places.difference import Difference
from searcher.places.edition import edition

__all__ = ["Build", "building", "writing"]

GROWTH: Final = 3
"""A segment is merged with the smaller ones once they hold a third of its articles together."""

WASTE: Final = 0.25
"""A segment is rewritten once so much of it is removed."""


class Build:
    """What is added and removed, and the segments that come of it.

    Attributes:
        live: the generation that is live, where it is whole and of this version.
        base: the same, where this build starts from it.
        spool: a folder for what waits; it goes before anything is published.
    """

    def __init__(
        self, generations: Generations, path: Path, live: Generation | None, base: Generation | None
    ) -> None:
        self._generations = generations
        self._path = path
        self.live, self.base = live, base
        self.spool = path / "spool"
        self.spool.mkdir()
        self._builder = SegmentBuilder()
        self._entries: list[SegmentEntry] = list(base.manifest.segments) if base else []
        self._segments: dict[str, Segment] = {}
        """Those of the base; a build removes nothing of its own."""
        self._verified: dict[str, Mapping[str, Any]] = {}
        """Files of the base that are files of this build, as they were found to be."""
        if base:
            for entry, segment in zip(self._entries, base.segments(), strict=True):
                self._segments[entry.id] = segment
                for file in entry.files:
                    if _link(base.path / file, path / file):
                        self._verified[file] = base.manifest.files[file]

    def remove(self, ids: Iterable[str]) -> list[Stretch]:
        """Leave these articles out; where they stand in the base.

        Those of this build itself cannot be removed again.
        """
        wanted, removed = list(ids), []
        for number, entry in enumerate(self._entries):
            segment = self._segments.get(entry.id)
            if segment is None:
                continue
            keys = segment.strings("id.keys")
            found = np.array([at for at in map(keys.index_of, wanted) if at >= 0], np.int64)
            docs = set(segment.postings("id", found)[1].tolist()).difference(entry.deleted)
            if docs:
                deleted = tuple(sorted(docs.union(entry.deleted)))
                self._entries[number] = replace(entry, deleted=deleted)
                (self._path / entry.counts).unlink(missing_ok=True)
                self._verified.pop(entry.counts, None)
                removed.append(Stretch(segment.file.path, tuple(sorted(docs))))
        return removed

    def concerned(self, changed: Difference) -> list[Stretch]:
        """What of the base was not removed and may have other cities now."""
        found = []
        for entry in self._entries:
            segment = self._segments.get(entry.id)
            if segment is not None:
                documents = set(concerned_documents(segment, changed).tolist())
                left = tuple(sorted(documents.difference(entry.deleted)))
                found.append(Stretch(segment.file.path, left))
        return found

    def learned(self, knowledge: Knowledge) -> Path:
        """Write what the articles taught, for this generation and for those who place them."""
        path = self._path / KNOWLEDGE
        with writing(self._path):
            path.write_text(knowledge.to_json(), "ascii")
        return path

    def add(self, batch: Batch) -> None:
        """Take a batch of articles in."""
        if not batch.size:
            return
        if not self._builder.room(batch):
            full = self._builder
            with writing(self._path):
                self._flush()
            self._builder = full.following()
        self._builder.add(batch)

    def _flush(self) -> None:
        if self._builder.articles:
            temporary = self._path / "new.part"
            digest = self._builder.write(temporary)
            self._keep(temporary, digest, self._builder.articles)
            self._builder = SegmentBuilder()

    def _keep(self, temporary: Path, digest: str, articles: int) -> None:
        # Named by its content, a segment has the same name whenever it is built.
        entry = SegmentEntry(digest[:16], articles)
        temporary.rename(self._path / entry.file)
        self._verified.pop(entry.file, None)  # it may have the name of one that was
        # Where files were only renamed, it stands in for a segment of the base.
        self._segments.pop(entry.id, None)
        self._entries = [one for one in self._entries if one.id != entry.id] + [entry]

    def publish(
        self,
        source: str,
        version: str,
        rejections: Sequence[Mapping[str, Any]],
        sources: Mapping[str, SourceRecord],
    ) -> Generation:
        """Finish, verify and make it live."""
        with writing(self._path):
            shutil.rmtree(self.spool)
            self._flush()
            self._tidy()
            return self._generations.publish(
                self._path, self._manifest(source, version, rejections), sources
            )

    def _manifest(
        self, source: str, version: str, rejections: Sequence[Mapping[str, Any]]
    ) -> Manifest:
        living = sum(entry.articles - len(entry.deleted) for entry in self._entries)
        entries = tuple(self._entries)
        return Manifest(
            SCHEMA_VERSION,
            version,
            now(),
            source,
            living,
            entries,
            tuple(rejections),
            files=self._verified,
            places=edition(),
        )

    def _tidy(self) -> None:
        """Drop what is empty, and merge so that the segments stay few."""
        for entry in [one for one in self._entries if len(one.deleted) == one.articles]:
            self._discard(entry)
        self._count()
        chosen = _to_merge(self._entries)
        if chosen:
            inputs = [entry.open(self._path) for entry in chosen]
            temporary = self._path / "merged.part"
            digest, articles = merge(inputs, temporary)
            for entry in chosen:
                self._discard(entry)
            self._keep(temporary, digest, articles)

    def _count(self) -> None:
        """Write how often words occur in what is left of the segments that articles left."""
        for entry in self._entries:
            path = self._path / entry.counts
            if entry.deleted and not path.exists():
                recount(self._segments[entry.id], entry.deleted, path)

    def _discard(self, entry: SegmentEntry) -> None:
        (self._path / entry.file).unlink()
        (self._path / entry.counts).unlink(missing_ok=True)
        self._entries.remove(entry)
        self._segments.pop(entry.id, None)


def _to_merge(entries: Sequence[SegmentEntry]) -> list[SegmentEntry]:
    """The segments to merge into one, in their order; none where all may stay.

    Going up from the smallest, a segment joins while those below it together are not much
    smaller: so the sizes that stay form a geometric row, and there are few of them.
    """
    ordered = sorted(entries, key=_living)
    below, chosen = 0, 0
    for number, entry in enumerate(ordered):
        if number and below * GROWTH >= _living(entry):
            chosen = number + 1
        below += _living(entry)
    joined = set(ordered[:chosen])
    joined |= {one for one in entries if len(one.deleted) > WASTE * one.articles}
    return [entry for entry in entries if entry in joined]


def _living(entry: SegmentEntry) -> int:
    return entry.articles - len(entry.deleted)


def _link(source: Path, target: Path) -> bool:
    """Give a file another name; False where the disk can only copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        return False
    return True


@contextmanager
def building(location: str | Path, full: bool = False) -> Iterator[Build]:
    """Hold the index folder for a build. What is not published leaves no trace.

    ``full`` starts from nothing; so does an index that is missing, damaged or outdated, or whose
    articles another edition placed.

    Raises:
        IndexBusy: another process is building there.
        SearcherError: the index cannot be written, as on a full disk.
    """
    generations = Generations(location)
    with generations.lock():
        live = _live(generations)
        base = live if live and not full and live.manifest.places == edition() else None
        path = generations.building
        try:
            with writing(path):
                generations.begin()
                build = Build(generations, path, live, base)
            yield build
        finally:
            shutil.rmtree(path, ignore_errors=True)


def _live(generations: Generations) -> Generation | None:
    """The live generation, if it is whole, lest damage be taken over."""
    try:
        live = generations.live()
    except (IndexMissing, IndexOutdated, IndexDamaged):
        return None
    return None if live.verify() else live


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever the disk refuses to take for a build in this folder is told with its cure."""
    try:
        yield
    except OSError as error:
        raise SearcherError(
            f"The index at {path.parent} cannot be written ({error.strerror or error}): make room "
            "there, see that it may be written, or name another folder with --index. What was live "
            "before still is."
        ) from error
