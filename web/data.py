"""The same results for programs: JSON, CSV, Atom, completions."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from searcher.formats import as_csv, as_json
from searcher.results import Results
from web import params
from web.site import current_site

__all__ = ["blueprint"]

blueprint = Blueprint("data", __name__)

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, however escaped."""


def _results(**defaults: str) -> Results:
    """The results asked for, with a warning for each parameter that is none."""
    site = current_site()
    results = site.search(params.read(request.args, **defaults))
    strange = tuple(f"no parameter {name}: ignored" for name in params.unknown(request.args))
    return replace(results, warnings=results.warnings + strange)


def _linked(response: Response, results: Results) -> Response:
    """The response with the address of the next page in its Link header (RFC 8288)."""
    if results.next_page:
        asked = results.request.changed(page=results.next_page)
        here = url_for(str(request.endpoint))
        response.headers["Link"] = f'<{params.address(here, asked)}>; rel="next"'
    return response


@blueprint.get("/search.json")
def json() -> Response:
    """Results as JSON."""
    results = _results()
    return _linked(jsonify(as_json(results)), results)


@blueprint.get("/search.csv")
def csv() -> Response:
    """The page's hits as CSV."""
    results = _results()
    response = Response(as_csv(results), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="articles.csv"'
    return _linked(response, results)


@blueprint.get("/search.atom")
def atom() -> Response:
    """A search to subscribe to: newest first unless another order is asked for."""
    results = _results(sort="newest")
    dates = [hit.published_at for hit in results.hits if hit.published_at]
    updated = max(dates, default=current_site().info.built_at)
    text = render_template("atom.xml", results=results, updated=updated)
    return Response(_NOT_XML.sub("", text), content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/suggest")
def suggest() -> Response:
    """Completions in the form browsers know: ``[what was typed, [completion, ...]]``."""
    typed = request.args.get("q", "")
    return jsonify([typed, current_site().suggest(typed) if typed.strip() else []])


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The OpenSearch description, by which a browser adds the site to its search boxes."""
    base = url_for("pages.home", _external=True)
    text = render_template("opensearch.xml", base=base)
    return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")
