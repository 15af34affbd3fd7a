"""Chunks: what stands between blanks in texts, numbered in the order they are first seen.

A dictionary is asked for one after another, and waits for memory each time. Here all of a batch are
looked up at once, in a hash table with linear probing (Knuth, TAOCP volume 3, section 6.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chunks", "joined"]

Array = NDArray[Any]

SHORT: Final = 15
"""Of a chunk of at most so many bytes, these and their count are the key: two whole numbers."""
MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
"""By number of bytes: the mask that keeps so many of a whole number's first."""
FACTORS: Final = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
"""2^64 by the golden ratio (Fibonacci hashing, in the same section), and xxHash's second prime."""
SLOTS: Final = 1 << 12
"""Of the table it begins with: a power of two."""


def joined(chunks: Iterable[str]) -> bytes:
    """Chunks as ``Chunks.numbers`` takes them: in UTF-8, a blank behind each."""
    return " ".join([*chunks, ""]).encode()


class Chunks:
    """Numbers chunks. ``size`` is how many have a number."""

    def __init__(self) -> None:
        self.size = 0
        self._long: dict[bytes, int] = {}
        self._clear(SLOTS)

    def _clear(self, slots: int) -> None:
        """Begin with an empty table."""
        self._shift = np.uint64(65 - slots.bit_length())
        self._keys = np.zeros((2, slots), np.uint64)
        self._numbers = np.full(slots, -1)

    def numbers(self, text: bytes) -> tuple[Array, list[str]]:
        """The numbers of chunks, and those that are new, in their order. Each chunk is there once,
        as ``str.split`` cuts them: none is empty or has a blank."""
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(" "))
        starts = np.append(0, ends + 1)[:-1]
        numbers, short = np.full(len(ends), -1), ends - starts <= SHORT
        keys = _keys(text, starts[short], (ends - starts)[short])
        numbers[short] = found = self._find(keys)
        for at in np.flatnonzero(~short).tolist():
            numbers[at] = self._long.get(text[starts[at] : ends[at]], -1)
        new, known = np.flatnonzero(numbers < 0), self.size
        self.size += len(new)
        numbers[new] = np.arange(known, self.size)
        added = found < 0
        self._add(keys[:, added], numbers[short][added])
        spelled = [text[starts[at] : ends[at]] for at in new.tolist()]
        self._long |= {one: at for at, one in enumerate(spelled, known) if len(one) > SHORT}
        return numbers, [one.decode() for one in spelled]

    def _find(self, keys: Array) -> Array:
        """The number of each key; -1 where it has none: then the search ends in an empty slot."""
        numbers = np.full(keys.shape[1], -1)
        left, slots = np.arange(len(numbers)), self._slots(keys)
        while len(left):
            found = self._numbers.take(slots)
            same = (self._keys.take(slots, axis=1) == keys.take(left, axis=1)).all(axis=0)
            numbers[left[same]] = found[same]
            other = (found >= 0) & ~same
            left, slots = left[other], self._next(slots[other])
        return numbers

    def _add(self, keys: Array, numbers: Array) -> None:
        """Take in keys that are not there; the table grows before half of it is full."""
        if 2 * self.size > len(self._numbers):
            there = self._numbers >= 0
            keys = np.concatenate([self._keys[:, there], keys], axis=1)
            numbers = np.concatenate([self._numbers[there], numbers])
            self._clear(1 << (2 * self.size).bit_length())
        left, slots = np.arange(len(numbers)), self._slots(keys)
        while len(left):
            free = self._numbers.take(slots) < 0
            self._numbers[slots[free]] = numbers[left[free]]  # of several for a slot, one gets it
            mine = self._numbers.take(slots) == numbers.take(left)
            self._keys[:, slots[mine]] = keys[:, left[mine]]
            left, slots = left[~mine], self._next(slots[~mine])

    def _slots(self, keys: Array) -> Array:
        """Where to look for keys first."""
        mixed = keys[0] * FACTORS[0] ^ keys[1] * FACTORS[1]
        slots: Array = (mixed ^ mixed >> np.uint64(32)) * FACTORS[0] >> self._shift
        return slots.astype(np.int64)

    def _next(self, slots: Array) -> Array:
        return (slots + 1) % len(self._numbers)


def _keys(text: bytes, starts: Array, sizes: Array) -> Array:
    """The keys of short chunks; none is 0, 0, as in an empty slot."""
    # By byte, the whole number that begins there; behind the last stand zeros.
    numbers = np.ndarray((len(text) + 9,), "<u8", text + bytes(16), strides=(1,))
    first = numbers[starts] & MASKS[np.minimum(sizes, 8)]
    last = numbers[starts + 8] & MASKS[np.clip(sizes - 8, 0, 7)]
    return np.stack([first, last | sizes.astype(np.uint64) << np.uint64(56)])
