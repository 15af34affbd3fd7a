"""Mentions: where a text may name a city, and the signs for and against it.

A sign is a short word such as ``before=in`` or ``after:paper``; ``weights.json`` says what each is
worth.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from searcher.places.cues import CLASS_AFTER, CLASS_BEFORE, GOVERNMENT, STATE_OFFICES, words
from searcher.places.gazetteer import Gazetteer, Meaning, Place
from searcher.places.names import key
from searcher.places.text import DOTTED, Field

__all__ = ["Beside", "Mention", "Scan", "scan"]

LONGEST: Final = 5
CONNECTORS: Final = words(
    "of de la le du del da do di am an der den on upon sur in the and y el al sous en les by"
)
CUT: Final = words("City Town Village Township")
CITY_OFFICES: Final = words(
    "council hall councilman councilwoman councillor councilmember councilor manager attorney "
    "clerk commission commissioner commissioners government police schools school court board "
    "planning auditor treasurer park officials council's administrator engineer solicitor"
)
#: A common word is a city only with a state beside it, after a word of place, or if this large.
LARGE: Final = 120
#: These before a name that is also a common word make a place of it.
INTO_PLACE: Final = words("in at near from outside of to around downtown")


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
        return self.field.spans[self.first][0], self.field.spans[self.last][1]

    @property
    def text(self) -> str:
        start, end = self.span
        return self.field.raw[start:end]


class Scan(NamedTuple):
    """What a field names: possible cities, and the regions and countries around them."""

    mentions: list[Mention]
    regions: list[int]
    countries: list[str]


def scan(field: Field, known: Gazetteer) -> Scan:
    """Every name of the gazetteer in a field, longest first, from left to right."""
    found = Scan([], [], [])
    at = 0
    words = field.words
    while at < field.count:
        word = words[at]
        if not word[0].isupper() or not known.begins(key(word)):
            at += 1
            continue
        at = take(field, at, known, found)
    for mention in found.mentions:
        mention.signs = signs(mention, known)
    return found


def take(field: Field, at: int, known: Gazetteer, found: Scan) -> int:
    """Take the longest name that begins at word ``at``; where to go on."""
    last, name = longest(field, at, known)
    if last < at:
        return at + 1
    places = known.places(name)
    meaning = known.meaning(name)
    if places and not possible(field, at, last, places, meaning, known):
        places = ()
    if places:
        mention = Mention(field, at, last, name, places)
        mention.meaning = meaning
        mention.beside = beside(field, last, places, known)
        found.mentions.append(mention)
        if mention.beside:
            found.regions.extend(mention.beside.meaning.regions)
            found.countries.extend(mention.beside.meaning.countries)
            return mention.beside.last + 1
    elif meaning and plain(field, at, last, meaning):
        found.regions.extend(meaning.regions)
        found.countries.extend(meaning.countries)
    return last + 1


def possible(
    field: Field, at: int, last: int, places: tuple[Place, ...], meaning: Meaning, known: Gazetteer
) -> bool:
    """Whether a state's name, or a common word (Of, Nice, Mobile, Reading), may be a city here."""
    common = last == at and field.small(at)
    if places[0].population >= LARGE or not (common or meaning):
        return True
    if beside(field, last, places, known):
        return True
    if meaning or at < field.headline or field.starts_sentence(at):
        return False
    return field.words[at - 1] in INTO_PLACE


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
        if not capital and word not in CONNECTORS:
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


def beside(field: Field, last: int, places: tuple[Place, ...], known: Gazetteer) -> Beside | None:
    """The region or country after word ``last``, if it holds one of the places."""
    gap = field.gap(last)
    comma = gap in (", ", ",", " (")
    if (not comma and gap != " ") or not field.words[last + 1][0].isupper():
        return None
    end, name = longest_meaning(field, last + 1, known)
    if end < 0:
        return None
    meaning = known.meaning(name)
    text = field.raw[field.spans[last + 1][0] : field.spans[end][1]]
    if not comma and not (text.isupper() and len(text) == 2):
        return None
    if end == last + 1 and len(text) == 2 and not text.isupper():
        return None
    inside = [place for place in places if holds(meaning, place)]
    if not inside or enumerated(field, end, name, inside[0], places[0], known):
        return None
    if field.raw[field.spans[end][1] :][:1] == "." and meaning.short:
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


def enumerated(
    field: Field, end: int, name: str, inside: Place, top: Place, known: Gazetteer
) -> bool:
    """Whether "Boston, New York and Chicago" lists cities: no Boston of New York is meant."""
    if inside.id == top.id or inside.population > top.population - 24 or not known.places(name):
        return False
    gap = field.gap(end)
    follows = field.words[end + 1] if end + 1 < field.count else ""
    return follows in ("and", "or") or (gap == ", " and follows[:1].isupper())


