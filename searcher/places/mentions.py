"""Mentions: a name where it stands, with the state beside it or the dateline that it opens."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from searcher.places.gazetteer import NOTHING, Meaning, Name, Place
from searcher.places.names import key
from searcher.places.text import DOTTED, Field

__all__ = [
    *("CAPITAL", "LARGE", "Beside", "Mention", "beside", "dateline", "holds", "joined", "listed"),
]

COMMAS: Final = frozenset((", ", ",", " (", ". ,", "., "))
#: What follows the place of a dateline: another place after a slash, a date, an agency, and a dash
#: that joins no words.
FILED: Final = re.compile(
    r"(?:/[A-Z][A-Z .]{1,30})?[.,]*"
    r"(?:\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:,\s\d{4})?,?)?"
    r"\s?(?:\([^()\n]{2,40}\)|/[^/\n]{2,40}/)?"
    r"(?:\s-\s|\s-$|\)-|\s?(?:--|[—–―\x97\x96])|\s/[A-Z\s]*/\s)"
)
#: The logarithm of a large town's people.
LARGE: Final = 120
#: A city this large (New York, Washington) is what its name says, not the state of that name.
CAPITAL: Final = 150


class Beside(NamedTuple):
    """The state or country that stands right after a name and says which one is meant."""

    meaning: Meaning
    text: str
    last: int


class Mention:
    """A name in a field, words ``first`` to ``last``, with the places it may mean and its signs."""

    __slots__ = (
        *("beside", "dateline", "elsewhere", "field", "first", "key", "last", "meaning", "name"),
        *("places", "signs"),
    )

    def __init__(self, field: Field, first: int, last: int, name: Name) -> None:
        self.field = field
        self.first = first
        self.last = last
        self.name = name
        self.key = name.key
        self.places = name.places
        self.meaning = name.meaning
        self.beside: Beside | None = None
        self.elsewhere = False
        self.dateline = False
        self.signs: list[str] = []

    @property
    def span(self) -> tuple[int, int]:
        return self.field.span(self.first, self.last)

    @property
    def text(self) -> str:
        return self.field.text(self.first, self.last)


def dateline(field: Field, first: int, last: int) -> bool:
    """Whether words ``first`` to ``last`` say where a report was filed: "BOSTON (AP) --"."""
    if (first and not field.words[first].isupper()) or first > 25 or field.name == "title":
        return False
    return first >= field.headline and field.followed(last, FILED)


def joined(field: Field, at: int) -> bool:
    """Whether words ``at`` and ``at + 1`` may belong to one name."""
    gap = field.gaps[at + 1]
    if gap == " " or gap == "-" or gap == "‑":
        return True
    return gap in (".", ". ") and (field.words[at].title() in DOTTED or len(field.words[at]) == 1)


def beside(mention: Mention) -> Beside | None:
    """The region or country that follows a name, if it holds one of the places."""
    field, last = mention.field, mention.last
    gap = field.gaps[last + 1]
    comma = gap in COMMAS
    if not comma and not (gap == " " and postal(field.words[last + 1])):
        return None
    end, name = longest_meaning(field, last + 1)
    if name is None:
        return None
    meaning, text = name.meaning, field.text(last + 1, end)
    # "Erie, Pa.", but not "Paris, La Défense".
    dotted = len(text) > 2 or field.dotted(end)
    if not (postal(text) or (comma and dotted)):
        return None
    inside = [place for place in mention.places if holds(meaning, place)]
    if not inside:
        mention.elsewhere = not goes_on(field, end)
        return None
    if enumerated(mention, end, name, inside[0]):
        return None
    if meaning.short and field.dotted(end):
        text += "."
    return Beside(meaning, text, end)


def postal(text: str) -> bool:
    """Whether a region's name is its two letters: "MA"."""
    return len(text) == 2 and text.isupper()


def longest_meaning(field: Field, at: int) -> tuple[int, Name | None]:
    """The longest region's or country's name that begins at word ``at``, and its last word."""
    known, words = field.known, field.words
    found = known.opening(words[at])
    if found is None:
        return -1, None
    best, last = (found, at) if found.meaning is not NOTHING else (None, -1)
    name = key(words[at])
    for end in range(at + 1, min(at + 4, field.count)):
        if not joined(field, end - 1):
            break
        if end == at + 1 and not known.pairs(words[at], words[end]):
            break
        name = f"{name} {key(words[end])}".strip()
        found = known.name(name)
        if found and found.meaning is not NOTHING:
            best, last = found, end
    return last, best


def holds(meaning: Meaning, place: Place) -> bool:
    return place.region in meaning.regions or place.country in meaning.countries


def enumerated(mention: Mention, end: int, name: Name, inside: Place) -> bool:
    """Whether it is a list: "Boston, New York and Chicago", "Utah, Washington, Virginia"."""
    field, top, lands = mention.field, mention.places[0], mention.field.known.lands
    if not name.meaning.short and lands(name.meaning) & lands(mention.meaning):
        return goes_on(field, end) or listed(field, mention.first)
    if inside.id == top.id or inside.population > top.population - 24:
        return False
    # "Boston, New York and Chicago", but "Paris, Texas, and Dover": hardly anyone means Texas, MX.
    return bool(name.places) and name.places[0].population >= CAPITAL and goes_on(field, end)


def goes_on(field: Field, end: int) -> bool:
    """Whether a list goes on after word ``end``."""
    follows = field.words[end + 1] if end + 1 < field.count else ""
    return follows in ("and", "or") or (field.gaps[end + 1] == ", " and follows[:1].isupper())


def listed(field: Field, first: int) -> bool:
    """Whether the word before ``first`` makes it one of a list of names."""
    before = field.words[first - 1] if first else ""
    if before in ("and", "or"):
        return True
    return bool(before) and before[0].isupper() and field.gaps[first] == ", "
