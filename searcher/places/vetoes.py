"""Vetoes: names of cities that stand for something else, whatever else speaks for them.

Newspapers, teams, universities, companies, counties, states, persons and common words. Only
what holds in any text is here; all the rest is weighed by ``searcher.places.signs``.
"""

from __future__ import annotations

from typing import Final

from searcher.places.cues import (
    CAPITALS,
    CLASS_AFTER,
    GOVERNMENT,
    INSTITUTIONS,
    STATE_OFFICES,
    words,
)
from searcher.places.gazetteer import NOTHING, Meaning, Name
from searcher.places.mentions import CAPITAL, LARGE, Mention, listed
from searcher.places.names import key
from searcher.places.text import RUN, Field

__all__ = [
    *("COUNTIES_FOLLOW", "PERSON", "after_given_name", "at_home", "before_surname", "into", "veto"),
]

PERSON: Final = "a person"
COUNTIES: Final = words("County Counties county counties Parish Parishes parishes")
ANDS: Final = words("and or &")
LISTING: Final = words("of such as including like are include")
LEADS: Final = ANDS | LISTING
COUNTIES_FOLLOW: Final = COUNTIES | ANDS
PARTISANS: Final = words("Republican Democrat Independent")
#: So many words at most make a list of counties.
LIST: Final = 25
#: From here on a word is a given name wherever its capital comes from: Jack and Mark, not Will.
GIVEN: Final = 8
#: These before a name that is also a common word make a place of it.
INTO_PLACE: Final = words("in at near from outside of to around downtown")
OWNERS: Final = {"paper": "a newspaper", "team": "a team", "learning": "a university"}
FIRM: Final = {"company": "a company"}
PROPER: Final = {word for word, kind in CLASS_AFTER.items() if kind in OWNERS or kind in FIRM}


def veto(mention: Mention) -> str:
    """What a name stands for instead of a city; empty where nothing forbids the city."""
    if mention.beside:
        return "a state" if part_of(mention, mention.beside.meaning) else ""
    field, first, last = mention.field, mention.first, mention.last
    after = field.words[last + 1] if field.gaps[last + 1] == " " else ""
    before = field.words[first - 1] if first else ""
    if field.counties and (of_counties(field, last) or after_counties(field, first)):
        return "a county"
    reason = owner(mention, after) if after[:1].isupper() or before == "of" else ""
    if not reason and before[:1].isupper() and after_given_name(field, first):
        return PERSON
    if not reason and mention.key in CAPITALS and governs(field, first, after):
        reason = "a government"
    if not reason and mention.meaning is not NOTHING:
        reason = state(mention, after)
    if reason or mention.dateline:
        return reason
    if mention.key in INSTITUTIONS and not into(field, first):
        return "a university"
    common = first == last and mention.places[0].population < LARGE
    if common and field.small(first):
        return "" if not field.shouted(first) and into(field, first) else "a word"
    return ""


def part_of(mention: Mention, whole: Meaning) -> bool:
    """Whether a name is rather a region's with its country beside it: "California, U.S."."""
    if mention.places[0].population >= CAPITAL:
        return False
    regions = mention.field.known.regions
    return any(
        number in whole.regions or regions[number].country in whole.countries
        for number in mention.meaning.regions
    )


def at_home(mention: Mention) -> bool:
    """Whether the publisher is at home where a place of this name is."""
    home = mention.field.home
    return any(home.get(place.cell, 0.0) >= 0.5 for place in mention.places) if home else False


def into(field: Field, at: int) -> bool:
    """Whether a word of place leads up to word ``at``."""
    return field.gaps[at] == " " and field.words[at - 1] in INTO_PLACE


def of_counties(field: Field, last: int) -> bool:
    """Whether a name is a county's: "Barrow County", "Jackson and Barrow counties"."""
    words, gaps = field.words, field.gaps
    for at in range(last + 1, min(last + LIST, field.count)):
        word, gap = words[at], gaps[at]
        if gap != " " and gap != ", ":
            return False
        if word in COUNTIES:
            return word[-1] == "s" or at == last + 1
        if not (word[0].isupper() or word in ANDS):
            return False
    return False


def after_counties(field: Field, first: int) -> bool:
    """Whether a name is a county's in a list: "the counties of Bath, Rowan and Menifee"."""
    if not (field.gaps[first] == ", " or (first and field.words[first - 1] in LEADS)):
        return False
    at = first - 1
    while at >= max(0, first - LIST) and field.gaps[at + 1] in (" ", ", "):
        word = field.words[at]
        if word in COUNTIES:
            return word[-1] == "s"
        if not (word[0].isupper() or word in ANDS or word in LISTING):
            return False
        at -= 1
    return False


