"""Chunks: numbered as a dictionary would number them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.engine.local import chunks
from searcher.engine.local.chunks import Chunks, joined
from searcher.engine.local.interner import Interner
from tests.test_engine_evaluate import quick

CHUNK = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text.split() == [text]
)
LIKE = st.text("aé\0", min_size=1, max_size=18)


@pytest.fixture(autouse=True, scope="module", params=[4, chunks.SLOTS])
def _slots(request: pytest.FixtureRequest) -> Iterator[None]:
    """The table grows, and is searched across its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SLOTS", request.param)
        yield


def same(batches: list[list[str]]) -> None:
    numbered, known = Chunks(), Interner()
    for batch in batches:
        size = len(known)
        numbers, new = numbered.numbers(joined(batch))
        assert numbers.tolist() == known.numbers(batch).tolist()
        assert new == list(known)[size:]
        assert numbered.size == len(known)


@quick
@given(st.lists(st.lists(CHUNK | LIKE, unique=True)))
@example([[], ["a" * 15, "a" * 16, "a" * 8, "a", "a\0"], ["a" * 16, "a" * 17, "a" * 15]])
def test_numbers_are_a_dictionarys(batches: list[list[str]]) -> None:
    same(batches)


@pytest.mark.parametrize("factors", [chunks.FACTORS, (0, 0)])
def test_no_chunk_is_taken_for_another(
    monkeypatch: pytest.MonkeyPatch, factors: tuple[int, int]
) -> None:
    """Not among many, nor where all look in one slot first."""
    monkeypatch.setattr(chunks, "FACTORS", factors)
    many = [f"{number:x}" for number in range(20_000 if factors[0] else 600)]
    same([many[first : first + step] for step in (100, 250) for first in range(0, len(many), step)])
