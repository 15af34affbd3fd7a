"""Wording: which terms an engine is asked for when a person wrote some words.

A word may stand in an article in other ways than it was typed: in parts or joined (e-mail, e mail,
email), as one word with its neighbour (health care, healthcare), or by a synonym (US, United
States). Each is an alternative that scores a little less than the word itself. One that finds
articles which the word alone does not is told: nobody should wonder why they found something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final, NamedTuple, TypeAlias

from searcher.engine import Engine
from searcher.engine.plan import (
    TEXT_FIELDS,
    And,
    Node,
    Nothing,
    Phrase,
    Plan,
    Synonyms,
    Term,
    Without,
)
from searcher.spelling import halves
from searcher.synonyms import Synonyms as SynonymFile
from searcher.text import STOP_WORDS, analyse, places, short_for, stem

__all__ = [
    "Also",
    "Asked",
    "Fields",
    "abbreviated",
    "asked",
    "is_common",
    "occurs",
    "phrase",
    "terms_of",
]

Fields: TypeAlias = tuple[str, ...]

JOINED: Final = 1.0
"""What a compound written as one word is worth, shared out among the words it stands for."""


FEW: Final = 10
"""A word that is rarer than this, or than both its halves, is also looked for as two."""


class Also(NamedTuple):
    """What is searched as well: ``text`` for what was ``said``."""

    text: str
    said: str


class Asked(NamedTuple):
    """One word of a query: as typed first, the node that finds it, how often it was typed, and
    as what else it finds articles."""

    word: str
    node: Node
    times: int
    also: tuple[Also, ...] = ()


def is_common(text: str) -> bool:
    """Whether a word says too little to be asked for beside others. US is not us."""
    word = analyse(text)
    return not word.terms or (
        word.form in STOP_WORDS and not any(term.isupper() for _, term in word.terms)
    )


def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a text in order; the parts of words that have parts."""
    return tuple(term for term, _ in places(text))


def abbreviated(text: str) -> tuple[Also, ...]:
    """The abbreviations in a text that the index knows by what they are short for."""
    return tuple(Also(long, short) for short, long in short_for(text))


def phrase(terms: Sequence[str], fields: Fields = TEXT_FIELDS, slop: int = 0) -> Node:
    """Terms one after another; of a single one, the term."""
    if len(terms) < 2:
        return Term(terms[0], fields) if terms else Nothing()
    return Phrase(tuple((term,) for term in terms), fields, slop)


def occurs(node: Node, engine: Engine) -> bool:
    """Whether any article matches."""
    return bool(engine.evaluate(Plan(node, limit=0)).total)


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
    each of them gets it with its share of the weight. An alternative is told where it finds an
    article that the words do not.
    """
    itself = [phrase(terms_of(word), fields) for word in words]
    ways = [{node: 1.0} for node in itself]
    told: dict[Node, Also] = {}
    for start, end, node, weight, text in _alternatives(words, synonyms, engine, fields):
        if occurs(Without(node, And(tuple(itself[start:end]))), engine):
            told.setdefault(node, Also(text, " ".join(words[start:end])))
        kept = [at for at in range(start, end) if words[at] not in left_out]
        for at in kept:
            ways[at][node] = max(ways[at].get(node, 0.0), weight / len(kept))
    found: dict[Node, tuple[str, dict[Node, float], int]] = {}
    for word, node, mine in zip(words, itself, ways, strict=True):
        if word not in left_out:
            first, others, count = found.get(node, (word, {}, 0))
            found[node] = first, mine | others, count + 1
    return [
        Asked(word, _either(mine), count, (*abbreviated(word), *_told(mine, told)))
        for word, mine, count in found.values()
    ]


def _told(ways: Iterable[Node], told: Mapping[Node, Also]) -> Iterator[Also]:
    """What to tell of the ways to write a word; the first is the word itself."""
    return (told[way] for way in islice(ways, 1, None) if way in told)


class _Alternative(NamedTuple):
    """Words from ``start`` to ``end`` may go as ``node``, worth ``weight``: ``text`` in words."""

    start: int
    end: int
    node: Node
    weight: float
    text: str


def _alternatives(
    words: Sequence[str], synonyms: SynonymFile, engine: Engine, fields: Fields
) -> tuple[_Alternative, ...]:
    """The other ways to write the words."""
    return (
        *_apart(words, engine, fields),
        *_compounds(words, engine, fields),
        *_synonyms(words, synonyms, fields),
    )


def _apart(words: Sequence[str], engine: Engine, fields: Fields) -> Iterator[_Alternative]:
    """A word joined where it has parts, in two where it looks like two."""
    for at, word in enumerate(words):
        analysed = analyse(word)
        if len(analysed.parts) > 1:
            if analysed.joined:
                yield _Alternative(at, at + 1, Term(analysed.joined, fields), 1.0, analysed.form)
        elif two := _in_two(word, engine):
            node = phrase([stem(half) for half in two], fields)
            yield _Alternative(at, at + 1, node, 1.0, " ".join(two))


def _in_two(word: str, engine: Engine) -> tuple[str, str] | None:
    """The two words that a compound seems to be made of: healthcare, health care; covid19."""
    form = analyse(word).form
    two = halves(engine, form)
    if two is None or any(map(is_common, two)):
        return None
    rarer = min(map(engine.word_count, two))
    return two if engine.word_count(form) <= max(FEW, rarer) else None


def _compounds(words: Sequence[str], engine: Engine, fields: Fields) -> Iterator[_Alternative]:
    """Neighbours that the archive also writes as one word."""
    for at, (one, other) in enumerate(pairwise(words)):
        joined = analyse(one).form + analyse(other).form
        common = is_common(one) or is_common(other)
        if joined.isalnum() and joined[0].isalpha() and not common and engine.word_count(joined):
            node = Term(analyse(joined).terms[0][1], fields)
            yield _Alternative(at, at + 2, node, JOINED, joined)


def _synonyms(
    words: Sequence[str], synonyms: SynonymFile, fields: Fields
) -> Iterator[_Alternative]:
    """What the synonym file knows of words, of several words, and of parts within a word."""
    said = [(at, *place) for at, word in enumerate(words) for place in places(word)]
    owners, terms, written = map(list, zip(*said, strict=True)) if said else ([], [], [])
    for at in range(len(terms)):
        for way in synonyms.ways(terms, at):
            end = at + way.length
            first, last = owners[at], owners[end - 1]
            start, stop = owners.index(first), len(owners) - owners[::-1].index(last)
            if first == last or (start, stop) == (at, end):
                node = phrase((*terms[start:at], *way.terms, *terms[end:stop]), fields)
                text = " ".join((*written[start:at], way.text, *written[end:stop]))
                yield _Alternative(first, last + 1, node, way.weight, text)


def _either(ways: dict[Node, float]) -> Node:
    if len(ways) == 1:
        return next(iter(ways))
    return Synonyms(tuple(ways), tuple(ways.values()))
