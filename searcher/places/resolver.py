"""Which place a name means: a linear score over its candidates, softened to a probability.

What tells namesakes apart is counted here; what each count is worth stands in ``weights.json``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from searcher.places.gazetteer import Place
from searcher.places.knowledge import Cell, around, cell
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
    "home region", "largest", "English spoken",
)  # fmt: skip


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
    for group in groups:
        group.places = group.places[:CANDIDATES]
        group.counts = [counts(group, place, context) for place in group.places]
        group.chances = chances(group, weights)
    if len(groups) > 1:
        company(groups)
        for group in groups:
            group.chances = chances(group, weights)


def counts(group: Group, place: Place, context: Context) -> list[float]:
    """One candidate's vector, in the order of ``COUNTS``, before it has company."""
    besides = [mention.beside for mention in group.mentions if mention.beside]
    here = cell(place)
    return [
        place.population / 100,
        math.log2(place.names + 1) / 5,
        float(place.key == group.key),
        float(any(holds(beside.meaning, place) for beside in besides)),
        float(place.region in context.regions),
        float(place.country in context.countries),
        float(place.region in context.related_regions),
        float(place.country in context.related_countries),
        float(place.country == context.site),
        0.0,
        float(any(at in context.url_cells for at in around(here)) if context.url_cells else 0),
        context.home_cells.get(here, 0.0),
        context.home_regions.get(place.region_key, 0.0),
        float(place is group.places[0]),
        float(place.country in ENGLISH),
    ]


def chances(group: Group, weights: Sequence[float]) -> list[float]:
    """The softmax of the candidates' scores."""
    scores = [sum(map(float.__mul__, vector, weights)) for vector in group.counts]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def company(groups: Sequence[Group]) -> None:
    """Count, for every candidate, the other names that mean something near it."""
    mass: defaultdict[Cell, float] = defaultdict(float)
    own: list[dict[Cell, float]] = []
    for group in groups:
        spread: dict[Cell, float] = defaultdict(float)
        for place, chance in zip(group.places, group.chances, strict=True):
            if chance > 0.05:
                for at in around(cell(place)):
                    spread[at] += chance
        own.append(spread)
        for at, chance in spread.items():
            mass[at] += min(1.0, chance)
    near = COUNTS.index("near others")
    for group, spread in zip(groups, own, strict=True):
        for place, vector in zip(group.places, group.counts, strict=True):
            here = cell(place)
            vector[near] = min(2.0, mass.get(here, 0.0) - min(1.0, spread[here]))
