"""Conditional answers: a page stays valid until the index, the templates or the settings change."""

from __future__ import annotations

from time import perf_counter
from zlib import crc32

from flask import Flask, Response, current_app, g, request
from werkzeug.wrappers import Response as AnyResponse

from searcher.errors import SearcherError
from web.site import current_site

__all__ = ["install"]

_YEAR = 365 * 24 * 3600
_CACHED = ("pages", "data")


def install(app: Flask) -> None:
    """Answer 304 before any searching is done, and time every answer."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> AnyResponse | None:
    g.start = perf_counter()
    if request.blueprint not in _CACHED or request.method not in ("GET", "HEAD"):
        return None
    try:
        info = current_site().info
    except SearcherError:
        return None  # a view that needs the index will say so
    version = current_app.extensions["searcher.version"]
    # A tag belongs to one address: that of a page says nothing of one that is not there.
    address = crc32(request.full_path.encode("utf-8", "replace"))
    g.etag = f"{info.generation}-{info.built_at.timestamp():.0f}-{version}-{address:08x}"
    if not request.if_none_match.contains_weak(g.etag):
        return None
    return Response(status=304)


def _finish(response: Response) -> Response:
    if "etag" in g and response.status_code in (200, 304):
        response.set_etag(g.etag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    elif request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    seconds = perf_counter() - g.pop("start", perf_counter())
    view = request.endpoint or "none"
    current_app.extensions["searcher.metrics"].add(view, response.status_code, seconds)
    return response
