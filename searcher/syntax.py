"""The syntax tree of a query, and its canonical text.

The tree says what was typed, before any analysis: words are as written. ``write`` gives the one
canonical text of a tree, and ``grammar.parse(write(tree)).tree == tree`` holds for every tree that
the grammar can make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias, TypeGuard

__all__ = [
    "EVERYTHING",
    "AllOf",
    "AnyOf",
    "Beginning",
    "Days",
    "Node",
    "Not",
    "Quoted",
    "Similar",
    "Value",
    "Word",
    "all_of",
    "any_of",
    "conditions",
    "is_bare",
    "negated",
    "required",
    "rewritten",
    "walk",
    "write",
]


@dataclass(frozen=True, slots=True)
class Word:
    """One word. Without a field and not ``required`` it is a bare word: the match mode decides."""

    text: str
    field: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words one after another; with ``slop`` in any order with at most so many others between."""

    text: str
    slop: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A word that begins so."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Similar:
    """A word at most ``distance`` letters away from this one."""

    text: str
    distance: int = 1
    field: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A city, provider, topic, status, year, site or URL, as the person named it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Days:
    """Published from the first to the last day, both included, in UTC; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Everything in it. At the root the bare words among it are subject to the match mode."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    node: Node


Node: TypeAlias = Word | Quoted | Beginning | Similar | Value | Days | AllOf | AnyOf | Not

EVERYTHING: Final = AllOf(())
"""The tree of an empty query: every article."""

_PLAIN_VALUE: Final = re.compile(r"[^\W_][\w.-]*")


def all_of(nodes: list[Node]) -> Node:
    """The nodes together, flat: no AllOf within an AllOf, none around a single node."""
    flat = [one for node in nodes for one in (node.nodes if isinstance(node, AllOf) else (node,))]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(nodes: list[Node]) -> Node:
    """The alternatives, flat. Within them the match mode has no say, so nothing is ``required``."""
    real = [node for node in nodes if node != EVERYTHING]
    if len(real) < 2:
        return real[0] if real else EVERYTHING
    flat = [one for node in real for one in (node.nodes if isinstance(node, AnyOf) else (node,))]
    return AnyOf(tuple(required(one, False) for one in flat))


def negated(node: Node) -> Node:
    """Not the node; twice is the node itself, and not nothing is nothing."""
    if isinstance(node, Not):
        return node.node
    return node if node == EVERYTHING else Not(required(node, False))


def required(node: Node, flag: bool = True) -> Node:
    """The node with its words required (or left to the match mode again)."""
    if isinstance(node, Word) and not node.field:
        return replace(node, required=flag)
    if isinstance(node, AllOf):
        return AllOf(tuple(required(one, flag) for one in node.nodes))
    return node


def is_bare(node: Node) -> TypeGuard[Word]:
    """Whether, at the root, the match mode decides about this node."""
    return isinstance(node, Word) and not node.field and not node.required


def conditions(tree: Node) -> tuple[Node, ...]:
    """What the root asks for, one by one."""
    return tree.nodes if isinstance(tree, AllOf) else (tree,)


def walk(tree: Node) -> Iterator[Node]:
    """Every node, a parent before its children."""
    yield tree
    children = tree.nodes if isinstance(tree, (AllOf, AnyOf)) else ()
    for child in (tree.node,) if isinstance(tree, Not) else children:
        yield from walk(child)


def rewritten(tree: Node, leaf: Callable[[Node], Node]) -> Node:
    """The tree with every leaf replaced by what ``leaf`` makes of it."""
    if isinstance(tree, AllOf):
        return all_of([rewritten(node, leaf) for node in tree.nodes])
    if isinstance(tree, AnyOf):
        return any_of([rewritten(node, leaf) for node in tree.nodes])
    return negated(rewritten(tree.node, leaf)) if isinstance(tree, Not) else leaf(tree)


def write(tree: Node) -> str:
    """The canonical query text of a tree."""
    match tree:
        case AllOf(nodes):
            return " ".join(map(_inner, nodes))
        case AnyOf(nodes):
            return " OR ".join(map(_inner, nodes))
        case Not(node):
            return f"-{_inner(node)}"
        case Days(first, last):
            return f"date:{_days(first, last)}"
        case Value(field, text):
            return f"{field}:{text}" if _PLAIN_VALUE.fullmatch(text) else f'{field}:"{text}"'
        case _:
            return (f"{tree.field}:" if tree.field else "") + _leaf(tree)


def _inner(node: Node) -> str:
    text = write(node)
    return f"({text})" if isinstance(node, (AllOf, AnyOf)) else text


def _leaf(leaf: Word | Quoted | Beginning | Similar) -> str:
    match leaf:
        case Word(text, _, needed):
            return f"+{text}" if needed else text
        case Quoted(text, slop):
            return f'"{text}"~{slop}' if slop else f'"{text}"'
        case Beginning(text):
            return f"{text}*"
        case Similar(text, distance):
            return f"{text}~{distance}"


def _days(first: date | None, last: date | None) -> str:
    if first and first == last:
        return first.isoformat()
    return f"{first.isoformat() if first else ''}..{last.isoformat() if last else ''}"
