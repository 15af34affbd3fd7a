"""LocalEngine: the embedded engine, one opened generation of an index folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article, RelatedItem
from searcher.engine import Info, Stored, Word
from searcher.engine.local.cache import Cache
from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.explain import explain
from searcher.engine.local.found import Found, highest, intersection
from searcher.engine.local.generation import Generation
from searcher.engine.local.generations import Generations
from searcher.engine.local.proximity import CANDIDATES, Proximity
from searcher.engine.local.reader import Reader
from searcher.engine.plan import TEXT_FIELDS, Matches, Plan, Term
from searcher.errors import IndexDamaged

__all__ = ["LocalEngine"]

Array = NDArray[Any]

CACHE_BYTES: Final = 128 * 2**20
"""How much the scores of words may take that recent queries used."""

STORED_BYTES: Final = 16 * 2**20
"""And how much the articles that were shown last, and not for the first time."""


class LocalEngine:
    """One generation, opened. Immutable, and safe to share between threads."""

    def __init__(self, generations: Generations, generation: Generation) -> None:
        self._generations = generations
        self._generation = generation
        self._reader = Reader(generation.segments())
        self._evaluator = Evaluator(self._reader, CACHE_BYTES)
        self._proximity = Proximity(self._evaluator)
        self._stored: Cache[int, Stored] = Cache(STORED_BYTES, _weight, second_time=True)

    @classmethod
    def open(cls, location: Path) -> LocalEngine:
        """Open the live generation of an index folder.

        Raises:
            IndexMissing, IndexDamaged, IndexOutdated: see ``searcher.errors``.
        """
        generations = Generations(location)
        while True:
            live = generations.live()
            try:
                return cls(generations, live)
            except IndexDamaged:
                # Builders may have switched and pruned since.
                if generations.current_name() == live.name:
                    raise

    @property
    def info(self) -> Info:
        manifest = self._generation.manifest
        return Info(
            self._reader.articles, self._generation.name, manifest.built_at, manifest.source
        )

    def evaluate(self, plan: Plan) -> Matches:
        """Answer a plan."""
        return _Evaluation(self._reader, self._evaluator, self._proximity, plan).matches()

    def explain(self, plan: Plan, document: int) -> tuple[tuple[str, float], ...]:
        return explain(self._evaluator, plan.node, document)

    def stored(self, documents: Sequence[int]) -> list[Stored]:
        return [self._stored.get(document, self._reader.stored) for document in documents]

    def get(self, article_id: str) -> tuple[int, Stored] | None:
        document = self._reader.document_of(article_id)
        return None if document is None else (document, self._reader.stored(document))

    def frequency(self, term: str, fields: Sequence[str] = TEXT_FIELDS) -> int:
        return len(self._evaluator.found(Term(term, tuple(fields))).docs)

    def facet_values(self, facet: str) -> Sequence[tuple[str, str]]:
        table = self._reader.facet(facet)
        return list(zip(table.keys, table.labels, strict=True))

    def words_from(self, prefix: str, limit: int) -> list[Word]:
        return self._evaluator.vocabulary.words_from(prefix, limit)

    def words_near(self, word: str, distance: int, limit: int) -> list[Word]:
        return self._evaluator.vocabulary.words_near(word, distance, limit)

    def word_count(self, word: str) -> int:
        return self._evaluator.vocabulary.count(word)

    def current(self) -> bool:
        return self._generations.is_current(self._generation)

    def damage(self) -> str:
        generation = self._generation
        return "; ".join(generation.verify()) if generation.path.is_dir() else ""  # or pruned

    def close(self) -> None:
        """Nothing to do: the maps go with the last array that looks into them."""


def _weight(stored: Stored) -> int:
    """About how many bytes a stored article takes: a record for each item, and its texts, which
    preparing them for snippets keeps twice more."""
    items: list[Article | RelatedItem] = [stored.article, *stored.article.related]
    return sum(1000 + 3 * (len(item.title) + len(item.excerpt)) + len(item.url) for item in items)


@dataclass
class _Evaluation:
    """One plan being answered."""

    reader: Reader
    evaluator: Evaluator
    proximity: Proximity
    plan: Plan
    masks: dict[str, Found] = field(default_factory=dict)

    def matches(self) -> Matches:
        plan = self.plan
        self.masks = {is_.field: self.evaluator.found(is_) for is_ in plan.filters}
        found, minimum = self._root()
        chosen = self._filtered(found)
        docs, scores = self._page(chosen)
        counted = {name: self._facet(name, found, chosen) for name in plan.facets}
        months = self.evaluator.months(chosen) if "year" in plan.facets else ()
        return Matches(len(chosen.docs), docs, scores, counted, months, minimum)

    def _root(self) -> tuple[Found, int]:
        """What the node matches within the plan's dates, and how many words were required."""
        if self.plan.dates is None:
            return self.evaluator.relaxed(self.plan.node, self._filtered)
        dates = self.evaluator.found(self.plan.dates)
        found, minimum = self.evaluator.relaxed(
            self.plan.node, lambda found: self._filtered(intersection([found, dates]))
        )
        return intersection([found, dates]), minimum

    def _filtered(self, found: Found, besides: str = "") -> Found:
        """What passes the chosen facet values, those of one facet left out."""
        masks = [mask for name, mask in self.masks.items() if name != besides]
        return intersection([found, *masks]) if masks else found

    def _facet(self, name: str, found: Found, chosen: Found) -> Any:
        values = next((one.keys for one in self.plan.filters if one.field == name), ())
        counted = self._filtered(found, besides=name) if values else chosen
        return self.evaluator.counts(name, counted, values, self.plan.facet_limit)

    def _page(self, found: Found) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """The asked stretch of the ranked documents, and their scores."""
        stop = self.plan.start + self.plan.limit
        if found.docs is self.reader.documents and self.plan.sort != "oldest":
            docs = self.reader.newest[self.plan.start : stop]
            return tuple(docs.tolist()), (0.0,) * len(docs)
        ranks = self.reader.ranks
        if self.plan.sort == "relevance" and found.scores is not None:
            return self._best_first(found.docs, found.scores)
        order = (self.reader.oldest_ranks if self.plan.sort == "oldest" else ranks)[found.docs]
        best = highest(-order, stop)
        best = best[order[best].argsort()][self.plan.start : stop]
        return tuple(found.docs[best].tolist()), tuple(found.points()[best].tolist())

    def _best_first(self, docs: Array, scores: Array) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """The asked stretch by score; the best of all gain where words stand close together."""
        start, stop = self.plan.start, self.plan.start + self.plan.limit
        near = CANDIDATES if start < CANDIDATES and len(set(self.plan.proximity)) > 1 else 0
        best = highest(scores, max(stop, near))
        docs, scores = docs.take(best), scores.take(best)
        ranks = self.reader.ranks.take(docs)
        order = np.lexsort((ranks, -scores))
        if near and self.plan.limit:
            top = order[:near]
            scores[top] += self.proximity.points(self.plan.proximity, docs[top])
            order = np.lexsort((ranks, -scores))
        order = order[start:stop]
        return tuple(docs.take(order).tolist()), tuple(scores.take(order).tolist())
