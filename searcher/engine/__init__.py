"""Engine: what an archive asks of whatever stores and searches its articles.

A folder is the embedded engine. Everything that is language stands outside: an engine gets plans
of analysed terms and gives document numbers, scores, counts, stored articles and its vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from searcher.article import Article
from searcher.engine.plan import Matches, Plan
from searcher.finding import Text
from searcher.places import City

__all__ = ["Engine", "Info", "Stored", "Word", "open_engine"]


@dataclass(frozen=True, slots=True)
class Info:
    """What an index is: how many articles, which generation, when and from what it was built."""

    articles: int
    generation: str
    built_at: datetime
    source: str


@dataclass(frozen=True)
class Stored:
    """One stored document: the article, its cities, and, made when it is first asked for, its text
    prepared for snippets."""

    article: Article
    cities: tuple[City, ...] = ()

    @cached_property
    def text(self) -> Text:
        """The title, the excerpt, then title and excerpt of each related item."""
        article = self.article
        related = (text for item in article.related for text in (item.title, item.excerpt))
        return Text(article.title, article.excerpt, *related)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the archive's vocabulary as written (folded, not stemmed), and how often."""

    text: str
    count: int


class Engine(Protocol):
    """One opened index. Safe to share between threads. A reader of the generation it opened."""

    @property
    def info(self) -> Info:
        """What the index is."""

    def evaluate(self, plan: Plan) -> Matches:
        """Answer a plan."""

    def explain(self, plan: Plan, document: int) -> tuple[tuple[str, float], ...]:
        """A document's score under a plan as (what, points): by word and field, most first."""

    def stored(self, documents: Sequence[int]) -> list[Stored]:
        """The stored articles of document numbers that ``evaluate`` gave, in their order."""

    def get(self, article_id: str) -> tuple[int, Stored] | None:
        """Document number and stored article of an id; None where there is none."""

    def frequency(self, term: str, fields: Sequence[str] = ...) -> int:
        """In how many articles an analysed term stands, in any of the fields."""

    def facet_values(self, facet: str) -> Sequence[tuple[str, str]]:
        """Every ``(key, label)`` of a facet."""

    def words_from(self, prefix: str, limit: int) -> list[Word]:
        """The most frequent words that begin with ``prefix``."""

    def words_near(self, word: str, distance: int, limit: int) -> list[Word]:
        """The words within ``distance`` edits (insert, delete, replace, swap) of ``word``."""

    def word_count(self, word: str) -> int:
        """How often a word as written (folded) occurs in the archive; 0 where it does not."""

    def current(self) -> bool:
        """Whether this is still the location's live generation. Cheap: called per request."""

    def damage(self) -> str:
        """What in its files is not as it was written; "" where they are whole. Reads them all."""

    def close(self) -> None:
        """Let the files go. Idempotent."""


def open_engine(location: str | Path) -> Engine:
    """Open the index at a location: a folder is the embedded engine.

    Raises:
        IndexMissing, IndexDamaged, IndexOutdated: see ``searcher.errors``.
    """
    from searcher.engine.local.engine import LocalEngine

    return LocalEngine.open(Path(location))
