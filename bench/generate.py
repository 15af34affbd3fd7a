"""Made-up archives of any size, the same for the same seed: what the benchmarks are run on.

Words follow their frequencies in English, every article has a topic with words of its own and a
few things that it and its related items keep speaking of, and outlets, topics and cities are as
unevenly spread as in real news. Texts and files are as long as those of the five seed articles: in
the mean 165 words and 4.3 kB, a tenth of which is sealed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np

from bench.vocabulary import TOPICS, Numbers, Vocabulary, vocabulary
from searcher.article import Article, Provider, RelatedItem
from searcher.places import City

__all__ = ["articles", "as_file", "entries", "write"]

BATCH: Final = 1_000
STORY: Final = 12
"""How many things one story keeps speaking of."""

RELATED: Final = (0.08, 0.07, 0.15, 0.25, 0.45)
"""The shares of articles with none to four related items."""

ADDRESSES: Final = (
    ("sourceUrl", "ampUrl", "cdnAmpUrl"),
    ("webUrl", "ampWebUrl", "cdnAmpWebUrl"),
)
"""The two vocabularies of addresses: the story's, and where copies of it are."""

IMAGE: Final = "1200x630.jpg?width=800&quality=45&auto=format&fit=max&signature=9ioxsUaZTvrqoZR7r_d"
"""What images' addresses end in."""

SEALED: Final = (276, 372, 420, 420, 420)
"""Bytes of the seeds' sealed blobs."""

FIRST_DAY: Final = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp())
LAST_DAY: Final = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp())


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """The first ``count`` articles of the endless archive that ``seed`` names."""
    return (article for article, _ in entries(count, seed))


