"""The Whoosh schema, and how an article becomes a document and comes back."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from whoosh import fields, formats
from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import Analyzer

from searcher.article import Article, Provider, RelatedItem
from searcher.engine import Stored
from searcher.engine.plan import TEXT_FIELDS
from searcher.places import City, Evidence
from searcher.text import fold, tokens

__all__ = [
    "FACETS",
    "KEYWORDS",
    "PIECE_GAP",
    "SCHEMA_VERSION",
    "keywords",
    "pack",
    "pack_fields",
    "pieces",
    "schema",
    "timestamp",
    "unpack",
    "unpack_fields",
]

SCHEMA_VERSION: Final = 1
"""Raised whenever the files, the schema or the analysis change: older indexes are rebuilt."""

FACETS: Final = ("city", "provider", "topic", "year", "status")
KEYWORDS: Final = ("id", *FACETS, "site", "url")
"""Fields of whole values. ``site`` and ``url`` are filters only; facets are counted as well."""

PIECE_GAP: Final = 100
"""Places left free between two texts of one field, so that no phrase reaches across them."""

HOST: Final = re.compile(r"[a-zA-Z]+://(?:[^/?#@]*@)?([^/:?#]+)")
PIECE_END: Final = "\x1e"  # the record separator of ASCII
URL_WORD: Final = re.compile(r"[^\W_]+")


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
        "url": tuple(dict.fromkeys(URL_WORD.findall(fold(article.url)))),
    }


def _sites(article: Article) -> tuple[str, ...]:
    host = HOST.match(article.url)
    domain = article.provider.domain if article.provider else ""
    return _domains(host[1].casefold() if host else "", domain.casefold())


@lru_cache(maxsize=10_000)
def _domains(*hosts: str) -> tuple[str, ...]:
    """Hosts and every domain they belong to."""
    found: dict[str, None] = {}
    for host in hosts:
        labels = host.removeprefix("www.").split(".")
        found.update((".".join(labels[at:]), None) for at in range(len(labels) - 1))
    return tuple(found)


def timestamp(moment: datetime | None) -> int | None:
    """Seconds since 1970 in UTC."""
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


_encode: Final[Callable[[Any], str]] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode

_DICTIONARY: Final = (
    b'"related"]]," mentioned"related","excerpt",most populous["https://www.html"year"status'
    b'"unpublished""published"],"heat":,"quality":,"url":"https://www.","city":[[],"provider":["'
    b'","United States","US","about",0.9,[["title",0,","topic":["],"date":1592"related":[['
    b'"excerpt":"The {"id":","title":"'
)
"""What every stored article repeats, for the compressor to start from."""


def pack(article: Article, cities: Sequence[City]) -> bytes:
    """An article and its cities as compressed JSON, its keys the schema's field names."""
    document = {
        "id": article.id,
        "title": article.title,
        "excerpt": article.excerpt,
        "url": article.url,
        "date": timestamp(article.published_at),
        "provider": _provider(article.provider),
        "topic": article.topics,
        "related": [_related(item) for item in article.related],
        "status": article.published,
        "quality": article.quality,
        "heat": article.heat,
        "city": [_city(city) for city in cities],
    }
    return pack_fields(document)


def pack_fields(document: Mapping[str, Any]) -> bytes:
    """Field names and JSON values, compressed."""
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15, zdict=_DICTIONARY)
    return squeeze.compress(_encode(document).encode()) + squeeze.flush()


def unpack_fields(data: bytes) -> dict[str, Any]:
    """What ``pack`` stored, as field names and JSON values."""
    fields_: dict[str, Any] = json.loads(
        zlib.decompressobj(-15, zdict=_DICTIONARY).decompress(data)
    )
    return fields_


def unpack(data: bytes) -> Stored:
    """What ``pack`` stored, as the values it was made from."""
    stored = unpack_fields(data)
    article = Article(
        stored["id"],
        stored["title"],
        stored["excerpt"],
        stored["url"],
        _moment(stored["date"]),
        Provider(*stored["provider"]) if stored["provider"] else None,
        tuple(stored["topic"]),
        tuple(_item(*item) for item in stored["related"]),
        stored["quality"],
        stored["heat"],
        stored["status"],
    )
    return Stored(article, tuple(_as_city(city) for city in stored["city"]))


def _provider(provider: Provider | None) -> list[str] | None:
    return [provider.name, provider.domain] if provider else None


def _related(item: RelatedItem) -> list[Any]:
    when = timestamp(item.published_at)
    return [item.title, item.excerpt, item.url, when, _provider(item.provider)]


def _item(
    title: str, excerpt: str, url: str, when: int | None, provider: list[str] | None
) -> RelatedItem:
    return RelatedItem(
        title, excerpt, url, _moment(when), Provider(*provider) if provider else None
    )


def _city(city: City) -> list[Any]:
    evidence = [[e.field, e.start, e.end, e.text, e.cue] for e in city.evidence]
    place = [city.id, city.name, city.label, city.country, city.region]
    return [*place, city.latitude, city.longitude, city.confidence, city.role, evidence]


def _as_city(values: list[Any]) -> City:
    values[-1] = tuple(Evidence(*one) for one in values[-1])
    return City(*values)
