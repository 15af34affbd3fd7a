"""Signs: what the words of a name and around it say for a city or against it.

A sign is a short word such as ``before=in`` or ``after:paper``; ``weights.json`` says what each is
worth.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from searcher.places.cues import CAPITALS, CLASS_AFTER, CLASS_BEFORE, KIND_OF, STATE_OFFICES
from searcher.places.gazetteer import NOTHING, Gazetteer, Name
from searcher.places.mentions import CAPITAL, LARGE, Mention
from searcher.places.text import Field
from searcher.places.vetoes import at_home, into

#: Where a region's name is a state's or a province's that readers of English know.
STATES_KNOWN: Final = ("US", "CA", "AU", "GB")

#: "The village of", "a town called".
NAMING: Final = ("of", "called", "named")
#: "R-Florence" is a member for Florence.
PARTIES: Final = ("R", "D", "I", "DFL")

__all__ = ["signs"]


def signs(mention: Mention) -> list[str]:
    """All the signs of one mention."""
    found = form(mention)
    before(mention, found)
    after(mention, found)
    return found


def form(mention: Mention) -> list[str]:
    """What the name itself tells, and how it stands."""
    one = mention.first == mention.last
    found = list(of_word(mention.name) if one else of_words(mention.name))
    if mention.meaning is not NOTHING:
        found += namesakes(mention)
    if mention.first < mention.field.headline:
        found.append("headline")
    if mention.beside:
        found.append("beside")
    if mention.elsewhere:
        found.append("elsewhere")
    if mention.dateline:
        found.append("dateline")
    if one:
        found += word_form(mention)
    else:
        found.append(f"words:{min(3, mention.last - mention.first + 1)}")
    return found


def namesakes(mention: Mention) -> list[str]:
    """The country or region of the same name, unless the publisher is at home in the place.

    A report is filed in a city, and what happened in Washington did so in the capital.
    """
    if mention.dateline:
        return []
    home = at_home(mention)
    found = ["country"] if mention.meaning.countries and not home else []
    if mention.meaning.regions and not (home and mention.places[0].population < CAPITAL):
        near = not mention.field.known.lands(mention.meaning).isdisjoint(STATES_KNOWN)
        if not (near and mention.key in CAPITALS and into(mention.field, mention.first)):
            found.append("region" if near else "region elsewhere")
    return found


def word_form(mention: Mention) -> list[str]:
    """How a name of one word stands."""
    field, small = mention.field, mention.name.word & 63
    word = field.words[mention.first]
    found = []
    if small and not into(field, mention.first):
        found.append(f"small:{min(5, small // 8)}")
    if len(word) < 4:
        found.append("short")
    if len(word) < 6 and word.isupper() and not field.raw.isupper():
        found.append("acronym")
    return found


@lru_cache(maxsize=4_000)
def of_words(name: Name) -> tuple[str, ...]:
    """What a name tells wherever it stands."""
    top = name.places[0]
    found = ["bias", f"people:{min(7, top.population // 24)}", f"names:{min(5, top.names // 12)}"]
    if top.key != name.key:
        found.append(f"alias:{min(7, top.population // 24)}")
    return tuple(found)


@lru_cache(maxsize=4_000)
def of_word(name: Name) -> tuple[str, ...]:
    """The same of one word, which may be a given name, a surname, a district's name."""
    found = []
    given, surname, district = name.word >> 6 & 15, name.word >> 10 & 15, name.word >> 14
    if given:
        found.append(f"given:{(given + 2) // 3}")
    if surname:
        found.append(f"surname:{(surname + 2) // 3}")
    if district:
        found.append("district")
        if name.places[0].population < LARGE:
            found.append("district&little")
    return (*of_words(name), *found)


def before(mention: Mention, found: list[str]) -> None:
    """What stands before the name."""
    field, at = mention.field, mention.first
    if field.starts_sentence(at):
        found.append("before:start")
        if field.small(at):
            found.append("before:start&small")
        return
    gap = field.gaps[at]
    if gap not in (" ", ". "):
        apart(field, at, gap, found)
    elif field.name_like(at - 1):
        found.append(f"before:{capital(field.words[at - 1], field.known)}")
    else:
        small_before(field, at, found)


def apart(field: Field, at: int, gap: str, found: list[str]) -> None:
    """What stands before a name, and what keeps them apart."""
    word = field.words[at - 1]
    found.append(f"before:{gap.strip()[:1]}")
    if gap == ", " and word[0].isupper():
        found.append("before:Cap,")
    elif gap == "-" and word in PARTIES:
        found.append("before:party")


def capital(word: str, known: Gazetteer) -> str:
    """What a word with a capital before the name is."""
    kind = CLASS_BEFORE.get(word.lower())
    if kind in ("title", "direction"):
        return kind.title()
    if len(word) == 1:
        return "Initial"
    return "Given" if known.lexicon(word) >> 6 & 15 else "Cap"


def small_before(field: Field, at: int, found: list[str]) -> None:
    """The word before a name, its kind, and of what the name is called the name."""
    word = field.words[at - 1].lower()
    found.append(f"before={word}")
    if word in CLASS_BEFORE:
        found.append(f"before:{CLASS_BEFORE[word]}")
    if word in NAMING and at > 1:
        found.append(f"before:{KIND_OF.get(field.words[at - 2].lower(), '')} of")


def after(mention: Mention, found: list[str]) -> None:
    """What stands after the name."""
    field, at = mention.field, mention.last
    gap = field.gaps[at + 1]
    if mention.beside or gap == "\n":
        found.append("after:end")
        return
    word = field.words[at + 1]
    lower = word.lower()
    if gap == " ":
        if field.name_like(at + 1):
            run(mention, found)
        else:
            kind = CLASS_AFTER.get(lower)
            found.append(f"after={lower}")
            if kind:
                found.append(f"after:{kind}")
        return
    sign = gap.strip()[:1]
    found.append(f"after:{sign}")
    if sign == "-":
        found.append(f"after=-{lower}")
    elif lower == "s" and at + 2 < field.count and field.name_like(at + 2):
        found.append("after:'Cap")


def run(mention: Mention, found: list[str]) -> None:
    """The name goes on in capitals: of what kind is what they name?"""
    field, at = mention.field, mention.last
    end = field.run_end(at)
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
        found.append("after:Surname" if field.known.lexicon(next_word) >> 10 & 15 else "after:Cap")
