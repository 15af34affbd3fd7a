"""Repair: text as it was meant. Damaged encoding, entities, tags and invisible characters."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Final

__all__ = ["mended", "printable", "repair"]

_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff\ufffd]"
    "|[ÂÃâ] |[À-ÿĂ-ŤŸ-žРСГЏВ][\x80-\u00bf\u0100-\u03ff\u2000-\u22ff]"
)
"""What clean text hardly ever has: control characters, or the two or three odd characters that one
letter becomes when UTF-8 is read as an older encoding (``doesnâ€™t``)."""

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ufffd]"
)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_HIDES: Final = re.compile(r"<!--|<(?:script|style)\b", re.IGNORECASE)
_SHOWS: Final = {
    "<!--": re.compile("-->"),
    "<script": re.compile(r"</script\s*+>", re.IGNORECASE),
    "<style": re.compile(r"</style\s*+>", re.IGNORECASE),
}
_INLINE: Final = "a|abbr|b|big|cite|code|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u|wbr"
_BLOCK: Final = (
    "address|amp-img|article|aside|blockquote|body|br|button|caption|center|dd|div|dl|dt|figcaption|"
    "figure|footer|form|h[1-6]|head|header|hr|html|iframe|img|input|label|li|link|main|meta|nav|"
    "noscript|object|ol|option|p|picture|pre|script|section|select|source|style|svg|table|tbody|td|"
    "tfoot|th|thead|title|tr|ul|video"
)
_TAG: Final = re.compile(
    rf"</?(?:({_INLINE})|(?:{_BLOCK}))(?:\s(?=[^<>=]*=)[^<>]*+|\s*/?)>", re.IGNORECASE
)


def repair(text: str) -> str:
    """Text as it was meant, on one line: encoding mended, entities read, tags taken out.

    Curly quotes and accents stay as they are. Clean text passes quickly.
    """
    if "&" in text:
        text = _ENTITY.sub(_character, _ENTITY.sub(_character, text))
    if "<" in text:
        text = _TAG.sub(_gap, _shown(text))
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # as most are
    text = " ".join(text.split())
    if not (text.isascii() and text.isprintable()):
        text = " ".join(mended(text).split())
    return text


def printable(text: str) -> str:
    """Text without control characters, which a terminal would obey."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def _character(match: re.Match[str]) -> str:
    return unescape(match.group())


def _shown(text: str) -> str:
    """Text without comments, scripts and styles. An end that is missing is looked for once."""
    parts: list[str] = []
    start, endless = 0, set[str]()
    for opening in _HIDES.finditer(text):
        kind = opening.group().lower()
        if opening.start() < start or kind in endless:
            continue
        if end := _SHOWS[kind].search(text, opening.end()):
            parts += text[start : opening.start()], " "
            start = end.end()
        else:
            endless.add(kind)
    return "".join([*parts, text[start:]])


def _gap(tag: re.Match[str]) -> str:
    return "" if tag.group(1) else " "


def mended(text: str) -> str:
    """Text in the letters it was meant in, composed, without invisible characters. The rest, such
    as entities and tags, stays: in a query they may be what is looked for."""
    if _SUSPECT.search(text):
        text = _INVISIBLE.sub("", _fixed(text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _fixed(text: str) -> str:
    import ftfy  # here, since it is slow to import and most texts need none of it

    return ftfy.fix_text(text, unescape_html=False, uncurl_quotes=False, fix_character_width=False)
