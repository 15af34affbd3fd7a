"""Matching: from a request to the plan an engine answers, and to what can be said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from searcher import reading as read
from searcher.compiling import Compiled, Compiler, between
from searcher.engine import Engine
from searcher.engine.plan import Is, Plan
from searcher.finding import Wanted
from searcher.grammar import LIMITS, Limits
from searcher.request import FACETS, SearchRequest
from searcher.synonyms import Synonyms
from searcher.syntax import Node
from searcher.values import HELPED, Values

__all__ = ["PUBLISHED", "Matcher", "Understanding"]

PUBLISHED: Final = ("published",)
"""The chosen status with which nothing of other articles is told, not even their facet values."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a request was understood to ask for.

    Attributes:
        plan: for the engine.
        query: the compiled query: its tree, its bare words, what to mark.
        warnings: what a person should know.
    """

    plan: Plan
    query: Compiled
    warnings: tuple[str, ...]
    filter_clauses: tuple[str, ...]

    @property
    def tree(self) -> Node:
        """The query as it was searched, words corrected where ``auto`` had to."""
        return self.query.tree

    @property
    def words(self) -> tuple[str, ...]:
        """The bare words that are searched, each once, as typed."""
        return self.query.words

    @property
    def wanted(self) -> Mapping[Wanted, Sequence[str]]:
        """What to mark, and in which text fields."""
        return self.query.wanted

    @property
    def suggestion(self) -> str | None:
        """The query with unknown words corrected, where that was not done already."""
        return self.query.suggestion

    def reading(self, minimum: int) -> str:
        """The plain words; ``minimum`` is how many bare words the engine required in the end."""
        return self.query.reading(minimum, self.filter_clauses)


class Matcher:
    """Understands requests for one engine. Remembers recent queries; safe between threads."""

    def __init__(self, engine: Engine, synonyms: Synonyms, limits: Limits = LIMITS) -> None:
        self.values = Values(engine)
        self._characters = limits.characters + 1  # one more shows that there are too many
        self._published = Values(engine, published_only=True)

        @lru_cache(maxsize=128)
        def compiled(query: str, match: str, values: Values) -> Compiled:
            return Compiler(engine, values, synonyms, limits).compile(query, match)

        self._compiled = compiled

    def values_for(self, request: SearchRequest) -> Values:
        """The values that a request may name, and be told of."""
        return self._published if request.status == PUBLISHED else self.values

    def understand(self, request: SearchRequest) -> Understanding:
        """The plan of a request, and what to tell about it."""
        values = self.values_for(request)
        query = self._compiled(request.query[: self._characters], request.match, values)
        filters, clauses, warnings = self._filters(request, values)
        plan = Plan(
            node=query.node,
            filters=filters,
            dates=between(*request.days),
            sort=request.sort,
            start=(request.page - 1) * request.size,
            limit=request.size,
            facets=request.facets,
            facet_limit=request.facet_size,
            proximity=query.proximity,
        )
        return Understanding(plan, query, (*query.warnings, *warnings), tuple(clauses))

    def _filters(
        self, request: SearchRequest, values: Values
    ) -> tuple[tuple[Is, ...], list[str], list[str]]:
        filters: list[Is] = []
        clauses: list[str] = []
        warnings: list[str] = []
        for facet in FACETS:
            chosen = []
            for value in request.selected(facet):
                chosen.append(values.meant(facet, value, helped=len(warnings) < HELPED))
                warnings += filter(None, [chosen[-1].warning])
            if chosen:
                keys = dict.fromkeys(key for one in chosen for key in one.keys)
                filters.append(Is(facet, tuple(keys)))
                clauses.append(f"{facet} is {' or '.join(one.label for one in chosen)}")
        if request.date_from or request.date_to:
            clauses.append(read.days(*request.days))
            if request.days != (request.date_from, request.date_to):
                warnings.append("the dates end before they begin: turned round")
        return tuple(filters), clauses, warnings
