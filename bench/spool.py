"""Generated articles on disk: made once, then fed to every engine alike."""

from __future__ import annotations

import hashlib
import itertools
import os
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from searcher.article import Article
from searcher.places import City

__all__ = ["GENERATOR", "HERE", "Entry", "Feed", "fingerprint", "spool"]

HERE: Final = Path(__file__).parent
GENERATOR: Final = (HERE / "generate.py", HERE / "vocabulary.py")
"""What decides the generated articles, but for the packages they are drawn with."""

Entry = tuple[Article, tuple[City, ...]]


def spool(folder: Path, count: int) -> Path:
    """The file of the first ``count`` generated articles, written unless it is there."""
    path = folder / f"articles-{count}-{fingerprint(*GENERATOR)}.spool"
    if not path.exists():
        from bench.generate import entries

        written = path.with_suffix(".part")
        source = entries(count)
        with written.open("wb") as file:
            while batch := list(itertools.islice(source, 1_000)):
                pickle.dump(batch, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(written, path)
    return path


def fingerprint(*files: Path) -> str:
    """Another one whenever one of the files is: what was made by them is then made anew."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


class Feed:
    """The entries of a spool; ``seconds`` is the CPU time that reading them took so far."""

    def __init__(self, path: Path, limit: int | None = None) -> None:
        self.seconds = 0.0
        self._path, self._limit = path, limit

    def __iter__(self) -> Iterator[Entry]:
        return itertools.islice(self._entries(), self._limit)

    def _entries(self) -> Iterator[Entry]:
        with self._path.open("rb") as file:
            while file.peek(1):
                begun = time.thread_time()
                batch = pickle.load(file)
                self.seconds += time.thread_time() - begun
                yield from batch
