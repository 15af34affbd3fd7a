"""Which place a name means: a linear score over its candidates, softened to a probability.

What tells namesakes apart is counted here; what each count is worth stands in ``weights.json``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Final

from searcher.places.gazetteer import Cell, Meaning, Place, around
from searcher.places.mentions import Mention, holds

__all__ = ["COUNTS", "Context", "Group", "resolve"]

#: No more namesakes than this are weighed, the most populous first.
CANDIDATES: Final = 25
#: Where most of what is written in English comes from.
ENGLISH: Final = frozenset(("US", "GB", "CA", "AU", "IE", "NZ"))
#: What is counted for each candidate, in the order of the vectors.
COUNTS: Final = (
    "people", "names", "own name", "beside", "region named", "country named", "region in related",
    "country in related", "country of the site", "near others", "near the url", "home",
    "home region", "largest", "English spoken", "people, home known",
)  # fmt: skip
NEAR: Final = COUNTS.index("near others")


@dataclass(slots=True)
class Context:
    """What an article says about where it plays, beyond the names themselves."""

    regions: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    related_regions: frozenset[int] = frozenset()
    related_countries: frozenset[str] = frozenset()
    site: str = ""
    url_cells: frozenset[Cell] = frozenset()
    home_cells: Mapping[Cell, float] = field(default_factory=dict)
    home_regions: Mapping[str, float] = field(default_factory=dict)
    #: How sure the publisher's home is, from 0 to 1: so much less does a place's size count.
    settled: float = 0.0


@dataclass(slots=True)
class Group:
    """All the mentions of one name that mean one place, and what we make of them."""

    key: str
    mentions: list[Mention]
    places: tuple[Place, ...]
    counts: list[list[float]] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)

    @property
    def best(self) -> int:
        return max(range(len(self.chances)), key=self.chances.__getitem__)


def resolve(groups: Sequence[Group], context: Context, weights: Sequence[float]) -> None:
    """Fill in each group's counts and chances: alone first, then in each other's company."""
    settled = context.settled
    for group in groups:
        group.places = group.places[:CANDIDATES]
        besides = [mention.beside.meaning for mention in group.mentions if mention.beside]
        group.counts = [counts(group, place, context, besides, settled) for place in group.places]
        group.chances = chances(group, weights)
    if len(groups) > 1:
        for group in company(groups):
            group.chances = chances(group, weights)


def counts(
    group: Group, place: Place, context: Context, besides: Sequence[Meaning], settled: float
) -> list[float]:
    """One candidate's vector, in the order of ``COUNTS``, before it has company."""
    return [
        place.size,
        place.fame,
        float(place.key == group.key),
        float(any(holds(meaning, place) for meaning in besides)) if besides else 0.0,
        float(place.region in context.regions),
        float(place.country in context.countries),
        float(place.region in context.related_regions),
        float(place.country in context.related_countries),
        float(place.country == context.site),
        0.0,
        float(not context.url_cells.isdisjoint(around(place.cell))) if context.url_cells else 0.0,
        context.home_cells.get(place.cell, 0.0),
        context.home_regions.get(place.region_key, 0.0),
        float(place is group.places[0]),
        float(place.country in ENGLISH),
        place.size * settled,
    ]


def chances(group: Group, weights: Sequence[float]) -> list[float]:
    """The softmax of the candidates' scores."""
    if len(group.counts) == 1:
        return [1.0]
    scores = [sum(map(mul, vector, weights)) for vector in group.counts]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def company(groups: Sequence[Group]) -> list[Group]:
    """Count, for every candidate, the other names that mean something near it; whose changed."""
    mass: defaultdict[Cell, float] = defaultdict(float)
    own: list[dict[Cell, float]] = []
    for group in groups:
        spread: dict[Cell, float] = defaultdict(float)
        for place, chance in zip(group.places, group.chances, strict=True):
            if chance > 0.05:
                for at in around(place.cell):
                    spread[at] += chance
        own.append(spread)
        for at, chance in spread.items():
            mass[at] += min(1.0, chance)
    return [
        group for group, spread in zip(groups, own, strict=True) if befriend(group, mass, spread)
    ]


def befriend(group: Group, mass: dict[Cell, float], own: dict[Cell, float]) -> bool:
    """Note for each of a group's places how much other names mean near it; whether any does."""
    changed = False
    for place, vector in zip(group.places, group.counts, strict=True):
        near = mass.get(place.cell, 0.0)
        if near:
            near = min(2.0, near - min(1.0, own.get(place.cell, 0.0)))
            vector[NEAR] = near
            changed = changed or near > 0
    return changed