def signs(mention: Mention, known: Gazetteer) -> list[str]:
    """All the signs of one mention."""
    found = form(mention, known)
    before(mention, known, found)
    after(mention, known, found)
    return found


def form(mention: Mention, known: Gazetteer) -> list[str]:
    """What the name itself tells."""
    field, top = mention.field, mention.places[0]
    found = ["bias", f"people:{min(7, top.population // 24)}", f"names:{min(5, top.names // 12)}"]
    if mention.last > mention.first:
        found.append(f"words:{min(3, mention.last - mention.first + 1)}")
    else:
        found += word_form(field.words[mention.first], field, known)
    if top.key != mention.key:
        found.append("alias")
    if mention.meaning.regions:
        found.append("region")
    if mention.meaning.countries:
        found.append("country")
    if mention.first < field.headline:
        found.append("headline")
    if mention.beside:
        found.append("beside")
    return found


def word_form(word: str, field: Field, known: Gazetteer) -> list[str]:
    """What a name of one word tells: a common word, a given name, a surname, an acronym."""
    lexicon = known.lexicon(word)
    small, given, surname = lexicon & 63, lexicon >> 6 & 15, lexicon >> 10
    found = []
    if small:
        found.append(f"small:{min(5, small // 8)}")
    if given:
        found.append(f"given:{(given + 2) // 3}")
    if surname:
        found.append(f"surname:{(surname + 2) // 3}")
    if len(word) < 4:
        found.append("short")
    if word.isupper() and len(word) < 6 and not field.raw.isupper():
        found.append("acronym")
    return found


def before(mention: Mention, known: Gazetteer, found: list[str]) -> None:
    """What stands before the name."""
    field, at = mention.field, mention.first
    if field.starts_sentence(at):
        found.append("before:start")
        if field.small(at):
            found.append("before:start&small")
        return
    word = field.words[at - 1]
    gap = field.gap(at - 1)
    if gap not in (" ", ". "):
        found.append(f"before:{gap.strip()[:1]}")
        if gap == ", " and word[0].isupper():
            found.append("before:Cap,")
        return
    lower = word.lower()
    kind = CLASS_BEFORE.get(lower)
    if not field.name_like(at - 1):
        found.append(f"before={lower}")
        if kind:
            found.append(f"before:{kind}")
        return
    if kind in ("title", "direction"):
        found.append(f"before:{kind.title()}")
    elif len(word) == 1:
        found.append("before:Initial")
    elif known.lexicon(lower) >> 6 & 15:
        found.append("before:Given")
    else:
        found.append("before:Cap")


def after(mention: Mention, known: Gazetteer, found: list[str]) -> None:
    """What stands after the name."""
    field, at = mention.field, mention.last
    gap = field.gap(at)
    if mention.beside or gap == "\n":
        found.append("after:end")
        return
    word = field.words[at + 1]
    lower = word.lower()
    if gap == " ":
        if field.name_like(at + 1):
            run(mention, known, found)
        else:
            kind = CLASS_AFTER.get(lower)
            found.append(f"after={lower}")
            if kind:
                found.append(f"after:{kind}")
            if lower in GOVERNMENT:
                found.append("after:government")
            if lower == "and":
                counties(mention, found)
        return
    sign = gap.strip()[:1]
    found.append(f"after:{sign}")
    if sign == "-":
        found.append(f"after=-{lower}")
    elif lower == "s" and at + 2 < field.count and field.name_like(at + 2):
        found.append("after:'Cap")


def counties(mention: Mention, found: list[str]) -> None:
    """ "Jackson and Barrow counties"."""
    field, at = mention.field, mention.last
    if "counties" in (word.lower() for word in field.words[at + 3 : at + 5]):
        found.append("after:land")


def run(mention: Mention, known: Gazetteer, found: list[str]) -> None:
    """The name goes on in capitals: of what kind is what they name?"""
    field, at = mention.field, mention.last
    end = at + 1
    while end + 1 < field.count and end - at < 5 and field.gap(end) == " ":
        if not field.name_like(end + 1):
            break
        end += 1
    next_word, head = field.words[at + 1].lower(), field.words[end].lower()
    kind = CLASS_AFTER.get(head) or CLASS_AFTER.get(head.rstrip("s"))
    first = CLASS_AFTER.get(next_word)
    if first:
        found.append(f"after:First:{first}")
    if kind and end > at + 1:
        found.append(f"after:Head:{kind}")
    if mention.meaning.regions and next_word in STATE_OFFICES:
        found.append("after:office")
    if not kind and not first:
        found.append("after:Surname" if known.lexicon(next_word) >> 10 else "after:Cap")
