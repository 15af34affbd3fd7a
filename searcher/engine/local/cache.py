"""A cache that is bounded in bytes and may be shared between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

__all__ = ["Cache"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ASKED: Final = 10_000
"""How many keys are known to have been asked for once."""


class Cache(Generic[K, V]):
    """Keeps what was used last, up to ``limit`` bytes: those of the values as ``size`` counts
    them and those of the keys, lest values of no size be kept without end.

    With ``again``, only what is asked for a second time is kept: most is asked for once, and what
    is not kept leaves its memory, warm, to the next.
    """

    def __init__(self, limit: int, size: Callable[[V], int], again: bool = False) -> None:
        self._asked: set[K] | None = set() if again else None
        self._limit = limit
        self._size = size
        self._held = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        """And what each entry takes."""
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
            new = self._is_new(key)
        value = make(key)
        if not new:
            size = self._bytes(key, value)
            with self._lock:
                self._put(key, value, size)
        return value

    def _is_new(self, key: K) -> bool:
        """Whether to make a value without keeping it, this time."""
        if self._asked is None or key in self._asked:
            return False
        if len(self._asked) >= ASKED:
            self._asked.clear()
        self._asked.add(key)
        return True

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
