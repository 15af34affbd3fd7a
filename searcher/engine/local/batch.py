"""A batch: some articles made ready for the index, in whichever process parsed them.

A batch numbers its own words, so that words travel between processes once and tokens as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.engine.local.schema import KEYWORDS, keywords, pack, pieces, timestamp
from searcher.engine.plan import TEXT_FIELDS
from searcher.places import City
from searcher.text import WORD

__all__ = ["NO_DATE", "Batch", "Interner", "prepare"]

NO_DATE: Final = np.iinfo(np.int64).min


class Interner(dict[Any, int]):
    """Numbers values in the order they are first seen."""

    def __missing__(self, value: Any) -> int:
        number = self[value] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles ready for the index.

    Attributes:
        words: the raw words; ``tokens`` are numbers into them.
        tokens: by text field, the words of all its texts, one text after another.
        texts: by text field, how many words each text has and which article it belongs to.
        values: by keyword field, the tuples of values; ``value_sets`` has each article's.
        labels: what to show for a city's key.
        dates: seconds since 1970, ``NO_DATE`` where there is none.
        stored: each article packed; ``stored_ends`` tells where each ends.
    """

    size: int
    words: list[str]
    tokens: dict[str, NDArray[np.uint32]]
    texts: dict[str, tuple[NDArray[np.uint32], NDArray[np.uint32]]]
    values: dict[str, list[tuple[str, ...]]]
    value_sets: dict[str, NDArray[np.uint32]]
    labels: dict[str, str]
    dates: NDArray[np.int64]
    stored: bytes
    stored_ends: NDArray[np.uint64]


class _Column:
    """One text field of a batch while it is filled."""

    __slots__ = ("lengths", "owners", "tokens")

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.lengths: list[int] = []
        self.owners: list[int] = []


def prepare(items: Iterable[tuple[Article, tuple[City, ...]]]) -> Batch:
    """Articles and their cities, tokenised, numbered and packed."""
    words, columns = Interner(), {name: _Column() for name in TEXT_FIELDS}
    sets = {name: Interner() for name in KEYWORDS}
    value_sets: dict[str, list[int]] = {name: [] for name in KEYWORDS}
    dates: list[int] = []
    packed: list[bytes] = []
    labels: dict[str, str] = {}
    number, find = words.__getitem__, WORD.findall
    for owner, (article, cities) in enumerate(items):
        for name, texts in pieces(article).items():
            column = columns[name]
            for text in texts:
                found = find(text)
                column.tokens.extend(map(number, found))
                column.lengths.append(len(found))
                column.owners.append(owner)
        for name, values in keywords(article, cities).items():
            value_sets[name].append(sets[name][values])
        labels.update((str(city.id), city.label) for city in cities)
        when = timestamp(article.published_at)
        dates.append(int(NO_DATE) if when is None else when)
        packed.append(pack(article, cities))
    return Batch(
        size=len(dates),
        words=list(words),
        tokens={name: np.array(c.tokens, np.uint32) for name, c in columns.items()},
        texts={
            name: (np.array(c.lengths, np.uint32), np.array(c.owners, np.uint32))
            for name, c in columns.items()
        },
        values={name: list(interner) for name, interner in sets.items()},
        value_sets={name: np.array(v, np.uint32) for name, v in value_sets.items()},
        labels=labels,
        dates=np.array(dates, np.int64),
        stored=b"".join(packed),
        stored_ends=np.cumsum([len(one) for one in packed], dtype=np.uint64),
    )
