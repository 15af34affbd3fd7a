"""Intake: what becomes of a chunk of files or articles, in whichever process.

Twice: files are read, and what their articles teach is learned; once all is known, the articles
are placed and made ready for the index. Where our code fails at one, only that one is rejected.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from searcher.article import Article
from searcher.engine import Stored
from searcher.engine.local.batch import Batch, prepare
from searcher.engine.local.build import writing
from searcher.engine.local.generation import SourceRecord, Stretch
from searcher.engine.local.spool import packed, spool, spooled
from searcher.places import Knowledge, find_cities, learn
from searcher.places.difference import Difference
from searcher.places.knowledge import together
from searcher.record import Record
from searcher.sources import Rejection, SourceFile, ahead, contents, parse, read

__all__ = [
    "Known", "Outcome", "Placed", "Read", "Task", "chunks", "failure", "learned", "place",
    "place_again", "read_files",
]  # fmt: skip

CHUNK: Final = 500
"""How many files are read, or articles placed, at a time."""
CHUNK_BYTES: Final = 4 * 2**20
"""And of how many bytes at most, but for one larger than that."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Task(Record, frozen=True):
    """A file to read, and what it was when it was last read."""

    file: SourceFile
    before: SourceRecord | None = None


class Outcome(Record, frozen=True):
    """What became of one file. The record of one with its former content is the former's."""

    path: str
    record: SourceRecord
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of some files, what their new articles teach, and the files these wait in."""

    outcomes: tuple[Outcome, ...]
    knowledge: Knowledge
    spools: tuple[Path, ...]


class Known(NamedTuple):
    """What the whole archive teaches: a file, and its content's checksum."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Placed articles, ready for the index.

    Attributes:
        seen: how many articles were looked at.
        ids: those of them that are in the index already and have other cities now.
        failed: the articles that could not be placed, each with the reason.
    """

    seen: int
    batches: tuple[Batch, ...]
    ids: tuple[str, ...]
    failed: tuple[tuple[Article, str], ...]


def chunks(tasks: Sequence[Task]) -> list[list[Task]]:
    """The tasks in stretches that a process can take at a time."""
    found: list[list[Task]] = []
    size = 0
    for task in tasks:
        size += task.file.size
        if not found or len(found[-1]) == CHUNK or size > CHUNK_BYTES:
            found.append([])
            size = task.file.size
        found[-1].append(task)
    return found


def read_files(source: str, folder: Path, tasks: Sequence[Task]) -> Read:
    """Read some files, learn from their articles, and put these into a file of ``folder``."""
    learn(())  # a gazetteer that does not open is no article's fault
    done, failed = _sparing(partial(_read_files, source), tasks)
    outcomes = [outcome for some, _, _ in done for outcome in some]
    for task, reason in failed:
        # Without a checksum it is tried again each time: the next version may manage.
        rejection = failure(task.file.path, reason)
        outcomes.append(Outcome(task.file.path, _record(task.file, "", None), rejection))
    parts = [part for _, part, _ in done]
    knowledge = parts[0] if len(parts) == 1 else together(parts)
    with writing(folder.parent):
        spools = tuple(spool(folder, data) for _, part, data in done if part.articles)
    return Read(tuple(outcomes), knowledge, spools)


def _read_files(source: str, tasks: Sequence[Task]) -> tuple[list[Outcome], Knowledge, bytes]:
    ahead(os.path.join(source, task.file.path) for task in tasks)
    outcomes, articles = [], []
    for task in tasks:
        found, digest = _read(source, task)
        known = task.before.id if task.before else None
        if isinstance(found, Article):
            articles.append(found)
            known = found.id
        rejection = found if isinstance(found, Rejection) else None
        record = _record(task.file, digest, None if rejection else known)
        outcomes.append(Outcome(task.file.path, record, rejection))
    return outcomes, learn(articles), packed(articles)


def _read(source: str, task: Task) -> tuple[Article | Rejection | None, str]:
    """What a file holds, None where that is what it held before, and its checksum."""
    path = task.file.path
    try:
        data = contents(os.path.join(source, path))
    except OSError:
        return read(source, path), ""
    digest = hashlib.sha256(data).hexdigest()
    if task.before is not None and task.before.sha256 == digest:
        return None, digest
    return parse(data, path), digest


def _record(file: SourceFile, digest: str, article_id: str | None) -> SourceRecord:
    return SourceRecord(file.size, file.mtime_ns, digest, article_id)


def learned(stretch: Stretch) -> Knowledge:
    """What some indexed articles taught."""
    return learn(stored.article for stored in stretch.stored())


def place(known: Known, waiting: Path) -> Placed:
    """Place the articles that wait in a file."""
    articles = spooled(waiting)
    batches, failed = _sparing(partial(_placed, _knowledge(known)), articles)
    return Placed(len(articles), tuple(batches), (), tuple(failed))


def _placed(knowledge: Knowledge, articles: Sequence[Article]) -> Batch:
    return prepare((article, find_cities(article, knowledge)) for article in articles)


def place_again(known: Known, difference: Difference, stretch: Stretch) -> Placed:
    """Place those indexed articles again that may have other cities now."""
    stored = [one for one in stretch.stored() if difference.concerns(one.article)]
    done, failed = _sparing(partial(_placed_again, _knowledge(known)), stored)
    ids = [name for names, _ in done for name in names] + [one.article.id for one, _ in failed]
    failures = tuple((one.article, reason) for one, reason in failed)
    batches = tuple(batch for _, batch in done)
    return Placed(len(stretch.documents), batches, tuple(ids), failures)


def _placed_again(knowledge: Knowledge, stored: Sequence[Stored]) -> tuple[list[str], Batch]:
    placed = [(one, find_cities(one.article, knowledge)) for one in stored]
    changed = [(one.article, cities) for one, cities in placed if cities != one.cities]
    return [article.id for article, _ in changed], prepare(changed)


@lru_cache(maxsize=1)
def _knowledge(known: Known) -> Knowledge:
    return Knowledge.from_json(known.path.read_text("ascii"))


def failure(path: str, reason: str) -> Rejection:
    """The rejection of a file that our own code failed at."""
    return Rejection(
        path, 1, f"could not be read into the index: {reason}", "Report it with the file"
    )


def _sparing(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item]
) -> tuple[list[Result], list[tuple[Item, str]]]:
    """All at once; where our code fails at one of them, each by itself, to set that one aside."""
    try:
        return [work(items)], []
    except Exception as error:  # noqa: BLE001 - it may be any, and must not cost the others
        if len(items) == 1:
            return [], [(items[0], f"{type(error).__name__}: {error}")]
    pairs = [_sparing(work, [item]) for item in items]
    return [one for done, _ in pairs for one in done], [one for _, bad in pairs for one in bad]
