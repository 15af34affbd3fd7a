"""Correcting: a query with the words that no article has as they were probably meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from searcher.engine import Engine
from searcher.engine.plan import TEXT_FIELDS
from searcher.spelling import correct
from searcher.syntax import Node, Word, conditions, is_bare, rewritten, walk, write
from searcher.text import analyse
from searcher.wording import in_two, is_common, occurs, phrase, terms_of

__all__ = ["Corrected", "corrected"]

SURE: Final = 5
"""Letters from which on ``auto`` corrects a word by itself. Shorter ones are too near each other:
an archive without "news" is not asked for "new"."""


class Corrected(NamedTuple):
    """The tree to search, the query that is only suggested, and what to tell."""

    tree: Node
    suggestion: str | None = None
    warnings: tuple[str, ...] = ()


def corrected(tree: Node, engine: Engine, match: str) -> Corrected:
    """Correct what ``auto`` may correct by itself, long bare words; all else is a suggestion."""
    fixes = {
        leaf: replace(leaf, text=better)
        for leaf in walk(tree)
        if isinstance(leaf, Word) and (better := _correction(engine, leaf.text))
    }
    if not fixes:
        return Corrected(tree)
    mine = {
        leaf: fix
        for leaf, fix in fixes.items()
        if match == "auto" and len(leaf.text) >= SURE and leaf in conditions(tree) and is_bare(leaf)
    }
    searched, offered = _with(tree, mine), _with(tree, fixes)
    return Corrected(
        searched,
        None if offered == searched else write(offered),
        tuple(f"no article has {leaf.text}: searched for {fix.text}" for leaf, fix in mine.items()),
    )


def _with(tree: Node, fixes: dict[Word, Word]) -> Node:
    return rewritten(tree, lambda leaf: fixes.get(leaf, leaf) if isinstance(leaf, Word) else leaf)


def _correction(engine: Engine, text: str) -> str | None:
    """The nearest spelling of a word that no article has in any form."""
    word = analyse(text)
    known = (
        is_common(text)
        or engine.word_count(word.form)
        or any(engine.frequency(term, TEXT_FIELDS) for _, term in word.terms)
        or occurs(phrase(terms_of(" ".join(in_two(text, engine) or ()))), engine)
    )
    return None if known else correct(engine, text)
