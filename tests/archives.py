"""Small archives for tests: articles as dictionaries, written as files and indexed for real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from searcher import Archive, reindex

__all__ = ["archive_of", "shut", "write"]


def write(folder: Path, **articles: dict[str, Any] | str) -> Path:
    """One file for every article; a text alone is a title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, article in articles.items():
        values = {"title": article} if isinstance(article, str) else article
        lines = [f"{key}: {json.dumps(value)}" for key, value in values.items()]
        (folder / f"{name}.md").write_text("\n".join(["---", *lines, "---", ""]), encoding="utf-8")
    return folder


def archive_of(folder: Path, **articles: dict[str, Any] | str) -> Archive:
    """An opened archive of these articles."""
    reindex(write(folder / "source", **articles), folder / "index")
    return Archive.open(folder / "index")


def shut(folder: Path) -> Path:
    """Make a folder that nobody can read, root neither; where its files are now."""
    away = folder.rename(folder.with_name(f".{folder.name}"))
    folder.symlink_to(folder)
    return away
