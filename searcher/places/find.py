"""find_cities: the cities of one article."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from searcher.article import Article
from searcher.places.city import City, Evidence, Role
from searcher.places.gazetteer import Gazetteer, Place, gazetteer
from searcher.places.labels import label
from searcher.places.mentions import Mention, Scan, holds, scan
from searcher.places.model import Model, model, sigmoid
from searcher.places.names import key
from searcher.places.resolver import COUNTS, Context, Group, resolve
from searcher.places.text import Field

__all__ = ["Finding", "analyse", "find_cities"]

OWN: Final = ("title", "excerpt")
SITES: Final = {"uk": "GB"}
SLUG: Final = re.compile(r"[a-z]{4,}(?:-[a-z]{3,}){0,2}")


@dataclass(slots=True)
class Finding:
    """One city an article may name: the place, where it is named, and how sure we are."""

    place: Place
    groups: list[Group]
    mentions: list[tuple[float, Mention]]
    own: bool
    signals: list[float]


def find_cities(article: Article) -> tuple[City, ...]:
    """The cities an article is about or mentions, then those only its related items name."""
    known, weighed = gazetteer(), model()
    found: dict[int, City] = {}
    for finding in analyse(article, known, weighed):  # own text comes first, and then stands
        confidence = sigmoid(sum(map(float.__mul__, finding.signals, weighed.city)))
        if confidence >= weighed.threshold and finding.place.id not in found:
            found[finding.place.id] = city(finding, confidence, known)
    order = {"about": 0, "mentioned": 1, "related": 2}
    return tuple(sorted(found.values(), key=lambda one: (order[one.role], -one.confidence, one.id)))


def analyse(article: Article, known: Gazetteer, weighed: Model) -> list[Finding]:
    """Everything that could be a city of the article, own text and related items apart."""
    fields = list(texts(article, known))
    scans = [scan(field, known) for field in fields]
    groups = grouped(mention for found in scans for mention in found.mentions)
    resolve(groups, context(article, fields, scans, known), weighed.place)
    return list(findings(groups, weighed))


def texts(article: Article, known: Gazetteer) -> Iterator[Field]:
    """The article's fields that say something."""
    yield Field("title", article.title, known)
    if article.excerpt:
        yield Field("excerpt", article.excerpt, known)
    for number, item in enumerate(article.related):
        yield Field(f"related[{number}]", f"{item.title}\n{item.excerpt}", known)


def grouped(mentions: Iterable[Mention]) -> list[Group]:
    """One sense per article: a name means one place, unless states beside it say otherwise."""
    by_name: dict[str, list[Group]] = {}
    bare: list[Mention] = []
    for mention in mentions:
        if not mention.beside:
            bare.append(mention)
            continue
        inside = tuple(p for p in mention.places if holds(mention.beside.meaning, p))
        senses = by_name.setdefault(mention.key, [])
        for group in senses:
            both = tuple(place for place in group.places if place in inside)
            if both:
                group.places = both
                group.mentions.append(mention)
                break
        else:
            senses.append(Group(mention.key, [mention], inside))
    for mention in bare:
        senses = by_name.setdefault(mention.key, [])
        if senses:
            senses[0].mentions.append(mention)
        else:
            senses.append(Group(mention.key, [mention], mention.places))
    return [group for senses in by_name.values() for group in senses]


def context(
    article: Article, fields: Sequence[Field], scans: Sequence[Scan], known: Gazetteer
) -> Context:
    """Regions and countries named, the site's country and the places in its address."""
    own = [found for field, found in zip(fields, scans, strict=True) if field.name in OWN]
    rest = [found for field, found in zip(fields, scans, strict=True) if field.name not in OWN]
    domain = article.provider.domain if article.provider else ""
    host = (urlsplit(article.url).hostname or "") if article.url else ""
    ending = (host or domain).rpartition(".")[2]
    country = SITES.get(ending, ending.upper())
    return Context(
        frozenset(region for found in own for region in found.regions),
        frozenset(country for found in own for country in found.countries),
        frozenset(region for found in rest for region in found.regions),
        frozenset(country for found in rest for country in found.countries),
        country if country in known.countries else "",
        tuple(url_places(article.url, known)),
    )


def url_places(url: str, known: Gazetteer) -> Iterator[Place]:
    """Large places that are first parts of the address's path: ``bizjournals.com/boston/``."""
    for part in urlsplit(url).path.split("/")[1:3] if url else ():
        if SLUG.fullmatch(part):
            places = known.places(key(part))
            if places and places[0].population >= 130:
                yield places[0]


def findings(groups: Sequence[Group], weighed: Model) -> Iterator[Finding]:
    """The groups' best places, own text before related, groups of one place together."""
    scored = [(group, group.places[group.best]) for group in groups]
    for own in (True, False):
        by_place: dict[int, Finding] = {}
        for group, place in scored:
            mentions = [
                (weighed.score(mention.signs), mention)
                for mention in group.mentions
                if (mention.field.name in OWN) == own
            ]
            if mentions:
                finding = by_place.setdefault(place.id, Finding(place, [], [], own, []))
                finding.groups.append(group)
                finding.mentions += mentions
        for finding in by_place.values():
            finding.mentions.sort(key=lambda pair: (-pair[0], pair[1].span))
            finding.signals = signals(finding)
            yield finding


def signals(finding: Finding) -> list[float]:
    """The vector of the last step, in the order of ``SIGNALS``."""
    scores = [score for score, _ in finding.mentions]
    group = max(finding.groups, key=lambda group: group.chances[group.best])
    counts = group.counts[group.best]
    names = {mention.field.name for _, mention in finding.mentions}
    return [
        1.0,
        max(-6.0, min(8.0, scores[0])),
        max(-6.0, min(8.0, scores[1])) + 6 if len(scores) > 1 else 0.0,
        math.log(max(1e-4, group.chances[group.best])),
        counts[COUNTS.index("beside")],
        counts[COUNTS.index("people")],
        counts[COUNTS.index("near others")],
        counts[COUNTS.index("home")],
        counts[COUNTS.index("home region")],
        float("title" in names),
        math.log2(len(scores)),
    ]


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
        evidence=tuple(evidence(mention, finding) for _, mention in finding.mentions[:5]),
    )


def role(finding: Finding) -> Role:
    """About: in the title or dateline, or named twice in the excerpt."""
    if not finding.own:
        return "related"
    mentions = [mention for _, mention in finding.mentions]
    told = any(mention.field.name == "title" or mention.dateline for mention in mentions)
    return "about" if told or len(mentions) > 1 else "mentioned"


def evidence(mention: Mention, finding: Finding) -> Evidence:
    start, end = mention.span
    return Evidence(mention.field.name, start, end, mention.text, cue(mention, finding))


def cue(mention: Mention, finding: Finding) -> str:
    """What decided, in words: the strongest sign there is."""
    if mention.dateline:
        return "dateline"
    if mention.beside:
        return f"{mention.beside.text} beside it"
    group = next(group for group in finding.groups if mention in group.mentions)
    counts = dict(zip(COUNTS, group.counts[group.best], strict=True))
    if len(group.places) == 1:
        return "the only place of this name"
    for name, words in (
        ("beside", "its state or country stands beside it elsewhere"),
        ("region named", "its state or region is named in the article"),
        ("region in related", "its state or region is named in related items"),
        ("home", "near the publisher's home"),
        ("near the url", "the address names a place near it"),
        ("near others", "near other places in the article"),
        ("largest", "most populous"),
    ):
        if counts[name] >= 0.5:
            return words
    return "the likeliest of its name"
