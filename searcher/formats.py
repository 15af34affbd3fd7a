"""Results as JSON and as CSV: the same bytes from the command line and from the web."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final
from urllib.parse import urlsplit

from searcher.article import Provider
from searcher.places import City
from searcher.results import Facet, FacetValue, Hit, RelatedHit, Results

__all__ = ["CSV_COLUMNS", "as_csv", "as_json", "web_link"]

CSV_COLUMNS: Final = (
    "id",
    "title",
    "excerpt",
    "url",
    "published_at",
    "provider",
    "domain",
    "cities",
    "topics",
    "published",
    "score",
)
"""The columns of ``as_csv``. ``cities`` and ``topics`` hold several values, "; " between them."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def web_link(url: str) -> str:
    """The address if it is an http(s) one with a host, else "": data makes no other link."""
    try:
        parts = urlsplit(url.strip())
        return url.strip() if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def as_json(results: Results) -> dict[str, Any]:
    """Results as plain values for ``json.dumps``.

    ``next`` is the number of the next page. Snippets are HTML: escaped text and ``<mark>``.
    ``facet_notes`` tells of each facet how many articles have no value (``missing``) and how
    many values were not listed (``more``).
    """
    return {
        "query": results.request.query,
        "reading": results.reading,
        "warnings": list(results.warnings),
        "suggestion": results.suggestion,
        "total": results.total,
        "took_ms": round(results.took_ms, 3),
        "page": results.request.page,
        "page_size": results.request.size,
        "next": results.next_page,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            name: [_facet_value(value) for value in facet.values]
            for name, facet in results.facets.items()
        },
        "facet_notes": {name: _facet_note(facet) for name, facet in results.facets.items()},
        "months": [{"value": month, "count": count} for month, count in results.months],
        "hints": [{"text": hint.text, "total": hint.total} for hint in results.hints],
    }


def as_csv(results: Results) -> str:
    """The page's hits as CSV (RFC 4180) under ``CSV_COLUMNS``.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for hit in results.hits:
        writer.writerow([_defused(cell) for cell in _row(hit)])
    return out.getvalue()


def _hit(hit: Hit) -> dict[str, Any]:
    found = {
        "id": hit.id,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "url": web_link(hit.url),
        "published_at": _time(hit.published_at),
        "provider": _provider(hit.provider),
        "topics": list(hit.topics),
        "published": hit.published,
        "score": round(hit.score, 4),
        "cities": [_city(city) for city in hit.cities],
        "snippets": {name: snippet.html for name, snippet in hit.snippets.items()},
        "related": [_related(item) for item in hit.related],
    }
    if hit.explanation:
        found["explanation"] = [
            {"what": what, "points": round(points, 4)} for what, points in hit.explanation
        ]
    return found


def _provider(provider: Provider | None) -> dict[str, str] | None:
    return {"name": provider.name, "domain": provider.domain} if provider else None


def _city(city: City) -> dict[str, Any]:
    return {
        "id": city.id,
        "label": city.label,
        "role": city.role,
        "confidence": round(city.confidence, 3),
        "evidence": [
            {"field": one.field, "text": one.text, "cue": one.cue} for one in city.evidence
        ],
    }


def _related(item: RelatedHit) -> dict[str, Any]:
    return {
        "title": item.title,
        "url": web_link(item.url),
        "provider": item.provider,
        "published_at": _time(item.published_at),
        "snippet": item.snippet.html,
    }


def _facet_value(value: FacetValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "count": value.count,
        "selected": value.selected,
        "key": value.key or value.value,
    }


def _facet_note(facet: Facet) -> dict[str, int]:
    return {"missing": facet.missing, "more": facet.more}


def _row(hit: Hit) -> tuple[str, ...]:
    provider = hit.provider or Provider("")
    return (
        hit.id,
        hit.title,
        hit.excerpt,
        web_link(hit.url),
        _time(hit.published_at) or "",
        provider.name,
        provider.domain,
        "; ".join(city.label for city in hit.cities if city.role != "related"),
        "; ".join(hit.topics),
        "yes" if hit.published else "no",
        f"{hit.score:.4f}",
    )


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
