"""Reading: an article as the gazetteer sees it, before anything is weighed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from searcher.article import Article, RelatedItem
from searcher.places.gazetteer import Gazetteer, Place
from searcher.places.knowledge import Knowledge, address, site
from searcher.places.mentions import Mention, holds
from searcher.places.names import key
from searcher.places.resolver import Context, Group
from searcher.places.scan import Scan, scan
from searcher.places.signs import signs
from searcher.places.text import Field

__all__ = ["OWN", "Reading", "read"]

#: The fields that are the article's own text.
OWN: Final = ("title", "excerpt")
#: Endings of addresses that are no country's code.
SITES: Final = {"uk": "GB"}
#: The logarithm of the people of a place that an address may name without saying so.
IN_ADDRESSES: Final = 130
SLUG: Final = re.compile(r"[a-z]{4,}(?:-[a-z]{3,}){0,2}")


@dataclass(slots=True)
class Reading:
    """An article's names in groups of one sense, its context, and the fields they stand in."""

    groups: list[Group]
    context: Context
    fields: list[Field]


def read(
    article: Article, known: Gazetteer, knowledge: Knowledge | None = None, *, alone: bool = False
) -> Reading:
    """Everything that the gazetteer knows in an article, ``alone``: in its own text."""
    items = () if alone else article.related
    fields = list(texts(article, items, known, knowledge))
    own, related = Scan([], set(), set(), set()), Scan([], set(), set(), set())
    for field in fields:
        scan(field, own if field.name in OWN else related)
    kept = allowed(own, related)
    return Reading(grouped(kept), context(article, own, related, known, knowledge), fields)


def texts(
    article: Article, items: Iterable[RelatedItem], known: Gazetteer, knowledge: Knowledge | None
) -> Iterator[Field]:
    """The fields of an article and of related items that say something."""
    home = knowledge.home_cells(site(article)) if knowledge else None
    yield Field("title", article.title, known, knowledge, home)
    if article.excerpt:
        yield Field("excerpt", article.excerpt, known, knowledge, home)
    for number, item in enumerate(items):
        yield Field(f"related[{number}]", f"{item.title}\n{item.excerpt}", known, knowledge, home)


def allowed(own: Scan, related: Scan) -> list[Mention]:
    """The mentions, with their signs, that no person is called; who is once one stays one, but for
    where a state stands beside the name or a report was filed."""
    people = own.people | related.people
    mentions = own.mentions + related.mentions
    kept = [m for m in mentions if m.beside or m.dateline or m.key not in people]
    for mention in kept:
        mention.signs = signs(mention)
    return kept


def grouped(mentions: Iterable[Mention]) -> list[Group]:
    """One sense per article: a name means one place, unless states beside it say otherwise."""
    senses: defaultdict[str, list[Group]] = defaultdict(list)
    bare: list[Mention] = []
    for mention in mentions:
        if mention.beside:
            explicit(mention, senses[mention.key])
        else:
            bare.append(mention)
    for mention in bare:
        known = senses[mention.key]
        if known:
            known[0].mentions.append(mention)
        else:
            known.append(Group(mention.name, [mention], mention.places))
    return [group for known in senses.values() for group in known]


def explicit(mention: Mention, senses: list[Group]) -> None:
    """Put a mention with its state or country beside it to the sense it agrees with."""
    inside = tuple(
        place for place in mention.places if mention.beside and holds(mention.beside.meaning, place)
    )
    for group in senses:
        both = tuple(place for place in group.places if place in inside)
        if both:
            group.places = both
            group.mentions.append(mention)
            return
    senses.append(Group(mention.name, [mention], inside))


def context(
    article: Article, own: Scan, related: Scan, known: Gazetteer, knowledge: Knowledge | None
) -> Context:
    """Regions and countries named, the site's country, the places in its address, its home."""
    found = Context(own.regions, own.countries, related.regions, related.countries)
    name, (host, path) = site(article), address(article)
    ending = (host or name).rpartition(".")[2]
    country = SITES.get(ending, ending.upper())
    found.site = country if country in known.countries else ""
    found.url_cells = {place.cell for place in path_places(path, known)}
    if knowledge:
        found.home_cells = knowledge.home_cells(name)
        found.home_regions = knowledge.home_regions(name)
        found.settled = max(found.home_regions.values(), default=0.0)
    return found


def path_places(path: str, known: Gazetteer) -> Iterator[Place]:
    """Large places that are first parts of an address's path: ``bizjournals.com/boston/``."""
    for part in path.split("/")[1:3]:
        if SLUG.fullmatch(part):
            places = known.places(key(part))
            if places and places[0].population >= IN_ADDRESSES:
                yield places[0]
