"""How well cities are found: ``python -m bench.cities FILE.xml [FILE.xml ...]``.

Reads a gold file in the form of LGL (GeoNames ids, ``fclass`` P is a populated place) or of
GeoVirus (coordinates and a page's name). Counts, over documents, the populated places found,
missed and invented; a found city matches by its GeoNames id, or by a shared name within 25 km.
Says too how many are placed in a second of CPU time: pieces of these that are as long as the seeds
are in the mean, and the seeds as they are.
"""

from __future__ import annotations

import argparse
import math
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from searcher.article import Article, Provider
from searcher.places import City, find_cities, learn
from searcher.places.gazetteer import gazetteer
from searcher.places.names import key
from searcher.sources import parse

__all__ = ["Counts", "Document", "Gold", "distance", "matches", "read", "score"]

NEAR: Final = 25.0
"""Kilometres within which two places that share a name are one."""
WORDS: Final = 165
"""The mean of what the five seed articles have (125 to 202), counted as ``length`` does."""
SEEDS: Final = Path(__file__).parents[1] / "seeds"
PASSES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that people marked: where in the document, and what it is.

    ``populated`` is None where the file does not say which place is meant.
    """

    start: int
    end: int
    id: int | None
    names: frozenset[str]
    latitude: float
    longitude: float
    populated: bool | None


@dataclass(frozen=True, slots=True)
class Document:
    """An article, its places, and where its excerpt starts in the document's text."""

    article: Article
    gold: tuple[Gold, ...]
    shift: int

    @property
    def cities(self) -> list[Gold]:
        """The populated places, each once."""
        once = {
            gold.id or (gold.latitude, gold.longitude): gold for gold in self.gold if gold.populated
        }
        return list(once.values())


@dataclass(slots=True)
class Counts:
    """Cities found that are there, found that are not, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:6.1%}  R {self.recall:6.1%}  F1 {self.f1:6.1%}"


def read(path: Path) -> list[Document]:
    """The documents of a gold file, in either form."""
    articles = list(ET.parse(path).getroot().iter("article"))
    return [virus(one) if one.find("locations") is not None else local(one) for one in articles]


def local(node: ET.Element) -> Document:
    """A document of LGL: its text begins with its title."""
    title = (node.findtext("title") or "").strip()
    domain = node.findtext("domain") or ""
    gold = tuple(toponym(item) for item in node.iter("toponym"))
    text = node.findtext("text") or ""
    return document(node.get("docid", ""), title, text, node.findtext("url") or "", domain, gold)


def toponym(node: ET.Element) -> Gold:
    tag = node.find("gaztag")
    if tag is None:
        phrase = key(node.findtext("phrase") or "")
        return Gold(
            number(node, "start"), number(node, "end"), None, frozenset((phrase,)), 0, 0, None
        )
    return Gold(
        number(node, "start"),
        number(node, "end"),
        int(tag.get("geonameid", "0")),
        frozenset((key(node.findtext("phrase") or ""), key(tag.findtext("name") or ""))),
        float(tag.findtext("lat") or 0),
        float(tag.findtext("lon") or 0),
        tag.findtext("fclass") == "P",
    )


def number(node: ET.Element, name: str) -> int:
    return int(node.findtext(name) or 0)


def virus(node: ET.Element) -> Document:
    """A document of GeoVirus: its first sentence stands in for a title."""
    text = node.findtext("text") or ""
    source = node.findtext("source") or ""
    title = re.split(r"(?<=[a-z)]\.)\s", text, maxsplit=1)[0]
    gold = tuple(location(item) for item in node.iter("location"))
    return document(source, title, text, source, "wikinews.org", gold)


def location(node: ET.Element) -> Gold:
    page = re.split(r",|_\(", (node.findtext("page") or "").rpartition("/wiki/")[2])[0]
    names = frozenset((key(node.findtext("name") or ""), key(page.replace("_", " "))))
    latitude, longitude = float(node.findtext("lat") or 0), float(node.findtext("lon") or 0)
    near = any(
        distance(latitude, longitude, place.latitude, place.longitude) <= NEAR
        for name in names
        for place in gazetteer().places(name)
    )
    start, end = number(node, "start") - 1, number(node, "end") - 1
    return Gold(start, end, None, names, latitude, longitude, near)


def document(
    id_: str, title: str, text: str, url: str, domain: str, gold: tuple[Gold, ...]
) -> Document:
    body = text[len(title) :] if text.startswith(title) else text
    excerpt = body.lstrip(" .")
    provider = Provider(domain, domain)
    article = Article(id_, title or "-", excerpt, url, None, provider)
    return Document(article, gold, len(text) - len(excerpt))


def distance(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points, by the haversine formula."""
    half = math.radians(lat2 - lat1) / 2, math.radians(lon2 - lon1) / 2
    flat = math.cos(math.radians(lat1)) * math.cos(math.radians(lat2))
    chord = math.sin(half[0]) ** 2 + flat * math.sin(half[1]) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(chord)))


def matches(city: City, gold: Gold) -> bool:
    if gold.id == city.id:
        return True
    shared = key(city.name) in gold.names or any(key(e.text) in gold.names for e in city.evidence)
    near = distance(city.latitude, city.longitude, gold.latitude, gold.longitude) <= NEAR
    return shared and near


def score(found: Sequence[City], gold: Sequence[Gold], counts: Counts) -> None:
    """Pair the cities of one document with its gold, each with at most one, and count."""
    left = list(gold)
    for city in found:
        match = next((one for one in left if matches(city, one)), None)
        if match is None:
            counts.wrong += 1
        else:
            counts.right += 1
            left.remove(match)
    counts.missed += len(left)


def own(cities: Sequence[City]) -> list[City]:
    return [city for city in cities if city.role != "related"]


def length(article: Article) -> int:
    """The words of an article and of its related items, as blanks part them."""
    related = (text for item in article.related for text in (item.title, item.excerpt))
    return len(" ".join((article.title, article.excerpt, *related)).split())


def seeds_per_second() -> float:
    """How many seed articles are placed in a second of CPU time: the best of warm passes."""
    parsed = (parse(path.read_bytes(), path.name) for path in SEEDS.glob("*.txt"))
    articles = [article for article in parsed if isinstance(article, Article)]
    times = []
    for _ in range(PASSES):
        start = time.process_time()
        for article in articles:
            find_cities(article)
        times.append(time.process_time() - start)
    return len(articles) / min(times)


def main() -> None:
    """Print a line for each file, with and without what the archive itself teaches."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("files", nargs="+", type=Path)
    for path in options.parse_args().files:
        documents = read(path)
        articles = [document.article for document in documents]
        first = [find_cities(article) for article in articles]
        start = time.process_time()
        knowledge = learn(articles)
        learned = time.process_time()
        second = [find_cities(article, knowledge) for article in articles]
        found = time.process_time()
        size = sum(map(length, articles)) / WORDS
        print(f"{path.name}: {len(documents)} documents; of {WORDS} words, as seeds have,"
              f" {size / (learned - start):,.0f} are learned from in a second"
              f" and {size / (found - learned):,.0f} placed")  # fmt: skip
        for name, results in (("each article alone", first), ("with the archive", second)):
            counts = Counts()
            for document, cities in zip(documents, results, strict=True):
                score(own(cities), document.cities, counts)
            print(f"  {name:20} {counts}")
    print(f"seeds as they are: {seeds_per_second():,.0f} placed in a second")


if __name__ == "__main__":
    main()
