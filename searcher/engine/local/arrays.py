"""Named NumPy arrays in one file: written once, front to back, then mapped and never decoded.

    magic | array, array, ... each aligned to 64 bytes | directory as JSON | its offset | magic

The directory stands at the end so that an array may be written in pieces of unknown total length.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.errors import IndexDamaged

__all__ = ["ArrayFile", "ArrayWriter", "Strings", "smallest"]

MAGIC: Final = b"SRCHARR1"
ALIGNMENT: Final = 64
RUNG: Final = 64
FOOTER: Final = struct.Struct("<Q8s")

Array = NDArray[Any]


class ArrayWriter:
    """Writes an array file. ``digest`` is the SHA-256 of all bytes written, for the manifest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._size = 0
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._write(MAGIC)

    def add(self, name: str, array: Array) -> None:
        """Write one whole array."""
        with self.pieces(name, array.dtype) as write:
            write(array)

    @contextmanager
    def pieces(self, name: str, dtype: np.dtype[Any]) -> Iterator[Any]:
        """Write one array piece by piece: call what this gives with each."""
        self._write(b"\0" * (-self._size % ALIGNMENT))
        start = self._size
        yield lambda piece: self._write(np.ascontiguousarray(piece, dtype).data.cast("B"))
        length = (self._size - start) // dtype.itemsize
        self._directory[name] = (dtype.str, start, length)

    def add_strings(self, name: str, values: Iterable[str]) -> None:
        """Write strings, in the order given; ``ArrayFile.strings`` reads them."""
        self.add_encoded(name, [value.encode() for value in values])

    def add_encoded(self, name: str, encoded: Sequence[bytes]) -> None:
        """The same of strings that are UTF-8 already."""
        ends = np.cumsum([len(value) for value in encoded], dtype=np.uint64)
        self.add(f"{name}.text", np.frombuffer(b"".join(encoded), np.uint8))
        self.add(f"{name}.ends", smallest(ends))

    def close(self) -> str:
        """Write the directory, and return the digest."""
        at = self._size
        self._write(json.dumps(self._directory).encode())
        self._write(FOOTER.pack(at, MAGIC))
        self._file.close()
        return self._hash.hexdigest()

    def _write(self, data: Any) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)


class ArrayFile:
    """A mapped array file. Arrays are read-only views of the map; closing leaves them valid.

    Raises:
        IndexDamaged: the file is not a whole array file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            at, magic = FOOTER.unpack(self._map[-FOOTER.size :])
            if magic != MAGIC or self._map[: len(MAGIC)] != MAGIC:
                raise ValueError("the marks at its ends are missing")
            self._directory = json.loads(self._map[at : -FOOTER.size])
        except (OSError, ValueError, struct.error) as error:
            raise _damaged(path, error) from error
        self.path = path

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> Array:
        try:
            dtype, start, length = self._directory[name]
            return np.frombuffer(self._map, dtype, length, start)
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(self.path, error) from error

    def names(self) -> list[str]:
        """The arrays' names, in the order they were written."""
        return list(self._directory)

    def release(self) -> None:
        """Let the system take back the memory of what was read; it is read again where needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def strings(self, name: str) -> Strings:
        """The strings written under a name."""
        return Strings(self[f"{name}.text"], self[f"{name}.ends"])


def _damaged(path: Path, error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"{path.name} of the index cannot be read ({error}): "
        "run `searcher rollback`, or `searcher reindex --full`."
    )


class Strings(Sequence[str]):
    """Strings in two arrays: all their UTF-8 bytes, and where each ends."""

    def __init__(self, text: Array, ends: Array) -> None:
        # One at a time, a memory view gives its items much sooner than an array.
        self._text, self._ends = text.data, ends.data

    def __len__(self) -> int:
        return len(self._ends)

    def encoded(self, index: int) -> bytes:
        """One string's UTF-8 bytes."""
        return bytes(self._text[self._ends[index - 1] if index else 0 : self._ends[index]])

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self.encoded(index).decode()

    def __iter__(self) -> Iterator[str]:
        return map(bytes.decode, self.all_encoded())

    def all_encoded(self) -> list[bytes]:
        """Every string's UTF-8 bytes."""
        text, ends = bytes(self._text), self._ends.tolist()
        return [text[start:end] for start, end in pairwise([0, *ends])]

    def find(self, value: bytes) -> int:
        """Where ``value`` stands, or would, among strings sorted by their bytes."""
        return self._bisected(value, *self._stretch(value))

    def _stretch(self, value: bytes) -> tuple[int, int]:
        """The few strings among which one stands if it is there at all."""
        low = max(0, bisect_right(self._rungs, value) - 1) * RUNG
        return low, min(low + RUNG, len(self))

    def _bisected(self, value: bytes, low: int, high: int) -> int:
        return bisect_left(range(len(self)), value, low, high, key=self.encoded)

    @cached_property
    def _rungs(self) -> list[bytes]:
        """A string of every so many: among these, Python's own search is at its fastest."""
        return [self.encoded(at) for at in range(0, len(self), RUNG)]

    def index_of(self, value: str) -> int:
        """The index of ``value`` among sorted strings, or -1."""
        encoded = value.encode(errors="surrogatepass")
        low, high = self._stretch(encoded)
        if low == high:
            return -1
        # A word that is there stands first in the bytes of its stretch, one that is not mostly
        # nowhere in them: that is told in half the time of comparing one string after another.
        begin = self._ends[low - 1] if low else 0
        at = bytes(self._text[begin : self._ends[high - 1]]).find(encoded)
        if at < 0:
            return -1
        index = bisect_left(self._ends, begin + at + len(encoded), low, high)
        if self.encoded(index) == encoded:
            return index
        index = self._bisected(encoded, low, high)
        return index if index < high and self.encoded(index) == encoded else -1

    def containing(self, parts: Iterable[str]) -> Array:
        """Whether each string has one of these in it; none of them is empty."""
        text, ends, found = bytes(self._text), np.asarray(self._ends), np.zeros(len(self), bool)
        for part in (one.encode() for one in parts):
            starts: list[int] = []
            while (at := text.find(part, starts[-1] + 1 if starts else 0)) >= 0:
                starts.append(at)
            first = np.array(starts, np.int64)
            index = ends.searchsorted(first, side="right")
            # Not where it reaches from one string into the next.
            found[index[first + len(part) <= ends[index]]] = True
        return found

    def longer(self, size: int) -> Array:
        """Whether each string has more bytes than that."""
        return np.diff(np.asarray(self._ends), prepend=0) > size

    def with_prefix(self, prefix: str) -> range:
        """The indexes of the sorted strings that begin with ``prefix``."""
        encoded = prefix.encode(errors="surrogatepass")
        # 0xff never occurs in UTF-8, so it sorts behind every continuation of the prefix.
        return range(self.find(encoded), self.find(encoded + b"\xff"))


def smallest(values: Array) -> Array:
    """The same non-negative whole numbers in the narrowest unsigned type that holds them."""
    top = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(top), copy=False)
