"""A batch: some articles made ready for the index, in whichever process parsed them.

A batch numbers its own words, so that each travels between processes once, and tokens as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.engine.local.chunks import joined
from searcher.engine.local.interner import Interner
from searcher.engine.local.layout import NO_DATE
from searcher.engine.local.schema import KEYWORDS, keywords, pack, pieces, timestamp
from searcher.engine.plan import TEXT_FIELDS
from searcher.places import City

__all__ = ["Batch", "prepare"]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles ready for the index.

    Attributes:
        chunks: what stands between blanks in the texts, each once, ``joined``.
        tokens: by text field, the numbers of the chunks of all its texts, one text after another.
        texts: by text field, how many chunks each text has and which article it belongs to.
        values: by keyword field, the sets of values; ``value_sets`` has each article's.
        labels: what to show for a city's key.
        dates: seconds since 1970, ``NO_DATE`` where there is none.
        stored: each article packed; ``stored_ends`` tells where each ends.
    """

    size: int
    chunks: bytes
    tokens: dict[str, Array]
    texts: dict[str, tuple[Array, Array]]
    values: dict[str, list[tuple[str, ...]]]
    value_sets: dict[str, Array]
    labels: dict[str, str]
    dates: Array
    stored: bytes
    stored_ends: Array


def prepare(items: Iterable[tuple[Article, tuple[City, ...]]]) -> Batch:
    """Articles and their cities, split, numbered and packed."""
    articles = list(items)
    chunks = Interner()
    tokens, texts = {}, {}
    for name in TEXT_FIELDS:
        tokens[name], texts[name] = _split(name, articles, chunks)
    sets = {name: Interner() for name in KEYWORDS}
    rows = [keywords(article, cities) for article, cities in articles]
    packed = [pack(article, cities) for article, cities in articles]
    dates = [timestamp(article.published_at) for article, _ in articles]
    return Batch(
        size=len(articles),
        chunks=joined(chunks),
        tokens=tokens,
        texts=texts,
        value_sets={
            name: interner.numbers(row[name] for row in rows) for name, interner in sets.items()
        },
        values={name: list(interner) for name, interner in sets.items()},
        labels={str(city.id): city.label for _, cities in articles for city in cities},
        dates=np.array([NO_DATE if date is None else date for date in dates], np.int64),
        stored=b"".join(packed),
        stored_ends=np.cumsum([len(one) for one in packed], dtype=np.uint64),
    )


def _split(
    name: str, articles: Sequence[tuple[Article, tuple[City, ...]]], chunks: Interner
) -> tuple[Array, tuple[Array, Array]]:
    owners, parts = [], []
    for owner, (article, _) in enumerate(articles):
        for text in pieces(article, name):
            owners.append(owner)
            parts.append(text.split())
    tokens = chunks.numbers(chain.from_iterable(parts))
    lengths = np.array([len(part) for part in parts], np.int64)
    return tokens, (lengths, np.array(owners, np.int64))
