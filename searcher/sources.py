"""Sources: a folder of files, read as articles.

A file holds YAML front matter between ``---`` lines and perhaps text after it; a ``.yaml`` file is
front matter throughout. What cannot be an article becomes a ``Rejection``, never an exception: one
bad file costs nobody else. ``searcher.frontmatter`` reads the YAML, this module says what it means.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from searcher.article import Article, Provider, RelatedItem
from searcher.errors import SourceError
from searcher.frontmatter import Fault, Value, decode, line_of, load, split
from searcher.record import Record
from searcher.repair import printable, repair

__all__ = [
    "ENDINGS",
    "MAX_BYTES",
    "Rejection",
    "SourceFile",
    "ahead",
    "article_id",
    "check_folder",
    "contents",
    "parse",
    "read",
    "scan",
]

ENDINGS: Final = (".txt", ".md", ".markdown", ".yaml", ".yml")
MAX_BYTES: Final = 16 * 2**20
"""Larger files are rejected: no article is this long, and it would cost the memory."""

_URLS: Final = (
    *("webUrl", "sourceUrl", "url", "originalUrl"),
    *("ampWebUrl", "ampUrl", "cdnAmpWebUrl", "cdnAmpUrl"),
)
"""Best first: where the story stands now, then where it was found, then copies of it."""
_DATES: Final = ("publishedDateTime", "publishedDate", "date")
_EXCERPTS: Final = ("excerpt", "description")
_KEPT: Final = frozenset(
    {"title", "provider", "name", "domain", "topics", "related", "quality", "heat", "published"}
    | set(_URLS)
    | set(_DATES)
    | set(_EXCERPTS)
)
_WEB: Final = re.compile(r"https?://([\w.-]+(?:[/?#]|\Z))?", re.ASCII | re.IGNORECASE)
"""A web address. With a host like nearly all there are, it is a good one."""
_YEARS: Final = range(1500, 3000)
"""Years outside it are placeholders, such as .NET's 0001 and 9999, and mean no date."""


class SourceFile(Record, frozen=True):
    """A file that may hold an article: its path in the source, with slashes, and its state."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file is no article, the line (from 1) that shows it, and how to mend it.

    Line 0: it is a folder that cannot be read.
    """

    path: str
    line: int
    reason: str
    cure: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}. {self.cure}."


def scan(
    folder: str | Path, closed: Callable[[Rejection], None] | None = None
) -> Iterator[SourceFile]:
    """The files of a source with an ending of ``ENDINGS``, nested ones too, by path.

    Hidden files and folders (``.git``) are left out; links are followed, once around a loop.
    ``closed`` is told of folders within it that cannot be read.

    Raises:
        SourceError: the folder is not there or may not be read, or, where nobody is told of it,
            one within it.
    """
    found: list[SourceFile] = []
    _walk(str(folder), "", (), _Found(found, closed))
    found.sort(key=lambda file: file.path)
    return iter(found)


def check_folder(folder: str | Path) -> None:
    """See that a source can be read at all.

    Raises:
        SourceError: the folder is not there or may not be read.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        _Found([], None).refused(str(folder), "", error)


def read(folder: str | Path, path: str) -> Article | Rejection:
    """Read one file of a source; ``path`` as ``scan`` gave it."""
    try:
        data = contents(os.path.join(folder, path))
    except FileNotFoundError:
        reason = "is not there, or its name is not UTF-8"
        if os.path.islink(os.path.join(folder, path)):
            reason = "is a link to nowhere"
        return Rejection(path, 1, reason, "Restore, rename or delete it")
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        return Rejection(path, 1, reason, "See that it may be read, then run again")
    return parse(data, path)


def contents(path: str) -> bytes:
    """A file's bytes, of one larger than ``MAX_BYTES`` only so many and one more."""
    with open(path, "rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size <= MAX_BYTES:
            return file.readall()
    with open(path, "rb") as large:  # with a buffer, it is read on until there are so many
        return large.read(MAX_BYTES + 1)


def ahead(paths: Iterable[str]) -> None:
    """Let the system fetch files, where it can, before they are waited for one by one."""
    if hasattr(os, "posix_fadvise"):
        for path in paths:
            with suppress(OSError):
                file = os.open(path, os.O_RDONLY)
                try:
                    os.posix_fadvise(file, 0, MAX_BYTES, os.POSIX_FADV_WILLNEED)
                finally:
                    os.close(file)


def parse(data: bytes, path: str) -> Article | Rejection:
    """One file's ``contents`` to its article. Never raises for what the bytes are."""
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 2**20} MB"
        return Rejection(path, 1, f"larger than {limit}", "Split it into one per article")
    text = decode(data)
    try:
        front, body = split(text, whole=path.lower().endswith((".yaml", ".yml")))
        return _article(article_id(path), load(front, _KEPT), body)
    except Fault as fault:
        return Rejection(path, line_of(text, fault.at), fault.reason, fault.cure)


def article_id(path: str) -> str:
    """The id of the article in a file: its path without its ending."""
    return os.path.splitext(path)[0]


