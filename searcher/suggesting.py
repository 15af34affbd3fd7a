"""Suggesting: what somebody may want who is still typing."""

from __future__ import annotations

from typing import Final

from searcher.engine import Engine
from searcher.engine.plan import And, Is, Node, Plan, Prefix, Term
from searcher.spelling import complete
from searcher.text import fold, tokens

__all__ = ["suggest"]

TITLE: Final = ("title",)
PUBLISHED: Final = Is("status", ("published",))
LONGEST: Final = 200
"""Characters of what was typed that are looked at."""

SHORTEST: Final = 2
"""Titles are looked up from so many letters on; before that, nearly every title would do."""


def suggest(engine: Engine, text: str, limit: int, published: bool = False) -> tuple[str, ...]:
    """Completions of the last word, then titles with all that was typed; no text twice.

    ``published`` leaves out the titles of unpublished articles.
    """
    text = text[:LONGEST]
    titles = _titles(engine, text, limit, (PUBLISHED,) if published else ())
    found = dict.fromkeys((*complete(engine, text, limit - min(len(titles), limit // 2)), *titles))
    return tuple(found)[:limit]


def _titles(engine: Engine, text: str, limit: int, filters: tuple[Is, ...]) -> list[str]:
    """Titles with the words typed, the last one perhaps unfinished; such as begin so first."""
    words = list(tokens(text))
    if not words or (len(words) == 1 and len(text.strip()) < SHORTEST):
        return []
    nodes: list[Node] = [
        Term(term, TITLE) for token in words[:-1] for _, term in token.word.terms[:1]
    ]
    last = words[-1].word
    finished = text[-1].isspace()
    nodes.append(Term(last.terms[0][1], TITLE) if finished else Prefix(last.form, TITLE))
    matches = engine.evaluate(Plan(And(tuple(nodes)), filters, limit=limit))
    titles = [stored.article.title for stored in engine.stored(matches.documents)]
    start = fold(text.strip())
    return sorted(titles, key=lambda title: not fold(title).startswith(start))
