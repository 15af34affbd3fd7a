"""Facet counts over matching documents, and how the matches spread over the months."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.reader import FacetTable
from searcher.engine.plan import FacetCount, FacetCounts

__all__ = ["by_month", "count"]

Array = NDArray[Any]


def count(table: FacetTable, docs: Array, chosen: tuple[str, ...], limit: int) -> FacetCounts:
    """One facet over documents: the leading values, the chosen ones whatever their count."""
    sets = np.bincount(table.sets[docs], minlength=len(table.set_offsets) - 1)
    sizes = np.diff(table.set_offsets)
    totals = np.bincount(
        table.set_values, np.repeat(sets, sizes), minlength=len(table.keys)
    ).astype(np.int64)
    present = np.flatnonzero(totals)
    listed = {*_leading(totals, present, limit).tolist()}
    listed |= {table.ordinals[key] for key in chosen if key in table.ordinals}
    values = [FacetCount(table.keys[n], table.labels[n], int(totals[n])) for n in listed]
    values += [FacetCount(key, key, 0) for key in chosen if key not in table.ordinals]
    values.sort(key=lambda value: (-value.count, value.label.casefold(), value.label, value.key))
    return FacetCounts(tuple(values), int(sets[sizes == 0].sum()), len(present))


def _leading(totals: Array, present: Array, limit: int) -> Array:
    """The ordinals with the highest totals; of equal ones the first."""
    if limit <= 0:
        return present[:0]
    if len(present) <= limit:
        return present
    # One number to compare: a higher total wins, then a lower ordinal.
    order = totals[present] * len(totals) - present
    return present[np.argpartition(order, len(order) - limit)[-limit:]]


def by_month(months: Array, docs: Array) -> tuple[tuple[int, int], ...]:
    """(month, documents) from the first to the last month that has any, none left out."""
    mine = months[docs]
    mine = mine[mine >= 0]
    if not len(mine):
        return ()
    first = int(mine.min())
    return tuple(enumerate(np.bincount(mine - first).tolist(), first))
