"""The scan of a text: the longest names of the gazetteer that may be cities', left to right."""

from __future__ import annotations

from typing import Final, NamedTuple

from searcher.places.cues import words
from searcher.places.gazetteer import NOTHING, Meaning, Name
from searcher.places.mentions import CAPITAL, LARGE, Mention, beside, dateline, joined
from searcher.places.names import key
from searcher.places.text import Field
from searcher.places.vetoes import COUNTIES_FOLLOW, PERSON, after_given_name, before_surname, veto

__all__ = ["Scan", "scan"]

LONGEST: Final = 5
APOSTROPHES: Final = ("'", "’")
#: What may stand between the words of one name; never what stands after a field's last word.
WITHIN: Final = frozenset((" ", "-", "‑", ".", ". ", *APOSTROPHES))
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


def scan(field: Field, found: Scan) -> None:
    """Find every name of the gazetteer in a field, longest first, from left to right."""
    opening, free = field.known.opening, 0
    for at, word in enumerate(field.words):
        if word[0].isupper() and at >= free:
            name = opening(word)
            if name:
                free = take(field, at, name, found)


def take(field: Field, at: int, name: Name, found: Scan) -> int:
    """Take the longest name that begins at word ``at``, itself ``name``; where to go on."""
    last, gap = at, field.gaps[at + 1]
    if gap in WITHIN and (gap != " " or goes_on(field, at)):
        last, name = longest(field, at, name)
    if name.places:
        mention = named(field, at, last, name, found.people)
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


def named(field: Field, first: int, last: int, name: Name, people: set[str]) -> Mention | None:
    """A name where it may be a city's: what most names are else is told apart first."""
    alone = first == last and field.gaps[last + 1] == " "
    reason = else_than_city(field, first, name) if alone else ""
    if not reason:
        mention = Mention(field, first, last, name)
        mention.beside = beside(mention)
        mention.dateline = dateline(field, first, mention.beside.last if mention.beside else last)
        reason = veto(mention)
        if not reason:
            return mention
    if reason == PERSON:
        people.add(name.key)
    return None


def else_than_city(field: Field, at: int, name: Name) -> str:
    """What word ``at``, with a blank after it, is by itself: a person, a common word, or ""."""
    after = field.words[at + 1]
    if after[0].isupper():
        return PERSON if before_surname(field, at, name) else ""
    capital = at and field.words[at - 1][0].isupper()
    if capital and after not in COUNTIES_FOLLOW and after_given_name(field, at):
        return PERSON
    # "Reading is fun": it would be vetoed anyway, later and at a higher price.
    little = name.meaning is NOTHING and name.places[0].population < LARGE
    return "a word" if little and field.starts_sentence(at) and field.small(at) else ""


def own_city(name: Name) -> bool:
    """Whether a name is a city's before a region's: a large one, or the region's own capital."""
    if not name.places:
        return False
    regions = name.meaning.regions
    return name.places[0].population >= CAPITAL or any(p.region in regions for p in name.places)


def longest(field: Field, at: int, best: Name) -> tuple[int, Name]:
    """The longest name that begins at word ``at``, itself ``best``, and its last word."""
    known, words, gaps = field.known, field.words, field.gaps
    name, last, end = "", at, at + 1
    while gaps[end] in WITHIN and end - at < LONGEST:
        word = words[end]
        capital = not word.islower()  # Coeur d'Alene
        if word in ("s", "S") and gaps[end] in APOSTROPHES:  # St. John's, King's Lynn
            name = f"{name or key(words[at])}s"
            capital = " " in name
        elif not of_name(word):
            break
        elif joined(field, end - 1) and (name or known.pairs(words[at], word)):
            name = f"{name or key(words[at])} {key(word)}"
        else:
            break
        longer = known.name(name) if capital else None
        if longer and not (word in CUT and cut_back(field, end, best, longer)):
            best, last = longer, end
        end += 1
    return last, best


def goes_on(field: Field, at: int) -> bool:
    """Whether a name may go on after word ``at`` and a blank: few do, and are soon told."""
    word = field.words[at + 1]
    return of_name(word) and field.known.pairs(field.words[at], word)


def of_name(word: str) -> bool:
    """Whether a word may stand within a name: few small ones do."""
    return not word.islower() or len(word) <= SHORT_WORD or word in CONNECTORS


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
    return not meaning.short or field.dotted(last)
