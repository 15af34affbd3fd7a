"""Labels: what a city is called in a facet."""

from __future__ import annotations

from typing import Final

from searcher.places.gazetteer import Gazetteer, Place

__all__ = ["label"]

#: Countries whose cities are told apart by state or province.
BY_REGION: Final = frozenset(("US", "CA", "AU"))


def label(place: Place, known: Gazetteer) -> str:
    """ "Boston, Massachusetts" in the United States, Canada and Australia, else "Paris, France".

    A city that is its own country is called by its name alone.
    """
    region = known.regions[place.region].name if place.country in BY_REGION else ""
    around = region or known.countries.get(place.country, place.country)
    return place.name if around == place.name else f"{place.name}, {around}"
