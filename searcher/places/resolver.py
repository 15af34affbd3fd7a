"""Which place a name means: a linear score over its candidates, softened to a probability.

What tells namesakes apart is counted here; what each count is worth stands in ``weights.json``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter, mul
from typing import Any, Final

from searcher.places.gazetteer import Cell, Name, Place, around
from searcher.places.mentions import Mention, holds

__all__ = ["AT", "COUNTS", "Context", "Group", "resolve"]

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
#: Where each count stands in a vector.
AT: Final = {name: at for at, name in enumerate(COUNTS)}
PEOPLE, NEAR, BESIDE = AT["people"], AT["near others"], AT["beside"]
SETTLED: Final = AT["people, home known"]
REGION, COUNTRY, SPOT = attrgetter("region"), attrgetter("country"), attrgetter("cell")
REGION_KEY: Final = attrgetter("region_key")
#: A place that a name means with a smaller chance is no company for other names.
LIKELY: Final = 0.05
Told = Sequence[tuple[int, Callable[[Place], Any], Mapping[Any, float]]]


@dataclass(slots=True)
class Context:
    """What an article says about where it plays, beyond the names themselves."""

    regions: set[int] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    related_regions: set[int] = field(default_factory=set)
    related_countries: set[str] = field(default_factory=set)
    site: str = ""
    url_cells: set[Cell] = field(default_factory=set)
    home_cells: Mapping[Cell, float] = field(default_factory=dict)
    home_regions: Mapping[str, float] = field(default_factory=dict)
    #: How sure the publisher's home is, from 0 to 1: so much less does a place's size count.
    settled: float = 0.0


@dataclass(slots=True, eq=False)
class Group:
    """All the mentions of one name that mean one place, and what we make of them.

    ``told`` is what the article says for a candidate, by its position among ``places`` and by what
    is counted; ``settled`` is the context's; ``best`` is the likeliest candidate's position.
    """

    name: Name
    mentions: list[Mention]
    places: tuple[Place, ...]
    told: dict[int, dict[int, float]] = field(default_factory=dict)
    settled: float = 0.0
    chances: Sequence[float] = ()
    best: int = 0

    def counts(self, at: int) -> list[float]:
        """A candidate's vector, in the order of ``COUNTS``."""
        vector = standing(self.name, self.places[at], self.places[0], self.settled)
        for count, value in self.told.get(at, {}).items():
            vector[count] = value
        return vector

    def tell(self, at: int, count: int, value: float) -> None:
        """Count something for a candidate."""
        if at in self.told:
            self.told[at][count] = value
        else:
            self.told[at] = {count: value}


Weights = tuple[float, ...]
#: Of a name's candidates, the scores, the chances, and which is the likeliest, where a home is
#: known so surely.
Usual = Callable[[Name, float], tuple[tuple[float, ...], tuple[float, ...], int]]


def resolve(groups: Sequence[Group], context: Context, weights: Weights) -> None:
    """Fill in each group's counts and chances: alone first, then in each other's company."""
    told, usual = tell(context), usually(weights)
    for group in groups:
        group.places = group.places[:CANDIDATES]
        heed(group, context, told)
        weigh(group, weights, usual)
    if len(groups) > 1:
        for group in company(groups):
            weigh(group, weights, usual)


def standing(name: Name, place: Place, largest: Place, settled: float) -> list[float]:
    """A candidate's vector with what needs no context but how sure the publisher's home is."""
    vector = [0.0] * len(COUNTS)
    vector[PEOPLE] = place.size
    vector[AT["names"]] = place.fame
    vector[AT["own name"]] = float(place.key == name.key)
    vector[AT["largest"]] = float(place is largest)
    vector[AT["English spoken"]] = float(place.country in ENGLISH)
    vector[SETTLED] = place.size * settled
    return vector


def scores(name: Name, places: Sequence[Place], weights: Weights, settled: float) -> list[float]:
    """The candidates' scores without context but how sure the publisher's home is."""
    return [sum(map(mul, standing(name, one, places[0], settled), weights)) for one in places]


@lru_cache(maxsize=1)
def usually(weights: Weights) -> Usual:
    """By weights, what a name means of whose places nothing is told, as of most names."""

    @lru_cache(maxsize=10_000)
    def usual(name: Name, settled: float) -> tuple[tuple[float, ...], tuple[float, ...], int]:
        totals = scores(name, name.places[:CANDIDATES], weights, settled)
        chances, best = softmax(totals)
        return tuple(totals), tuple(chances), best

    return usual


def heed(group: Group, context: Context, told: Told) -> None:
    """Count what the article says for each of a group's candidates."""
    group.told, group.settled = {}, context.settled
    for mention in group.mentions:
        if mention.beside:
            for at, place in enumerate(group.places):
                if holds(mention.beside.meaning, place):
                    group.tell(at, BESIDE, 1.0)
    for count, what, values in told:
        for at, value in enumerate(map(values.get, map(what, group.places))):
            if value:
                group.tell(at, count, value)


def tell(context: Context) -> Told:
    """What an article says: which count, of what in a place, and how much for which values."""
    near = (cell for at in context.url_cells for cell in around(at))
    site = (context.site,) if context.site else ()
    told = (
        (AT["region named"], REGION, dict.fromkeys(context.regions, 1.0)),
        (AT["country named"], COUNTRY, dict.fromkeys(context.countries, 1.0)),
        (AT["region in related"], REGION, dict.fromkeys(context.related_regions, 1.0)),
        (AT["country in related"], COUNTRY, dict.fromkeys(context.related_countries, 1.0)),
        (AT["country of the site"], COUNTRY, dict.fromkeys(site, 1.0)),
        (AT["near the url"], SPOT, dict.fromkeys(near, 1.0)),
        (AT["home"], SPOT, context.home_cells),
        (AT["home region"], REGION_KEY, context.home_regions),
    )
    return [(at, what, values) for at, what, values in told if values]


def weigh(group: Group, weights: Weights, usual: Usual) -> None:
    """The softmax of the candidates' scores, and the best of them."""
    if len(group.places) == 1:
        group.chances, group.best = [1.0], 0
        return
    if group.mentions[0].beside:
        totals = scores(group.name, group.places, weights, group.settled)
    else:
        alone, group.chances, group.best = usual(group.name, group.settled)
        if not group.told:
            return
        totals = list(alone)
    for at, told in group.told.items():
        totals[at] += sum([weights[count] * value for count, value in told.items()])
    group.chances, group.best = softmax(totals)


def softmax(totals: list[float]) -> tuple[list[float], int]:
    """The chances that scores stand for, and where the largest is."""
    top = max(totals)
    raised = [math.exp(score - top) for score in totals]
    total = sum(raised)
    return [value / total for value in raised], raised.index(max(raised))


def company(groups: Sequence[Group]) -> Iterable[Group]:
    """Count, for every candidate, the other names that mean something near it; whose changed."""
    where: defaultdict[Cell, list[tuple[Group, int]]] = defaultdict(list)
    for group in groups:
        for at, place in enumerate(group.places):
            where[place.cell].append((group, at))
    near: defaultdict[tuple[Group, int], float] = defaultdict(float)
    for group in groups:
        for place, chance in zip(group.places, group.chances, strict=True):
            if chance > LIKELY:
                for spot in where.keys() & around(place.cell):
                    for one in where[spot]:
                        if one[0] is not group:
                            near[one] += chance
    for (group, at), chance in near.items():
        group.tell(at, NEAR, min(2.0, chance))
    return {group for group, _ in near}
