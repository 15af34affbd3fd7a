"""Compiling: from a query's syntax tree to plan nodes of analysed terms, for one engine.

Here is decided what a word may also be written as, which words are too common to ask for, how many
of the others must be there, and which keys a named value stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

from searcher import reading as read
from searcher.engine import Engine
from searcher.engine import plan as p
from searcher.engine.plan import TEXT_FIELDS
from searcher.grammar import Limits, parse
from searcher.snippets import Wanted
from searcher.spelling import correct
from searcher.syntax import (
    AllOf,
    AnyOf,
    Beginning,
    Days,
    Node,
    Not,
    Quoted,
    Similar,
    Value,
    Word,
    conditions,
    is_bare,
    rewritten,
    walk,
    write,
)
from searcher.text import STOP_WORDS, analyse, fold, tokens
from searcher.values import Values

__all__ = ["ENOUGH", "Compiled", "Compiler", "between"]

ENOUGH: Final = 10
"""``auto`` requires fewer words where all of them find fewer articles than this: one page."""

JOINED: Final = 0.5
"""What "health" gains where the article has "healthcare": as much again does "care"."""

FUZZY_MARKED: Final = 50
"""How many of the words that a fuzzy word stands for are marked in snippets."""

Fields: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query for one engine.

    Attributes:
        node: which articles, with scores.
        tree: the query as it is searched, words corrected where ``auto`` had to.
        words: the bare words that are searched, each once.
        wanted: by text field, what to mark in it.
        proximity: terms of the bare words in order.
        suggestion: the query with unknown words corrected, where that was not done already.
    """

    node: p.Node
    tree: Node
    words: tuple[Word, ...]
    wanted: Mapping[str, Wanted]
    proximity: tuple[str, ...]
    warnings: tuple[str, ...]
    suggestion: str | None
    text_clauses: tuple[str, ...]
    other_clauses: tuple[str, ...]

    def reading(self, minimum: int, filters: Sequence[str] = ()) -> str:
        """The plain words; ``minimum`` is how many bare words were required in the end."""
        text = self.text_clauses
        if self.words:
            words = [word.text for word in self.words]
            text = (read.words_clause(words, minimum or len(words)), *text)
        return read.reading(text, (*self.other_clauses, *filters))


@dataclass(slots=True)
class Compiler:
    """Compiles queries for one engine."""

    engine: Engine
    values: Values
    limits: Limits

    def compile(self, text: str, match: str) -> Compiled:
        """Compile one query under one match mode."""
        return _Compilation(self, match).compile(text)


