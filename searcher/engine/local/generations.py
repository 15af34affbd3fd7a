"""Generations: complete, immutable builds of an index, one of them live.

    index/
      current         the live generation's name; replaced by rename, so it is always whole
      gen-000007/     segments, Whoosh's table of contents, manifest.json, sources.json,
                      knowledge.json
      building-.../   a build in progress; whoever locks next removes what a killed one left
      lock

A segment file that a new generation takes over from the last one is a hard link, so a small
change costs little disk and time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from whoosh.filedb.filestore import FileStorage

from searcher.engine.local.generation import (
    MANIFEST,
    Generation,
    Manifest,
    SourceRecord,
    check,
    complete,
    read,
    size,
    sync,
)
from searcher.errors import IndexBusy, IndexDamaged, IndexMissing, IndexOutdated, SourceError

__all__ = ["Generations"]

CURRENT: Final = "current"
NAME: Final = re.compile(r"gen-(\d{6,})")
KEPT: Final = 3
"""How many generations stay on disk, the live one included."""


class Generations:
    """The generations of an index folder."""

    def __init__(self, location: str | Path) -> None:
        self.location = Path(location)
        self._current = os.path.join(location, CURRENT)
        self._seen: tuple[tuple[int, int], str | None] = (0, 0), None

    def current_name(self) -> str | None:
        """The live generation's name; one small read.

        Raises:
            SourceError: what is there may not be read.
        """
        try:
            return (self.location / CURRENT).read_text("utf-8", "replace").strip() or None
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise self._refused(error) from error

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
            SourceError: what is there may not be read.
            IndexDamaged: it cannot be read, or files are missing or cut short.
            IndexOutdated: another version built it.
        """
        name = self.current_name()
        while True:
            if name is None:
                if self.names():
                    raise self._damaged(f"the file {CURRENT} does not name a generation")
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
            if size(generation.path / file) != expected["size"]:
                raise self._damaged(f"{name}/{file} is missing or cut short")
        return generation

    def _read(self, name: str) -> Generation:
        try:
            generation = read(self.location / name)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self._damaged(f"{name}/{MANIFEST} cannot be read ({error})") from error
        if generation is None:
            raise IndexOutdated(
                f"The index at {self.location} was built by another version of Searcher: "
                "run `searcher reindex`."
            )
        return generation

    def _damaged(self, what: str) -> IndexDamaged:
        return IndexDamaged(
            f"The index at {self.location} is damaged: {what}. "
            "Run `searcher rollback`, or `searcher reindex --full`."
        )

    def _refused(self, error: OSError) -> SourceError:
        return SourceError(
            f"The index at {self.location} cannot be read ({error.strerror}): "
            "see that it may be read, or name another with --index."
        )

    def names(self) -> list[str]:
        """The names of all generations on disk, oldest first."""
        try:
            found = [entry.name for entry in self.location.iterdir() if NAME.fullmatch(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._refused(error) from error
        return sorted(found, key=lambda name: int(name.removeprefix("gen-")))

    def source(self) -> str | None:
        """The folder that was last indexed here, told by whatever manifest tells it still, be it of
        another version or of a damaged index; None where nothing was built.

        Raises:
            SourceError: something was built, and no manifest tells.
        """
        names, live = self.names(), self.current_name()
        for name in [*(name for name in names if name == live), *reversed(names)]:
            with suppress(OSError, ValueError, TypeError, KeyError):
                return str(json.loads((self.location / name / MANIFEST).read_bytes())["source"])
        if names:
            raise SourceError(
                f"The index at {self.location} does not tell which folder it was built from: "
                "name that, as in `searcher reindex FOLDER`."
            )
        return None

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
        """Make the newest whole generation that was live before the live one live again.

        Raises:
            IndexMissing: there is no such generation.
            IndexBusy: somebody is building here.
        """
        if self.names():  # taking the lock would make the folder
            with self.lock():
                for name in self._earlier():
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

    def _earlier(self) -> list[str]:
        """What was live before the live generation, latest first, as far as it is still here.

        Where a manifest that tells is damaged, the rest goes by number.
        """
        name, names = self.current_name(), self.names()
        found: list[str] = []
        if name is None:
            return names[::-1]
        while name is not None:
            try:
                before = self._read(name).manifest.before
            except (IndexDamaged, IndexOutdated):
                return found + [one for one in reversed(names) if one < name and one not in found]
            name = before if before in names else None
            found += [name] if name else []
        return found

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
        whole = complete(path, replace(manifest, before=self.current_name()), sources)
        check(self._open(path.name))
        final = self.location / self._next_name()
        path.rename(final)
        sync(self.location)
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
        temporary.write_text(f"{name}\n", "utf-8")
        sync(temporary)
        temporary.replace(self.location / CURRENT)
        sync(self.location)

    def _prune(self) -> None:
        """Keep the live generation and what a rollback may go back to; remove the others.

        Readers keep the files they have mapped.
        """
        kept = [self.current_name(), *self._earlier()][:KEPT]
        for name in self.names():
            if name not in kept:
                shutil.rmtree(self.location / name, ignore_errors=True)
