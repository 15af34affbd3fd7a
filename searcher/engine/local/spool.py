"""Spool: articles that were read wait on the disk until all are, so that memory stays small."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkstemp
from typing import Final

import msgspec

from searcher.article import Article

__all__ = ["packed", "spool", "spooled"]

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(list[Article])


def packed(articles: Sequence[Article]) -> bytes:
    """Articles as bytes. Raises ValueError where one cannot be stored."""
    return _ENCODER.encode(articles)


def spool(folder: Path, data: bytes) -> Path:
    """Put packed articles into a file of their own."""
    descriptor, name = mkstemp(dir=folder)
    with open(descriptor, "wb") as file:
        file.write(data)
    return Path(name)


def spooled(path: Path) -> list[Article]:
    """The articles of a file, which goes with it."""
    articles = _DECODER.decode(path.read_bytes())
    path.unlink()
    return articles
