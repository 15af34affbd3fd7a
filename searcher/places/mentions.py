"""Mentions: where a text may name a city, by the longest names of the gazetteer."""

from __future__ import annotations

from typing import Final, NamedTuple

from searcher.places.cues import words
from searcher.places.gazetteer import Gazetteer, Meaning, Place
from searcher.places.names import key
from searcher.places.text import DOTTED, Field

__all__ = ["CAPITAL", "LARGE", "Beside", "Mention", "Scan", "holds", "listed", "scan"]

LONGEST: Final = 5
#: Small words of at most this many letters (de, au, es, am), and these, may stand within a name.
SHORT_WORD: Final = 3
CONNECTORS: Final = words("upon sous under over")
CUT: Final = words("City Town Village Township")
CITY_OFFICES: Final = words(
    "council hall councilman councilwoman councillor councilmember councilor manager attorney "
    "clerk commission commissioner commissioners government police schools school court board "
    "planning auditor treasurer park officials council's administrator engineer solicitor"
)
DASHES: Final = ("-", "--", "—", "–", "―", "\x97", "\x96")
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
        *("beside", "dateline", "field", "first", "key", "last", "meaning", "places", "signs"),
    )

    def __init__(
        self, field: Field, first: int, last: int, name: str, places: tuple[Place, ...]
    ) -> None:
        self.field = field
        self.first = first
        self.last = last
        self.key = name
        self.places = places
        self.meaning = Meaning()
        self.beside: Beside | None = None
        self.dateline = False
        self.signs: list[str] = []

    @property
    def span(self) -> tuple[int, int]:
        return self.field.span(self.first, self.last)

    @property
    def text(self) -> str:
        return self.field.text(self.first, self.last)


class Scan(NamedTuple):
    """What a field names: possible cities, and the regions and countries around them."""

    mentions: list[Mention]
    regions: list[int]
    countries: list[str]


def scan(field: Field, known: Gazetteer) -> Scan:
    """Every name of the gazetteer in a field, longest first, from left to right."""
    found = Scan([], [], [])
    opens = known.opens
    free = 0
    for at, word in enumerate(field.words):
        if at >= free and opens(word):
            free = take(field, at, known, found)
    return found


def take(field: Field, at: int, known: Gazetteer, found: Scan) -> int:
    """Take the longest name that begins at word ``at``; where to go on."""
    last, name = longest(field, at, known)
    if last < at:
        return at + 1
    places = known.places(name)
    meaning = known.meaning(name)
    if places:
        mention = Mention(field, at, last, name, places)
        mention.meaning = meaning
        mention.beside = beside(mention, known)
        mention.dateline = dateline(field, at, mention.beside.last if mention.beside else last)
        found.mentions.append(mention)
        if mention.beside:
            found.regions.extend(mention.beside.meaning.regions)
            found.countries.extend(mention.beside.meaning.countries)
            return mention.beside.last + 1
    if meaning and plain(field, at, last, meaning) and not (places and own_city(places, meaning)):
        found.regions.extend(meaning.regions)
        found.countries.extend(meaning.countries)
    return last + 1


def own_city(places: tuple[Place, ...], meaning: Meaning) -> bool:
    """Whether a name is a city's before a region's: a large one, or the region's own capital."""
    top = places[0]
    return top.population >= CAPITAL or any(place.region in meaning.regions for place in places)


def dateline(field: Field, first: int, last: int) -> bool:
    """Whether words ``first`` to ``last`` say where a report was filed: "BOSTON (AP) --"."""
    if first > 25 or field.name == "title" or first < field.headline:
        return False
    if first and not field.words[first].isupper():
        return False
    gap = field.gap(last)
    if gap.startswith((" (", ", (")) and last + 2 < field.count:
        gap = field.gap(last + 1).lstrip(")")
    return gap.strip(". ") in DASHES