@dataclass(slots=True)
class _Compilation:
    """One query being compiled."""

    compiler: Compiler
    match: str
    warnings: list[str] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.compiler.engine

    def compile(self, text: str) -> Compiled:
        query = parse(text, self.compiler.limits)
        self.warnings += query.warnings
        tree, suggestion = self._spelt(query.tree)
        wanted = conditions(tree)
        bare = [one for one in wanted if is_bare(one)]
        others = [one for one in wanted if not is_bare(one)]
        words = self._worth_asking(bare, others)
        node = self._whole(self._bare(words), others)
        left_out = [word.text for word in dict.fromkeys(bare) if word not in words]
        about = [read.clause(one, self._label) for one in others if read.about_text(one)]
        rest = [read.clause(one, self._label) for one in others if not read.about_text(one)]
        return Compiled(
            node=node,
            tree=tree,
            words=tuple(dict.fromkeys(words)),
            wanted=_wanted(node, self.engine),
            proximity=tuple(term for word in words for term in _own_terms(word.text)),
            warnings=tuple(self.warnings),
            suggestion=suggestion,
            text_clauses=tuple(about),
            other_clauses=(*rest, f"leaving out {', '.join(left_out)}") if left_out else (*rest,),
        )

    # words nobody wrote

    def _spelt(self, tree: Node) -> tuple[Node, str | None]:
        """The tree as it is searched, and the suggestion. ``auto`` corrects bare words itself."""
        fixes: dict[Node, Node] = {}
        for leaf in walk(tree):
            if isinstance(leaf, Word) and (better := self._correction(leaf.text)):
                fixes[leaf] = replace(leaf, text=better)
        if not fixes:
            return tree, None
        corrected = rewritten(tree, lambda leaf: fixes.get(leaf, leaf))
        if self.match != "auto":
            return tree, write(corrected)
        mine = {leaf: fix for leaf, fix in fixes.items() if leaf in conditions(tree)}
        for leaf, fix in mine.items():
            if isinstance(leaf, Word) and isinstance(fix, Word):
                self.warnings.append(f"no article has {leaf.text}: searched for {fix.text}")
        applied = rewritten(tree, lambda leaf: mine.get(leaf, leaf))
        return applied, None if applied == corrected else write(corrected)

    def _correction(self, text: str) -> str | None:
        """The nearest spelling of a word that no article has in any form."""
        word = analyse(text)
        known = (
            _is_common(text)
            or self.engine.word_count(word.form)
            or any(self.engine.frequency(term, TEXT_FIELDS) for _, term in word.terms)
        )
        return None if known else correct(self.engine, text)

    # bare words

    def _worth_asking(self, bare: Sequence[Word], others: Sequence[Node]) -> list[Word]:
        """The bare words without the common ones, unless there is nothing else to look for."""
        words = [word for word in bare if not _is_common(word.text)]
        return words if words or any(map(read.about_text, others)) else list(bare)

    def _bare(self, words: Sequence[Word]) -> p.Node | None:
        counts: dict[p.Node, int] = {}
        ways = [_as_written(word.text, TEXT_FIELDS) for word in words]
        for node in self._with_joined(words, ways):
            counts[node] = counts.get(node, 0) + 1
        if not counts:
            return None
        nodes, times = tuple(counts), tuple(counts.values())
        if len(nodes) == 1:
            return nodes[0]
        times = () if set(times) == {1} else times
        if self.match == "auto":
            return p.Words(nodes, _required(len(nodes)), ENOUGH, 1, times)
        minimum = 1 if self.match == "any" else len(nodes)
        return p.Words(nodes, minimum, 0, minimum, times)

    def _with_joined(self, words: Sequence[Word], nodes: list[p.Node]) -> list[p.Node]:
        """Neighbours that the archive also writes as one word: health care, healthcare."""
        for at in range(len(words) - 1):
            joined = fold(words[at].text + words[at + 1].text)
            if joined.isalpha() and self.engine.word_count(joined):
                other = p.Term(analyse(joined).terms[0][1])
                nodes[at] = _either(nodes[at], other)
                nodes[at + 1] = _either(nodes[at + 1], other)
        return nodes

    # from syntax to plan

    def _whole(self, words: p.Node | None, others: Sequence[Node]) -> p.Node:
        unwanted = [self._node(one.node) for one in others if isinstance(one, Not)]
        needed = [self._node(one) for one in others if not isinstance(one, Not)]
        nodes = [words, *needed] if words else needed
        node = nodes[0] if len(nodes) == 1 else p.And(tuple(nodes)) if nodes else p.All()
        if not unwanted:
            return node
        return p.Without(node, unwanted[0] if len(unwanted) == 1 else p.Or(tuple(unwanted)))

    def _node(self, node: Node) -> p.Node:
        match node:
            case AllOf(nodes):
                return self._whole(None, nodes)
            case AnyOf(nodes):
                return p.Or(tuple(self._node(one) for one in nodes))
            case Not(inner):
                return p.Without(p.All(), self._node(inner))
            case Value():
                return self._value(node)
            case Days(first, last):
                return between(first, last) or p.All()
            case _:
                return self._text(node, (node.field,) if node.field else TEXT_FIELDS)

    def _text(self, leaf: Word | Quoted | Beginning | Similar, fields: tuple[str, ...]) -> p.Node:
        match leaf:
            case Word(text):
                return _as_written(text, fields)
            case Quoted(text, slop):
                return _phrase(text, slop, fields)
            case Beginning(text):
                return p.Prefix(analyse(text).form, fields)
            case Similar(text, distance):
                return p.Fuzzy(analyse(text).form, distance, fields)

    def _value(self, value: Value) -> p.Node:
        if value.field == "site":
            return p.Is("site", (_host(value.text),))
        if value.field == "url":
            return p.And(tuple(p.Is("url", (word,)) for word in _url_words(value.text)))
        meant = self.compiler.values.meant(value.field, value.text)
        if meant.warning:
            self.warnings.append(meant.warning)
        return p.Is(value.field, meant.keys)

    def _label(self, value: Value) -> str:
        if value.field in ("site", "url"):
            return read.named(value.text)
        return self.compiler.values.meant(value.field, value.text).label


