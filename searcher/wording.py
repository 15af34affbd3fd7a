"""Wording: which terms an engine is asked for when a person wrote some words.

A word may stand in an article in other ways than it was typed: in parts or joined (e-mail, e mail,
email), as one word with its neighbour (health care, healthcare), or by a synonym (US, United
States). Each is an alternative that scores a little less than the word itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from searcher.engine import Engine
from searcher.engine.plan import TEXT_FIELDS, Node, Nothing, Phrase, Synonyms, Term
from searcher.spelling import halves
from searcher.synonyms import Synonyms as SynonymFile
from searcher.text import STOP_WORDS, analyse, stem, tokens

__all__ = ["Asked", "Fields", "asked", "in_two", "is_common", "phrase", "terms_of"]

Fields: TypeAlias = tuple[str, ...]

JOINED: Final = 1.0
"""What a compound written as one word is worth, shared out among the words it stands for."""


FEW: Final = 10
"""A word that is rarer than this, or than both its halves, is also looked for as two."""


class Asked(NamedTuple):
    """One word of a query: as typed first, the node that finds it, how often it was typed."""

    word: str
    node: Node
    times: int


def is_common(text: str) -> bool:
    """Whether a word says too little to be asked for beside others. US is not us."""
    word = analyse(text)
    return not word.terms or (
        word.form in STOP_WORDS and not any(term.isupper() for _, term in word.terms)
    )


def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a text in order; the parts of words that have parts."""
    return tuple(term for token in tokens(text) for _, term in token.word.parts)


def phrase(terms: Sequence[str], fields: Fields = TEXT_FIELDS, slop: int = 0) -> Node:
    """Terms one after another; of a single one, the term."""
    if len(terms) < 2:
        return Term(terms[0], fields) if terms else Nothing()
    return Phrase(tuple((term,) for term in terms), fields, slop)


def asked(
    words: Sequence[str],
    left_out: Collection[str],
    synonyms: SynonymFile,
    engine: Engine,
    fields: Fields = TEXT_FIELDS,
) -> list[Asked]:
    """What to ask for when some words were typed one after another, each word once.

    Words to be left out still take part in what is said by several words, such as "Democratic
    Republic of Congo". Where one alternative stands for several words ("US" for "United States"),
    each of them gets it with its share of the weight.
    """
    ways = [_written(word, engine, fields) for word in words]
    for start, end, node, weight in (
        *_compounds(words, engine, fields),
        *_synonyms(words, synonyms, fields),
    ):
        kept = [at for at in range(start, end) if words[at] not in left_out]
        for at in kept:
            ways[at][node] = max(ways[at].get(node, 0.0), weight / len(kept))
    found: dict[Node, tuple[str, dict[Node, float], int]] = {}
    for word, mine in zip(words, ways, strict=True):
        if word not in left_out:
            itself = next(iter(mine))
            first, others, count = found.get(itself, (word, {}, 0))
            found[itself] = first, mine | others, count + 1
    return [Asked(word, _either(mine), count) for word, mine, count in found.values()]


_Alternative: TypeAlias = tuple[int, int, Node, float]
"""Words from ``start`` to ``end`` may go as ``node``, worth ``weight``."""


def _written(word: str, engine: Engine, fields: Fields) -> dict[Node, float]:
    """The word as typed; joined where it has parts, in two where it looks like two."""
    terms = terms_of(word)
    ways = {phrase(terms, fields): 1.0}
    joined = analyse(word).joined if len(terms) > 1 else None
    if joined:
        ways[Term(joined, fields)] = 1.0
    elif two := in_two(word, engine):
        ways[phrase([stem(half) for half in two], fields)] = 1.0
    return ways


def in_two(word: str, engine: Engine) -> tuple[str, str] | None:
    """The two words that a compound seems to be made of: healthcare, health care; covid19."""
    form = analyse(word).form
    two = halves(engine, form)
    if two is None or any(map(is_common, two)):
        return None
    rarer = min(map(engine.word_count, two))
    return two if engine.word_count(form) <= max(FEW, rarer) else None


def _compounds(words: Sequence[str], engine: Engine, fields: Fields) -> list[_Alternative]:
    """Neighbours that the archive also writes as one word."""
    found: list[_Alternative] = []
    for at, (one, other) in enumerate(pairwise(words)):
        joined = analyse(one).form + analyse(other).form
        common = is_common(one) or is_common(other)
        if joined.isalnum() and joined[0].isalpha() and not common and engine.word_count(joined):
            found.append((at, at + 2, Term(analyse(joined).terms[0][1], fields), JOINED))
    return found


def _synonyms(words: Sequence[str], synonyms: SynonymFile, fields: Fields) -> list[_Alternative]:
    """What the synonym file knows of words, of several words, and of parts within a word."""
    owners = [at for at, word in enumerate(words) for _ in terms_of(word)]
    terms = [term for word in words for term in terms_of(word)]
    found: list[_Alternative] = []
    for at in range(len(terms)):
        for way in synonyms.ways(terms, at):
            end = at + way.length
            first, last = owners[at], owners[end - 1]
            start, stop = owners.index(first), len(owners) - owners[::-1].index(last)
            if first == last or (start, stop) == (at, end):
                said = (*terms[start:at], *way.terms, *terms[end:stop])
                found.append((first, last + 1, phrase(said, fields), way.weight))
    return found


def _either(ways: dict[Node, float]) -> Node:
    if len(ways) == 1:
        return next(iter(ways))
    return Synonyms(tuple(ways), tuple(ways.values()))
