"""Compiling: from a query's syntax tree to plan nodes of analysed terms, for one engine.

Here is decided what a word may also be written as, which words are too common to ask for, how many
of the others must be there, and which keys a named value stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from searcher import reading as read
from searcher import wording
from searcher.correcting import corrected
from searcher.engine import Engine
from searcher.engine import plan as p
from searcher.engine.plan import TEXT_FIELDS
from searcher.finding import Wanted
from searcher.grammar import Limits, parse
from searcher.marking import wanted
from searcher.repair import mended
from searcher.synonyms import Synonyms
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
    required,
    write,
)
from searcher.text import analyse, fold, tokens, url_words
from searcher.values import HELPED, Values
from searcher.wording import Fields, is_common

__all__ = ["ENOUGH", "Compiled", "Compiler", "between"]

SHORT: Final = 3
"""So many bare words are a list of what must be there; more are a sentence, in which none is."""

ENOUGH: Final = 10
"""``auto`` requires fewer words where all of them find fewer articles than this: one page."""

ENOUGH_OF_A_SENTENCE: Final = 100
"""The same for a sentence. With 10, recall at 100 falls from .78 to .71 on judged collections."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query for one engine.

    Attributes:
        node: which articles, with scores.
        tree: the query as it is searched, words corrected where ``auto`` had to.
        words: the bare words that are searched, each once, as typed.
        wanted: what to mark, and in which text fields.
        proximity: terms of the bare words in order.
        suggestion: the query with unknown words corrected, where that was not done already.
        also: the other ways to say it by which articles are found.
    """

    node: p.Node
    tree: Node
    words: tuple[str, ...]
    wanted: Mapping[Wanted, Sequence[str]]
    proximity: tuple[str, ...]
    warnings: tuple[str, ...]
    suggestion: str | None
    text_clauses: tuple[str, ...]
    other_clauses: tuple[str, ...]
    also: tuple[wording.Also, ...]

    def reading(self, minimum: int, filters: Sequence[str] = ()) -> str:
        """The plain words; ``minimum`` is how many bare words were required in the end."""
        text = self.text_clauses
        if self.words:
            text = (read.words_clause(self.words, minimum or len(self.words)), *text)
        return read.reading(text, (*self.other_clauses, *filters, *read.also(self.also)))


@dataclass(slots=True)
class Compiler:
    """Compiles queries for one engine."""

    engine: Engine
    values: Values
    synonyms: Synonyms
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
    also: list[wording.Also] = field(default_factory=list)
    leaves: dict[str, p.Node] = field(default_factory=dict)
    """What is asked of the texts besides the bare words."""

    @property
    def engine(self) -> Engine:
        return self.compiler.engine

    def compile(self, text: str) -> Compiled:
        query = parse(mended(text), self.compiler.limits)
        self.warnings += query.warnings
        synonyms = self.compiler.synonyms
        tree, suggestion, warnings = corrected(query.tree, self.engine, synonyms, self.match)
        self.warnings += warnings
        bare = [one.text for one in conditions(tree) if is_bare(one)]
        others = [one for one in conditions(tree) if not is_bare(one)]
        left_out = self._left_out(bare, others)
        asked = wording.asked(bare, left_out, synonyms, self.engine)
        quoted = self._quoted_in_a_sentence(asked, others)
        others = [one for one in others if one not in quoted]
        asked += [wording.Asked(write(one), self._node(one), 1) for one in quoted]
        node = self._whole(self._bare(asked), others)
        self.also = [*(also for one in asked for also in one.also), *self.also]
        self._tell_missing(asked)
        about = [read.clause(one, self._label) for one in others if read.about_text(one)]
        rest = [read.clause(one, self._label) for one in others if not read.about_text(one)]
        if left_out:
            rest.append(f"leaving out {', '.join(left_out)}")
        return Compiled(
            node=node,
            tree=tree,
            words=tuple(one.word for one in asked),
            wanted=wanted(node, self.engine),
            proximity=tuple(term for one in asked for term in wording.terms_of(one.word)),
            warnings=tuple(self.warnings),
            suggestion=suggestion,
            text_clauses=tuple(about),
            other_clauses=tuple(rest),
            also=tuple(dict.fromkeys(self.also)),
        )

    def _tell_missing(self, asked: Sequence[wording.Asked]) -> None:
        """Of several things which no article has: a page of results would hide it."""
        things = {one.word: one.node for one in asked} | self.leaves
        missing = [text for text, node in things.items() if not wording.occurs(node, self.engine)]
        if missing and len(things) > 1:
            more = f" and {len(missing) - read.NAMED} more" if len(missing) > read.NAMED else ""
            self.warnings.append(f"no article has {', '.join(missing[: read.NAMED])}{more}")

    # bare words

    def _left_out(self, bare: Sequence[str], others: Sequence[Node]) -> list[str]:
        """The common ones among the bare words, where there is anything else to look for."""
        common = [word for word in dict.fromkeys(bare) if is_common(word)]
        alone = len(common) == len(set(bare)) and not any(map(read.about_text, others))
        return [] if alone else common

    def _quoted_in_a_sentence(
        self, asked: Sequence[wording.Asked], others: Sequence[Node]
    ) -> list[Node]:
        """The phrases that are taken as words among many: who writes a sentence quotes a title or
        a term in it. Beside a few words, or ones that must be there, a phrase must be; in ``auto``
        so must one that any article has."""
        few = len(asked) <= SHORT or any(isinstance(one, Word) for one in others)
        if self.match == "all" or few:
            return []
        quoted: list[Node] = [o for o in others if isinstance(o, Quoted) and not o.field]
        if self.match == "auto":
            quoted = [one for one in quoted if not self._must_be(self._node(one))]
        return quoted

    def _must_be(self, quoted: p.Node) -> bool:
        """A phrase that any article has; a single word in quotes, in a sentence, is just a word."""
        return isinstance(quoted, p.Phrase) and wording.occurs(quoted, self.engine)

    def _bare(self, asked: Sequence[wording.Asked]) -> p.Node | None:
        if not asked:
            return None
        nodes = tuple(one.node for one in asked)
        counts = tuple(one.times for one in asked)
        if len(nodes) == 1:
            return nodes[0]
        counts = () if set(counts) == {1} else counts
        if self.match == "auto":
            enough = ENOUGH if len(nodes) <= SHORT else ENOUGH_OF_A_SENTENCE
            return p.Words(nodes, len(nodes), enough, 1, counts)
        minimum = 1 if self.match == "any" else len(nodes)
        return p.Words(nodes, minimum, 0, minimum, counts)

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

    def _text(self, leaf: Word | Quoted | Beginning | Similar, fields: Fields) -> p.Node:
        node = self.leaves[write(required(leaf, False))] = self._text_node(leaf, fields)
        return node

    def _text_node(self, leaf: Word | Quoted | Beginning | Similar, fields: Fields) -> p.Node:
        match leaf:
            case Word(text):
                (one,) = wording.asked([text], (), self.compiler.synonyms, self.engine, fields)
                self.also += one.also
                return one.node
            case Beginning(text) | Similar(text) if len([*tokens(text)]) > 1:
                # Of a script without blanks each character is a word: they stand together.
                return wording.phrase(wording.terms_of(text), fields, 0)
            case Quoted(text, slop):
                self.also += wording.abbreviated(text)
                return wording.phrase(wording.terms_of(text), fields, slop)
            case Beginning(text):
                return p.Prefix(analyse(text).form, fields)
            case Similar(text, distance):
                return p.Fuzzy(analyse(text).form, distance, fields)

    def _value(self, value: Value) -> p.Node:
        if value.field == "site":
            return p.Is("site", (_host(value.text),))
        if value.field == "url":
            words = _url_words(value.text)
            return p.And(tuple(p.Is("url", (w,)) for w in words)) if words else p.Nothing()
        helped = len(self.warnings) < HELPED
        meant = self.compiler.values.meant(value.field, value.text, helped=helped)
        if meant.warning:
            self.warnings.append(meant.warning)
        return p.Is(value.field, meant.keys)

    def _label(self, value: Value) -> str:
        if value.field in ("site", "url"):
            return read.named(value.text)
        return self.compiler.values.meant(value.field, value.text, helped=False).label


# -- values ----------------------------------------------------------------------------------

_HOST: Final = re.compile(r"(?:\w+://)?(?:www\.)?([^/:?#]*)")


def _host(text: str) -> str:
    """The host of a site as typed, perhaps with its scheme, "www." and a path."""
    found = _HOST.match(fold(text))
    return found[1] if found else text


def _url_words(text: str) -> list[str]:
    words = url_words(text)
    return [word for word in words if word not in ("http", "https", "www")] or list(words)


def between(first: date | None, last: date | None) -> p.Dates | None:
    """The stretch of time from the first to the last day, both included; None where both are."""
    if first is None and last is None:
        return None
    end = None if last in (None, date.max) else last
    return p.Dates(_midnight(first), _midnight(end + timedelta(days=1) if end else None))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
