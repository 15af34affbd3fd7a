"""A cache that is bounded in bytes and may be shared between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Cache"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Keeps what was used last, up to ``limit`` bytes as ``size`` counts them."""

    def __init__(self, limit: int, size: Callable[[V], int]) -> None:
        self._limit = limit
        self._size = size
        self._held = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """The value of a key, made where it is not held.

        Two threads may make the same value at once; it is made without the lock.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make(key)
        with self._lock:
            self._put(key, value)
        return value

    def _put(self, key: K, value: V) -> None:
        size = self._size(value)
        if key in self._values or size > self._limit:
            return
        self._values[key] = value
        self._held += size
        while self._held > self._limit:
            _, dropped = self._values.popitem(last=False)
            self._held -= self._size(dropped)
