"""Found: documents with their scores, and what can be made of several: all, any, all but.

Documents ascend throughout, so everything here is searching, adding and cutting of arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.reader import EMPTY
from searcher.engine.plan import Node

__all__ = ["NONE", "Found", "intersection", "isin", "merged", "subtract", "times"]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Documents, ascending, and their scores (None: all 0).

    ``column`` holds the same by document: scores, or without scores whether it is there.
    ``leaf`` is the leaf of a plan that this is all of.
    """

    docs: Array
    scores: Array | None = None
    column: Array | None = field(default=None, compare=False)
    leaf: Node | None = field(default=None, compare=False)

    @property
    def bytes(self) -> int:
        arrays = (self.docs, self.scores, self.column)
        return 200 + sum(array.nbytes for array in arrays if array is not None)

    def points(self) -> Array:
        """The scores, zeros where nothing was scored."""
        return np.zeros(len(self.docs), np.float32) if self.scores is None else self.scores

    def only(self, keep: Array) -> Found:
        """Those for which ``keep`` holds, one by one."""
        return Found(self.docs[keep], None if self.scores is None else self.scores[keep])


NONE: Final = Found(EMPTY)


def times(found: Found, factor: int) -> Found:
    """The same documents, each score so many times."""
    if factor == 1 or found.scores is None:
        return found
    return Found(found.docs, found.scores * np.float32(factor))


def merged(parts: Sequence[Found], minimum: int) -> Found:
    """The documents that at least so many parts have, by sorting; for few documents."""
    docs = np.concatenate([part.docs for part in parts])
    scores = np.concatenate([part.points() for part in parts])
    order = np.argsort(docs, kind="stable")
    docs, scores = docs[order], scores[order]
    heads = np.flatnonzero(np.diff(docs, prepend=-1))
    times = np.diff(heads, append=len(docs))
    return Found(docs[heads], np.add.reduceat(scores, heads)).only(times >= minimum)


def subtract(found: Found, unwanted: Found) -> Found:
    """The documents of one that the other does not have."""
    return found.only(~isin(found.docs, unwanted.docs))


def intersection(parts: Sequence[Found]) -> Found:
    """The documents all parts have; scores added up."""
    return reduce(intersect, sorted(parts, key=lambda found: len(found.docs)))


def isin(docs: Array, others: Array) -> Array:
    """For each of some documents whether it is among others; both ascend."""
    if not len(others):
        return np.zeros(len(docs), bool)
    at = np.searchsorted(others, docs)
    at[at == len(others)] = 0
    keep: Array = others[at] == docs
    return keep


def intersect(few: Found, many: Found) -> Found:
    """Documents in both; scores added up. Quick where the first has fewer."""
    if many.column is not None:
        points = many.column[few.docs]
        if many.scores is None:
            return few.only(points)
        keep = points > 0
        docs, points = few.docs[keep], points[keep]
        return Found(docs, points if few.scores is None else few.scores[keep] + points)
    if not len(many.docs) or not len(few.docs):
        return NONE
    at = np.searchsorted(many.docs, few.docs)
    at[at == len(many.docs)] = 0
    keep = many.docs[at] == few.docs
    docs, at = few.docs[keep], at[keep]
    if few.scores is None and many.scores is None:
        return Found(docs)
    scores = np.zeros(len(docs), np.float32) if few.scores is None else few.scores[keep]
    return Found(docs, scores if many.scores is None else scores + many.scores[at])
