"""reindex: bring an index up to date with its source, reading only what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from searcher.change import Change
from searcher.engine.local.build import building
from searcher.engine.local.generation import SourceRecord
from searcher.errors import SourceError
from searcher.sources import ENDINGS, Rejection, check_folder, scan
from searcher.workers import Workers, processors

__all__ = ["Progress", "Report", "reindex"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``stage`` is "scan", "read" (in files), "place" (in articles), "write"."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    Attributes:
        added, updated, removed, unchanged: articles, against the index as it was. One whose file
            is the same is unchanged, though others may have taught that it means other cities.
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
    check_folder(source)
    with building(location, full) as build, Workers(jobs or processors()) as workers:
        # Looked for by now, when nobody else builds, they are no older than what is indexed.
        closed: list[Rejection] = []
        files = list(scan(source, closed.append))
        if not files:
            endings = " ".join(ENDINGS)
            raise SourceError(
                f"The folder {source} holds no article files ({endings}): name another."
            )
        change = Change(build, workers, lambda *step: tell(Progress(*step)))
        change.read(str(source), files, closed)
        _check(change, strict)
        name, folder = build.live.name if build.live else "", str(Path(source).resolve())
        if not change.unchanged(folder):
            change.place()
            _check(change, strict)
            tell(Progress("write", 0, 0))
            name = change.publish(folder)
        return _report(change, name, time.monotonic() - began)


def _check(change: Change, strict: bool) -> None:
    if not (strict and change.rejections):
        return
    first, *others = change.rejected
    more = f" And {len(others)} more." if others else ""
    raise SourceError(f"Nothing was indexed, for a file was rejected: {first}{more}")


def _report(change: Change, generation: str, seconds: float) -> Report:
    now, old = _contents(change.records), _contents(change.before)
    both = now.keys() & old.keys()
    updated = sum(now[one] != old[one] for one in both)
    return Report(
        added=len(now) - len(both),
        updated=updated,
        removed=len(old) - len(both),
        unchanged=len(both) - updated,
        rejected=len(change.rejections),
        rejections=tuple(change.rejected),
        articles=len(now),
        generation=generation,
        seconds=seconds,
    )


def _contents(records: Mapping[str, SourceRecord]) -> dict[str, tuple[str, str]]:
    """By article, its file and what that holds."""
    return {one.id: (path, one.sha256) for path, one in records.items() if one.id is not None}
