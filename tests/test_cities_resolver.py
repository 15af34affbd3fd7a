"""Which place a name means: the chances are what the counted vectors and the weights make them."""

from __future__ import annotations

import math
from operator import mul

import pytest

from searcher.article import Article
from searcher.places.gazetteer import gazetteer
from searcher.places.model import model
from searcher.places.reading import read
from searcher.places.resolver import resolve


@pytest.mark.parametrize(
    "text",
    [
        "He flew to Springfield, U.S., on Monday.",
        "He flew to Georgetown, USA, and to Salem.",
        "Lincoln, Nebraska, and Springfield in Illinois are not far from Paris, Texas.",
    ],
)
def test_chances_are_the_softmax_of_each_places_own_vector(text: str) -> None:
    """However many namesakes a country beside the name leaves: more than are weighed or fewer."""
    weights = model().place
    reading = read(Article("a", "A day", text), gazetteer())
    resolve(reading.groups, reading.context, weights)
    assert reading.groups
    for group in reading.groups:
        vectors = map(group.counts, range(len(group.places)))
        raised = [math.exp(sum(map(mul, vector, weights))) for vector in vectors]
        assert group.chances == pytest.approx([value / sum(raised) for value in raised])
