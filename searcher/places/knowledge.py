"""What an archive itself teaches: publishers' homes, and which words are written small.

Everything is a sum of whole numbers over articles. So what is learned from two parts of an archive
can be added, what a changed article once taught can be taken back, and the order never matters.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from searcher.article import Article
from searcher.places.gazetteer import ROW, Cell, around

__all__ = ["Knowledge", "address", "combine", "site", "together"]

#: Archives of fewer articles teach nothing: chance would pass for a habit.
ARTICLES: Final = 100
#: Publishers of fewer articles have no home.
PUBLISHED: Final = 3
#: Evidence, in thousandths, that stands against any home: two or three clear names.
DOUBT: Final = 6000
#: The share of the evidence that falls to some region though the publisher is at home nowhere.
NOWHERE: Final = 0.06
#: How often at least a word is seen before its casing is believed.
SEEN: Final = 4
#: Homes are told in so many steps: one article more moves few publishers' homes, and only articles
#: of those are placed again.
REGION_STEPS: Final = 10
CELL_STEPS: Final = 5

#: The host and the path, told in a tenth of the time that ``urlsplit`` takes.
ADDRESS: Final = re.compile(r"\w+://(?:[^/?#]*@)?([^/?#:]*)[^/?#]*([^?#]*)")

Key = TypeVar("Key")
Homes = tuple[dict[str, float], dict[Cell, float]]


def address(article: Article) -> tuple[str, str]:
    """The host and the path of an article's address; of one that is none, empty ones."""
    found = ADDRESS.match(article.url)
    return (found[1].lower(), found[2]) if found else ("", "")


def site(article: Article) -> str:
    """Whose article this is: its provider's domain, else its address's host."""
    domain = article.provider.domain if article.provider else ""
    return (domain or address(article)[0]).removeprefix("www.")