def longest(field: Field, at: int, known: Gazetteer) -> tuple[int, str]:
    """The last word and the key of the longest name that begins at word ``at``; -1: none."""
    words = field.words
    name = key(words[at])
    best = (at, name) if known.places(name) or known.meaning(name) else (-1, "")
    for end in range(at + 1, min(at + LONGEST, field.count)):
        if not joined(field, end - 1):
            break
        word = words[end]
        capital = word[0].isupper()
        if not capital and len(word) > SHORT_WORD and word not in CONNECTORS:
            break
        name = f"{name} {key(word)}"
        if end == at + 1 and not known.begins(name):
            break
        named = capital and (known.places(name) or known.meaning(name))
        if named and not (word in CUT and cut_back(field, end, best[1], name, known)):
            best = (end, name)
    return best


def cut_back(field: Field, end: int, short: str, long: str, known: Gazetteer) -> bool:
    """Whether "Cambridge City" is but the start of "Cambridge City Council"."""
    if end + 1 >= field.count or field.words[end + 1].lower() not in CITY_OFFICES:
        return False
    smaller, larger = known.places(short), known.places(long)
    return bool(smaller and larger and smaller[0].population >= larger[0].population)


def joined(field: Field, at: int) -> bool:
    """Whether words ``at`` and ``at + 1`` may belong to one name."""
    gap = field.gap(at)
    if gap in (" ", "-", "‑"):
        return True
    return gap in (".", ". ") and (field.words[at] in DOTTED or len(field.words[at]) == 1)


def plain(field: Field, first: int, last: int, meaning: Meaning) -> bool:
    """Whether a region's or country's name is meant as one, with no city beside it to say so."""
    word = field.words[last]
    if first < last:
        return True
    if len(word) < 4:
        return word.isupper() and not meaning.short
    return not meaning.short or field.gap(last).startswith(".")


def beside(mention: Mention, known: Gazetteer) -> Beside | None:
    """The region or country that follows a name, if it holds one of the places."""
    field, last = mention.field, mention.last
    gap = field.gap(last)
    comma = gap in (", ", ",", " (", ". ,", "., ")
    if (not comma and gap != " ") or not field.words[last + 1][0].isupper():
        return None
    end, name = longest_meaning(field, last + 1, known)
    if end < 0:
        return None
    meaning = known.meaning(name)
    text = field.text(last + 1, end)
    postal = len(text) == 2 and text.isupper()
    if not (postal or (comma and len(text) > 2)):
        return None
    inside = [place for place in mention.places if holds(meaning, place)]
    if not inside or enumerated(mention, end, name, inside[0], known):
        return None
    if meaning.short and field.gap(end).startswith("."):
        text += "."
    return Beside(meaning, text, end)


def longest_meaning(field: Field, at: int, known: Gazetteer) -> tuple[int, str]:
    """The last word and key of the longest region or country name that begins at word ``at``."""
    name, best = "", (-1, "")
    for end in range(at, min(at + 4, field.count)):
        if end > at and not joined(field, end - 1):
            break
        name = f"{name} {key(field.words[end])}".strip()
        if known.meaning(name):
            best = (end, name)
    return best


def holds(meaning: Meaning, place: Place) -> bool:
    return place.region in meaning.regions or place.country in meaning.countries


def enumerated(mention: Mention, end: int, name: str, inside: Place, known: Gazetteer) -> bool:
    """Whether it is a list: "Boston, New York and Chicago", "Utah, Washington, Virginia"."""
    field, top = mention.field, mention.places[0]
    follows = field.words[end + 1] if end + 1 < field.count else ""
    gap = field.gap(end)
    goes_on = follows in ("and", "or") or (gap in (", ", ", and ") and follows[:1].isupper())
    if mention.meaning.regions and not known.meaning(name).short:
        return goes_on or listed(field, mention.first)
    if inside.id == top.id or inside.population > top.population - 24 or not known.places(name):
        return False
    return goes_on


def listed(field: Field, first: int) -> bool:
    """Whether the word before ``first`` makes it one of a list of names."""
    before = field.words[first - 1] if first else ""
    if before in ("and", "or"):
        return True
    return bool(before) and before[0].isupper() and field.gap(first - 1) == ", "
