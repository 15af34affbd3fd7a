"""Findings: the cities an article may name, each with what speaks for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from searcher.places.gazetteer import NOTHING, Place
from searcher.places.mentions import Mention
from searcher.places.model import Model
from searcher.places.reading import OWN, Reading
from searcher.places.resolver import AT, Group, resolve

__all__ = ["Finding", "weigh"]

PEOPLE, NEAR, REGION, COUNTRY = map(
    AT.__getitem__, ("people", "near others", "region named", "country named")
)
HOME, HOME_REGION = AT["home"], AT["home region"]


@dataclass(slots=True)
class Finding:
    """One city an article may name: the place, where it is named, and how sure we are."""

    place: Place
    groups: list[Group]
    mentions: list[tuple[float, Mention]]
    own: bool
    signals: list[float]


def weigh(reading: Reading, weighed: Model) -> Iterator[Finding]:
    """The groups' best places, own text before related, groups of one place together."""
    resolve(reading.groups, reading.context, weighed.place)
    homed = max(reading.context.home_regions.values(), default=0.0)
    findings: dict[tuple[bool, int], Finding] = {}
    for group in reading.groups:
        place = group.places[group.best]
        for mention in group.mentions:
            own = mention.field.name in OWN
            finding = findings.get((own, place.id))
            if finding is None:
                finding = findings[own, place.id] = Finding(place, [], [], own, [])
            if group not in finding.groups:
                finding.groups.append(group)
            finding.mentions.append((weighed.score(mention.signs), mention))
    for finding in sorted(findings.values(), key=lambda one: not one.own):
        if len(finding.mentions) > 1:
            finding.mentions.sort(key=lambda one: (-one[0], one[1].field.name, one[1].first))
        finding.signals = signals(finding, homed, bool(reading.context.countries))
        yield finding


def signals(finding: Finding, homed: float, countries: bool) -> list[float]:
    """The vector of the last step, in the order of ``SIGNALS``."""
    scores = [max(-6.0, min(8.0, score)) for score, _ in finding.mentions]
    mentions = [mention for _, mention in finding.mentions]
    group = max(finding.groups, key=lambda group: group.chances[group.best])
    counts = group.counts(group.best)
    return [
        1.0,
        scores[0],
        scores[1] + 6 if len(scores) > 1 else 0.0,
        sum(scores) / len(scores),
        math.log(max(1e-4, group.chances[group.best])),
        float(any(mention.beside for mention in mentions)),
        counts[PEOPLE],
        counts[NEAR],
        counts[HOME],
        counts[HOME_REGION],
        counts[REGION],
        counts[COUNTRY],
        1.0 - counts[COUNTRY] if countries else 0.0,
        float("title" in [mention.field.name for mention in mentions]),
        math.log2(len(scores)),
        float(NOTHING not in [mention.meaning for mention in mentions]),
        float(finding.place.key == group.name.key),
        1.0 - homed,
    ]
