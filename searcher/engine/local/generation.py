"""Generation: one complete, immutable build on disk, and the manifest that says what it is."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from searcher.engine import Stored
from searcher.engine.local.arrays import ArrayFile
from searcher.engine.local.codec import EXTENSION, INDEX_NAME, ArrayCodec, ArraySegment
from searcher.engine.local.reader import Reader
from searcher.engine.local.schema import SCHEMA_VERSION, schema
from searcher.engine.local.segment import Segment
from searcher.errors import IndexDamaged
from searcher.places import Knowledge
from searcher.record import Record

__all__ = [
    "KNOWLEDGE",
    "MANIFEST",
    "Generation",
    "Manifest",
    "SegmentEntry",
    "SourceRecord",
    "Stretch",
    "check",
    "checksum",
    "complete",
    "now",
    "read",
    "size",
    "sync",
]

MANIFEST: Final = "manifest.json"
SOURCES: Final = "sources.json"
KNOWLEDGE: Final = "knowledge.json"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a generation: its id, and which of its documents are removed."""

    id: str
    articles: int
    deleted: tuple[int, ...] = ()

    @property
    def file(self) -> str:
        return f"{INDEX_NAME}_{self.id}{EXTENSION}"

    @property
    def counts(self) -> str:
        """The file of its words' counts, which is there once documents are removed."""
        return f"{INDEX_NAME}_{self.id}.counts"

    @property
    def files(self) -> tuple[str, ...]:
        """The files it has."""
        return (self.file, self.counts) if self.deleted else (self.file,)

    def open(self, folder: Path) -> Segment:
        """The segment, mapped."""
        counts = ArrayFile(folder / self.counts) if self.deleted else None
        return Segment(ArrayFile(folder / self.file), self.deleted, counts)


class SourceRecord(Record, frozen=True, array_like=True):
    """One source file as it was read: how it is recognised, and the article it became."""

    size: int
    mtime_ns: int
    sha256: str
    id: str | None


_SOURCES: Final = msgspec.json.Decoder(dict[str, SourceRecord])


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. ``files`` maps every other file to its size and SHA-256, ``before`` is
    the generation that was live when it was built, ``places`` the edition that placed its articles.

    On disk it holds its own SHA-256 as well.
    """

    schema_version: int
    searcher_version: str
    built_at: datetime
    source: str
    articles: int
    segments: tuple[SegmentEntry, ...]
    rejections: tuple[Mapping[str, Any], ...] = ()
    before: str | None = None
    places: str = ""
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
        return [entry.open(self.path) for entry in self.manifest.segments]

    def sources(self) -> dict[str, SourceRecord]:
        """The source files it was made from, by path."""
        return _SOURCES.decode((self.path / SOURCES).read_bytes())

    def knowledge(self) -> Knowledge:
        """What its articles taught of publishers' homes and of words."""
        path = self.path / KNOWLEDGE
        return Knowledge.from_json(path.read_text("ascii")) if path.exists() else Knowledge()

    def verify(self) -> list[str]:
        """What is wrong with its files, in words; nothing where it is whole."""
        return [
            f"{self.name}/{name} {problem}"
            for name, expected in self.manifest.files.items()
            for problem in _problems(self.path / name, expected)
        ]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some documents of a segment file."""

    file: Path
    documents: tuple[int, ...]

    def stored(self) -> Iterator[Stored]:
        """Their articles and cities."""
        return map(Reader([Segment(ArrayFile(self.file))]).stored, self.documents)


def _problems(path: Path, expected: Mapping[str, Any]) -> Iterator[str]:
    found = size(path)
    if found is None:
        yield "is missing"
    elif found != expected["size"]:
        yield f"has {found} bytes instead of {expected['size']}"
    else:
        try:
            if checksum(path) != expected["sha256"]:
                yield "holds other bytes than were written"
        except OSError as error:
            yield f"cannot be read ({error.strerror or error})"


def read(path: Path) -> Generation | None:
    """The generation in a folder; None where another version built it.

    Raises:
        OSError, ValueError, TypeError, KeyError: its manifest cannot be read.
    """
    values = json.loads((path / MANIFEST).read_bytes())
    if values["schema_version"] != SCHEMA_VERSION:
        return None
    if values.pop("sha256") != _digest(values):
        raise ValueError("it holds other bytes than were written")
    values["built_at"] = datetime.fromisoformat(values["built_at"])
    values["segments"] = tuple(
        SegmentEntry(one["id"], one["articles"], tuple(one["deleted"]))
        for one in values["segments"]
    )
    values["rejections"] = tuple(values["rejections"])
    return Generation(path, Manifest(**values))


def complete(path: Path, manifest: Manifest, sources: Mapping[str, SourceRecord]) -> Manifest:
    """Write what makes a folder of segments a generation; the manifest with every file in it.

    All is put on the disk here, so that what was merged away meanwhile never need be. The manifest
    that comes in has the files that were verified already: they are there, and not read again.
    """
    _write_toc(path, manifest.segments)
    (path / SOURCES).write_bytes(msgspec.json.encode(sources))
    names = sorted(entry.name for entry in path.iterdir())
    known = manifest.files
    files = {name: known[name] if name in known else _settled(path / name) for name in names}
    whole = replace(manifest, files=files)
    values = {**asdict(whole), "built_at": whole.built_at.isoformat()}
    # ASCII, so that a name that is no Unicode, as folders may have, comes back as it was.
    text = json.dumps({**values, "sha256": _digest(values)}, separators=(",", ":"))
    (path / MANIFEST).write_text(text, "ascii")
    sync(path / MANIFEST)
    sync(path)
    return whole


def _settled(path: Path) -> Mapping[str, Any]:
    """A file's size and checksum, once it is on the disk."""
    sync(path)
    return {"size": path.stat().st_size, "sha256": checksum(path)}


def checksum(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(values: Mapping[str, Any]) -> str:
    """The SHA-256 of JSON values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def size(path: Path) -> int | None:
    """A file's size; None where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def check(generation: Generation) -> None:
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


def sync(path: Path) -> None:
    """Put a file's bytes, or a folder's names where the system can, on the disk."""
    if os.name == "posix" or path.is_file():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def now() -> datetime:
    """The time for a manifest."""
    return datetime.now(UTC).replace(microsecond=0)
