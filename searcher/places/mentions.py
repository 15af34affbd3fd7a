"""Mentions: where a text may name a city, by the longest names of the gazetteer."""

from __future__ import annotations

from typing import Final, NamedTuple

from searcher.places.cues import words
from searcher.places.gazetteer import NOTHING, Gazetteer, Meaning, Name, Place
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
COMMAS: Final = (", ", ",", " (", ". ,", "., ")
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
        *("beside", "dateline", "field", "first", "key", "last", "meaning", "name", "places"),
        "signs",
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
    words, opens = field.words, known.opens
    free = 0
    for at, small in enumerate(map(str.islower, words)):
        if not small and at >= free and opens(words[at]):
            free = take(field, at, known, found)
    return found


def take(field: Field, at: int, known: Gazetteer, found: Scan) -> int:
    """Take the longest name that begins at word ``at``; where to go on."""
    last, name = longest(field, at, known)
    if name is None:
        return at + 1
    if name.places:
        if last == at and common_start(field, at, name):
            return at + 1
        mention = Mention(field, at, last, name)
        mention.beside = beside(mention, known)
        mention.dateline = dateline(field, at, mention.beside.last if mention.beside else last)
        found.mentions.append(mention)
        if mention.beside:
            found.regions.extend(mention.beside.meaning.regions)
            found.countries.extend(mention.beside.meaning.countries)
            return mention.beside.last + 1
    meaning = name.meaning
    if meaning is not NOTHING and not own_city(name) and plain(field, at, last, meaning):
        found.regions.extend(meaning.regions)
        found.countries.extend(meaning.countries)
    return last + 1


def common_start(field: Field, at: int, name: Name) -> bool:
    """Whether a little place's name is but a common word that begins a sentence: "Reading is fun".

    It would be vetoed anyway; most of what has a capital is told apart here, and cheaply.
    """
    if name.meaning is not NOTHING or name.places[0].population >= LARGE:
        return False
    if field.gaps[at + 1] != " " or not field.starts_sentence(at):
        return False
    return not field.words[at + 1][0].isupper() and field.small(at)


def own_city(name: Name) -> bool:
    """Whether a name is a city's before a region's: a large one, or the region's own capital."""
    if not name.places:
        return False
    regions = name.meaning.regions
    return name.places[0].population >= CAPITAL or any(p.region in regions for p in name.places)


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


def longest(field: Field, at: int, known: Gazetteer) -> tuple[int, Name | None]:
    """The longest name that begins at word ``at``, and its last word."""
    words = field.words
    best, last = known.word(words[at]), at
    name = ""
    for end in range(at + 1, min(at + LONGEST, field.count)):
        if not joined(field, end - 1):
            break
        word = words[end]
        capital = word[0].isupper()
        if not capital and len(word) > SHORT_WORD and word not in CONNECTORS:
            break
        name = f"{name or key(words[at])} {key(word)}"
        if end == at + 1 and not known.begins(name):
            break
        longer = known.name(name) if capital else None
        if longer and not (word in CUT and best and cut_back(field, end, best, longer)):
            best, last = longer, end
    return last, best


def cut_back(field: Field, end: int, short: Name, long: Name) -> bool:
    """Whether "Cambridge City" is but the start of "Cambridge City Council"."""
    if end + 1 >= field.count or field.words[end + 1].lower() not in CITY_OFFICES:
        return False
    smaller, larger = short.places, long.places
    return bool(smaller and larger and smaller[0].population >= larger[0].population)


def joined(field: Field, at: int) -> bool:
    """Whether words ``at`` and ``at + 1`` may belong to one name."""
    gap = field.gaps[at + 1]
    if gap == " " or gap == "-" or gap == "‑":
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
    gap = field.gaps[last + 1]
    if gap == "\n" or not field.words[last + 1][0].isupper():
        return None
    comma = gap in COMMAS
    if not comma and not (gap == " " and postal(field.words[last + 1])):
        return None
    end, name = longest_meaning(field, last + 1, known)
    if name is None:
        return None
    meaning, text = name.meaning, field.text(last + 1, end)
    if not (postal(text) or (comma and len(text) > 2)):
        return None
    inside = [place for place in mention.places if holds(meaning, place)]
    if not inside or enumerated(mention, end, name, inside[0]):
        return None
    if meaning.short and field.gap(end).startswith("."):
        text += "."
    return Beside(meaning, text, end)


def postal(text: str) -> bool:
    """Whether a region's name is its two letters: "MA"."""
    return len(text) == 2 and text.isupper()


def longest_meaning(field: Field, at: int, known: Gazetteer) -> tuple[int, Name | None]:
    """The longest region's or country's name that begins at word ``at``, and its last word."""
    words = field.words
    if not known.opens(words[at]):
        return -1, None
    found = known.word(words[at])
    best, last = (found, at) if found and found.meaning is not NOTHING else (None, -1)
    name = key(words[at])
    for end in range(at + 1, min(at + 4, field.count)):
        if not joined(field, end - 1):
            break
        name = f"{name} {key(words[end])}".strip()
        if end == at + 1 and not known.begins(name):
            break
        found = known.name(name)
        if found and found.meaning is not NOTHING:
            best, last = found, end
    return last, best


def holds(meaning: Meaning, place: Place) -> bool:
    return place.region in meaning.regions or place.country in meaning.countries


def enumerated(mention: Mention, end: int, name: Name, inside: Place) -> bool:
    """Whether it is a list: "Boston, New York and Chicago", "Utah, Washington, Virginia"."""
    field, top = mention.field, mention.places[0]
    follows = field.words[end + 1] if end + 1 < field.count else ""
    gap = field.gap(end)
    goes_on = follows in ("and", "or") or (gap in (", ", ", and ") and follows[:1].isupper())
    if mention.meaning.regions and not name.meaning.short:
        return goes_on or listed(field, mention.first)
    if inside.id == top.id or inside.population > top.population - 24 or not name.places:
        return False
    return goes_on


def listed(field: Field, first: int) -> bool:
    """Whether the word before ``first`` makes it one of a list of names."""
    before = field.words[first - 1] if first else ""
    if before in ("and", "or"):
        return True
    return bool(before) and before[0].isupper() and field.gap(first - 1) == ", "
