"""Facet counts over matching documents, and how the matches spread over the months."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.layout import stretches
from searcher.engine.local.reader import FacetTable
from searcher.engine.plan import FacetCount, FacetCounts

__all__ = ["by_month", "count", "totals"]

Array = NDArray[Any]


def count(
    table: FacetTable, counted: tuple[Array, int], chosen: tuple[str, ...], limit: int
) -> FacetCounts:
    """One facet from its ``totals``: the leading values, the chosen ones whatever their count."""
    sums, missing = counted
    present = np.flatnonzero(sums)
    listed = _leading(sums, present, limit).tolist()
    if chosen:
        listed = list({*listed, *(table.ordinals[k] for k in chosen if k in table.ordinals)})
    counts = sums[listed].tolist()
    keys, labels = table.keys, table.labels
    values = [FacetCount(keys[n], labels[n], c) for n, c in zip(listed, counts, strict=True)]
    values += [FacetCount(key, key, 0) for key in chosen if key not in table.ordinals]
    values.sort(key=lambda value: (-value.count, value.label.casefold(), value.label, value.key))
    return FacetCounts(tuple(values), missing, len(present))


def totals(table: FacetTable, docs: Array) -> tuple[Array, int]:
    """By ordinal how many documents have the value, and how many have none."""
    sets = table.sets[docs]
    if len(docs) * 4 < len(table.set_values):
        sizes = table.set_sizes[sets]
        values = table.set_values[stretches(table.set_offsets[sets], sizes)]
        return np.bincount(values, minlength=len(table.keys)), int(np.count_nonzero(sizes == 0))
    # Many documents share few sets: count the sets, then add them up value by value.
    counts = np.bincount(sets, minlength=len(table.set_sizes))
    missing = int(counts[table.empty_sets].sum())
    if not len(table.keys):
        return np.zeros(0, np.int64), missing
    return np.add.reduceat(counts[table.sets_by_value], table.value_starts), missing


def _leading(sums: Array, present: Array, limit: int) -> Array:
    """The ordinals with the highest sums; of equal ones the first."""
    if limit <= 0:
        return present[:0]
    if len(present) <= limit:
        return present
    # One number to compare: a higher total wins, then a lower ordinal.
    order = sums[present] * len(sums) - present
    return present[np.argpartition(order, len(order) - limit)[-limit:]]


def by_month(months: Array, docs: Array) -> tuple[tuple[int, int], ...]:
    """(month, documents) from the first to the last month that has any, none left out."""
    # The undated, at -1, are counted at 0 and left out.
    counts = np.bincount(months[docs] + 1)[1:]
    found = np.flatnonzero(counts)
    if not len(found):
        return ()
    first = int(found[0])
    return tuple(enumerate(counts[first:].tolist(), first))
