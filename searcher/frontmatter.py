"""Front matter: a file's bytes to the plain values its YAML holds, of the keys somebody wants.

What is plain enough, as most is, ``searcher.outline`` reads. Of the rest, YAML events are read one
by one instead of loading the document. That is faster, since what nobody wants is passed over, and
safer: nesting is bounded, so is what aliases repeat, and no cycle can arise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from searcher.outline import NULLS, Value, outline

__all__ = ["Fault", "Value", "decode", "line_of", "load", "split"]

_MAX_DEPTH: Final = 32
_MAX_REPEATED: Final = 2**20
"""So many characters at most may come from aliases, which could multiply a small file."""
_OPENING: Final = re.compile(r"---[ \t]*(?=\n|\Z)")
_CLOSING: Final = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?=\n|\Z)")
_OPENS: Final = (MappingStartEvent, SequenceStartEvent)
_CLOSES: Final = (MappingEndEvent, SequenceEndEvent)
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPED_PAIR: Final = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_INDENT: Final = re.compile(r"^[ \t]++", re.MULTILINE)


class Fault(Exception):
    """Why a text is no article. ``at`` is the character, or the top-level key, that shows it."""

    def __init__(self, reason: str, cure: str, at: int | str = 0) -> None:
        super().__init__(reason)
        self.reason, self.cure, self.at = reason, cure, at


def decode(data: bytes) -> str:
    """Bytes to text with plain line ends: UTF-8, UTF-16 that says so, else Windows's Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:  # line by line: one bad byte must not spoil the good lines
            text = "".join(map(_decode_line, data.splitlines(keepends=True)))
    text = text.lstrip("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split(text: str, whole: bool = False) -> tuple[str, str]:
    """A text to its front matter and the text after it.

    The front matter keeps its opening ``---``, so places in it are places in ``text``. With
    ``whole`` the text is YAML throughout. Where the closing ``---`` is missing, all of it is front
    matter: a file cut short after its last value still is an article.

    Raises:
        Fault: there is no front matter.
    """
    if not text.strip():
        raise Fault("the file is empty", "Fill it or delete it")
    if whole:
        return text, ""
    start = len(text) - len(text.lstrip())
    opening = _OPENING.match(text, start)
    if not opening:
        cure = "Begin the file with a line ---, then title: and the rest, then a line ---"
        raise Fault("it does not begin with front matter", cure, start)
    closing = _CLOSING.search(text, opening.end())
    return (text[: closing.start() + 1], text[closing.end() :]) if closing else (text, "")


def load(text: str, wanted: Container[str]) -> dict[str, Value]:
    """The values of the wanted keys, at every level, of the one mapping a YAML text holds.

    Scalars stay as they are written: what a number or a date is, the caller knows better.

    Raises:
        Fault: the text is not YAML, even after mending, or not a mapping.
    """
    values = outline(text, wanted)
    if values is not None:
        return values
    try:
        return _Loader(text, wanted).document()
    except yaml.YAMLError as error:
        mended = _mend(text)
        if mended == text:
            raise _fault(error) from None
    try:
        return _Loader(mended, wanted).document()
    except yaml.YAMLError as error:
        raise _fault(error) from None


def line_of(text: str, at: int | str) -> int:
    """The line, from 1, of a character or of a top-level key; of the first line without it."""
    if isinstance(at, str):
        key = re.search(rf"^[\"']?{re.escape(at)}[\"']?[ \t]*:", text, re.MULTILINE)
        at = key.start() if key else len(text) - len(text.lstrip())
    return text.count("\n", 0, at) + 1


class _Loader:
    """One pass over the events of one YAML text."""

    def __init__(self, text: str, wanted: Container[str]) -> None:
        self._parser = yaml.CBaseLoader(text)
        self._next: Callable[[], Event] = self._parser.get_event  # type: ignore[assignment]
        self._wanted = wanted
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._size = self._repeated = 0

    def document(self) -> dict[str, Value]:
        try:
            return self._document()
        finally:
            self._parser.dispose()

    def _document(self) -> dict[str, Value]:
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            return {}
        root = self._next()
        value = self._value(root, 0)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            kind = "a list" if isinstance(value, list) else "plain text"
            raise Fault(
                f"its front matter is {kind}", "Write lines such as title: ...", _index(root)
            )
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                self._expect_nothing(self._next())
        return value

    def _expect_nothing(self, event: Event) -> None:
        """A second document must be empty: a closing ``---`` begins one."""
        if not isinstance(event, ScalarEvent) or event.value:
            raise Fault("it holds several documents", "Put each article in a file", _index(event))

    def _value(self, event: Event, depth: int) -> Value:
        if isinstance(event, AliasEvent):
            return self._again(event)
        value: Value
        before = self._size
        self._size += 1
        if isinstance(event, ScalarEvent):
            value = None if event.implicit[0] and event.value in NULLS else event.value
            self._size += len(event.value)
        elif depth == _MAX_DEPTH:
            raise _too_deep(event)
        elif isinstance(event, SequenceStartEvent):
            value = self._list(depth + 1)
        else:
            value = self._mapping(depth + 1)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = value, self._size - before
        return value

    def _again(self, event: AliasEvent) -> Value:
        value, size = self._anchors.get(event.anchor or "", (None, 0))
        self._size += size
        self._repeated += size
        if self._repeated > _MAX_REPEATED:
            raise Fault("its aliases repeat too much", "Write the values out", _index(event))
        return value

    def _list(self, depth: int) -> list[Value]:
        values = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            values.append(self._value(event, depth))
        return values

    def _mapping(self, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(key := self._next(), MappingEndEvent):
            if not isinstance(key, ScalarEvent):
                self._skip(key)
                self._skip(self._next())
            elif key.value in self._wanted:
                values[key.value] = self._value(self._next(), depth)
            elif not isinstance(value := self._next(), ScalarEvent):
                self._skip(value)
        return values

    def _skip(self, event: Event) -> None:
        depth = 0
        while True:
            if isinstance(event, _OPENS):
                depth += 1
                if depth > _MAX_DEPTH:
                    raise _too_deep(event)
            elif isinstance(event, _CLOSES):
                depth -= 1
            if not depth:
                return
            event = self._next()


def _decode_line(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _mend(text: str) -> str:
    """What YAML forbids but files hold, made legal without moving a line.

    Control characters are the rest of UTF-8 read as Latin-1, which ftfy knows how to undo; emoji
    come as two escapes from JSON writers; tabs indent.
    """
    if _FORBIDDEN.search(text):
        import ftfy  # here, since it is slow to import and most files need none of it

        lines = (ftfy.fix_encoding(line) for line in text.split("\n"))
        text = _FORBIDDEN.sub(" ", "\n".join(lines))
    text = _ESCAPED_PAIR.sub(_joined_pair, text)
    return _INDENT.sub(lambda indent: indent.group().replace("\t", "  "), text)


def _joined_pair(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _fault(error: yaml.YAMLError) -> Fault:
    """libyaml's complaint, at the place a person would look."""
    problem, cure = getattr(error, "problem", None) or str(error), "Put the value in double quotes"
    context, mark = getattr(error, "context", None) or "", getattr(error, "problem_mark", None)
    if "escape" in problem:
        cure = r"Write \\ for one \ in double quotes"
    elif "quoted scalar" in context:  # it shows where the text ends, but lies where it began
        problem, cure = "quotes are not closed", r"Close them, and write \" for one inside them"
        mark = getattr(error, "context_mark", None) or mark
    return Fault(f"its YAML is broken: {problem}", cure, mark.index if mark else 0)


def _too_deep(event: Event) -> Fault:
    return Fault(f"it nests over {_MAX_DEPTH} deep", "Make it simpler", _index(event))


def _index(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0
