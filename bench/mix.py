"""The sixty queries every engine answers: eight kinds, as people of a news archive ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from searcher.request import SearchRequest

__all__ = ["FACETS", "KINDS", "MIX", "Ask", "Kind"]

Kind = Literal["common", "rare", "or", "and", "phrase", "prefix", "filtered", "all"]
FACETS: Final = ("city", "provider", "topic")
"""What every engine counts."""
KINDS: Final[tuple[Kind, ...]] = (
    "common", "rare", "or", "and", "phrase", "prefix", "filtered", "all"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One query, told without any engine's syntax.

    Attributes:
        words: all of them must be there; for ``or`` any, for ``phrase`` one after another, for
            ``prefix`` a word that begins with the only one. None: every article.
        city, provider: a chosen facet value; that facet's counts leave the choice out.
        since, until: first and last day.
    """

    kind: Kind
    words: tuple[str, ...] = ()
    city: str = ""
    provider: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def name(self) -> str:
        """The query as a person would read it."""
        chosen = [self.city, self.provider, str(self.since or ""), str(self.until or "")]
        return " ".join([self.query, *(f"[{value}]" for value in chosen if value)])

    @property
    def query(self) -> str:
        """The words in our grammar."""
        match self.kind:
            case "or":
                return " OR ".join(self.words)
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return f"{self.words[0]}*"
            case _:
                return " ".join(self.words)

    @property
    def request(self) -> SearchRequest:
        """The whole query as our own search takes it."""
        return SearchRequest(
            self.query,
            city=(self.city,) if self.city else (),
            provider=(self.provider,) if self.provider else (),
            date_from=self.since,
            date_to=self.until,
            match="all",
            facets=FACETS,
            related_size=1,
        )


def _asks(kind: Kind, texts: str) -> list[Ask]:
    return [Ask(kind, tuple(text.split())) for text in texts.split(",")]


MIX: Final[tuple[Ask, ...]] = (
    *_asks("common", "time, state, world, company, school, house, music, game"),
    *_asks("rare", "volcano, turbine, aquarium, molecule, trombone, peninsula, velvet, chimney"),
    *_asks("or", "hurricane flood, robot drone, parliament congress, trial verdict, coffee tea"),
    *_asks("or", "market bank trade, goal coach league, museum gallery exhibition"),
    *_asks("and", "state world, city school, company market, court judge, music album"),
    *_asks("and", "water energy, police officer, house price, team season game, song star award"),
    *_asks("phrase", "facial recognition, climate change, supreme court, high school"),
    *_asks("phrase", "new york city, machine learning, John Smith, of the"),
    *_asks("prefix", "elect, scien, techn, photogr, astro, manuf"),
    Ask("filtered", ("state",), city="New York City, New York"),
    Ask("filtered", ("market", "company"), city="Chicago, Illinois"),
    Ask("filtered", ("music",), city="Shanghai, China", provider="Houston Journal"),
    Ask("filtered", ("school",), provider="Los Angeles Times"),
    Ask("filtered", ("board", "vote"), since=date(2020, 1, 1), until=date(2020, 12, 31)),
    Ask("filtered", ("world",), since=date(2021, 6, 1), until=date(2021, 6, 30)),
    Ask("filtered", ("family",), since=date(2018, 1, 1)),
    Ask("filtered", ("energy",), provider="Houston Journal", since=date(2017, 5, 1)),
    Ask("all"),
    Ask("all", city="Los Angeles, California"),
    Ask("all", provider="New York City Herald"),
    Ask("all", since=date(2019, 3, 1), until=date(2019, 3, 31)),
)
"""Common and rare words, OR, AND, phrases, prefixes, filtered ones and all articles."""
