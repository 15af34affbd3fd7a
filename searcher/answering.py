"""Answering: from what an engine matched to Results with snippets, facets and ways on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import Final

from searcher.engine import Engine, Stored
from searcher.engine.plan import TEXT_FIELDS, Matches, Plan
from searcher.finding import Mark, Text, Wanted, things
from searcher.hints import hints
from searcher.matching import Matcher, Understanding
from searcher.request import SearchRequest
from searcher.results import Hit, RelatedHit, Results, Snippet
from searcher.snippets import snippet

__all__ = ["EXCERPT", "answer", "unmarked"]

EXCERPT: Final = 300
"""Characters of an excerpt that a hit shows."""

RELATED_EXCERPT: Final = 160
"""Characters that a related item shows."""

RELATED: Final = 2
"""The first of an article's texts that is a related item's: two each, title and excerpt."""


def answer(engine: Engine, matcher: Matcher, request: SearchRequest) -> Results:
    """Search, and say everything there is to say about it."""
    started = perf_counter()
    asked = matcher.understand(request)
    found = engine.evaluate(asked.plan)
    hits = _hits(engine, asked, found, request.related_size)
    if request.explain:
        hits = _explained(engine, asked.plan, found.documents, hits)
    return Results(
        request=request,
        reading=asked.reading(found.minimum),
        total=found.total,
        hits=hits,
        facets=found.facets,
        warnings=(*asked.warnings, *_page_warning(request, found.total)),
        suggestion=asked.suggestion,
        months=tuple((_month(at), count) for at, count in found.months),
        hints=() if found.total else hints(engine, matcher, request, asked),
        took_ms=(perf_counter() - started) * 1000,
    )


def unmarked(stored: Stored, score: float = 0.0) -> Hit:
    """An article as a hit with nothing marked and nothing cut."""
    article = stored.article
    texts = {"title": article.title, "excerpt": article.excerpt}
    return Hit(
        article=article,
        cities=stored.cities,
        score=score,
        snippets={name: Snippet(text) for name, text in texts.items() if text},
    )


@lru_cache(maxsize=2048)
def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _page_warning(request: SearchRequest, total: int) -> tuple[str, ...]:
    pages = -(-total // request.size) if request.size else 0
    if not 0 < pages < request.page:
        return ()
    return (f"page {request.page} is beyond the last one, which is {pages}",)


def _hits(engine: Engine, asked: Understanding, found: Matches, related: int) -> tuple[Hit, ...]:
    stored = engine.stored(found.documents)
    return tuple(
        _hit(one, score, asked.wanted, related)
        for one, score in zip(stored, found.scores, strict=True)
    )


def _explained(
    engine: Engine, plan: Plan, documents: Sequence[int], hits: Sequence[Hit]
) -> tuple[Hit, ...]:
    """The hits with their scores' parts; what no word accounts for is the nearness of words."""
    explained = []
    for document, hit in zip(documents, hits, strict=True):
        parts = engine.explain(plan, document)
        rest = hit.score - sum(points for _, points in parts)
        if rest > 1e-4:
            parts = (*parts, ("words near each other", rest))
        explained.append(replace(hit, explanation=parts))
    return tuple(explained)


def _hit(stored: Stored, score: float, wanted: Mapping[Wanted, Sequence[str]], related: int) -> Hit:
    article, text = stored.article, stored.text
    marks = _marks(text, wanted)
    snippets = {"title": snippet(text, 0, marks.get(0, ()))}
    if article.excerpt:
        snippets["excerpt"] = snippet(text, 1, marks.get(1, ()), EXCERPT)
    items = _related(stored, marks, related) if article.related and related else ()
    return Hit(article, stored.cities, score, snippets, items)


def _marks(text: Text, wanted: Mapping[Wanted, Sequence[str]]) -> dict[int, Sequence[Mark]]:
    """By number of an article's text, what is to be marked in it: 0 is the title, 1 the excerpt."""
    found: dict[int, Sequence[Mark]] = {}
    for one, fields in wanted.items():
        marks, at = one.marks(text), 0
        while at < len(marks):
            part = bisect_right(text.parts, marks[at][0]) - 1
            end = bisect_left(marks, (text.parts[part + 1],), at)
            if TEXT_FIELDS[min(part, RELATED)] in fields:
                found[part] = marks[at:end]
            at = end
    return found


def _related(
    stored: Stored, marks: Mapping[int, Sequence[Mark]], many: int
) -> tuple[RelatedHit, ...]:
    """The items that have most of what was wanted, the earlier of equally good ones first."""
    found: dict[int, set[str]] = {}
    for part, some in marks.items():
        if part >= RELATED:
            found.setdefault((part - RELATED) // 2, set()).update(things(some))
    best = sorted(found, key=lambda item: -len(found[item]))[:many]
    return tuple(_related_hit(stored, item, marks) for item in best)


def _related_hit(stored: Stored, number: int, marks: Mapping[int, Sequence[Mark]]) -> RelatedHit:
    """A related item with what matched in its excerpt, else in its title."""
    item, title = stored.article.related[number], RELATED + 2 * number
    shown = title + 1 if title + 1 in marks else title
    return RelatedHit(
        title=item.title,
        url=item.url,
        provider=item.provider.name if item.provider else "",
        snippet=snippet(stored.text, shown, marks[shown], RELATED_EXCERPT),
        published_at=item.published_at,
    )