def owner(mention: Mention, after: str) -> str:
    """Whether the name begins the name of a newspaper, a team, a university: "Boston Herald"."""
    field, last = mention.field, mention.last
    if field.learned_of(mention.first):
        return "a university"
    if not after[:1].isupper():
        return ""
    if PROPER.isdisjoint(map(str.lower, field.words[last + 1 : last + 1 + RUN])):
        return ""
    end = field.run_end(last)
    if end == last:
        return ""
    head = CLASS_AFTER.get(field.words[end].lower())
    for at in (end, last + 1):
        kind = CLASS_AFTER.get(field.words[at].lower())
        if kind == "paper" and (head == "head" or partisan(field, mention.first, at)):
            continue  # "Palestine Independent School District", "a Kettering Republican"
        if kind in OWNERS and (at < end or field.tells(at)):
            return OWNERS[kind]
        if kind in FIRM and at == end:
            return FIRM[kind]
    return ""


def partisan(field: Field, first: int, at: int) -> bool:
    """Whether word ``at`` is a politician's party and no newspaper."""
    return first > 0 and field.words[first - 1] in ("a", "an") and field.words[at] in PARTISANS


def after_given_name(field: Field, first: int) -> bool:
    """Whether the capitals before word ``first`` are a given name: "Jack London"."""
    if field.gaps[first] not in (" ", ". "):
        return False
    given = field.known.lexicon(field.words[first - 1]) >> 6 & 15
    if given < 3 or field.starts_sentence(first):
        return False
    return given >= GIVEN or field.name_like(first - 1)


def before_surname(field: Field, at: int, name: Name) -> bool:
    """Whether word ``at``, a name by itself, is a given name with its surname: "Paris Hilton"."""
    after = field.words[at + 1]
    if not name.word >> 6 & 15 or not field.known.lexicon(after) >> 10 & 15:
        return False
    return after.lower() not in CLASS_AFTER and not field.small(at + 1)


def governs(field: Field, first: int, after: str) -> bool:
    """Whether a capital stands for its government: "Berlin warned Moscow"."""
    ruled = field.gaps[first] == " " and field.words[first - 1] in GOVERNMENT
    return (ruled or after in GOVERNMENT) and not into(field, first)


def state(mention: Mention, after: str) -> str:
    """Whether a state or country is meant by a name that a city shares."""
    field, meaning = mention.field, mention.meaning
    top = mention.places[0]
    if meaning.regions:
        if after.lower() in STATE_OFFICES:
            return "a state"
        if of_state(field, mention.first) or among_states(mention):
            return "a state"
        american = "US" in field.known.lands(meaning)
        if american and top.population < CAPITAL and not at_home(mention):
            return "a state"
    if meaning.countries and not (top.country in meaning.countries and top.population >= LARGE):
        named = at_home(mention) or into(field, mention.first)
        return "" if named and len(mention.text) > 3 else "a country"
    return ""


def of_state(field: Field, first: int) -> bool:
    """ "the state of Washington", "upstate New York"."""
    if field.gaps[first] != " ":
        return False
    before = field.words[first - 1].lower()
    two = field.words[first - 2].lower() if first > 1 else ""
    return before == "upstate" or (before == "of" and two in ("state", "province"))


def among_states(mention: Mention) -> bool:
    """Whether the neighbours in a list are states: "Oregon, Washington and Idaho"."""
    field, first, last = mention.field, mention.first, mention.last
    after = field.words[last + 1] if last + 1 < field.count else ""
    step = last + 2 if after in ("and", "or") else last + 1
    follows = step != last + 1 and field.gaps[last + 1] in (", ", " ")
    listing = follows or field.gaps[last + 1] == ", "
    if listing and step < field.count and is_state(field, step):
        return True
    if not listed(field, first):
        return False
    before = first - 2 if field.words[first - 1] in ("and", "or") else first - 1
    return before >= 0 and is_state(field, before)


def is_state(field: Field, at: int) -> bool:
    """Whether word ``at`` is a state's name, or ends one of two words, and no large city's."""
    known, word = field.known, key(field.words[at])
    names = [word] + [f"{key(field.words[at - 1])} {word}" if at else word]
    names.append(f"{word} {key(field.words[at + 1])}" if at + 1 < field.count else word)
    return any(
        not meaning.short and not known.lands(meaning).isdisjoint(("US", "CA", "AU"))
        for meaning in map(known.meaning, names)
    )
