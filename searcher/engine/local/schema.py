"""The Whoosh schema, and how an article becomes a document and comes back."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from threading import local
from typing import Any, Final

import msgspec
from whoosh import fields, formats
from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import Analyzer
from zstandard import (
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
)

from searcher.article import Article, Provider, RelatedItem
from searcher.engine import Stored
from searcher.engine.plan import TEXT_FIELDS
from searcher.errors import IndexDamaged
from searcher.places import City
from searcher.places.knowledge import address
from searcher.request import FACETS
from searcher.text import tokens, url_words

__all__ = [
    "FACETS",
    "KEYWORDS",
    "PIECE_GAP",
    "SCHEMA_VERSION",
    "article_of",
    "keywords",
    "pack",
    "pieces",
    "schema",
    "site_key",
    "stored_fields",
    "timestamp",
    "unpack",
]

SCHEMA_VERSION: Final = 7
"""Raised whenever the files, the schema or the analysis change: older indexes are rebuilt."""

KEYWORDS: Final = ("id", *FACETS, "site", "url")
"""Fields of whole values. ``site`` and ``url`` are filters only; facets are counted as well."""

PIECE_GAP: Final = 100
"""Places left free between two texts of one field, so that no phrase reaches across them."""

LABELS: Final = 10
"""How many labels of a host's name count; real ones have three or four."""

PIECE_END: Final = "\x1e"  # the record separator of ASCII


class PieceAnalyzer(Analyzer):
    """Our analysis in Whoosh's clothes."""

    def __call__(self, value: str, **_: Any) -> Iterator[WhooshToken]:
        token = WhooshToken(positions=True, chars=True, boosts=True)
        token.boost, token.stopped = 1.0, False
        start = 0
        for piece in value.split(PIECE_END):
            end = start
            for found in tokens(piece):
                for place, term in found.word.terms:
                    token.text = term
                    token.pos = start + found.position + place
                    token.startchar, token.endchar = found.start, found.end
                    yield token
                end = start + found.position + found.word.width
            start = end + PIECE_GAP


