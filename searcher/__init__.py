"""Full-text search with exact facets, cities among them, for archives of news articles."""

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
