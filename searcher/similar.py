"""More like this: articles that share an article's own best terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

from searcher.article import Article
from searcher.engine import Engine, Stored
from searcher.engine.plan import Plan, Synonyms, Term, Words
from searcher.text import STOP_WORDS, tokens

__all__ = ["similar"]

TERMS: Final = 25
"""How many of its terms stand for an article; more only blur it."""

TITLE: Final = 3
"""A word of the title counts as three of the excerpt, as in ranking."""

SAME: Final = 0.8
"""Titles that share so much of their words tell the same story."""


def similar(engine: Engine, article_id: str, limit: int) -> list[tuple[Stored, float]]:
    """The most similar articles with their scores, without near duplicates; [] for no such id."""
    found = engine.get(article_id)
    if found is None:
        return []
    document, stored = found
    terms = _best_terms(engine, stored.article)
    if not terms:
        return []
    nodes = tuple(Synonyms((Term(term),), (weight,)) for term, weight in terms)
    plan = Plan(Words(nodes, minimum=min(2, len(nodes)), floor=1), limit=4 * limit + 10)
    matches = engine.evaluate(plan)
    others = [
        (d, s) for d, s in zip(matches.documents, matches.scores, strict=True) if d != document
    ]
    articles = engine.stored([document for document, _ in others])
    scored = [(one, score) for one, (_, score) in zip(articles, others, strict=True)]
    return list(_different(stored, scored, limit))


def _best_terms(engine: Engine, article: Article) -> list[tuple[str, float]]:
    """The terms by tf-idf, best first, with weights up to 1. Terms nobody else has are no use."""
    counts: Counter[str] = Counter()
    for text, weight in ((article.title, TITLE), (article.excerpt, 1)):
        for token in tokens(text):
            if token.word.form not in STOP_WORDS:
                counts.update({term: weight for _, term in token.word.terms})
    articles = engine.info.articles
    weights = {}
    for term, count in counts.items():
        having = engine.frequency(term)
        if having > 1:
            weights[term] = (1 + math.log(count)) * math.log(1 + articles / having)
    best = sorted(weights, key=lambda term: (-weights[term], term))[:TERMS]
    return [(term, weights[term] / weights[best[0]]) for term in best]


def _different(
    original: Stored, candidates: list[tuple[Stored, float]], limit: int
) -> Iterator[tuple[Stored, float]]:
    """Those whose title is neither the original's nor that of a better candidate."""
    seen = [_title(original)]
    for stored, score in candidates:
        title = _title(stored)
        if len(seen) <= limit and all(_overlap(title, other) < SAME for other in seen):
            seen.append(title)
            yield stored, score


def _title(stored: Stored) -> frozenset[str]:
    return frozenset(token.word.terms[0][1] for token in tokens(stored.article.title))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
