"""Archive: the library's front door. Opens an index, searches it, keeps up with new ones."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, Self

from searcher.answering import answer, unmarked
from searcher.engine import Engine, Info, open_engine
from searcher.errors import IndexDamaged, SearcherError
from searcher.grammar import LIMITS, Limits
from searcher.matching import Matcher
from searcher.request import SearchRequest
from searcher.results import Hit, Results
from searcher.similar import similar
from searcher.suggesting import suggest
from searcher.synonyms import Synonyms

__all__ = ["Archive"]

_log: Final = logging.getLogger("searcher")


@dataclass(slots=True, eq=False)
class _Opened:
    """One opened generation, what is remembered about it, and how many searches are using it: each
    from ``with`` to its end. What counts them is changed under the archive's lock only."""

    engine: Engine
    matcher: Matcher
    lock: Lock
    users: int = 0
    retired: bool = False
    whole: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        try:
            self.tell_damage(error)
        finally:
            with self.lock:
                self.users -= 1
                self.close_unused()

    def tell_damage(self, error: BaseException | None) -> None:
        """Bytes that turned over on the disk may go wrong in any way: what went wrong in a way of
        its own is told as damage where there is some."""
        ours = not isinstance(error, Exception) or isinstance(error, SearcherError)
        if ours or self.whole:
            return
        if damage := self.engine.damage():
            raise IndexDamaged(
                f"The index is damaged ({damage}): run `searcher rollback`, or "
                "`searcher reindex --full`."
            ) from error
        self.whole = True  # once is enough: all files are read for it

    def retire(self) -> None:
        """Close it once nobody uses it."""
        self.retired = True
        self.close_unused()

    def close_unused(self) -> None:
        if self.retired and not self.users:
            self.engine.close()


class Archive:
    """An archive to search. Safe to share between threads; a new index is picked up by itself.

        with Archive.open("index") as archive:
            results = archive.search("face recognition")

    A search that is under way when a new index is published ends on the one it began with.
    """

    def __init__(
        self, location: str | Path, *, synonyms: Sequence[Path] = (), limits: Limits = LIMITS
    ) -> None:
        self._location = location
        self._limits = limits
        self._synonyms = Synonyms.load(*synonyms)
        self._lock = Lock()
        self._closed = False
        self._now = self._open()

    @classmethod
    def open(
        cls, location: str | Path, *, synonyms: Sequence[Path] = (), limits: Limits = LIMITS
    ) -> Self:
        """Open the index at a location.

        ``synonyms`` are files of a site's own, besides the built-in one; ``limits`` bound how
        much of a query is read.

        Raises:
            IndexMissing, IndexDamaged, IndexOutdated: see ``searcher.errors``.
            SourceError: a file of synonyms cannot be read.
        """
        return cls(location, synonyms=synonyms, limits=limits)

    @property
    def info(self) -> Info:
        """How many articles there are, which generation, when and from what it was built."""
        with self._engine() as opened:
            return opened.engine.info

    def search(self, request: SearchRequest | str) -> Results:
        """Search. Text alone is a request with everything else as it comes.

        Raises:
            QueryError: a request outside its ranges. Nothing typed as a query is an error.
        """
        if isinstance(request, str):
            request = SearchRequest(request)
        with self._engine() as opened:
            return answer(opened.engine, opened.matcher, request)

    def get(self, article_id: str) -> Hit | None:
        """One article by its id, nothing marked or cut; None where there is none."""
        with self._engine() as opened:
            found = opened.engine.get(article_id)
        return unmarked(found[1]) if found else None

    def similar(self, article_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Articles like one, best first, without retellings under the same title."""
        with self._engine() as opened:
            found = similar(opened.engine, article_id, limit)
        return tuple(unmarked(stored, score) for stored, score in found)

    def suggest(self, text: str, limit: int = 8, *, published: bool = False) -> tuple[str, ...]:
        """What somebody may want who typed this far: the last word completed, then titles.

        ``published`` leaves out the titles of unpublished articles, not single words of theirs.
        """
        with self._engine() as opened:
            return suggest(opened.engine, text, limit, published)

    def close(self) -> None:
        """Let the index go as soon as the searches under way are done. Idempotent."""
        with self._lock:
            self._closed = True
            self._now.retire()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # one generation after another

    def _open(self) -> _Opened:
        engine = open_engine(self._location)
        return _Opened(engine, Matcher(engine, self._synonyms, self._limits), self._lock)

    def _engine(self) -> _Opened:
        """What to search now, in use until it is left."""
        with self._lock:
            opened = self._current()
            opened.users += 1
        return opened

    def _current(self) -> _Opened:
        """The generation to search now; a new one that cannot be opened changes nothing."""
        if self._closed:
            raise SearcherError("The archive was closed: open it again.")
        if not self._now.engine.current():
            try:
                fresh = self._open()
            except SearcherError as error:
                _log.warning("searching the index opened before: %s", error)
            else:
                old, self._now = self._now, fresh
                old.retire()
        return self._now
