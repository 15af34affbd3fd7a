"""The HTTP interface described in OpenAPI 3.1, drawn from the parameters themselves."""

from __future__ import annotations

from typing import Any, Final

from searcher.request import FACETS, MATCH_MODES, MAX_PAGE_SIZE, SORTS
from web.params import PARAMETERS

__all__ = ["document"]

_MEANINGS: Final = {
    "q": "What to search for, in the query language of /help. Empty asks for every article.",
    "city": "A city: its label, GeoNames id or bare name. Repeat it for alternatives.",
    "provider": "Who published it. Repeat it for alternatives.",
    "topic": "A topic. Repeat it for alternatives.",
    "year": "A year of publication. Repeat it for alternatives.",
    "status": "published or unpublished.",
    "from": "The first day: 2020-06-24, 2020-06 or 2020.",
    "to": "The last day, included: 2020-06-24, 2020-06 or 2020.",
    "match": "How many of the words must be there.",
    "sort": "The order of the hits.",
    "page": "Which page, from 1.",
    "size": "How many hits a page has.",
    "explain": "Also tell each hit's score by word and field.",
}
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    **{name: {"type": "array", "items": {"type": "string"}} for name in FACETS},
    "match": {"type": "string", "enum": list(MATCH_MODES), "default": "auto"},
    "sort": {"type": "string", "enum": list(SORTS), "default": "relevance"},
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "size": {"type": "integer", "minimum": 0, "maximum": MAX_PAGE_SIZE, "default": 10},
    "explain": {"type": "boolean", "default": False},
}
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}


def document(title: str) -> dict[str, Any]:
    """The description of every address that answers a program."""
    asked = [_parameter(name) for name in PARAMETERS]
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": "Search a news archive."},
        "paths": {
            "/search.json": _get("Results as JSON", "application/json", asked, _results()),
            "/search.csv": _get("The page's hits as CSV", "text/csv", asked),
            "/search.atom": _get("Results as a feed", "application/atom+xml", asked),
            "/suggest": _get(
                "Completions: [typed, [completion, ...]]", "application/json", asked[:1]
            ),
            "/healthz": _get("Whether the site can answer", "application/json", []),
            "/metrics": _get("Counters for Prometheus", "text/plain", []),
        },
    }


def _parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": _MEANINGS[name],
        "schema": _SCHEMAS.get(name, _TEXT),
    }


def _get(
    summary: str, kind: str, asked: list[dict[str, Any]], schema: dict[str, Any] | None = None
) -> dict[str, Any]:
    answers = {
        "200": {"description": summary, "content": {kind: {"schema": schema or {}}}},
        "400": {"description": "A parameter is wrong; `error` says how to mend it."},
        "503": {"description": "There is no index; `error` names the command that builds it."},
    }
    return {"get": {"summary": summary, "parameters": asked, "responses": answers}}


def _results() -> dict[str, Any]:
    texts, objects = {"type": "array", "items": _TEXT}, {"type": "array", "items": _object()}
    return _object(
        query=_TEXT,
        reading=_TEXT,
        warnings=texts,
        suggestion={"type": ["string", "null"]},
        total=_NUMBER,
        took_ms={"type": "number"},
        page=_NUMBER,
        page_size=_NUMBER,
        next={"type": ["integer", "null"]},
        hits=objects,
        facets={"type": "object", "additionalProperties": objects},
        facet_notes=_object(),
        months=objects,
        hints=objects,
    )


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", **({"properties": properties} if properties else {})}
