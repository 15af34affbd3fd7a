"""Correcting: a query with the words that no article has as they were probably meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from searcher.engine import Engine
from searcher.engine.plan import TEXT_FIELDS
from searcher.spelling import correct
from searcher.synonyms import Synonyms
from searcher.syntax import Node, Not, Word, conditions, is_bare, rewritten, walk, write
from searcher.text import analyse, fold
from searcher.wording import asked, is_common, occurs

__all__ = ["Corrected", "corrected"]

SURE: Final = 5
"""Letters from which on ``auto`` corrects a word by itself. Shorter ones are too near each other:
an archive without "news" is not asked for "new"."""


class Corrected(NamedTuple):
    """The tree to search, the query that is only suggested, and what to tell."""

    tree: Node
    suggestion: str | None = None
    warnings: tuple[str, ...] = ()


def corrected(tree: Node, engine: Engine, synonyms: Synonyms, match: str) -> Corrected:
    """Correct what ``auto`` may correct by itself, long bare words that begin as what was meant;
    all else is a suggestion."""
    unwanted = {leaf for node in walk(tree) if isinstance(node, Not) for leaf in walk(node)}
    unknown = [
        leaf
        for leaf in walk(tree)
        if isinstance(leaf, Word) and leaf not in unwanted and _unknown(engine, leaf)
    ]
    met = _met(tree, unknown, engine, synonyms) if unknown else set()
    fixes = {
        leaf: replace(leaf, text=better)
        for leaf in unknown
        if analyse(leaf.text).form not in met and (better := correct(engine, leaf.text))
    }
    if not fixes:
        return Corrected(tree)
    mine = {
        leaf: fix
        for leaf, fix in fixes.items()
        if match == "auto" and leaf in conditions(tree) and is_bare(leaf) and _sure(leaf, fix)
    }
    searched, offered = _with(tree, mine), _with(tree, fixes)
    return Corrected(
        searched,
        None if offered == searched else write(offered),
        tuple(f"no article has {leaf.text}: searched for {fix.text}" for leaf, fix in mine.items()),
    )


def _sure(typed: Word, meant: Word) -> bool:
    """Whether this is a slip rather than another word: a table is not able."""
    return len(typed.text) >= SURE and fold(typed.text)[0] == fold(meant.text)[0]


def _with(tree: Node, fixes: dict[Word, Word]) -> Node:
    return rewritten(tree, lambda leaf: fixes.get(leaf, leaf) if isinstance(leaf, Word) else leaf)


def _unknown(engine: Engine, leaf: Word) -> bool:
    """Whether no article has a word in any form of it."""
    word = analyse(leaf.text)
    return not (
        is_common(leaf.text)
        or engine.word_count(word.form)
        or any(engine.frequency(term, TEXT_FIELDS) for _, term in word.terms)
    )


def _met(tree: Node, unknown: list[Word], engine: Engine, synonyms: Synonyms) -> set[str]:
    """The forms of words that articles have in another way: by a synonym, in two, or written as
    one with a neighbour."""
    together = [leaf.text for leaf in conditions(tree) if is_bare(leaf)]
    groups = (together, *([leaf.text] for leaf in unknown))
    ways = [one for words in groups for one in asked(words, (), synonyms, engine)]
    return {analyse(one.word).form for one in ways if occurs(one.node, engine)}
