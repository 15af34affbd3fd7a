"""Lessons: what articles teach of their publishers' homes and of the words of their archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import compress
from typing import Final

from searcher.article import Article
from searcher.places.gazetteer import Cell, gazetteer
from searcher.places.knowledge import Knowledge, evidence, site, together
from searcher.places.model import Model, model
from searcher.places.reading import OWN, Reading, read
from searcher.places.resolver import Group, resolve
from searcher.places.text import Field

__all__ = ["learn", "lesson"]

#: What a state that an article names says for a home there, as the chance of one city's name would.
NAMED: Final = 1.0


def learn(articles: Iterable[Article]) -> Knowledge:
    """What articles teach together about their publishers' homes and their words.

    By their own texts: what is related to them, others published. Pieces can be learned apart and
    added: ``learn(a) + learn(b)`` equals ``learn(a + b)``.
    """
    known, weighed = gazetteer(), model()
    return together(lesson(one, read(one, known, alone=True), weighed) for one in articles)


def lesson(article: Article, reading: Reading, weighed: Model) -> Knowledge:
    """What one article, read by itself, teaches: each of its likely names counts once.

    It is read as a local paper's, for which the size of a place says little: else every Paris
    would speak for France.
    """
    local = replace(reading.context, home_cells={}, home_regions={}, settled=1.0)
    resolve(reading.groups, local, weighed.place)
    regions: Counter[str] = Counter()
    cells: Counter[Cell] = Counter()
    for group in reading.groups:
        if likely(group, weighed):
            count(group, regions, cells)
    for number in reading.context.regions:
        regions[reading.fields[0].known.regions[number].key] += evidence(NAMED)
    name = site(article)
    words = next((casing(field) for field in reading.fields if field.name == "excerpt"), {})
    if not regions or not name:
        return Knowledge(1, words=words)
    return Knowledge(1, Counter((name,)), {name: regions}, {name: cells}, words)


def likely(group: Group, weighed: Model) -> bool:
    """Whether a name of the article's own text is likelier a city's than not."""
    mentions = (mention for mention in group.mentions if mention.field.name in OWN)
    return any(weighed.score(mention.signs) >= 0 for mention in mentions)


def count(group: Group, regions: Counter[str], cells: Counter[Cell]) -> None:
    """Add what one name says for each region and each cell of the map."""
    inside: defaultdict[str, float] = defaultdict(float)
    spots: defaultdict[Cell, float] = defaultdict(float)
    for place, chance in zip(group.places, group.chances, strict=True):
        if chance > 0.02:
            inside[place.region_key] += chance
            spots[place.cell] += chance
    for code, chance in inside.items():
        regions[code] += evidence(chance)
    for at, chance in spots.items():
        cells[at] += evidence(chance)


def casing(field: Field) -> dict[str, tuple[int, int]]:
    """How often each word that is also a place's name stands small and with a capital."""
    names = compress(range(field.count), map(field.known.places_word, field.words))
    within = [at for at in names if field.gaps[at] == " " or not field.starts_sentence(at)]
    words: dict[str, tuple[int, int]] = {}
    for word, times in Counter(field.words[at] for at in within).items():
        lower = word.lower()
        small, capital = words.get(lower, (0, 0))
        words[lower] = (small + times, capital) if word == lower else (small, capital + times)
    return words