@dataclass(frozen=True, slots=True)
class _Found:
    files: list[SourceFile]
    closed: Callable[[Rejection], None] | None

    def refused(self, folder: str, prefix: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        if prefix and self.closed:
            cure = "See that it may be read, then run again"
            self.closed(Rejection(prefix[:-1], 0, f"the folder cannot be read: {reason}", cure))
            return
        raise SourceError(
            f"The folder {folder} cannot be read: {reason}. Name a folder of articles that is"
            " there and may be read."
        ) from None


def _walk(folder: str, prefix: str, above: tuple[os.stat_result, ...], out: _Found) -> None:
    try:
        here = os.stat(folder)
        if any(os.path.samestat(here, one) for one in above):
            return
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                path = prefix + _printable(entry.name)
                if _is_folder(entry):
                    _walk(entry.path, f"{path}/", (*above, here), out)
                elif entry.name.lower().endswith(ENDINGS):
                    _add_file(entry, path, out.files)
    except OSError as error:
        out.refused(folder, prefix, error)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, say: whoever opens it will be told
        return not entry.name.lower().endswith(ENDINGS)


def _printable(name: str) -> str:
    """A name in Unicode, whatever its bytes. One that changes is rejected, but can be shown."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _add_file(entry: os.DirEntry[str], path: str, out: list[SourceFile]) -> None:
    try:
        state = entry.stat()
    except OSError:  # a link to nowhere, or gone meanwhile: `read` will say so
        out.append(SourceFile(path, 0, 0))
        return
    if stat.S_ISREG(state.st_mode):  # a pipe or a device would block whoever opens it
        out.append(SourceFile(path, state.st_size, state.st_mtime_ns))


def _article(id: str, fields: Mapping[str, Value], body: str) -> Article:
    related = fields.get("related")
    items = related if isinstance(related, list) else [related]
    return Article(
        id=id,
        title=_title(fields),
        excerpt=_excerpt(fields) or repair(body),
        url=_url(fields),
        published_at=_date(fields),
        provider=_provider(fields.get("provider")),
        topics=_topics(fields.get("topics")),
        related=tuple(one for item in items if (one := _related(item)) is not None),
        quality=_number(fields.get("quality")),
        heat=_number(fields.get("heat")),
        published=_text(fields.get("published")).lower() not in ("false", "no", "off", "0"),
    )


def _title(fields: Mapping[str, Value]) -> str:
    value = fields.get("title")
    if isinstance(value, list | dict):
        raise Fault("its title is not text", "Put the title in double quotes", "title")
    title = _repaired(value)
    if not title:
        raise Fault("it has no title", 'Add a line such as title: "What happened"', "title")
    return title


def _excerpt(fields: Mapping[str, Value]) -> str:
    for key in _EXCERPTS:
        if text := _repaired(fields.get(key)):
            return text
    return ""


def _related(value: Value) -> RelatedItem | None:
    fields: Mapping[str, Value] = value if isinstance(value, dict) else {"title": value}
    title, excerpt = _repaired(fields.get("title")), _excerpt(fields)
    if not title:
        title, excerpt = excerpt, ""
    if not title:
        return None
    url, provider = _url(fields), _provider(fields.get("provider"))
    return RelatedItem(title, excerpt, url, _date(fields), provider)


def _provider(value: Value) -> Provider | None:
    fields: Mapping[str, Value] = value if isinstance(value, dict) else {"name": value}
    domain = printable(_text(fields.get("domain")))
    name = _repaired(fields.get("name")) or domain
    return Provider(name, domain) if name else None


def _topics(value: Value) -> tuple[str, ...]:
    """The topics in their order, each once. A single line may hold several, between commas."""
    items: list[Value] = [*_text(value).split(",")] if not isinstance(value, list) else value
    names = (_repaired(one.get("name") if isinstance(one, dict) else one) for one in items)
    return tuple(dict.fromkeys(name for name in names if name))


def _url(fields: Mapping[str, Value]) -> str:
    """The best web address. Others, such as ``javascript:``, are not for anybody to follow."""
    for key in _URLS:
        if _is_web(url := printable(_text(fields.get(key)))):
            return url
    return ""


def _is_web(url: str) -> bool:
    found = _WEB.match(url)
    if not found or found[1]:
        return bool(found)
    try:
        urlsplit(url)
    except ValueError:  # such as http://[::1/
        return False
    return True


def _number(value: Value) -> float | None:
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""


def _repaired(value: Value) -> str:
    return repair(value) if isinstance(value, str) else ""


# --- Dates ----------------------------------------------------------------------------------------

_YAML_TIME: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?"
    r"[ \t]*(?:(Z|z|UTC|GMT)|([-+])(\d\d?)(?::?(\d\d))?)?)?"
)


def _date(fields: Mapping[str, Value]) -> datetime | None:
    """The first date that can be read, in UTC. A bad one costs the article its date only."""
    for key in _DATES:
        if (moment := _moment(_text(fields.get(key)))) is not None:
            return moment
    return None


def _moment(text: str) -> datetime | None:
    """An ISO 8601, YAML or e-mail date in UTC; one without a zone is taken as UTC."""
    try:
        moment = _in_any_form(text)
        if moment.tzinfo is not UTC:
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def _in_any_form(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)  # nearly always, and in no time
    except ValueError:
        match = _YAML_TIME.fullmatch(text)
        return _from_parts(match) if match else parsedate_to_datetime(text)


def _from_parts(match: re.Match[str]) -> datetime:
    fraction, sign = match[7] or "0", match[9]
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    offset = timedelta(hours=int(match[10] or 0), minutes=int(match[11] or 0))
    zone = timezone(-offset if sign == "-" else offset)
    micro = int(fraction.ljust(6, "0"))
    return datetime(year, month, day, hour, minute, second, micro, zone)