def entries(count: int, seed: int = 1) -> Iterator[tuple[Article, tuple[City, ...]]]:
    """The same, each with the cities it is about."""
    batches = (_Batch.draw(seed, number).entries() for number in range(-(-count // BATCH)))
    return islice((entry for batch in batches for entry in batch), count)


def write(folder: str | Path, count: int, seed: int = 1) -> None:
    """The same archive as front-matter files, in a folder for every month."""
    for article in articles(count, seed):
        path = Path(folder, article.id + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_file(article), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Batch:
    """The drawn numbers of one batch; ``entries`` puts them into words."""

    first: int
    lengths: Numbers
    texts: list[str]
    related: list[int]
    topics: list[list[int]]
    providers: list[int]
    places: list[list[int]]
    placed: list[int]
    times: list[int]
    scores: list[list[int]]

    @classmethod
    def draw(cls, seed: int, number: int) -> _Batch:
        known, random = vocabulary(), np.random.default_rng((seed, number))
        topics = known.topics[_draws(random, known.topics, (BATCH, 3))]
        related = random.choice(len(RELATED), size=BATCH, p=RELATED)
        lengths = _lengths(random, related)
        return cls(
            first=number * BATCH,
            lengths=lengths,
            texts=_texts(random, known, topics[:, 0], related, lengths),
            related=related.tolist(),
            topics=topics.tolist(),
            providers=known.outlets[_draws(random, known.outlets, (BATCH * 5,))].tolist(),
            places=known.places[_draws(random, known.places, (BATCH, 3))].tolist(),
            placed=random.choice(4, size=BATCH, p=(0.3, 0.45, 0.2, 0.05)).tolist(),
            times=_times(random).tolist(),
            scores=random.integers(0, 101, size=(BATCH, 3)).tolist(),
        )

    def entries(self) -> Iterator[tuple[Article, tuple[City, ...]]]:
        known, text = vocabulary(), 0
        for n, related in enumerate(self.related):
            texts = self.texts[text : text + 2 * (related + 1)]
            text += len(texts)
            outlets = [known.providers[p] for p in self.providers[n * 5 : n * 5 + related + 1]]
            placed = dict.fromkeys(self.places[n][: self.placed[n]])
            cities = tuple(known.cities[place] for place in placed)
            yield self._article(n, texts, outlets, cities), cities

    def _article(
        self, n: int, texts: list[str], outlets: list[Provider], cities: tuple[City, ...]
    ) -> Article:
        when, number = datetime.fromtimestamp(self.times[n], UTC), self.first + n
        title, excerpt = _with_places(texts[0], texts[1], cities)
        slug = "-".join(title.lower().translate(_PLAIN).split())
        month = f"{when.year}/{when.month:02d}"
        quality, heat, hidden = self.scores[n]
        return Article(
            id=f"{month}/{number:07d}-{slug[:60].rstrip('-')}",
            title=title,
            excerpt=excerpt,
            url=f"https://www.{outlets[0].domain}/{month}/{slug}",
            published_at=when,
            provider=outlets[0],
            topics=tuple(dict.fromkeys(TOPICS[t] for t in self.topics[n][: 1 + number % 3])),
            related=tuple(
                RelatedItem(
                    title=texts[2 * i],
                    excerpt=texts[2 * i + 1],
                    url=f"https://www.{outlet.domain}/{month}/{number}-{i}.html",
                    published_at=datetime.fromtimestamp(self.times[n] + 7_200 * i, UTC),
                    provider=outlet,
                )
                for i, outlet in enumerate(outlets[1:], 1)
            ),
            quality=quality,
            heat=heat,
            published=hidden > 10,
        )


_PLAIN: Final = str.maketrans("", "", ",.'’")


def _draws(random: np.random.Generator, table: Numbers, shape: tuple[int, ...]) -> Numbers:
    return random.integers(0, len(table), size=shape, dtype=np.int32)


def _times(random: np.random.Generator) -> Numbers:
    """Publication times, denser towards the end as archives are."""
    return (FIRST_DAY + np.sqrt(random.random(BATCH)) * (LAST_DAY - FIRST_DAY)).astype(np.int64)


def _lengths(random: np.random.Generator, related: Numbers) -> Numbers:
    """Words of every text: title and excerpt of each article and of each related item."""
    pairs = int(related.sum()) + BATCH
    lengths = np.empty(pairs * 2, dtype=np.int64)
    # Some of the words are phrases, and places are added: the texts become as long as the seeds'.
    lengths[0::2] = random.integers(7, 14, size=pairs)
    lengths[1::2] = random.integers(15, 43, size=pairs)
    return lengths


def _texts(
    random: np.random.Generator,
    known: Vocabulary,
    topics: Numbers,
    related: Numbers,
    lengths: Numbers,
) -> list[str]:
    """All texts of a batch: each word from English, from the article's topic or from its story."""
    size, article = int(lengths.sum()), np.repeat(np.arange(BATCH), 2 * (related + 1))
    article = np.repeat(article, lengths)
    source = random.random(size, dtype=np.float32)
    story = _stories(random, known, topics)
    words = known.common[_draws(random, known.common, (size,))]
    topical = np.flatnonzero((source >= 0.62) & (source < 0.86))
    drawn = _draws(random, known.topical[0], topical.shape)
    words[topical] = known.topical[topics[article[topical]], drawn]
    told = np.flatnonzero(source >= 0.86)
    words[told] = story[article[told], random.integers(0, STORY, size=told.shape)]
    ends = np.cumsum(lengths)
    forms = known.forms[words * 4 + _ways(random, size, ends)].tolist()
    bounds = [0, *ends.tolist()]
    return [" ".join(forms[start:end]) for start, end in pairwise(bounds)]


def _stories(random: np.random.Generator, known: Vocabulary, topics: Numbers) -> Numbers:
    """What each article keeps speaking of: words of its topic, and some names."""
    half = STORY // 2 + 2
    own = known.topical[topics[:, None], _draws(random, known.topical[0], (BATCH, half))]
    named = known.named[_draws(random, known.named, (BATCH, STORY - half))]
    return np.concatenate([own, named], axis=1)


def _ways(random: np.random.Generator, size: int, ends: Numbers) -> Numbers:
    """How each word is written: sentences of about 18 words, and commas."""
    chance = random.random(size, dtype=np.float32)
    stop = chance < 0.05
    stop[ends[1::2] - 1] = True
    stop[ends[0::2] - 1] = False
    ways = np.where(chance > 0.94, 2, 0).astype(np.int32)
    ways[1:][stop[:-1]] = 1
    ways[0] = 1
    ways[ends[:-1]] = 1
    ways[ends[0::2] - 1] = 0
    ways[stop] = 3
    return ways


def _with_places(title: str, excerpt: str, cities: tuple[City, ...]) -> tuple[str, str]:
    """The texts with the cities in them: a dateline, or in the title; further ones at the end."""
    for n, city in enumerate(cities):
        if n == 0 and len(excerpt) % 2:
            excerpt = f"{city.name.upper()} — {excerpt}"
        elif n == 0:
            title = f"{title} in {city.name}"
        else:
            excerpt = f"{excerpt} It also concerns {city.name}."
    return title, excerpt


def as_file(article: Article) -> str:
    """An article as a front-matter file, with the images and the sealed blob of real ones."""
    number = int(article.id.split("/")[2][:7])
    lines = [
        "---",
        "category: news",
        *_told(article, "", number),
        f"quality: {article.quality:g}",
        f"heat: {article.heat:g}",
        f"published: {str(article.published).lower()}",
        "",
        *_provider(article.provider, ""),
        "",
        "topics:",
        *(f"  - {topic}" for topic in article.topics),
        "",
        *_images(article, ""),
        f"    title: {_quoted(article.title)}",
        "",
    ]
    if article.related:
        lines.append("related:")
    for item in article.related:
        told = [*_told(item, "    ", number), *_provider(item.provider, "    ")]
        told.append(f"    quality: {20 + number % 60}")
        lines += ["  - " + told[0][4:], *told[1:], *_images(item, "    ")]
    sealed = np.random.default_rng(number).bytes(SEALED[number % len(SEALED)])
    lines += ["", f'secured: "{base64.b64encode(sealed).decode()}"', "---", ""]
    return "\n".join(lines)


def _told(item: Article | RelatedItem, margin: str, number: int) -> list[str]:
    """Title, excerpt, time and addresses; of two in three, those of its copies as well."""
    assert item.published_at is not None
    address = item.url.removeprefix("https://")
    host = address.partition("/")[0].replace(".", "-")
    copied = f"https://{host}.cdn.ampproject.org/c/s/{address}?amp"
    pairs = [*zip(ADDRESSES[number % 2], (item.url, f"{item.url}?amp", copied), strict=True)]
    addresses = pairs if len(item.title) % 3 else pairs[:1]
    return [
        f"{margin}title: {_quoted(item.title)}",
        f"{margin}excerpt: {_quoted(item.excerpt)}",
        f"{margin}publishedDateTime: {item.published_at:%Y-%m-%dT%H:%M:%SZ}",
        *(f"{margin}{name}: {_quoted(url)}" for name, url in addresses),
        f"{margin}type: article",
    ]


def _provider(provider: Provider | None, margin: str) -> list[str]:
    if provider is None:
        return []
    return [
        f"{margin}provider:",
        f"{margin}  name: {_quoted(provider.name)}",
        f"{margin}  domain: {provider.domain}",
    ]


def _images(item: Article | RelatedItem, margin: str) -> list[str]:
    return [
        f"{margin}images:",
        f"{margin}  - url: {_quoted(f'{item.url}/images/{IMAGE}')}",
        f"{margin}    width: 800",
        f"{margin}    height: 450",
        f"{margin}    isCached: true",
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
