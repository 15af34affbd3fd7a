"""Hints: the ways on from a search that found nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Final

from searcher.engine import Engine
from searcher.grammar import words_of
from searcher.matching import PUBLISHED, Matcher, Understanding
from searcher.reading import clause, days
from searcher.request import FACETS, SearchRequest
from searcher.results import Hint
from searcher.syntax import (
    Node,
    Not,
    Quoted,
    Value,
    Word,
    all_of,
    conditions,
    is_bare,
    required,
    rewritten,
    write,
)
from searcher.values import Values

__all__ = ["hints"]

MOST: Final = 8
"""How many conditions and words are tried one by one: each is a search of its own."""

_ADDRESS: Final = re.compile(r'(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}(/[^\s"]+)?/?')
"""A web address without its scheme, and its path."""


def hints(
    engine: Engine, matcher: Matcher, request: SearchRequest, asked: Understanding
) -> tuple[Hint, ...]:
    """What would find something, most promising first, and how much each word finds alone.

    A word alone is told even where it finds nothing: that is the explanation. Where no single
    step helps, all the filters are let go, and at last the query.
    """

    def count(text: str, changed: SearchRequest) -> Hint:
        plan = replace(matcher.understand(changed).plan, limit=0, facets=())
        return Hint(text, changed, engine.evaluate(plan).total)

    ways = chain(_near(request, asked, matcher.values_for(request)), _steps(request, asked))
    steps = [count(text, changed) for text, changed in islice(ways, MOST)]
    helpful = [hint for hint in steps if hint.total]
    if not helpful:
        last = (count(text, changed) for text, changed in _last_resorts(request))
        helpful = [hint for hint in last if hint.total][:1]
    alone = islice(_words(request, asked), MOST)
    free = _free(request)
    plain = request.changed() in (free, free.changed(status=PUBLISHED))
    filters = "" if plain else ", with these filters"
    words = [count(f"only {word}{filters}", changed) for word, changed in alone]
    return (*helpful, *words)


def _near(
    request: SearchRequest, asked: Understanding, values: Values
) -> Iterator[tuple[str, SearchRequest]]:
    """Requests with the value that is nearest to one that no article has."""
    for facet in FACETS:
        for value in request.selected(facet):
            for near in values.meant(facet, value).near[:1]:
                yield f"{facet} is {near}", request.without(facet, value).with_(facet, near)
    nodes = conditions(asked.tree)
    for at, node in enumerate(nodes):
        if isinstance(node, Value) and node.field in FACETS:
            for near in values.meant(node.field, node.text).near[:1]:
                named = Value(node.field, near)
                tree = all_of([*nodes[:at], named, *nodes[at + 1 :]])
                yield clause(named), request.changed(query=write(tree))


def _steps(request: SearchRequest, asked: Understanding) -> Iterator[tuple[str, SearchRequest]]:
    """Requests that differ in one thing."""
    if address := _ADDRESS.fullmatch(request.query.strip()):
        named = Value("url" if address[1] else "site", address[0].rstrip("/"))
        yield clause(named), request.changed(query=write(named))
    if asked.suggestion:
        yield asked.suggestion, request.changed(query=asked.suggestion)
    if len(asked.words) > 1 and request.match == "all":
        yield "any of the words", request.changed(match="any")
    for facet in FACETS:
        if request.selected(facet):
            yield f"any {facet}", request.without(facet)
    if request.date_from or request.date_to:
        yield f"not only {days(*request.days)}", request.changed(date_from=None, date_to=None)
    nodes = conditions(asked.tree)
    if any(isinstance(node, Quoted) for node in nodes):
        loose = rewritten(asked.tree, _unquoted)
        yield "the same words in any order", request.changed(query=write(loose))
    for at, node in enumerate(nodes):
        if len(nodes) > 1 and not is_bare(node):
            rest = all_of([*nodes[:at], *nodes[at + 1 :]])
            yield _without(node), request.changed(query=write(rest))


def _without(node: Node) -> str:
    if isinstance(node, Not):
        return f"allowing: {clause(node.node)}"
    return f"leaving out: {clause(required(node, False))}"


def _unquoted(leaf: Node) -> Node:
    if not isinstance(leaf, Quoted):
        return leaf
    return all_of([Word(word, leaf.field) for word in words_of(leaf.text)])


def _last_resorts(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    free = _free(request)
    if free != request.changed():
        yield "without filters", free
        yield "any of the words, without filters", free.changed(match="any")
        yield "all articles with these filters", request.changed(query="")
    yield "all articles", free.changed(query="")


def _free(request: SearchRequest) -> SearchRequest:
    """The same words without filters."""
    return request.changed(**dict.fromkeys(FACETS, ()), date_from=None, date_to=None)


def _words(request: SearchRequest, asked: Understanding) -> Iterator[tuple[str, SearchRequest]]:
    if len(asked.words) > 1 or (asked.words and len(conditions(asked.tree)) > 1):
        for word in asked.words:
            yield word, request.changed(query=word)
