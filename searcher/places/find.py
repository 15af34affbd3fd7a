"""find_cities: the cities of one article, each with the words that decided."""

from __future__ import annotations

from collections.abc import Iterable
from operator import mul
from typing import Final

from searcher.article import Article
from searcher.places.city import City, Evidence, Role
from searcher.places.findings import Finding, weigh
from searcher.places.gazetteer import Gazetteer, gazetteer
from searcher.places.knowledge import Knowledge
from searcher.places.labels import label
from searcher.places.mentions import Mention
from searcher.places.model import Model, model, sigmoid
from searcher.places.reading import read
from searcher.places.resolver import AT

__all__ = ["chosen", "city", "find_cities", "found"]

ORDER: Final = {"about": 0, "mentioned": 1, "related": 2}
#: What may decide among places of one name, the most particular first, and how a person says it.
CUES: Final = tuple(
    (AT[name], words)
    for name, words in (
        ("beside", "its state or country stands beside it elsewhere"),
        ("region named", "its state or region is named in the article"),
        ("home region", "in the state or region of the publisher's home"),
        ("region in related", "its state or region is named in related items"),
        ("near the url", "the address names a place near it"),
        ("near others", "near other places in the article"),
    )
)
COUNTRY: Final = AT["country named"]


def find_cities(article: Article, knowledge: Knowledge | None = None) -> tuple[City, ...]:
    """The cities an article is about or mentions, then those only its related items name.

    ``knowledge`` is what the article's archive taught (see ``learn``); too little is not used.
    """
    return found(article, gazetteer(), model(), knowledge)


def found(
    article: Article, known: Gazetteer, weighed: Model, knowledge: Knowledge | None
) -> tuple[City, ...]:
    """The same by a given model."""
    reading = read(article, known, knowledge if knowledge and knowledge.enough else None)
    return chosen(weigh(reading, weighed), known, weighed)


def chosen(findings: Iterable[Finding], known: Gazetteer, weighed: Model) -> tuple[City, ...]:
    """The findings that are sure enough, in order."""
    cities: dict[int, City] = {}
    for finding in findings:  # own text comes first, and what it says stands
        # No surer than that the name means this place of all that bear it.
        confidence = min(sigmoid(sum(map(mul, finding.signals, weighed.city))), finding.chance)
        if confidence >= weighed.threshold and finding.place.id not in cities:
            cities[finding.place.id] = city(finding, confidence, known)
    return tuple(
        sorted(cities.values(), key=lambda one: (ORDER[one.role], -one.confidence, one.id))
    )


def city(finding: Finding, confidence: float, known: Gazetteer) -> City:
    """A finding as the value that goes out."""
    place = finding.place
    return City(
        id=place.id,
        name=place.name,
        label=label(place, known),
        country=place.country,
        region=known.regions[place.region].name,
        latitude=place.latitude,
        longitude=place.longitude,
        confidence=round(confidence, 3),
        role=role(finding),
        evidence=tuple([proof(mention, finding) for _, mention in finding.mentions[:5]]),
    )


def role(finding: Finding) -> Role:
    """About: in the title or dateline, or named twice."""
    if not finding.own:
        return "related"
    _, mention = finding.mentions[0]
    twice = len(finding.mentions) > 1
    return "about" if twice or mention.dateline or mention.field.name == "title" else "mentioned"


def proof(mention: Mention, finding: Finding) -> Evidence:
    start, end = mention.span
    field = mention.field
    return Evidence(field.name, start, end, field.raw[start:end], cue(mention, finding))


def cue(mention: Mention, finding: Finding) -> str:
    """What decided, in words: the strongest sign there is."""
    if mention.dateline:
        return "dateline"
    if mention.beside:
        return f"{mention.beside.text} beside it"
    group = next(group for group in finding.groups if mention in group.mentions)
    if len(mention.places) == 1:
        return "the only place of this name"
    told = group.told.get(group.best, {})
    for count, words in CUES:
        if told.get(count, 0.0) >= 0.5:
            return words
    if not group.best:
        return "most populous"
    named = told.get(COUNTRY, 0.0) >= 0.5
    return "its country is named in the article" if named else "the likeliest of its name"
