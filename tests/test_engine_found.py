"""Found documents: columns change how fast they are combined, and nothing else."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searcher.engine.local.found import SOUGHT, Columns, Found, intersection, summed
from searcher.engine.plan import Term

SIZE: Final = 2 * SOUGHT
DOCUMENTS: Final = st.sets(st.integers(0, SIZE - 1), min_size=1, max_size=60)


def leaf(name: str, documents: set[int], columns: Columns | None) -> Found:
    """What a word finds, each document with a score of its own."""
    docs = np.array(sorted(documents), np.int64)
    scores = (1 + docs % 7 + len(name)).astype(np.float32)
    return Found(docs, scores, Term(name), columns)


def told(found: Found) -> list[tuple[int, float]]:
    return list(zip(found.docs.tolist(), found.points().tolist(), strict=True))


@given(st.lists(DOCUMENTS, min_size=2, max_size=4))
def test_columns_change_no_result(documents: list[set[int]]) -> None:
    """The first time, the second, when a column is kept, and the third, when it is used again."""
    names = ["a" * (at + 1) for at in range(len(documents))]
    plain = [leaf(*one, None) for one in zip(names, documents, strict=True)]
    columns = Columns(SIZE, 10**6)
    wide = [leaf(*one, columns) for one in zip(names, documents, strict=True)]
    for _ in range(3):
        for at in combinations(range(len(plain)), 2):
            expected = intersection([plain[one] for one in at])
            assert told(intersection([wide[one] for one in at])) == told(expected)
        for minimum in (1, 2):
            assert told(summed(wide, minimum, SIZE)) == told(summed(plain, minimum, SIZE))


def test_a_column_is_kept_from_the_second_time_on() -> None:
    """Few documents are searched for instead, and make no column."""
    found = leaf("a", set(range(0, SIZE, 2)), Columns(SIZE, 10**6))
    assert found.column(SIZE // SOUGHT - 1) is None
    first, second, third = (found.column(SIZE) for _ in range(3))
    assert first is not second
    assert second is third
    assert second is not None
    assert told(found) == [(at, second[at]) for at in range(SIZE) if second[at]]