@dataclass(frozen=True)
class Knowledge:
    """Sums over articles.

    Attributes:
        articles: how many there are.
        sites: for each site, how many of its articles may name a city.
        regions: for each site and region, the evidence in thousandths that the site is at home
            there: the sum over its names of log(1 + 10 p), p the chance that the name means a
            place in the region. The log-likelihood of a home, but for a constant.
        cells: the same for cells of the map.
        words: how often a word that is also a place's name stands small, and how often it has a
            capital, within sentences.
    """

    articles: int = 0
    sites: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cells: Mapping[str, Mapping[Cell, int]] = field(default_factory=dict)
    words: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    _homes: dict[str, Homes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __add__(self, other: Knowledge) -> Knowledge:
        return combine(((self, 1), (other, 1)))

    def __sub__(self, other: Knowledge) -> Knowledge:
        return combine(((self, 1), (other, -1)))

    @property
    def enough(self) -> bool:
        """Whether the archive is large enough to learn from."""
        return self.articles >= ARTICLES

    @cached_property
    def small(self) -> Mapping[str, bool]:
        """Whether the archive writes a word small, of those words where it says so."""
        if not self.enough:
            return {}
        seen = (
            (word, small, capital)
            for word, (small, capital) in self.words.items()
            if small + capital >= SEEN
        )
        return {
            word: small > 3 * capital
            for word, small, capital in seen
            if small > 3 * capital or capital > 9 * small
        }

    def home_regions(self, name: str) -> dict[str, float]:
        """How much of what a site's articles name is in each region: from 0 to 1."""
        return self.homes(name)[0]

    def home_cells(self, name: str) -> dict[Cell, float]:
        """How much of it is in each cell of the map with its neighbours: from 0 to 1."""
        return self.homes(name)[1]

    def homes(self, name: str) -> Homes:
        """Both, which is all that is known of a site."""
        if not self.enough or self.sites.get(name, 0) < PUBLISHED:
            return {}, {}
        found = self._homes.get(name)
        if found is None:
            found = self._homes[name] = self._counted(name)
        return found

    def _counted(self, name: str) -> Homes:
        _, regions, cells = self.sums(name)
        spread: defaultdict[Cell, int] = defaultdict(int)
        for at, value in cells.items():
            for near in around(at):
                spread[near] += value
        return (
            shares(regions, sum(regions.values()), REGION_STEPS),
            shares(spread, sum(cells.values()), CELL_STEPS),
        )

    def sums(self, name: str) -> tuple[int, Mapping[str, int], Mapping[Cell, int]]:
        """What was counted of a site."""
        return self.sites.get(name, 0), self.regions.get(name, {}), self.cells.get(name, {})

    def to_json(self) -> str:
        """One line of JSON; the same knowledge gives the same line."""
        names = {at: spelled(at) for at in set().union(*self.cells.values())}
        cells = {
            name: {names[at]: value for at, value in values.items()}
            for name, values in self.cells.items()
        }
        parts = {"articles": self.articles, "sites": self.sites, "regions": self.regions}
        return json.dumps({**parts, "cells": cells, "words": self.words}, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Knowledge:
        data = json.loads(text)
        named = {name: cell_of(name) for name in set().union(*data["cells"].values())}
        cells = {
            name: {named[at]: value for at, value in values.items()}
            for name, values in data["cells"].items()
        }
        words = {word: (small, capital) for word, (small, capital) in data["words"].items()}
        return Knowledge(data["articles"], data["sites"], data["regions"], cells, words)


def spelled(at: Cell) -> str:
    """A cell as "row,column"."""
    row, column = divmod(at + ROW // 2, ROW)
    return f"{row},{column - ROW // 2}"


def cell_of(text: str) -> Cell:
    row, _, column = text.partition(",")
    return ROW * int(row) + int(column)


def shares(values: Mapping[Key, int], total: int, steps: int) -> dict[Key, float]:
    """Each value beside the largest, the less the smaller the largest's share of the evidence.

    A publisher at home somewhere has a third of its evidence there or more; one that writes of
    everywhere, or of whom little is known, has no home.
    """
    top = max(values.values(), default=0)
    settled = min(1.0, max(0.0, 12 * (top / (total + DOUBT) - NOWHERE)))
    return {  # a half is rounded to 0
        at: round(share) / steps
        for at, value in values.items()
        if (share := steps * settled * value / top) > 0.5
    }


def evidence(chance: float) -> int:
    """What one name adds for a home, in thousandths."""
    return round(1000 * math.log1p(10 * chance))


def together(parts: Iterable[Knowledge]) -> Knowledge:
    """What parts of an archive teach together."""
    return combine((part, 1) for part in parts)


def combine(parts: Iterable[tuple[Knowledge, int]]) -> Knowledge:
    """The sum of several pieces of knowledge, each times 1 or -1."""
    articles = 0
    sites: dict[str, int] = {}
    regions: defaultdict[str, dict[str, int]] = defaultdict(dict)
    cells: defaultdict[str, dict[Cell, int]] = defaultdict(dict)
    words: dict[str, tuple[int, int]] = {}
    for part, sign in parts:
        articles += sign * part.articles
        add(part.sites, sign, sites)
        for name, values in part.regions.items():
            add(values, sign, regions[name])
        for name, spots in part.cells.items():
            add(spots, sign, cells[name])
        for word, (small, capital) in part.words.items():
            old = words.get(word, (0, 0))
            words[word] = old[0] + sign * small, old[1] + sign * capital
    return Knowledge(
        articles,
        counted(sites),
        {name: kept for name, values in regions.items() if (kept := counted(values))},
        {name: left for name, spots in cells.items() if (left := counted(spots))},
        {word: pair for word, pair in words.items() if pair != (0, 0)},
    )


def add(values: Mapping[Key, int], sign: int, into: dict[Key, int]) -> None:
    """Add values, each times 1 or -1."""
    for key, value in values.items():
        into[key] = into.get(key, 0) + sign * value


def counted(values: Mapping[Key, int]) -> dict[Key, int]:
    """Those values that are left."""
    return {key: value for key, value in values.items() if value > 0}
