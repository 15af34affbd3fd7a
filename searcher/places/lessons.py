"""Lessons: what articles teach of their publishers' homes and of the words of their archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from searcher.article import Article
from searcher.places.gazetteer import Cell, gazetteer
from searcher.places.knowledge import Knowledge, evidence, site
from searcher.places.model import Model, model
from searcher.places.reading import OWN, Reading, read
from searcher.places.resolver import Context, Group, resolve
from searcher.places.text import Field

__all__ = ["learn", "taught"]

#: What a state that an article names says for a home there, as the chance of one city's name would.
NAMED: Final = 1.0


def learn(articles: Iterable[Article]) -> Knowledge:
    """What articles teach together about their publishers' homes and their words.

    By their own texts: what is related to them, others published. Pieces can be learned apart and
    added: ``learn(a) + learn(b)`` equals ``learn(a + b)``.
    """
    known = gazetteer()
    return taught(((one, read(one, known, alone=True)) for one in articles), model())


def taught(readings: Iterable[tuple[Article, Reading]], weighed: Model) -> Knowledge:
    """What articles teach, each read by itself: of one, each likely name counts once.

    It is read as a local paper's, for which the size of a place says little: else every Paris
    would speak for France.
    """
    articles = 0
    sites: defaultdict[str, int] = defaultdict(int)
    regions: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    cells: defaultdict[str, defaultdict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    words: Counter[str] = Counter()
    for article, reading in readings:
        articles += 1
        for field in reading.fields:
            if field.name == "excerpt":
                words.update(within_sentences(field))
        groups = [group for group in reading.groups if likely(group, weighed)]
        name, named = site(article), reading.context.regions
        if name and (groups or named):
            resolve(reading.groups, local(reading.context), weighed.place)
            sites[name] += 1
            for group in groups:
                count(group, regions[name], cells[name])
            for number in named:
                regions[name][reading.fields[0].known.regions[number].key] += evidence(NAMED)
    is_name = gazetteer().places_word
    names = {word: often for word, often in words.items() if is_name(word)}
    return Knowledge(
        articles,
        dict(sites),
        {name: dict(values) for name, values in regions.items()},
        {name: dict(values) for name, values in cells.items()},
        casing(names),
    )


def local(seen: Context) -> Context:
    """The context of an article in a local paper with an unknown home."""
    return Context(
        regions=seen.regions,
        countries=seen.countries,
        related_regions=seen.related_regions,
        related_countries=seen.related_countries,
        site=seen.site,
        url_cells=seen.url_cells,
        settled=1.0,
    )


def likely(group: Group, weighed: Model) -> bool:
    """Whether a name of the article's own text is likelier a city's than not."""
    mentions = (mention for mention in group.mentions if mention.field.name in OWN)
    return any(weighed.score(mention.signs) >= 0 for mention in mentions)


def count(group: Group, regions: dict[str, int], cells: dict[Cell, int]) -> None:
    """Add what one name says for each region and each cell of the map."""
    inside: defaultdict[str, float] = defaultdict(float)
    spots: defaultdict[Cell, float] = defaultdict(float)
    for place, chance in zip(group.places, group.chances, strict=True):
        if chance > 0.02:  # as some chance is: there are 25 places at most
            inside[place.region_key] += chance
            spots[place.cell] += chance
    for code, chance in inside.items():
        regions[code] += evidence(chance)
    for at, chance in spots.items():
        cells[at] += evidence(chance)


def within_sentences(field: Field) -> list[str]:
    """The words that do not begin a sentence; most stand after a blank or a comma."""
    return [
        word
        for at, (word, gap) in enumerate(zip(field.words, field.gaps, strict=False))
        if gap == " " or gap == ", " or not field.starts_sentence(at)
    ]


def casing(times: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """How often each word stands small and with a capital, from how often each form does."""
    words: dict[str, tuple[int, int]] = {}
    for word, often in times.items():
        lower = word.lower()
        small, capital = words.get(lower, (0, 0))
        words[lower] = (small + often, capital) if word == lower else (small, capital + often)
    return words
