"""The recipe of the gazetteer: ``python -m searcher.places.recipe`` writes ``data/gazetteer.bin``.

It packs what ``searcher.places.atlas`` tells, and ``names.toml`` beside this file, for what people
write and GeoNames does not. It needs the packages of the extra ``gazetteer`` and no network.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from searcher.places.atlas import (
    ENGLISH,
    Row,
    aliases,
    counties,
    country_names,
    lexicon,
    region_names,
    rows,
    telling,
)
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
#: Counties of one name in more states than this do not say which is meant.
TELLING: Final = 3


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
    for name, codes in counties().items():
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
