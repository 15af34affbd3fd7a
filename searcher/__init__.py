"""Full-text search with exact facets, cities among them, for archives of news articles.

A name is loaded when it is first used, so that whoever needs a part does not wait for the whole.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searcher.archive import Archive
    from searcher.article import Article, Provider, RelatedItem
    from searcher.errors import (
        IndexBusy,
        IndexDamaged,
        IndexMissing,
        IndexOutdated,
        QueryError,
        SearcherError,
        SourceError,
    )
    from searcher.indexing import Report, reindex
    from searcher.places import City
    from searcher.request import SearchRequest
    from searcher.results import Facet, FacetValue, Hint, Hit, RelatedHit, Results, Snippet

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "Article",
    "City",
    "Facet",
    "FacetValue",
    "Hint",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "Provider",
    "QueryError",
    "RelatedHit",
    "RelatedItem",
    "Report",
    "Results",
    "SearchRequest",
    "SearcherError",
    "Snippet",
    "SourceError",
    "reindex",
]

_HOMES = {
    "archive": ("Archive",),
    "article": ("Article", "Provider", "RelatedItem"),
    "indexing": ("Report", "reindex"),
    "places": ("City",),
    "request": ("SearchRequest",),
    "results": ("Facet", "FacetValue", "Hint", "Hit", "RelatedHit", "Results", "Snippet"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((home for home, names in _HOMES.items() if name in names), "errors")
    value = globals()[name] = getattr(import_module(f"searcher.{home}"), name)
    return value
