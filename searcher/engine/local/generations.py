"""Generations: complete, immutable builds of an index, one of them live.

    index/
      current         the live generation's name; replaced by rename, so it is always whole
      gen-000007/     segments, Whoosh's table of contents, manifest.json, sources.json
      building-.../   a build in progress; whoever locks next removes what a killed one left
      lock

A segment file that a new generation takes over from the last one is a hard link, so a small
change costs little disk and time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from searcher.engine.local.arrays import ArrayFile
from searcher.engine.local.codec import EXTENSION, INDEX_NAME, ArrayCodec, ArraySegment
from searcher.engine.local.reader import Segment
from searcher.engine.local.schema import SCHEMA_VERSION, schema
from searcher.errors import IndexBusy, IndexDamaged, IndexMissing, IndexOutdated, SourceError

__all__ = ["Generation", "Generations", "Manifest", "SegmentEntry", "SourceRecord"]

CURRENT: Final = "current"
MANIFEST: Final = "manifest.json"
SOURCES: Final = "sources.json"
NAME: Final = re.compile(r"gen-(\d{6,})")
KEPT: Final = 3
"""How many generations stay on disk, the live one included."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a generation: its id, and which of its documents are removed."""

    id: str
    articles: int
    deleted: tuple[int, ...] = ()

    @property
    def file(self) -> str:
        return f"{INDEX_NAME}_{self.id}{EXTENSION}"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source file as it was read: how it is recognised, and the article it became."""

    size: int
    mtime_ns: int
    sha256: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. ``files`` maps every other file to its size and SHA-256.

    On disk it holds its own SHA-256 as well.
    """

    schema_version: int
    searcher_version: str
    built_at: datetime
    source: str
    articles: int
    segments: tuple[SegmentEntry, ...]
    rejections: tuple[Mapping[str, Any], ...] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation on disk."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.path.name

    def segments(self) -> list[Segment]:
        """Its segments, mapped."""
        found = []
        for entry in self.manifest.segments:
            file = ArrayFile(self.path / entry.file)
            found.append(Segment(file, entry.deleted))
        return found

    def sources(self) -> dict[str, SourceRecord]:
        """The source files it was made from, by path."""
        records = json.loads((self.path / SOURCES).read_bytes())
        return {path: SourceRecord(*values) for path, values in records.items()}

    def verify(self) -> list[str]:
        """What is wrong with its files, in words; nothing where it is whole."""
        return [
            f"{self.name}/{name} {problem}"
            for name, expected in self.manifest.files.items()
            for problem in _problems(self.path / name, expected)
        ]


def _problems(path: Path, expected: Mapping[str, Any]) -> Iterator[str]:
    size = _size(path)
    if size is None:
        yield "is missing"
    elif size != expected["size"]:
        yield f"has {size} bytes instead of {expected['size']}"
    elif checksum(path) != expected["sha256"]:
        yield "holds other bytes than were written"


