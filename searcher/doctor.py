"""Doctor: is this index whole, current, and true to its source?"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from searcher.engine import Engine, open_engine
from searcher.engine.local.generation import Generation, SourceRecord
from searcher.engine.local.generations import Generations
from searcher.errors import IndexDamaged, SourceError
from searcher.reading import many
from searcher.sources import Rejection, SourceFile, article_id, contents, parse, scan

__all__ = ["Diagnosis", "Finding", "Kind", "examine"]

Kind = Literal["whole", "current", "true", "stale", "rejected", "damaged"]

_COMPARED: Final = 1000
"""At most so many articles are read again and compared, evenly spread over the source."""
_NAMED: Final = 5
_REINDEX: Final = "searcher reindex"
_MEND: Final = "searcher rollback, or searcher reindex --full"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``details`` name the cases, ``cure`` what to run; both may be empty."""

    kind: Kind
    text: str
    details: tuple[str, ...] = ()
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything found, in the order it was looked at."""

    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> bool:
        """Whether the index must not be trusted. A stale one is right about an earlier day."""
        return any(finding.kind == "damaged" for finding in self.findings)


def examine(location: str | Path, source: str | Path | None = None) -> Diagnosis:
    """Check every file of the live generation, then the articles' files against it.

    Args:
        location: the index's folder.
        source: the folder of articles; by default the one the index was built from.

    Raises:
        IndexMissing: there is no index.
        SourceError: the folder named as ``source``, or the index, cannot be read.
        IndexOutdated: another version built it.
    """
    try:
        generation = Generations(location).live()
    except IndexDamaged as error:
        return Diagnosis((Finding("damaged", str(error), cure=_MEND),))
    if problems := generation.verify():
        text = f"{generation.name} is not what was written"
        return Diagnosis((Finding("damaged", text, tuple(problems), _MEND),))
    return Diagnosis((_whole(generation), *_beside_source(location, generation, source)))


def _whole(generation: Generation) -> Finding:
    manifest = generation.manifest
    built = f"{manifest.built_at:%Y-%m-%d %H:%M} UTC"
    files = f"all {len(manifest.files)} files have their size and checksum"
    articles = many(manifest.articles, "article")
    return Finding("whole", f"{generation.name}, {articles}, built {built}: {files}")


def _beside_source(
    location: str | Path, generation: Generation, source: str | Path | None
) -> list[Finding]:
    folder = str(source or generation.manifest.source)
    closed: list[Rejection] = []
    try:
        files = {file.path: file for file in scan(folder, closed.append)}
    except SourceError as error:
        if source:
            raise
        return [Finding("stale", str(error), cure="searcher doctor --source DIR")]
    records = generation.sources()
    changed = [path for path in files if _differs(folder, files[path], records.get(path))]
    unchanged = sorted(set(files) & set(records) - set(changed))
    rejections = [Rejection(**one) for one in generation.manifest.rejections]
    rejections = [one for one in rejections if one.line]  # of folders it matters what is so now
    known = records.keys() | {one.path for one in rejections}  # a file whose id is taken: no record
    shut = tuple(f"{one.path}/" for one in closed)
    known = {path for path in known if not path.startswith(shut)}
    findings = [_currency(folder, files.keys(), known, changed)]
    for what, note, ones in (("folder", ", not compared", closed), ("file", "", rejections)):
        if cases := [str(one) for one in ones]:
            text = f"{many(len(cases), what)}{note}"
            findings.append(Finding("rejected", text, _named(cases)))
    articles = [path for path in unchanged if records[path].id is not None]
    engine = open_engine(location)
    try:
        findings += _truth(engine, folder, articles)
    finally:
        engine.close()
    return findings


def _differs(folder: str, file: SourceFile, record: SourceRecord | None) -> bool:
    """Whether a file was rewritten with other content. A touched one was not."""
    if record is None or file.size != record.size:
        return record is not None
    if file.mtime_ns == record.mtime_ns:
        return False
    try:
        data = Path(folder, file.path).read_bytes()
    except OSError:
        return True
    return hashlib.sha256(data).hexdigest() != record.sha256


def _currency(folder: str, files: Set[str], known: Set[str], changed: Sequence[str]) -> Finding:
    added, removed = sorted(files - known), sorted(known - files)
    if not (added or changed or removed):
        return Finding("current", f"nothing changed in {folder} since")
    counts = f"{many(len(added), 'file')} added, {len(changed):,} changed, {len(removed):,} removed"
    marks = (("added", added), ("changed", changed), ("removed", removed))
    cases = [f"{path} ({what})" for what, paths in marks for path in paths]
    return Finding("stale", f"{counts} in {folder} since", _named(cases), _REINDEX)


def _truth(engine: Engine, folder: str, paths: Sequence[str]) -> Iterator[Finding]:
    """Whether the index gives back what the files say, of files that did not change."""
    step = max(1, -(-len(paths) // _COMPARED))
    same = {path: _same(engine, folder, path) for path in paths[::step]}
    if shut := [path for path, found in same.items() if found is None]:
        text = f"{many(len(shut), 'file')} that cannot be read, not compared"
        yield Finding("rejected", text, _named(shut))
    compared = len(same) - len(shut)
    again = f"{many(compared, 'article')} read again"
    if step > 1:
        again = f"{compared:,} of {many(len(paths), 'article')} read again"
    if wrong := [path for path, found in same.items() if found is False]:
        text = f"{again}: {len(wrong):,} not as in the index"
        yield Finding("damaged", text, _named(wrong), f"{_REINDEX} --full")
    elif compared or not shut:
        yield Finding("true", f"{again}: all as in the index")


def _same(engine: Engine, folder: str, path: str) -> bool | None:
    """Whether the index has what a file says; None where the file cannot be read."""
    try:
        data = contents(os.path.join(folder, path))
    except OSError:
        return None
    found = engine.get(article_id(path))
    return found is not None and found[1].article == parse(data, path)


def _named(cases: Sequence[str]) -> tuple[str, ...]:
    more = (f"and {len(cases) - _NAMED:,} more",) if len(cases) > _NAMED else ()
    return (*cases[:_NAMED], *more)
