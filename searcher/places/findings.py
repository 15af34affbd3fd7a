"""Findings: the cities an article may name, each with what speaks for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from searcher.places.gazetteer import NOTHING, Place
from searcher.places.mentions import Mention
from searcher.places.model import Model
from searcher.places.reading import OWN, Reading
from searcher.places.resolver import AT, Context, Group, resolve

__all__ = ["Finding", "weigh"]

NEAR, HOME, HOME_REGION = AT["near others"], AT["home"], AT["home region"]
REGION, COUNTRY = AT["region named"], AT["country named"]


@dataclass(slots=True)
class Finding:
    """One city an article may name: the place, where it is named, and how sure we are.

    ``chance`` is how likely the name means this place of all that bear it.
    """

    place: Place
    own: bool
    groups: list[Group] = field(default_factory=list)
    mentions: list[tuple[float, Mention]] = field(default_factory=list)
    chance: float = 0.0
    signals: list[float] = field(default_factory=list)


def weigh(reading: Reading, weighed: Model) -> Iterator[Finding]:
    """The groups' best places, own text before related, groups of one place together."""
    resolve(reading.groups, reading.context, weighed.place)
    own: dict[int, Finding] = {}
    related: dict[int, Finding] = {}
    for group in reading.groups:
        place = group.places[group.best]
        for mention in group.mentions:
            found = own if mention.field.name in OWN else related
            finding = found.get(place.id)
            if finding is None:
                finding = found[place.id] = Finding(place, found is own)
            if group not in finding.groups:
                finding.groups.append(group)
            finding.mentions.append((weighed.score(mention.signs), mention))
    for finding in (*own.values(), *related.values()):
        if len(finding.mentions) > 1:
            finding.mentions.sort(key=lambda one: (-one[0], one[1].field.name, one[1].first))
        consider(finding, reading.context)
        yield finding


def consider(finding: Finding, context: Context) -> None:
    """Fill in a finding's chance, and the vector of the last step, in the order of ``SIGNALS``."""
    scores = [max(-6.0, min(8.0, score)) for score, _ in finding.mentions]
    beside, titled, state = 0.0, 0.0, 1.0
    for _, mention in finding.mentions:
        if mention.beside:
            beside = 1.0
        if mention.field.name == "title":
            titled = 1.0
        if mention.meaning is NOTHING:
            state = 0.0
    group = max(finding.groups, key=likelihood)
    finding.chance = likelihood(group)
    told = group.told.get(group.best, {}).get
    country = told(COUNTRY, 0.0)
    finding.signals = [
        1.0,
        scores[0],
        scores[1] + 6 if len(scores) > 1 else 0.0,
        sum(scores) / len(scores),
        math.log(max(1e-4, finding.chance)),
        beside,
        finding.place.size,
        told(NEAR, 0.0),
        told(HOME, 0.0),
        told(HOME_REGION, 0.0),
        told(REGION, 0.0),
        country,
        1.0 - country if context.countries else 0.0,
        titled,
        math.log2(len(scores)),
        state,
        float(finding.place.key == group.name.key),
        1.0 - context.settled,
    ]


def likelihood(group: Group) -> float:
    """How likely the best of a group's places is."""
    return group.chances[group.best]
