"""What machines ask of the site itself: health, metrics, robots, the interface's description."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from searcher.errors import SearcherError
from web.metrics import Metrics
from web.openapi import document
from web.site import current_site

__all__ = ["blueprint"]

blueprint = Blueprint("service", __name__)

_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /facet/\nDisallow: /suggest\n"


@blueprint.get("/healthz")
def health() -> Response:
    """Well (200), with what is served; without an index a 503 that names the cure."""
    info = current_site().info
    return jsonify(status="ok", articles=current_site().articles, generation=info.generation)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters for Prometheus."""
    found: Metrics = current_app.extensions["searcher.metrics"]
    try:
        text = found.text({"ready": 1, "articles": current_site().articles})
    except SearcherError:
        text = found.text({"ready": 0})
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The interface in OpenAPI 3.1."""
    return jsonify(document(current_site().settings.name))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Articles may be crawled; the endless combinations of a search may not."""
    return Response(_ROBOTS, content_type="text/plain; charset=utf-8")
