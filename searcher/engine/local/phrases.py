"""Phrases: where words stand in order, or near each other, as arithmetic on their places.

A place is one number, ``document << PLACE_SHIFT | place``, and the places of a word ascend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.found import isin
from searcher.engine.local.layout import distinct

__all__ = ["PLACE_SHIFT", "in_order", "near"]

Array = NDArray[Any]

PLACE_SHIFT: Final = 23
"""Bits for a place beside a document number: one more than the writer uses, so that a window
that reaches past the end of one document cannot enter the next."""


def in_order(keys: Sequence[Array]) -> Array:
    """Where a phrase begins: occurrences of the first word followed by all others, one by one."""
    starts = keys[0]
    for step, following in sorted(enumerate(keys), key=lambda one: len(one[1])):
        moved = following - step
        few, many = (starts, moved) if len(starts) <= len(moved) else (moved, starts)
        starts = few[isin(few, many)]
    return starts


def near(keys: Sequence[Array], terms: Sequence[tuple[str, ...]], slop: int) -> Array:
    """Where windows begin that hold every word, in any order, ``slop`` places beside the words."""
    width = len(keys) + slop
    starts = distinct(np.concatenate(list(keys)))
    needed: dict[tuple[str, ...], int] = {}
    for alternatives, mine in zip(terms, keys, strict=True):
        # A word asked for twice must occur twice: look for its second occurrence.
        needed[alternatives] = needed.get(alternatives, 0) + 1
        at = np.searchsorted(mine, starts) + needed[alternatives] - 1
        inside = at < len(mine)
        at[~inside] = 0
        reached = mine[at] if len(mine) else starts + width
        starts = starts[inside & (reached - starts < width)]
    return starts
