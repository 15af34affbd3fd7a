"""Facets as arrays: counts over matching documents, and how the matches spread over the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.layout import NO_DATE, distinct, offsets, stretches
from searcher.engine.local.segment import Segment
from searcher.results import Facet, FacetValue

__all__ = ["FacetTable", "Months", "by_month", "count", "facet_table", "months"]

Array = NDArray[Any]

FEW: Final = 8
"""Documents are counted one by one where there are fewer than one for so many values of all sets.
Measured: there both ways take equally long."""


@dataclass(frozen=True, slots=True)
class FacetTable:
    """A facet as arrays.

    Attributes:
        name: which facet it is.
        sets: each document's set of values. Equal sets share one number, so counting a facet is
            counting these and adding up the few sets.
        set_offsets, set_values: the ordinals of each set's values.
        empty_sets: the sets without a value.
        sets_by_value, value_starts: the sets that have each ordinal, one ordinal after another.
        keys, labels: by ordinal; ordinals ascend with the labels. ordinals: by key.
    """

    name: str
    sets: Array
    set_offsets: Array
    set_values: Array
    keys: list[str]
    labels: list[str]
    ordinals: dict[str, int]
    empty_sets: Array
    sets_by_value: Array
    value_starts: Array


class Months(NamedTuple):
    """Each document's month: 1 is ``first``, months since the year 0; 0 is undated."""

    first: int
    column: Array


def facet_table(segments: Sequence[Segment], name: str) -> FacetTable:
    """A facet over all segments: the values that living documents have."""
    living = [_living(segment, name) for segment in segments]
    tables = [list(segment.strings(f"{name}.keys")) for segment in segments]
    labels: dict[str, str] = {}
    for segment, own, (values, _) in zip(segments, tables, living, strict=True):
        named = segment.strings(f"{name}.labels") if name == "city" else own
        used = np.bincount(values, minlength=len(own)).tolist()
        labels.update(compress(zip(own, named, strict=True), used))
    keys = sorted(labels, key=lambda key: (labels[key].casefold(), labels[key], key))
    ordinals = {key: number for number, key in enumerate(keys)}
    nothing = np.zeros(0, np.int64)
    sets, all_sizes, all_values, base = [nothing], [nothing], [nothing], 0
    for segment, own, (values, sizes) in zip(segments, tables, living, strict=True):
        mine = np.array([ordinals.get(key, -1) for key in own], np.int64)
        sets.append(segment[f"{name}.sets"].astype(np.int64) + base)
        all_values.append(mine[values])
        all_sizes.append(sizes)
        base += len(sizes)
    set_values, set_sizes = np.concatenate(all_values), np.concatenate(all_sizes)
    owners = np.repeat(np.arange(base), set_sizes)
    return FacetTable(
        name=name,
        sets=_narrow(np.concatenate(sets)),
        set_offsets=_narrow(offsets(set_sizes)),
        set_values=_narrow(set_values),
        keys=keys,
        labels=[labels[key] for key in keys],
        ordinals=ordinals,
        empty_sets=np.flatnonzero(set_sizes == 0),
        sets_by_value=owners[np.argsort(set_values, kind="stable")],
        value_starts=offsets(np.bincount(set_values, minlength=len(keys)))[:-1],
    )


def _living(segment: Segment, name: str) -> tuple[Array, Array]:
    """The values of a segment's sets, as numbers of its keys, and how many each set has: those
    that no living document has are empty."""
    values, sizes = segment[f"{name}.set_values"], np.diff(segment[f"{name}.set_offsets"])
    if segment.alive is not None:
        live = np.zeros(len(sizes), bool)
        live[segment[f"{name}.sets"][segment.alive]] = True
        values, sizes = values[live.repeat(sizes)], sizes * live
    return values, sizes.astype(np.int64)


def _narrow(numbers: Array) -> Array:
    """The same numbers in as few bytes as hold them: less memory to look through."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def count(table: FacetTable, docs: Array, chosen: tuple[str, ...], limit: int) -> Facet:
    """One facet over documents: the leading values, the chosen ones whatever their count."""
    sums, missing = _totals(table, docs)
    keys, labels = table.keys, table.labels
    listed = _leading(sums, limit)
    if chosen:
        asked = [table.ordinals[key] for key in chosen if key in table.ordinals]
        listed = distinct(np.array([*listed, *asked], np.int64))
    counts = sums.take(listed).tolist()
    values = [
        FacetValue(labels[n], c, keys[n] in chosen, keys[n])
        for n, c in zip(listed.tolist(), counts, strict=True)
    ]
    if chosen:
        values += [FacetValue(key, 0, True, key) for key in chosen if key not in table.ordinals]
        values.sort(key=lambda one: (-one.count, one.value.casefold(), one.value, one.key))
    more = int(np.count_nonzero(sums)) - sum(map(bool, counts))
    return Facet(table.name, tuple(values), missing, more)


def _totals(table: FacetTable, docs: Array) -> tuple[Array, int]:
    """By ordinal how many documents have the value, and how many have none."""
    sets = table.sets.take(docs)
    if len(docs) * FEW < len(table.set_values):
        sets = sets.astype(np.int64)
        starts = table.set_offsets.take(sets).astype(np.int64)
        sizes = table.set_offsets.take(sets + 1) - starts
        values = table.set_values.take(stretches(starts, sizes))
        missing = len(docs) - int(np.count_nonzero(sizes))
        return np.bincount(values, minlength=len(table.keys)), missing
    # Many documents share few sets: count the sets, then add them up value by value.
    counts = _tally(sets, len(table.set_offsets) - 1)
    missing = int(counts[table.empty_sets].sum())
    if not len(table.keys):
        return np.zeros(0, np.int64), missing
    return np.add.reduceat(counts.take(table.sets_by_value), table.value_starts), missing


def _tally(sets: Array, many: int) -> Array:
    """How often each of so many numbers occurs."""
    if many == 2:  # such as published or not; four times as fast
        second = np.count_nonzero(sets)
        return np.array([len(sets) - second, second])
    return np.bincount(sets, minlength=many)


def _leading(sums: Array, limit: int) -> Array:
    """The ordinals with the highest sums but 0, highest first; of equal ones the first."""
    least = np.partition(sums, -limit)[-limit] if 0 < limit < len(sums) else 1
    found = (sums >= max(least, 1)).nonzero()[0]
    leading: Array = found[(-sums.take(found)).argsort(kind="stable")[:limit]]
    return leading


def months(dates: Array) -> Months:
    """The months of dates in seconds since 1970."""
    dated = dates != NO_DATE
    since_1970 = dates.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    first = int(since_1970[dated].min()) if dated.any() else 0
    return Months(first + 1970 * 12, _narrow(np.where(dated, since_1970 - first + 1, 0)))


def by_month(months: Months, docs: Array) -> tuple[tuple[int, int], ...]:
    """(month, documents) from the first to the last month that has any, none left out."""
    counts = np.bincount(months.column.take(docs))[1:]
    found = np.flatnonzero(counts)
    if not len(found):
        return ()
    first = int(found[0])
    return tuple(enumerate(counts[first:].tolist(), months.first + first))
