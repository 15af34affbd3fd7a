"""Evaluation: a node of a plan to the documents it matches and their scores, arrays throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import singledispatchmethod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local import facets
from searcher.engine.local.cache import Cache
from searcher.engine.local.found import (
    NONE,
    Found,
    highest,
    intersection,
    isin,
    merged,
    subtract,
    summed,
    times,
)
from searcher.engine.local.layout import distinct
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

COUNTED: Final = 5 * 2**20
"""Bytes of facet values, and of months, that are remembered."""

COMBINED: Final = (And, Or, Without, Words, All, Nothing)
"""Nodes that are made again for each query: of leaves, or at no cost."""

A_COUNT: Final = 100
"""Bytes that the count of a value or of a month takes."""

DENSE: Final = 32
"""A node that matches more than one article in so many also keeps its scores as a column."""

ROUNDED: Final = 1 - 1e-5
"""Scores that differ by less are equal but for rounding."""


class Evaluator:
    """Evaluates nodes over one reader. Leaves are cached: no query changes their scores."""

    def __init__(self, reader: Reader, cache_bytes: int) -> None:
        self.reader = reader
        self.ranking = Ranking(reader)
        self.vocabulary = Vocabulary(reader.segments)
        self._cache: Cache[Node, Found] = Cache(cache_bytes, lambda found: found.bytes)
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
        if isinstance(node, COMBINED):
            return self._evaluate(node)
        return self._cache.get(node, self._leaf)

    def _leaf(self, node: Node) -> Found:
        found = self._evaluate(node)
        few = len(found.docs) * DENSE < self.reader.size
        if few or (found.scores is not None and not found.scores.all()):
            return Found(found.docs, found.scores, leaf=node)
        scored = found.scores is not None
        column: Array = np.zeros(self.reader.size, np.float32 if scored else np.bool_)
        column[found.docs] = found.scores if scored else True
        return Found(found.docs, found.scores, column, node)

    @singledispatchmethod
    def _evaluate(self, node: Any) -> Found:
        raise TypeError(f"no plan node: {node!r}")

    @_evaluate.register
    def _(self, node: Nothing) -> Found:
        return NONE

    @_evaluate.register
    def _(self, node: All) -> Found:
        return Found(self.reader.documents, leaf=node)

    @_evaluate.register
    def _(self, node: Term) -> Found:
        return self._scored(self.reader.term_ids(node.text), node.fields)

    @_evaluate.register
    def _(self, node: Prefix) -> Found:
        return self._scored(self.vocabulary.prefix_terms(node.text), node.fields)

    @_evaluate.register
    def _(self, node: Fuzzy) -> Found:
        return self._scored(self.vocabulary.near_terms(node.text, node.distance), node.fields)

    def _scored(self, ids: Sequence[Array], fields: Sequence[str]) -> Found:
        postings = [(name, self.reader.postings(ids, name)) for name in fields]
        docs, frequencies = self.ranking.frequencies(postings)
        return Found(docs, self.ranking.scores(docs, frequencies))

    @_evaluate.register
    def _(self, node: Synonyms) -> Found:
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

    @_evaluate.register
    def _(self, node: Phrase) -> Found:
        ids = [self._alternatives(terms) for terms in node.terms]
        postings = []
        for name in node.fields:
            keys = [self.reader.occurrences(one, name, PLACE_SHIFT) for one in ids]
            hits = near(keys, node.terms, node.slop) if node.slop else in_order(keys)
            docs, counts = np.unique(hits >> PLACE_SHIFT, return_counts=True)
            postings.append((name, Postings(docs, counts)))
        docs, frequencies = self.ranking.frequencies(postings)
        return Found(docs, self.ranking.scores(docs, frequencies))

    def _alternatives(self, terms: Sequence[str]) -> list[Array]:
        by_term = [self.reader.term_ids(term) for term in dict.fromkeys(terms)]
        return [np.concatenate(one) for one in zip(*by_term, strict=True)]

    @_evaluate.register
    def _(self, node: Is) -> Found:
        parts = [self.reader.keyword(node.field, key) for key in node.keys]
        return Found(distinct(np.concatenate(parts)) if len(parts) > 1 else (parts or [EMPTY])[0])

    @_evaluate.register
    def _(self, node: Dates) -> Found:
        if node.start is None and node.end is None:
            return self._evaluate(All())
        dates = self.reader.dates
        keep = dates >= _seconds(node.start, np.iinfo(np.int64).min + 1)
        if node.end is not None:
            keep &= dates < _seconds(node.end, 0)
        if self.reader.alive is not None:
            keep &= self.reader.alive
        return Found(np.flatnonzero(keep))

    @_evaluate.register
    def _(self, node: And) -> Found:
        if not node.nodes:
            return self._evaluate(All())
        return intersection([self.found(one) for one in node.nodes])

    @_evaluate.register
    def _(self, node: Or) -> Found:
        return self._at_least([self.found(one) for one in node.nodes], 1)

    @_evaluate.register
    def _(self, node: Without) -> Found:
        return subtract(self.found(node.node), self.found(node.unwanted))

    @_evaluate.register
    def _(self, node: Words) -> Found:
        return self._at_least(self._parts(node), node.minimum)

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
        if sum(len(part.docs) for part in parts) * 16 < self.reader.size:
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
