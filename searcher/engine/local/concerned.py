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

__all__ = ["concerned_documents"]

Array = NDArray[Any]

MANY: Final = 100
"""The letters of more words than this are in nearly every article."""

CUT: Final = LONGEST * 3 // 4
"""A term of more bytes may be one that was cut: stemming takes eleven letters more at most."""


def concerned_documents(segment: Segment, changed: Difference) -> Array:
    """The documents of a segment whose articles ``changed`` concerns, and perhaps others.

    The segment is of the bulk writer's: others have no words as they are written.
    """
    traces = {trace(word) for word in changed.words}
    sites = {site_key(site) for site in changed.sites}
    if changed.everything or len(traces) > MANY or () in traces or None in sites:
        return np.arange(segment.size)
    found = np.zeros(segment.size, bool)
    terms = _terms(segment, set(chain.from_iterable(traces)))
    for field in TEXT_FIELDS:
        found[segment.postings(field, terms)[1]] = True
    keys = [segment.strings("site.keys").index_of(site) for site in sites if site]
    found[segment.postings("site", np.array([key for key in keys if key >= 0], int))[1]] = True
    return found.nonzero()[0]


def _terms(segment: Segment, traces: Iterable[str]) -> Array:
    """The terms of all forms with such letters, and those that may have been cut."""
    forms = segment.strings("words").containing(traces).nonzero()[0]
    found = segment.strings("terms").longer(CUT)
    found[segment.terms_of(forms)] = True
    return found.nonzero()[0]
