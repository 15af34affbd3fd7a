"""The cache: what was used last stays, and never more than fits."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from searcher.engine.local.cache import ONCE, Cache


def test_what_was_used_last_stays() -> None:
    """Where there is room for two, the one that was used longest ago is made again."""
    made: list[str] = []

    def double(key: str) -> str:
        made.append(key)
        return key * 2

    cache: Cache[str, str] = Cache(600, len)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert cache.get(key, double) == key * 2
    assert made == ["a", "b", "c", "b"]


@given(st.lists(st.integers(0, 9999), max_size=200))
def test_what_finds_nothing_has_its_price_too(keys: list[int]) -> None:
    """Values of no size are dropped as well: a cache never holds more keys than its bytes allow."""
    cache: Cache[int, tuple[int, ...]] = Cache(2_000, len)
    for key in keys:
        assert cache.get(key, lambda _: ()) == ()
    assert len(cache) <= 10


def test_what_is_asked_for_once_is_not_kept() -> None:
    """The second time it is; so what is shown once costs no memory."""
    made: list[str] = []

    def double(key: str) -> str:
        made.append(key)
        return key * 2

    cache: Cache[str, str] = Cache(600, len, second_time=True)
    for key in ("a", "b", "a", "a", "b"):
        assert cache.get(key, double) == key * 2
    assert made == ["a", "b", "a", "b"]
    assert len(cache) == 2


def test_of_what_was_asked_for_once_only_so_much_is_known() -> None:
    """Else those of a large archive would be remembered one by one."""
    cache: Cache[int, str] = Cache(10**9, len, second_time=True)
    for key in (*range(ONCE + 1), 0):
        assert cache.get(key, str) == str(key)
    assert not len(cache)
    assert cache.get(0, str) == "0"
    assert len(cache) == 1


def test_large_keys_that_are_asked_for_once_take_nothing() -> None:
    """They come from the address bar, and would else be kept though their values are not."""
    cache: Cache[str, str] = Cache(10**9, len, second_time=True)
    tracemalloc.start()
    for number in range(1_000):
        cache.get(f"{number}".rjust(10_000), str)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 10**6
