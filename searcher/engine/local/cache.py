"""A cache that is bounded in bytes and may be shared between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

__all__ = ["Cache"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ONCE: Final = 10_000
"""How many keys are known to have been asked for."""


class Cache(Generic[K, V]):
    """Keeps what was used last, up to ``limit`` bytes: those of the values as ``size`` counts
    them and those of the keys, lest values of no size be kept without end.

    With ``second_time``, only what is asked for a second time is kept: most is asked for once, and
    what is not kept leaves its memory, warm, to the next.
    """

    def __init__(self, limit: int, size: Callable[[V], int], *, second_time: bool = False) -> None:
        self._limit = limit
        self._size = size
        self._held = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        """And what each entry takes."""
        self._asked: set[int] | None = set() if second_time else None
        """Hashes of keys, which are small; two keys of one hash are kept a little early."""
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """The value of a key, made where it is not held.

        Two threads may make the same value at once; it is made without the lock.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
            keep = self._asked is None or self._note(self._asked, hash(key))
        value = make(key)
        if keep:
            size = self._bytes(key, value)
            with self._lock:
                self._put(key, value, size)
        return value

    def _note(self, asked: set[int], key: int) -> bool:
        """Whether a key was asked for before, as far as is known; from now on it was."""
        if key in asked:
            return True
        if len(asked) >= ONCE:
            asked.clear()
        asked.add(key)
        return False

    def _bytes(self, key: K, value: V) -> int:
        """About what an entry takes; a key four bytes for each letter it is printed with."""
        return 200 + 4 * len(repr(key)) + self._size(value)

    def _put(self, key: K, value: V, size: int) -> None:
        if key in self._values or size > self._limit:
            return
        self._values[key] = value, size
        self._held += size
        while self._held > self._limit:
            self._held -= self._values.popitem(last=False)[1][1]
