"""Plan and Matches: what an archive asks of an engine, and what it answers.

A plan holds analysed terms only; no engine knows any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from searcher.results import Facet

__all__ = [
    "TEXT_FIELDS",
    "All",
    "And",
    "Dates",
    "Fuzzy",
    "Is",
    "Matches",
    "Node",
    "Nothing",
    "Or",
    "Phrase",
    "Plan",
    "Prefix",
    "Synonyms",
    "Term",
    "Without",
    "Words",
]

TEXT_FIELDS: Final = ("title", "excerpt", "related")
"""The fields that are searched and scored when a query names none."""


@dataclass(frozen=True, slots=True)
class Term:
    """Articles with this analysed term in one of the fields; scored by BM25F over them."""

    text: str
    fields: tuple[str, ...] = TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms one after another in one field; ``terms[i]`` are the alternatives at place i.

    With ``slop`` n > 0: all of them, in any order, within a window of ``len(terms) + n`` words.
    """

    terms: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...] = TEXT_FIELDS
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Articles with a word that begins with ``text``, which is folded and not stemmed.

    The prefix stands for every word of the archive that begins so; each is then searched by its
    term as if it had been typed, so another form of the same word is found as well.
    """

    text: str
    fields: tuple[str, ...] = TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Articles with a word within ``distance`` edits of ``text``; read as a ``Prefix`` is."""

    text: str
    distance: int = 1
    fields: tuple[str, ...] = TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Synonyms:
    """One idea in several ways: matches where any does; scored by the best, times its weight.

    The ways count as one word: each is scored with the idf of all the articles that any matches.
    """

    ways: tuple[Node, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """Articles whose facet or keyword field (``site``, ``url``) has one of the keys. Not scored."""

    field: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """Articles published in [start, end), aware UTC; None leaves that side open. Not scored."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class And:
    """Articles every node matches; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles any node matches; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Articles ``node`` matches and ``unwanted`` does not."""

    node: Node
    unwanted: Node


@dataclass(frozen=True, slots=True)
class Words:
    """Bare words: articles that at least ``minimum`` of the nodes match; scores add up.

    Where that leaves fewer than ``enough`` articles (filters included), the engine lowers the
    minimum, one at a time and not below ``floor``, until there are, and until the ``best`` that
    score highest with ``floor`` are among them; of minimums that leave equally many it keeps the
    highest, and ``Matches.minimum`` tells which. So it is for the first ``Words`` that every match
    must satisfy; elsewhere only ``minimum`` counts. ``counts`` says how often each word was typed
    and multiplies its score.
    """

    nodes: tuple[Node, ...]
    minimum: int
    enough: int = 0
    floor: int = 1
    counts: tuple[int, ...] = ()
    best: int = 10


@dataclass(frozen=True, slots=True)
class All:
    """Every article, unscored."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


Node: TypeAlias = (
    Term
    | Phrase
    | Prefix
    | Fuzzy
    | Synonyms
    | Is
    | Dates
    | And
    | Or
    | Without
    | Words
    | All
    | Nothing
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One question to an engine.

    Attributes:
        node: which articles, and their scores.
        filters: chosen facet values as ``Is``, at most one per facet; a facet's own filter is
            left out when that facet is counted.
        dates: the chosen dates; like a filter, but no facet leaves it out.
        sort: ``relevance`` (ties: newest, then id), ``newest`` or ``oldest``.
        start, limit: which stretch of the ranked articles to return.
        facets: which facets to count; with ``year`` come the months. facet_limit: how many
            values of each to return, besides those that are chosen.
        proximity: terms in query order; articles with neighbours close together gain a little.
    """

    node: Node
    filters: tuple[Is, ...] = ()
    dates: Dates | None = None
    sort: str = "relevance"
    start: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()
    facet_limit: int = 10
    proximity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """An engine's answer to one plan.

    Attributes:
        total: exactly how many articles match, filters included.
        documents, scores: the asked stretch, best first; documents are the engine's own numbers.
        facets: by name, each over the matching articles with its own filter left out.
        months: articles per month, ``(year * 12 + month - 1, count)`` ascending, without gaps.
        minimum: how many words the relaxed ``Words`` finally required; 0 where there is none.
    """

    total: int
    documents: tuple[int, ...]
    scores: tuple[float, ...]
    facets: Mapping[str, Facet] = field(default_factory=dict)
    months: tuple[tuple[int, int], ...] = ()
    minimum: int = 0
