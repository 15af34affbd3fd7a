"""find_cities: the cities of one article; learn: what a whole archive knows of its cities."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from searcher.article import Article
from searcher.places.city import City, Evidence, Role
from searcher.places.gazetteer import Cell, Gazetteer, Place, gazetteer
from searcher.places.knowledge import Knowledge, combine, evidence, site
from searcher.places.labels import label
from searcher.places.mentions import Mention, Scan, holds, scan
from searcher.places.model import Model, model, sigmoid
from searcher.places.names import key
from searcher.places.resolver import COUNTS, Context, Group, resolve
from searcher.places.signs import signs
from searcher.places.text import Field
from searcher.places.vetoes import PERSON, veto

__all__ = ["Finding", "Reading", "find_cities", "found", "learn", "read", "weigh"]

OWN: Final = ("title", "excerpt")
SITES: Final = {"uk": "GB"}
SLUG: Final = re.compile(r"[a-z]{4,}(?:-[a-z]{3,}){0,2}")
ORDER: Final = {"about": 0, "mentioned": 1, "related": 2}


@dataclass(slots=True)
class Reading:
    """An article as the gazetteer sees it: its names in groups of one sense, and the context."""

    groups: list[Group]
    context: Context


@dataclass(slots=True)
class Finding:
    """One city an article may name: the place, where it is named, and how sure we are."""

    place: Place
    groups: list[Group]
    mentions: list[tuple[float, Mention]]
    own: bool
    signals: list[float]


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
        confidence = sigmoid(sum(map(float.__mul__, finding.signals, weighed.city)))
        if confidence >= weighed.threshold and finding.place.id not in cities:
            cities[finding.place.id] = city(finding, confidence, known)
    return tuple(
        sorted(cities.values(), key=lambda one: (ORDER[one.role], -one.confidence, one.id))
    )


def learn(articles: Iterable[Article]) -> Knowledge:
    """What articles teach together about their publishers' homes and their words.

    Pieces can be learned apart and added: ``learn(a) + learn(b)`` equals ``learn(a + b)``.
    """
    known, weighed = gazetteer(), model()
    return combine((lesson(article, known, weighed), 1) for article in articles)


def lesson(
    article: Article, known: Gazetteer, weighed: Model, reading: Reading | None = None
) -> Knowledge:
    """What one article teaches: each of its likely names counts once.

    It is read as a local paper's, for which the size of a place says little: else every Paris
    would speak for France.
    """
    reading = reading or read(article, known, None)
    reading.context = replace(reading.context, home_cells={}, home_regions={}, settled=1.0)
    resolve(reading.groups, reading.context, weighed.place)
    regions: Counter[str] = Counter()
    cells: Counter[Cell] = Counter()
    for group in reading.groups:
        scores = [weighed.score(m.signs) for m in group.mentions if m.field.name in OWN]
        if not scores or max(scores) < 0:
            continue
        inside: defaultdict[str, float] = defaultdict(float)
        spots: defaultdict[Cell, float] = defaultdict(float)
        for place, chance in zip(group.places, group.chances, strict=True):
            if chance > 0.02:
                inside[place.region_key] += chance
                spots[place.cell] += chance
        regions.update({code: evidence(chance) for code, chance in inside.items()})
        cells.update({at: evidence(chance) for at, chance in spots.items()})
    name = site(article)
    words = casing(article.excerpt, known)
    if not regions or not name:
        return Knowledge(1, words=words)
    return Knowledge(1, Counter((name,)), {name: regions}, {name: cells}, words)


def casing(text: str, known: Gazetteer) -> dict[str, tuple[int, int]]:
    """How often each word that is also a place's name stands small and with a capital."""
    words: dict[str, tuple[int, int]] = {}
    field = Field("excerpt", text, known)
    for at, word in enumerate(field.words):
        lower = word.lower()
        if known.begins(lower) and known.places(lower) and not field.starts_sentence(at):
            small, capital = words.get(lower, (0, 0))
            words[lower] = (small + 1, capital) if word == lower else (small, capital + 1)
    return words


def read(article: Article, known: Gazetteer, knowledge: Knowledge | None) -> Reading:
    """Everything in an article that the gazetteer knows."""
    scans = [(field, scan(field, known)) for field in texts(article, known, knowledge)]
    kept = allowed([mention for _, names in scans for mention in names.mentions], known)
    return Reading(grouped(kept), context(article, scans, known, knowledge))


