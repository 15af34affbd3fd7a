"""The scan of a text: the longest names of the gazetteer that may be cities', left to right."""

from __future__ import annotations

from itertools import compress
from operator import not_
from typing import Final, NamedTuple

from searcher.places.cues import words
from searcher.places.gazetteer import NOTHING, Gazetteer, Meaning, Name
from searcher.places.mentions import CAPITAL, LARGE, Mention, beside, dateline, joined
from searcher.places.names import key
from searcher.places.text import Field
from searcher.places.vetoes import COUNTIES_FOLLOW, PERSON, after_given_name, before_surname, veto

__all__ = ["Scan", "scan"]

LONGEST: Final = 5
APOSTROPHES: Final = ("'", "’")
#: Small words of at most this many letters (de, au, es, am), and these, may stand within a name.
SHORT_WORD: Final = 3
CONNECTORS: Final = words("upon sous under over")
CUT: Final = words("City Town Village Township")
CITY_OFFICES: Final = words(
    "council hall councilman councilwoman councillor councilmember councilor manager attorney "
    "clerk commission commissioner commissioners government police schools school court board "
    "planning auditor treasurer park officials council's administrator engineer solicitor"
)


class Scan(NamedTuple):
    """What fields name: possible cities, persons of their names, regions and countries."""

    mentions: list[Mention]
    people: set[str]
    regions: set[int]
    countries: set[str]


def scan(field: Field, known: Gazetteer, found: Scan) -> None:
    """Find every name of the gazetteer in a field, longest first, from left to right."""
    words, opening = field.words, known.opening
    free = 0
    for at in compress(range(field.count), map(not_, map(str.islower, words))):
        name = opening(words[at]) if at >= free else None
        if name is not None:
            free = take(field, at, name, known, found)


def take(field: Field, at: int, name: Name, known: Gazetteer, found: Scan) -> int:
    """Take the longest name that begins at word ``at``, itself ``name``; where to go on."""
    last, name = longest(field, at, name, known)
    mention = named(field, at, last, name, known, found.people) if name.places else None
    if mention:
        found.mentions.append(mention)
        if mention.beside:
            found.regions.update(mention.beside.meaning.regions)
            found.countries.update(mention.beside.meaning.countries)
            return mention.beside.last + 1
    meaning = name.meaning
    if meaning is not NOTHING and not own_city(name) and plain(field, at, last, meaning):
        found.regions.update(meaning.regions)
        found.countries.update(meaning.countries)
    return last + 1


def named(
    field: Field, first: int, last: int, name: Name, known: Gazetteer, people: set[str]
) -> Mention | None:
    """A name where it may be a city's: what most names are else is told apart first."""
    if first == last:
        person = name.word and before_surname(field, first, name)
        if person or surname_alone(field, first):
            people.add(name.key)
            return None
        if common_start(field, first, name):
            return None
    mention = Mention(field, first, last, name)
    mention.beside = beside(mention, known)
    mention.dateline = dateline(field, first, mention.beside.last if mention.beside else last)
    reason = veto(mention, known)
    if reason == PERSON:
        people.add(name.key)
    return None if reason else mention


def surname_alone(field: Field, at: int) -> bool:
    """Whether word ``at`` is a surname after its given name, and nothing but small words follow."""
    if not at or not field.words[at - 1][0].isupper() or field.gaps[at + 1] != " ":
        return False
    after = field.words[at + 1]
    if after[0].isupper() or after in COUNTIES_FOLLOW:
        return False
    return after_given_name(field, at)


def common_start(field: Field, at: int, name: Name) -> bool:
    """Whether a little place's name is but a common word that begins a sentence: "Reading is fun".

    It would be vetoed anyway, later and at a higher price.
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


def longest(field: Field, at: int, best: Name, known: Gazetteer) -> tuple[int, Name]:
    """The longest name that begins at word ``at``, itself ``best``, and its last word."""
    words, last = field.words, at
    name = ""
    for end in range(at + 1, min(at + LONGEST, field.count)):
        word = words[end]
        capital = word[0].isupper()
        if not capital and len(word) > SHORT_WORD and word not in CONNECTORS:
            break
        if word == "s" and field.gaps[end] in APOSTROPHES:  # St. John's, King's Lynn
            name = f"{name or key(words[at])}s"
            capital = " " in name
        elif joined(field, end - 1) and (name or known.pairs(words[at], word)):
            name = f"{name or key(words[at])} {key(word)}"
        else:
            break
        longer = known.name(name) if capital else None
        if longer and not (word in CUT and cut_back(field, end, best, longer)):
            best, last = longer, end
    return last, best


def cut_back(field: Field, end: int, short: Name, long: Name) -> bool:
    """Whether "Cambridge City" is but the start of "Cambridge City Council"."""
    if end + 1 >= field.count or field.words[end + 1].lower() not in CITY_OFFICES:
        return False
    smaller, larger = short.places, long.places
    return bool(smaller and larger and smaller[0].population >= larger[0].population)


def plain(field: Field, first: int, last: int, meaning: Meaning) -> bool:
    """Whether a region's or country's name is meant as one, with no city beside it to say so."""
    word = field.words[last]
    if first < last:
        return True
    if len(word) < 4:
        return word.isupper() and not meaning.short
    return not meaning.short or field.gap(last).startswith(".")