class Generations:
    """The generations of an index folder."""

    def __init__(self, location: str | Path) -> None:
        self.location = Path(location)
        self._current = os.path.join(location, CURRENT)
        self._seen: tuple[tuple[int, int], str | None] = (0, 0), None

    def current_name(self) -> str | None:
        """The live generation's name; one small read."""
        try:
            return (self.location / CURRENT).read_text("utf-8", "replace").strip() or None
        except OSError:
            return None

    def is_current(self, generation: Generation) -> bool:
        """Whether a generation is the live one. ``current`` is read again only once replaced."""
        try:
            state = os.stat(self._current)
        except OSError:
            return False
        seen = (state.st_ino, state.st_mtime_ns)
        if seen != self._seen[0]:
            self._seen = seen, self.current_name()
        return self._seen[1] == generation.name

    def live(self) -> Generation:
        """The live generation.

        Raises:
            IndexMissing: nothing was built here.
            IndexDamaged: it cannot be read, or files are missing or cut short.
            IndexOutdated: another version built it.
        """
        name = self.current_name()
        while True:
            if name is None:
                raise IndexMissing(
                    f"There is no index at {self.location}: run `searcher reindex` first."
                )
            try:
                return self._open(name)
            except IndexDamaged:
                # A builder may have switched and pruned between the two reads.
                before, name = name, self.current_name()
                if name == before:
                    raise

    def _open(self, name: str) -> Generation:
        generation = self._read(name)
        for file, expected in generation.manifest.files.items():
            if _size(generation.path / file) != expected["size"]:
                raise self._damaged(f"{name}/{file} is missing or cut short")
        return generation

    def _read(self, name: str) -> Generation:
        path = self.location / name
        try:
            values = json.loads((path / MANIFEST).read_bytes())
            if values["schema_version"] != SCHEMA_VERSION:
                raise IndexOutdated(
                    f"The index at {self.location} was built by another version of Searcher: "
                    "run `searcher reindex`."
                )
            if values.pop("sha256") != _digest(values):
                raise ValueError("it holds other bytes than were written")
            values["built_at"] = datetime.fromisoformat(values["built_at"])
            values["segments"] = tuple(
                SegmentEntry(one["id"], one["articles"], tuple(one["deleted"]))
                for one in values["segments"]
            )
            values["rejections"] = tuple(values["rejections"])
            return Generation(path, Manifest(**values))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self._damaged(f"{name}/{MANIFEST} cannot be read ({error})") from error

    def _damaged(self, what: str) -> IndexDamaged:
        return IndexDamaged(
            f"The index at {self.location} is damaged: {what}. "
            "Run `searcher rollback`, or `searcher reindex --full`."
        )

    def names(self) -> list[str]:
        """The names of all generations on disk, oldest first."""
        try:
            found = [entry.name for entry in self.location.iterdir() if NAME.fullmatch(entry.name)]
        except OSError:
            return []
        return sorted(found, key=lambda name: int(name.removeprefix("gen-")))

    def all(self) -> list[Generation]:
        """Every generation whose manifest this version can read, oldest first."""
        found = []
        for name in self.names():
            try:
                found.append(self._read(name))
            except (IndexDamaged, IndexOutdated):
                continue
        return found

    def rollback(self) -> Generation:
        """Make the newest whole generation before the live one live again.

        Raises:
            IndexMissing: there is no such generation.
            IndexBusy: somebody is building here.
        """
        with self.lock():
            live, names = self.current_name(), self.names()
            earlier = names[: names.index(live)] if live in names else names
            for name in reversed(earlier):
                try:
                    generation = self._open(name)
                except (IndexDamaged, IndexOutdated):
                    continue
                if not generation.verify():
                    self._switch(name)
                    return generation
        raise IndexMissing(
            f"There is no earlier whole generation at {self.location}: run `searcher reindex`."
        )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to build here; the system lets it go when a process is killed.

        Raises:
            IndexBusy: another process has it.
        """
        try:
            self.location.mkdir(parents=True, exist_ok=True)
            lock = FileStorage(str(self.location)).lock("lock")
            acquired = lock.acquire(blocking=False)
        except OSError as error:
            raise SourceError(
                f"Nothing can be written at {self.location} ({error.strerror}): "
                "name a folder that you may write to with --index."
            ) from error
        if not acquired:
            raise IndexBusy(
                f"Another process is building the index at {self.location}: "
                "wait until it is done, then try again."
            )
        try:
            yield
        finally:
            lock.release()

    # Building; all of it under the lock

    @property
    def building(self) -> Path:
        """The folder this process builds in."""
        return self.location / f"building-{os.getpid()}"

    def begin(self) -> None:
        """Make the folder to build in. What killed builds left behind is removed."""
        for entry in self.location.glob("building-*"):
            shutil.rmtree(entry, ignore_errors=True)
        self.building.mkdir()

    def publish(
        self, path: Path, manifest: Manifest, sources: Mapping[str, SourceRecord]
    ) -> Generation:
        """Complete the build in a folder, verify it, and make it live.

        Raises:
            IndexDamaged: what the disk gives back is not what was written. Nothing was switched.
        """
        _write_toc(path, manifest.segments)
        _write(path / SOURCES, {name: _values(record) for name, record in sources.items()})
        files = {
            entry.name: {"size": entry.stat().st_size, "sha256": checksum(entry)}
            for entry in sorted(path.iterdir())
        }
        whole = Manifest(**{**_shallow(manifest), "files": files})
        values = {**asdict(whole), "built_at": whole.built_at.isoformat()}
        _write(path / MANIFEST, {**values, "sha256": _digest(values)})
        _sync_folder(path)
        _check(self._open(path.name))
        final = self.location / self._next_name()
        path.rename(final)
        _sync_folder(self.location)
        try:
            self._switch(final.name)
        finally:
            if self.current_name() != final.name:
                shutil.rmtree(final, ignore_errors=True)
        self._prune()
        return Generation(final, whole)

    def _next_name(self) -> str:
        names = self.names()
        number = int(names[-1].removeprefix("gen-")) + 1 if names else 1
        return f"gen-{number:06}"

    def _switch(self, name: str) -> None:
        temporary = self.location / f"{CURRENT}.new"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.location / CURRENT)
        _sync_folder(self.location)

    def _prune(self) -> None:
        """Remove all but the last few generations. Readers keep the files they have mapped."""
        live = self.current_name()
        for name in self.names()[:-KEPT]:
            if name != live:
                shutil.rmtree(self.location / name, ignore_errors=True)


def checksum(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(values: Mapping[str, Any]) -> str:
    """The SHA-256 of JSON values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _check(generation: Generation) -> None:
    """The articles that were counted while building are the articles that open."""
    entries = generation.manifest.segments
    for entry, segment in zip(entries, generation.segments(), strict=True):
        written = generation.manifest.files[entry.file]["sha256"].startswith(entry.id)
        counted = (segment.size, len(segment["stored.offsets"]) - 1)
        if not written or counted != (entry.articles, entry.articles):
            raise IndexDamaged(
                f"{entry.file} does not hold the {entry.articles} articles written to it: "
                "check the disk, then run `searcher reindex --full`."
            )
    living = sum(entry.articles - len(entry.deleted) for entry in entries)
    if living != generation.manifest.articles:
        raise IndexDamaged(
            f"{generation.name} holds {living} articles instead of "
            f"{generation.manifest.articles}: run `searcher reindex --full`."
        )


def _write_toc(path: Path, entries: Iterable[SegmentEntry]) -> None:
    codec = ArrayCodec()
    segments = [
        ArraySegment(codec, INDEX_NAME, one.articles, one.id, set(one.deleted) or None)
        for one in entries
    ]
    TOC(schema(), segments, 1).write(FileStorage(str(path)), INDEX_NAME)
    _sync_file(path / f"_{INDEX_NAME}_1.toc")


def _values(record: SourceRecord) -> list[Any]:
    return [record.size, record.mtime_ns, record.sha256, record.id]


def _shallow(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}


def _write(path: Path, value: Any) -> None:
    # ASCII, so that a name that is no Unicode, as folders may have, comes back as it was.
    with path.open("w", encoding="ascii") as file:
        json.dump(value, file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def now() -> datetime:
    """The time for a manifest."""
    return datetime.now(UTC).replace(microsecond=0)
