"""Evaluation: a node of a plan to the documents it matches and their scores, arrays throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import facets
from searcher.engine.local.cache import Cache
from searcher.engine.local.found import (
    NONE,
    Columns,
    Found,
    highest,
    intersection,
    isin,
    merged,
    subtract,
    summed,
    times,
)
from searcher.engine.local.layout import distinct, runs
from searcher.engine.local.phrases import PLACE_SHIFT, in_order, near
from searcher.engine.local.ranking import Ranking, idf
from searcher.engine.local.reader import EMPTY, Postings, Reader
from searcher.engine.local.vocabulary import Vocabulary
from searcher.engine.plan import (
    All,
    And,
    Dates,
    Fuzzy,
    Is,
    Node,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Term,
    Without,
    Words,
)
from searcher.results import Facet

__all__ = ["Evaluator"]

Array = NDArray[Any]
Spread = tuple[tuple[int, int], ...]
Leaf = Term | Prefix | Fuzzy | Synonyms | Phrase | Is | Dates
Combined = And | Or | Without | Words | All | Nothing

FEW: Final = 16
"""Documents are few where they are fewer than all by this factor: sorting them is faster."""

COUNTED: Final = 5 * 2**20
"""Bytes of facet values, and of months, that are remembered."""

A_COUNT: Final = 100
"""Bytes that the count of a value or of a month takes."""

DENSE: Final = 32
"""A leaf that matches one article in so many, or more, is worth a column of its scores."""

ROUNDED: Final = 1 - 1e-5
"""Scores that differ by less are equal but for rounding."""


class Evaluator:
    """Evaluates nodes over one reader. Leaves are cached: no query changes their scores."""

    def __init__(self, reader: Reader, cache_bytes: int) -> None:
        self.reader = reader
        self.ranking = Ranking(reader)
        self.vocabulary = Vocabulary(reader.segments)
        self._cache: Cache[Leaf, Found] = Cache(cache_bytes // 2, lambda found: found.bytes)
        self._columns = Columns(reader.size, cache_bytes // 2)
        self._counts: Cache[tuple[Any, ...], Facet] = Cache(
            COUNTED, lambda counts: A_COUNT * len(counts.values)
        )
        self._months: Cache[Node, Spread] = Cache(COUNTED, lambda months: A_COUNT * len(months))

    def counts(self, name: str, found: Found, chosen: tuple[str, ...], limit: int) -> Facet:
        """A facet over documents. Where these are a leaf's the counts are remembered, as no
        query changes them: whoever turns pages or chooses values needs them again."""

        def count(_: object) -> Facet:
            return facets.count(self.reader.facet(name), found.docs, chosen, limit)

        key = name, found.leaf, chosen, limit
        return self._counts.get(key, count) if found.leaf else count(key)

    def months(self, found: Found) -> Spread:
        """Documents by month, remembered in the same way."""

        def count(_: object) -> Spread:
            return facets.by_month(self.reader.months, found.docs)

        return self._months.get(found.leaf, count) if found.leaf else count(None)

    def found(self, node: Node) -> Found:
        """The documents a node matches, with scores."""
        if isinstance(node, Leaf):
            return self._cache.get(node, self._leaf)
        return self._combined(node)

    def _leaf(self, node: Leaf) -> Found:
        found = self._looked_up(node)
        many = len(found.docs) * DENSE >= self.reader.size
        worth = many and (found.scores is None or found.scores.all())
        return Found(found.docs, found.scores, node, self._columns if worth else None)

    def _combined(self, node: Combined) -> Found:
        """What is made anew for each query: of leaves, or at no cost."""
        match node:
            case And(nodes):
                return intersection([self.found(one) for one in nodes or (All(),)])
            case Or(nodes):
                return self._at_least([self.found(one) for one in nodes], 1)
            case Without(wanted, unwanted):
                return subtract(self.found(wanted), self.found(unwanted))
            case Words(_, minimum):
                return self._at_least(self._parts(node), minimum)
            case All():
                return Found(self.reader.documents, leaf=node)
            case Nothing():
                return NONE

    def _looked_up(self, node: Leaf) -> Found:
        match node:
            case Term(text, fields):
                return self._scored(self.reader.term_ids(text), fields)
            case Prefix(text, fields):
                return self._scored(self.vocabulary.prefix_terms(text), fields)
            case Fuzzy(text, distance, fields):
                return self._scored(self.vocabulary.near_terms(text, distance), fields)
            case Synonyms():
                return self._synonyms(node)
            case Phrase():
                return self._phrase(node)
            case Is(field, keys):
                return self._is(field, keys)
            case Dates(start, end):
                return self._dates(start, end)

    def _scored(self, ids: Sequence[Array], fields: Sequence[str]) -> Found:
        return self._ranked([(name, self.reader.postings(ids, name)) for name in fields])

    def _ranked(self, postings: Sequence[tuple[str, Postings]]) -> Found:
        docs, frequencies = self.ranking.frequencies(postings)
        return Found(docs, self.ranking.scores(docs, frequencies))

    def _synonyms(self, node: Synonyms) -> Found:
        """Every way counts as the same word: its idf is that of all of them together. Else the
        rarest way, which is nobody's first choice, would score highest."""
        parts = []
        for way, weight in zip(node.ways, node.weights, strict=True):
            found = self.found(way)
            rarity = idf(self.reader.articles, len(found.docs))
            parts.append((found.docs, found.points() * np.float32(weight / rarity)))
        docs = distinct(np.concatenate([docs for docs, _ in parts]))
        best = np.zeros(len(docs), np.float32)
        for some, scores in parts:
            at = np.searchsorted(docs, some)
            best[at] = np.maximum(best[at], scores)
        return Found(docs, best * np.float32(idf(self.reader.articles, len(docs))))

    def _phrase(self, node: Phrase) -> Found:
        ids = [self._alternatives(terms) for terms in node.terms]
        postings = []
        for name in node.fields:
            keys = [self.reader.occurrences(one, name, PLACE_SHIFT) for one in ids]
            hits = near(keys, node.terms, node.slop) if node.slop else in_order(keys)
            owners = hits >> PLACE_SHIFT
            first, counts = runs(owners)
            postings.append((name, Postings(owners.take(first), counts)))
        return self._ranked(postings)

    def _alternatives(self, terms: Sequence[str]) -> list[Array]:
        by_term = [self.reader.term_ids(term) for term in dict.fromkeys(terms)]
        return [np.concatenate(one) for one in zip(*by_term, strict=True)]

    def _is(self, field: str, keys: Sequence[str]) -> Found:
        parts = [self.reader.keyword(field, key) for key in keys]
        return Found(distinct(np.concatenate(parts)) if len(parts) > 1 else (parts or [EMPTY])[0])

    def _dates(self, start: datetime | None, end: datetime | None) -> Found:
        if start is None and end is None:
            return self.found(All())
        dates = self.reader.dates
        keep = dates >= _seconds(start, np.iinfo(np.int64).min + 1)
        if end is not None:
            keep &= dates < _seconds(end, 0)
        if self.reader.alive is not None:
            keep &= self.reader.alive
        return Found(np.flatnonzero(keep))

    def relaxed(self, node: Node, passing: Callable[[Found], Found]) -> tuple[Found, int]:
        """A node, and how many words the first ``Words`` required in the end that it requires.

        ``passing`` leaves those of some documents that pass whatever else the plan asks for.
        """
        if isinstance(node, Words):
            return self._words(node, passing)
        if isinstance(node, Without):
            unwanted = self.found(node.unwanted)
            found, minimum = self.relaxed(
                node.node, lambda found: passing(subtract(found, unwanted))
            )
            return subtract(found, unwanted), minimum
        words = next(filter(_has_words, node.nodes), None) if isinstance(node, And) else None
        if words is None or not isinstance(node, And):
            return self.found(node), 0
        others = [self.found(one) for one in node.nodes if one is not words]
        found, minimum = self.relaxed(words, lambda found: passing(intersection([found, *others])))
        return intersection([found, *others]), minimum

    def _parts(self, node: Words) -> list[Found]:
        counts = node.counts or (1,) * len(node.nodes)
        return [times(self.found(one), n) for one, n in zip(node.nodes, counts, strict=True)]

    def _words(self, node: Words, passing: Callable[[Found], Found]) -> tuple[Found, int]:
        """As many words as leave enough articles and the best ones, else all that any leave.

        More words never leave more articles, so the number is found by halving.
        """
        parts = self._parts(node)
        low, high = node.floor, min(node.minimum, len(parts))
        found = self._at_least(parts, high)
        if low >= high or (many := len(passing(found).docs)) >= node.enough:
            return found, high
        best = self._at_least(parts, low)
        widest = passing(best)
        target = min(node.enough, len(widest.docs))
        if many == target:
            return found, high
        foremost = highest(widest.points(), node.best, ROUNDED)
        high = min(high, _fewest(parts, widest.docs[foremost]) + 1)
        while high - low > 1:
            middle = (low + high) // 2
            found = self._at_least(parts, middle)
            if len(passing(found).docs) >= target:
                best, low = found, middle
            else:
                high = middle
        return best, low

    def _at_least(self, parts: Sequence[Found], minimum: int) -> Found:
        """Documents in at least so many of the parts; scores added up."""
        if minimum == len(parts) > 0:
            return intersection(parts)
        parts = [part for part in parts if len(part.docs)]
        if len(parts) < minimum or not parts:
            return NONE
        if len(parts) == 1:
            return parts[0]
        if sum(len(part.docs) for part in parts) * FEW < self.reader.size:
            return merged(parts, minimum)
        return summed(parts, minimum, self.reader.size)


def _fewest(parts: Sequence[Found], docs: Array) -> int:
    """How many of the parts at least have each of the documents."""
    return int(np.sum([isin(docs, part.docs) for part in parts], axis=0).min())


def _seconds(moment: datetime | None, default: int) -> int:
    return default if moment is None else int(np.ceil(moment.timestamp()))


def _has_words(node: Node) -> bool:
    """Whether a ``Words`` must be satisfied wherever the node is."""
    if isinstance(node, And):
        return any(map(_has_words, node.nodes))
    return isinstance(node, Words) or (isinstance(node, Without) and _has_words(node.node))