def allowed(mentions: list[Mention], known: Gazetteer) -> list[Mention]:
    """The mentions without a veto, with their signs; who is once a person stays one."""
    reasons = [veto(mention, known) for mention in mentions]
    pairs = list(zip(mentions, reasons, strict=True))
    people = {mention.key for mention, reason in pairs if reason == PERSON}
    kept = [m for m, reason in pairs if not reason and (m.beside or m.key not in people)]
    for mention in kept:
        mention.signs = signs(mention, known)
    return kept


def texts(article: Article, known: Gazetteer, knowledge: Knowledge | None) -> Iterator[Field]:
    """The article's fields that say something."""
    yield Field("title", article.title, known, knowledge)
    if article.excerpt:
        yield Field("excerpt", article.excerpt, known, knowledge)
    for number, item in enumerate(article.related):
        yield Field(f"related[{number}]", f"{item.title}\n{item.excerpt}", known, knowledge)


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
            known.append(Group(mention.key, [mention], mention.places))
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
    senses.append(Group(mention.key, [mention], inside))


def context(
    article: Article,
    scans: list[tuple[Field, Scan]],
    known: Gazetteer,
    knowledge: Knowledge | None,
) -> Context:
    """Regions and countries named, the site's country, the places in its address, its home."""
    own = [names for field, names in scans if field.name in OWN]
    rest = [names for field, names in scans if field.name not in OWN]
    host = (urlsplit(article.url).hostname or "") if article.url else ""
    ending = (host or site(article)).rpartition(".")[2]
    country = SITES.get(ending, ending.upper())
    regions = knowledge.home_regions(site(article)) if knowledge else {}
    return Context(
        frozenset(region for names in own for region in names.regions),
        frozenset(country for names in own for country in names.countries),
        frozenset(region for names in rest for region in names.regions),
        frozenset(country for names in rest for country in names.countries),
        country if country in known.countries else "",
        frozenset(place.cell for place in url_places(article.url, known)),
        knowledge.home_cells(site(article)) if knowledge else {},
        regions,
        max(regions.values(), default=0.0),
    )


def url_places(url: str, known: Gazetteer) -> Iterator[Place]:
    """Large places that are first parts of the address's path: ``bizjournals.com/boston/``."""
    for part in urlsplit(url).path.split("/")[1:3] if url else ():
        if SLUG.fullmatch(part):
            places = known.places(key(part))
            if places and places[0].population >= 130:
                yield places[0]


def weigh(reading: Reading, weighed: Model) -> Iterator[Finding]:
    """The groups' best places, own text before related, groups of one place together."""
    resolve(reading.groups, reading.context, weighed.place)
    scored = [(group, group.places[group.best]) for group in reading.groups]
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
            finding.mentions.sort(key=lambda pair: (-pair[0], pair[1].field.name, pair[1].first))
            finding.signals = signals(
                finding, max(reading.context.home_regions.values(), default=0.0)
            )
            yield finding


def signals(finding: Finding, homed: float) -> list[float]:
    """The vector of the last step, in the order of ``SIGNALS``."""
    scores = [max(-6.0, min(8.0, score)) for score, _ in finding.mentions]
    group = max(finding.groups, key=lambda group: group.chances[group.best])
    counts = group.counts[group.best]
    names = {mention.field.name for _, mention in finding.mentions}
    return [
        1.0,
        scores[0],
        scores[1] + 6 if len(scores) > 1 else 0.0,
        sum(scores) / len(scores),
        math.log(max(1e-4, group.chances[group.best])),
        float(any(mention.beside for _, mention in finding.mentions)),
        counts[COUNTS.index("people")],
        counts[COUNTS.index("near others")],
        counts[COUNTS.index("home")],
        counts[COUNTS.index("home region")],
        counts[COUNTS.index("region named")],
        float("title" in names),
        math.log2(len(scores)),
        float(all(mention.meaning for _, mention in finding.mentions)),
        float(finding.place.key == group.key),
        1.0 - homed,
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
        evidence=tuple(proof(mention, finding) for _, mention in finding.mentions[:5]),
    )


def role(finding: Finding) -> Role:
    """About: in the title or dateline, or named twice in the excerpt."""
    if not finding.own:
        return "related"
    mentions = [mention for _, mention in finding.mentions]
    told = any(mention.field.name == "title" or mention.dateline for mention in mentions)
    return "about" if told or len(mentions) > 1 else "mentioned"


def proof(mention: Mention, finding: Finding) -> Evidence:
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