# -- words -----------------------------------------------------------------------------------


def _is_common(text: str) -> bool:
    word = analyse(text)
    return word.form in STOP_WORDS and not any(term.isupper() for _, term in word.terms)


def _required(words: int) -> int:
    """How many bare words ``auto`` asks for at first."""
    return words


def _places(text: str) -> list[tuple[str, ...]]:
    """The terms at each place of a text, a word's parts rather than its joined form."""
    places: dict[int, list[str]] = {}
    for token in tokens(text):
        for place, term in token.word.terms:
            places.setdefault(token.position + place, []).append(term)
    return [tuple(places[at][:1]) for at in sorted(places)]


def _own_terms(text: str) -> list[str]:
    return [terms[0] for terms in _places(text)]


def _as_written(text: str, fields: Fields = TEXT_FIELDS) -> p.Node:
    """One word. One with parts may stand in parts or joined: e-mail, e mail, email."""
    parts = _phrase(text, 0, fields)
    joined = [term for token in tokens(text) for _, term in token.word.terms[1:2]]
    if isinstance(parts, p.Term) or not joined or " " in text:
        return parts
    return p.Synonyms((parts, p.Term(joined[0], fields)), (1.0, 1.0))


def _phrase(text: str, slop: int, fields: Fields) -> p.Node:
    places = _places(text)
    if len(places) == 1:
        return p.Term(places[0][0], fields)
    return p.Phrase(tuple(places), fields, slop) if places else p.Nothing()


def _either(node: p.Node, other: p.Node) -> p.Node:
    ways = node.ways if isinstance(node, p.Synonyms) else (node,)
    weights = node.weights if isinstance(node, p.Synonyms) else (1.0,)
    return p.Synonyms((*ways, other), (*weights, JOINED))


# -- values ----------------------------------------------------------------------------------

_URL_WORD: Final = re.compile(r"[^\W_]+")
_HOST: Final = re.compile(r"(?:\w+://)?(?:www\.)?([^/:?#]*)")


def _host(text: str) -> str:
    """The host of a site as typed, perhaps with its scheme, "www." and a path."""
    found = _HOST.match(fold(text))
    return found[1] if found else text


def _url_words(text: str) -> list[str]:
    words = dict.fromkeys(_URL_WORD.findall(fold(text)))
    return [word for word in words if word not in ("http", "https", "www")] or list(words)


def between(first: date | None, last: date | None) -> p.Dates | None:
    """The stretch of time from the first to the last day, both included; None where both are."""
    if first is None and last is None:
        return None
    end = None if last in (None, date.max) else last
    return p.Dates(_midnight(first), _midnight(end + timedelta(days=1) if end else None))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


# -- what to mark ----------------------------------------------------------------------------


def _wanted(node: p.Node, engine: Engine) -> dict[str, Wanted]:
    """By text field, the terms, prefixes and words that a match is made of."""
    leaves = list(_positive(node))
    return {name: _wanted_in(name, leaves, engine) for name in TEXT_FIELDS}


def _wanted_in(name: str, leaves: Sequence[p.Node], engine: Engine) -> Wanted:
    terms: set[str] = set()
    forms: set[str] = set()
    prefixes: list[str] = []
    for leaf in leaves:
        match leaf:
            case p.Term(text, fields) if name in fields:
                terms.add(text)
            case p.Phrase(places, fields) if name in fields:
                terms.update(term for ways in places for term in ways)
            case p.Prefix(text, fields) if name in fields:
                prefixes.append(text)
            case p.Fuzzy(text, distance, fields) if name in fields:
                forms.update(word.text for word in engine.words_near(text, distance, FUZZY_MARKED))
            case _:
                pass
    return Wanted(frozenset(terms), tuple(prefixes), frozenset(forms))


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
