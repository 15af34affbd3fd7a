"""The pages a person reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, render_template, request

from searcher.grammar import LIMITS, OPERATORS
from searcher.request import SearchRequest, one_of, within
from searcher.results import Facet, FacetValue
from web import params
from web.site import current_site

__all__ = ["blueprint"]

blueprint = Blueprint("pages", __name__)

_EVERY_VALUE: Final = 10**9
_VALUES_PER_PART: Final = 200
_ORDERS: Final = ("count", "name")


@blueprint.get("/")
def home() -> str:
    """The front page; with parameters, the search page under a shorter address."""
    if any(name in params.PARAMETERS for name in request.args):
        return search()
    site = current_site()
    results = site.search(SearchRequest(sort="newest", size=6, facet_size=12))
    results = replace(results, request=SearchRequest())  # what its links start from
    return render_template("home.html", results=results, info=site.info)


@blueprint.get("/search")
def search() -> str:
    """What was found, and every way to narrow it."""
    site = current_site()
    return render_template("search.html", results=site.search(params.read(request.args)))


@blueprint.get("/article/<path:article_id>")
def article(article_id: str) -> str:
    """One whole article, its cities and why, what is like it."""
    site = current_site()
    hit = site.get(article_id)
    if hit is None:
        abort(404, f"There is no article {article_id!r} in this archive. Search for its title.")
    return render_template("article.html", hit=hit, similar=site.similar(article_id))


@blueprint.get("/facet/<name>")
def facet(name: str) -> str:
    """Every value of one facet within a search, to look through and choose from."""
    site = current_site()
    if name not in site.facets:
        abort(404, f"There is no facet {name!r}: use {', '.join(site.facets)}.")
    asked = params.read(request.args).changed()
    results = site.search(asked.changed(size=0, facets=(name,), facet_size=_EVERY_VALUE))
    wanted, order, part = request.args.get("find", "").strip(), _order(), _part()
    values = _found(results.facets[name], wanted, order)
    start = (part - 1) * _VALUES_PER_PART
    parts = max(1, -(-len(values) // _VALUES_PER_PART))
    if part > parts:
        abort(404, f"There is no part {part}: the last one is {parts}.")
    return render_template(
        "facet.html",
        results=results,
        facet=results.facets[name],
        asked=asked,
        values=values[start : start + _VALUES_PER_PART],
        total=len(values),
        find=wanted,
        order=order,
        orders=_ORDERS,
        part=part,
        parts=parts,
    )


def _order() -> str:
    order = (request.args.get("order") or _ORDERS[0])[:40]
    one_of("order", order, _ORDERS)
    return order


def _part() -> int:
    part = params.number("part", request.args.get("part") or "1")
    within("part", part, 1, None)
    return part


def _found(facet: Facet, wanted: str, order: str) -> list[FacetValue]:
    """The values that contain the wanted letters, the chosen ones always among them."""
    letters = wanted.casefold()
    found = [v for v in facet.values if v.selected or letters in v.value.casefold()]
    return sorted(found, key=lambda v: v.value.casefold()) if order == "name" else found


@blueprint.get("/help", endpoint="help")
def how_to_search() -> str:
    """How to write a query."""
    return render_template("help.html", operators=OPERATORS, limits=LIMITS)
