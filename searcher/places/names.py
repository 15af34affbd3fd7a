"""Keys: one spelling of a place's name, so that the gazetteer and a text meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["key"]

SHORT: Final = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "pt": "point",
    "twp": "township",
}
LETTERS: Final = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "'": "", "’": "", "‘": "", "ʻ": "", "ʼ": "", "`": "", ".": " ", "-": " ", "‐": " ", "–": " ",
    "/": " ", ",": " ", "(": " ", ")": " ",
})  # fmt: skip
MARK: Final = re.compile(r"[\u0300-\u036f]")


@lru_cache(maxsize=30_000)
def key(name: str) -> str:
    """A name without case, accents, apostrophes and hyphens, and with Saint, Fort, Mount in full.

    >>> key("St. Louis"), key("Winston-Salem"), key("Zürich")
    ('saint louis', 'winston salem', 'zurich')
    """
    plain = name.casefold().translate(LETTERS)
    if not plain.isascii():
        # What comes apart may be capitals and apostrophes in turn.
        plain = MARK.sub("", unicodedata.normalize("NFKD", plain)).casefold().translate(LETTERS)
    return " ".join(SHORT.get(word, word) for word in plain.split())
