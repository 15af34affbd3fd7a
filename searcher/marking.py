"""Marking: what a plan's matches are made of, for the snippets to mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from searcher.engine import Engine, Word
from searcher.engine import plan as p
from searcher.engine.plan import TEXT_FIELDS
from searcher.finding import Phrase, Wanted
from searcher.text import ACRONYMS, analyse, irregular

__all__ = ["wanted"]

MARKED: Final = 50
"""How many of the words that a prefix or a fuzzy word stands for are marked in all their forms."""


def wanted(node: p.Node, engine: Engine) -> dict[Wanted, list[str]]:
    """The terms, phrases and prefixes that a match is made of, and in which text fields."""
    leaves = list(_positive(node))
    found: dict[Wanted, list[str]] = {}
    for name in TEXT_FIELDS:
        found.setdefault(_wanted_in(name, leaves, engine), []).append(name)
    return found


def _wanted_in(name: str, leaves: Sequence[p.Node], engine: Engine) -> Wanted:
    terms: set[str] = set()
    phrases: set[Phrase] = set()
    prefixes: list[str] = []
    for leaf in leaves:
        match leaf:
            case p.Term(text, fields) if name in fields:
                terms.add(text)
            case p.Phrase(places, fields, 0) if name in fields:
                phrases.add(places)
            case p.Phrase(places, fields) if name in fields:
                terms.update(term for ways in places for term in ways)
            case p.Prefix(text, fields) if name in fields:
                prefixes.append(text)
                meant = _terms(engine.words_from(text, MARKED))
                # Of most terms every form begins so, and they need not be looked for.
                terms.update(t for t in meant if irregular(t) or not t.startswith(text))
            case p.Fuzzy(text, distance, fields) if name in fields:
                terms.update(_terms(engine.words_near(text, distance, MARKED)))
            case _:
                pass
    return Wanted(frozenset(terms), tuple(prefixes), frozenset(phrases))


def _terms(words: Iterable[Word]) -> set[str]:
    """The terms that words as written may have."""
    texts = [word.text for word in words]
    terms = {term for text in texts for _, term in analyse(text).parts}
    return terms | ACRONYMS.intersection(map(str.upper, texts))


def _positive(node: p.Node) -> Iterator[p.Node]:
    """The leaves whose presence makes a match."""
    match node:
        case p.And(nodes) | p.Or(nodes) | p.Words(nodes) | p.Synonyms(nodes):
            for one in nodes:
                yield from _positive(one)
        case p.Without(wanted):
            yield from _positive(wanted)
        case _:
            yield node
