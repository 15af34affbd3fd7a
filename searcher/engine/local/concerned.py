"""Concerned: which documents may have other cities by what an archive teaches now.

Told by postings, so that no article need be read that certainly keeps its cities. The postings tell
of more than are concerned: words are looked for by letters of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.engine.local.schema import site_key
from searcher.engine.local.segment import Segment
from searcher.engine.plan import TEXT_FIELDS
from searcher.places.difference import Difference
from searcher.text import LONGEST, trace

__all__ = ["concerned"]

Array = NDArray[Any]

MANY: Final = 100
"""The letters of more words than this are in nearly every article."""

CUT: Final = LONGEST - 10
"""A longer term may be one that was cut: stemming takes some letters more."""


def concerned(segment: Segment, changed: Difference) -> Array:
    """The documents of a segment that have an article with which ``changed.concerns`` agrees, and
    perhaps others."""
    traces = [trace(word) for word in changed.words]
    sites = [site_key(site) for site in changed.sites]
    many = changed.everything or len(traces) > MANY
    if many or () in traces or None in sites:
        return np.arange(segment.size)
    terms = _terms(segment, set(chain.from_iterable(traces)))
    keys = np.array([segment.strings("site.keys").index_of(one) for one in sites if one], np.int64)
    found = [segment.postings(field, terms)[1] for field in TEXT_FIELDS]
    return np.unique(np.concatenate([*found, segment.postings("site", keys[keys >= 0])[1]]))


def _terms(segment: Segment, traces: Iterable[str]) -> Array:
    """The terms of all forms with such letters, and those that were cut."""
    words = segment.strings("words")
    forms = np.unique(np.concatenate([words.longer(CUT), *map(words.containing, traces)]))
    acronyms = [term for form, term in segment.acronyms if form in forms]
    cut = segment.strings("terms").longer(CUT)
    terms = np.concatenate([segment["words.terms"][forms], cut, acronyms])
    return np.unique(terms.astype(np.int64))
