"""The gazetteer: names to places, mapped from disk and never loaded whole.

``data/gazetteer.bin`` is written by ``searcher.places.recipe``, which says where it comes from.
Little-endian sections, each found through the header:

``buckets``  65,537 32-bit numbers: places ``buckets[h]`` to ``buckets[h + 1]`` have names whose
             key's hash begins with the 16 bits ``h``.
``places``   two 64-bit words a place, see ``RECORD``.
``names``    the places' names: one byte of length, then UTF-8.
``words``    64-bit entries in order: a 40-bit hash, then 24 bits of value. Holds the places' other
             names, the names of regions and countries, and what the lexicon knows of a word.
``starts``   a bit for every hash of 22 bits: whether some name may begin with that word, or, where
             the name has several, with those two words. It has no false "no".
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log2
from pathlib import Path
from typing import Final, NamedTuple

from searcher.places.names import key

__all__ = ["ROW", "Cell", "Gazetteer", "Name", "Place", "Region", "around", "gazetteer"]

MAGIC: Final = b"SRCHGAZ1"
HEADER: Final = 1024
BUCKET_BITS: Final = 16
START_BITS: Final = 22
#: Sides of a cell of the map, in degrees; two places in touching cells are near each other.
CELL: Final = (0.5, 0.7)
#: A cell in one number, which is looked up faster than two: ``ROW`` times its row, and its column.
Cell = int
ROW: Final = 1_000
#: Bits of each field of a place, from the lowest: first word, then second word.
RECORD: Final = (
    (("id", 24), ("latitude", 20), ("longitude", 20)),
    (("name", 24), ("region", 13), ("population", 8), ("names", 7), ("zip", 1), ("check", 10)),
)
#: Ids of places that only the ZIP codes know: far above any GeoNames id.
ZIP_IDS: Final = 1_000_000_000
#: Kinds of entries in ``words``, the top two bits of a value.
ALIAS, REGION, COUNTRY, LEXICON = 0, 1, 2, 3
VALUE_BITS: Final = 22
#: The bit of a region's or country's value that says: an abbreviation.
SHORT: Final = 1 << 16
#: The bit of an alias's value that says: as good as the place's own name.
TRUSTED: Final = 1 << 20


def cell(latitude: float, longitude: float) -> Cell:
    """The cell of the map a point is in."""
    return ROW * int(latitude // CELL[0]) + int(longitude // CELL[1])


@lru_cache(maxsize=5_000)
def around(at: Cell) -> tuple[Cell, ...]:
    """A cell and the eight that touch it."""
    return tuple(at + i + j for i in (-ROW, 0, ROW) for j in (-1, 0, 1))


class Place(NamedTuple):
    """A populated place.

    ``population`` is a logarithm: 8 x log2(people + 1), at most 255, and ``size`` a hundredth of
    it; ``names`` counts its other names, and ``fame`` is log2(names + 1) / 5.
    """

    id: int
    name: str
    key: str
    latitude: float
    longitude: float
    region: int
    country: str
    population: int
    names: int
    region_key: str
    cell: Cell
    size: float
    fame: float


class Region(NamedTuple):
    """A first-level region: a state, a province.

    ``code`` is GeoNames': ``US.MA``; ``key`` says the same by name: ``US.Massachusetts``.
    """

    code: str
    name: str
    country: str
    key: str


class Meaning(NamedTuple):
    """What a name can be besides a city: regions (their numbers) and countries (their codes).

    ``short`` marks an abbreviation, which counts only where its surroundings leave no doubt.
    """

    regions: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    short: bool = False

    def __bool__(self) -> bool:
        return bool(self.regions or self.countries)


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """What a name may mean: places, the most populous first, and regions and countries.

    ``word`` is what the lexicon knows of it where it is a word: see ``Gazetteer.lexicon``.
    """

    key: str
    places: tuple[Place, ...]
    meaning: Meaning
    word: int


#: How well known a place of so many other names is.
FAME: Final = tuple(log2(names + 1) / 5 for names in range(128))
#: What a name that is none means, and such a name.
NOTHING: Final = Meaning()
NAMELESS: Final = Name("", (), NOTHING, 0)


def digest(text: str) -> int:
    """64 bits of a key's hash, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def rows(section: memoryview) -> list[list[str]]:
    """A section of text: lines of fields."""
    return [line.split("\t") for line in bytes(section).decode().split("\n")]


