"""What can go wrong, by who can mend it. Every message names its cure.

SearcherError
├── QueryError       the request makes no sense: mend the request
├── SourceError      the folder of articles cannot be read: mend the path
├── IndexMissing     nothing is indexed there yet: run `searcher reindex`
├── IndexDamaged     files of the index are gone or changed: `searcher rollback` or reindex
├── IndexOutdated    another version built the index: run `searcher reindex`
└── IndexBusy        somebody else is building there: wait and try again
"""

from __future__ import annotations

__all__ = [
    "IndexBusy",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "QueryError",
    "SearcherError",
    "SourceError",
]


class SearcherError(Exception):
    """The root of every error this library raises on purpose.

    ``str(error)`` is one or two sentences a person can act on: what is wrong, then the cure.
    """


class QueryError(SearcherError):
    """The request cannot be answered as it stands: an unknown sort, a page below 1, a bad date."""


class SourceError(SearcherError):
    """The folder of articles is not there, is not a folder, or may not be read."""


class IndexMissing(SearcherError):
    """There is no index at the location."""


class IndexDamaged(SearcherError):
    """The index at the location lacks files or holds other bytes than were written."""


class IndexOutdated(SearcherError):
    """The index at the location was built by a version with another layout."""


class IndexBusy(SearcherError):
    """Another process is building at the location."""