class Text(fields.TEXT):
    """A text field. Takes one text or several, between which no phrase matches."""

    def index(
        self, value: Any, **kwargs: Any
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        yield from super().index(
            value if isinstance(value, str) else PIECE_END.join(value), **kwargs
        )


class Keyword(fields.FieldType):
    """A field of whole values, kept to the letter: Whoosh's own KEYWORD splits them at blanks."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = False
        self.stored = True
        self.unique = False
        self.vector = None
        self.column_type = None

    def index(
        self, value: Any, **_: Any
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        for one in dict.fromkeys([value] if isinstance(value, str) else value):
            yield one.encode(), 1, 1.0, b""

    def self_parsing(self) -> bool:
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Any:
        from whoosh.query.terms import Term

        return Term(fieldname, qstring, boost=boost)


def schema() -> fields.Schema:
    """The schema: three texts, the keywords, and what is only stored."""
    text = {name: Text(analyzer=PieceAnalyzer(), stored=True) for name in TEXT_FIELDS}
    keyword = {name: Keyword() for name in KEYWORDS}
    keyword["id"].unique = True
    stored = {name: fields.STORED() for name in ("date", "quality", "heat")}
    return fields.Schema(**text, **keyword, **stored)


def pieces(article: Article, field: str) -> list[str]:
    """The texts of a text field, in reading order."""
    if field == "title":
        return [article.title]
    if field == "excerpt":
        return [article.excerpt]
    return [text for item in article.related for text in (item.title, item.excerpt)]


def keywords(article: Article, cities: Sequence[City]) -> dict[str, tuple[str, ...]]:
    """The values of each keyword field. Only cities of the article's own text are a facet."""
    year = (f"{article.published_at.year:04}",) if article.published_at else ()
    own = dict.fromkeys(str(city.id) for city in cities if city.role != "related")
    return {
        "id": (article.id,),
        "city": tuple(own),
        "provider": (article.provider.name,) if article.provider else (),
        "topic": tuple(dict.fromkeys(article.topics)),
        "year": year,
        "status": ("published" if article.published else "unpublished",),
        "site": _sites(article),
        "url": url_words(article.url),
    }


def _sites(article: Article) -> tuple[str, ...]:
    domain = article.provider.domain if article.provider else ""
    return _domains(address(article)[0].casefold(), domain.casefold())


def site_key(site: str) -> str | None:
    """What every article of a publisher has among its ``site`` values, others perhaps too. None
    where it has none, as of a host without a dot."""
    return next(iter(_domains(site.casefold())), None)


@lru_cache(maxsize=10_000)
def _domains(*hosts: str) -> tuple[str, ...]:
    """Hosts and every domain they belong to."""
    found: dict[str, None] = {}
    for host in hosts:
        labels = host.removeprefix("www.").split(".")[-LABELS:]
        found.update((".".join(labels[at:]), None) for at in range(len(labels) - 1))
    return tuple(found)


def timestamp(moment: datetime | None) -> int | None:
    """Seconds since 1970 in UTC."""
    return None if moment is None else math.floor(moment.timestamp())


_TYPICAL: Final = (
    b'{"article":{"id":"2020/","title":"","excerpt":"The  said on and of the in to a for that with '
    b'is was ","url":"https://www..com/2020/06/.html","published_at":"2020-06-01T12:00:00Z",'
    b'"provider":{"name":"The News","domain":".com"},"topics":["AI"],"related":[{"title":"",'
    b'"excerpt":"The ","url":"https://www..com/2020/","published_at":"2020-06-01T12:00:00Z",'
    b'"provider":{"name":"The Post","domain":"news.com"}},{"title":"","excerpt":"","url":"",'
    b'"published_at":null,"provider":null}],"quality":null,"heat":-1.0,"published":true},'
    b'"cities":[{"id":4930956,"name":"Boston","label":"Boston, Massachusetts","country":"US",'
    b'"region":"Massachusetts","latitude":42.35843,"longitude":-71.05977,"confidence":0.9,'
    b'"role":"about","evidence":[{"field":"title","start":0,"end":6,"text":"Boston",'
    b'"cue":"most populous"}]}]}'
)
"""What every stored article looks like, for the compressor to start from."""


ROOM: Final = 1 << 15
"""The bytes the compressor is prepared for: of a larger article it finds no repeats that are more
than twice as far apart."""


class _Packer(local):
    """JSON to and from our dataclasses, compressed. One a thread: its contexts are not shared."""

    def __init__(self) -> None:
        typical = ZstdCompressionDict(_TYPICAL, dict_type=DICT_TYPE_RAWCONTENT)
        self.encode = msgspec.json.Encoder().encode
        self.decode = msgspec.json.Decoder(Stored).decode
        # Its tables have one size, so that none is made anew for an article.
        fitting = ZstdCompressionParameters.from_level(1, source_size=ROOM, dict_size=len(_TYPICAL))
        self.compress = ZstdCompressor(dict_data=typical, compression_params=fitting).compress
        self.decompress = ZstdDecompressor(typical).decompress


_packer: Final = _Packer()


def pack(article: Article, cities: Sequence[City]) -> bytes:
    """An article and its cities as compressed JSON."""
    return _packer.compress(_packer.encode(Stored(article, tuple(cities))))


def unpack(data: bytes) -> Stored:
    """What ``pack`` stored.

    Raises:
        IndexDamaged: these are not the bytes that were stored.
    """
    try:
        return _packer.decode(_packer.decompress(data))
    except (ZstdError, ValueError) as error:  # msgspec's errors and Unicode's are ValueErrors
        raise IndexDamaged(
            f"A stored article cannot be read ({error}): run `searcher doctor`, then "
            "`searcher rollback` or `searcher reindex --full`."
        ) from error


def stored_fields(stored: Stored) -> dict[str, Any]:
    """A stored article as Whoosh's stored fields: what ``add_document`` takes."""
    texts = {name: pieces(stored.article, name) for name in TEXT_FIELDS}
    single = {"id": stored.article.id, "date": timestamp(stored.article.published_at)}
    return {
        **{name: list(values) for name, values in keywords(stored.article, stored.cities).items()},
        **{name: "".join(values) for name, values in texts.items() if name != "related"},
        **{name: value for name, value in single.items() if value is not None},
        "related": texts["related"],
        "quality": stored.article.quality,
        "heat": stored.article.heat,
    }


def article_of(values: Mapping[str, Any]) -> Article:
    """The article that Whoosh's ``add_document`` was given, as far as its fields tell."""
    related, date = values.get("related", ()), values.get("date")
    first = next(iter(values.get("provider", ())), None)
    return Article(
        values["id"] if isinstance(values["id"], str) else values["id"][0],
        values.get("title", ""),
        values.get("excerpt", ""),
        published_at=None if date is None else datetime.fromtimestamp(date, UTC),
        provider=Provider(first) if first else None,
        topics=tuple(values.get("topic", ())),
        related=tuple(map(RelatedItem, related[::2], related[1::2])),
        quality=values.get("quality"),
        heat=values.get("heat"),
        published="unpublished" not in values.get("status", ()),
    )