class Gazetteer:
    """Answers for one opened file. Safe under threads: it only reads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[:8] != MAGIC:
            raise ValueError(f"{path} is not a gazetteer: run python -m searcher.places.recipe")
        view = memoryview(self._map)
        where = json.loads(self._map[8:HEADER])
        parts = {name: view[start:end] for name, (start, end) in where.items()}
        self._buckets = parts["buckets"].cast("I")
        self._places = parts["places"].cast("Q")
        self._names = parts["names"]
        self._words = parts["words"].cast("Q")
        self._starts = parts["starts"]
        self.regions = tuple(
            Region(code, name, country, f"{country}.{name}")
            for code, name, country in rows(parts["regions"])
        )
        self.countries = {row[0]: row[1] for row in rows(parts["countries"])}
        self.name = lru_cache(maxsize=8_000)(self._name)
        self.lexicon = lru_cache(maxsize=30_000)(self._lexicon)
        self.opening = lru_cache(maxsize=32_000)(self._opening)
        self.places_word = lru_cache(maxsize=30_000)(self._places_word)
        self.pairs = lru_cache(maxsize=20_000)(self._pairs)

    def __len__(self) -> int:
        return len(self._places) // 2

    def begins(self, words: str) -> bool:
        """Whether a name may begin with this word or these two words (a key)."""
        bit = digest(words) >> (64 - START_BITS)
        return bool(self._starts[bit >> 3] >> (bit & 7) & 1)

    def _opening(self, word: str) -> Name | None:
        """What a word of a text means as a name; None where no name begins with it.

        Only a word with a capital begins one. It is ``NAMELESS`` if only longer names do.
        """
        if not word[0].isupper() or not self.begins(name := key(word)):
            return None
        return self.name(name) or NAMELESS

    def places(self, name: str) -> tuple[Place, ...]:
        """The places of this name or other name (a key), the most populous first."""
        known = self.name(name)
        return known.places if known else ()

    def meaning(self, name: str) -> Meaning:
        """The regions and countries of this name, abbreviation or demonym (a key)."""
        known = self.name(name)
        return known.meaning if known else NOTHING

    def lands(self, meaning: Meaning) -> set[str]:
        """The countries of the regions that a name means."""
        return {self.regions[number].country for number in meaning.regions}

    def _name(self, name: str) -> Name | None:
        """What a name (a key) means; None where it names neither place, region nor country."""
        code = digest(name)
        entries = self._entries(code)
        places = self._find(name, code, entries)
        meaning = Meaning(
            tuple(value & 0x1FFF for kind, value in entries if kind == REGION),
            tuple(chr(v >> 8 & 255) + chr(v & 255) for kind, v in entries if kind == COUNTRY),
            any(value & SHORT for kind, value in entries if kind in (REGION, COUNTRY)),
        )
        if not meaning:
            meaning = NOTHING
        word = next((value for kind, value in entries if kind == LEXICON), 0)
        return Name(name, places, meaning, word) if places or meaning else None

    def _places_word(self, word: str) -> bool:
        """Whether a word of a text is some place's name but for its capital."""
        lower = word.lower()
        return self.begins(lower) and bool(self.places(lower))

    def _pairs(self, first: str, second: str) -> bool:
        """Whether a name may begin with these two words of a text."""
        return self.begins(f"{key(first)} {key(second)}")

    def _find(self, name: str, code: int, entries: list[tuple[int, int]]) -> tuple[Place, ...]:
        bucket = code >> (64 - BUCKET_BITS)
        numbers = range(self._buckets[bucket], self._buckets[bucket + 1])
        likely = (n for n in numbers if self._places[2 * n + 1] >> 53 & 0x3FF == code & 0x3FF)
        found = [place for place in map(self.place, likely) if place.key == name]
        own = {place.id for place in found}
        for kind, value in reversed(entries):  # the trusted ones come last
            if kind == ALIAS:
                place = self.place(value & (TRUSTED - 1))
                if place.id not in own:
                    own.add(place.id)
                    found.append(place._replace(key=name) if value & TRUSTED else place)
        return tuple(sorted(found, key=lambda place: (-place.population, place.id)))

    def _lexicon(self, word: str) -> int:
        """What is known of a word: the flags of ``searcher.places.atlas.lexicon``; 0: nothing."""
        for kind, value in self._entries(digest(key(word))):
            if kind == LEXICON:
                return value
        return 0

    def _entries(self, code: int) -> list[tuple[int, int]]:
        prefix = code >> 24
        at = bisect_left(self._words, prefix << 24)
        found = []
        while at < len(self._words) and self._words[at] >> 24 == prefix:
            value = self._words[at] & 0xFFFFFF
            found.append((value >> VALUE_BITS, value & ((1 << VALUE_BITS) - 1)))
            at += 1
        return found

    def place(self, number: int) -> Place:
        """The place in this position of the file."""
        first, second = self._places[2 * number], self._places[2 * number + 1]
        start = second & 0xFFFFFF
        name = str(self._names[start + 1 : start + 1 + self._names[start]], "utf-8")
        latitude = round((first >> 24 & 0xFFFFF) * 180 / 0xFFFFF - 90, 4)
        longitude = round((first >> 44) * 360 / 0xFFFFF - 180, 4)
        people, names = second >> 37 & 0xFF, second >> 45 & 0x7F
        region = second >> 24 & 0x1FFF
        return Place(
            (first & 0xFFFFFF) + (second >> 52 & 1) * ZIP_IDS,
            name,
            key(name),
            latitude,
            longitude,
            region,
            self.regions[region].country,
            people,
            names,
            self.regions[region].key,
            cell(latitude, longitude),
            people / 100,
            FAME[names],
        )


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this package, opened once per process."""
    return Gazetteer(Path(__file__).parent / "data" / "gazetteer.bin")
