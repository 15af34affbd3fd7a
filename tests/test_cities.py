"""Cities in the seeds: what the archive's own articles name, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.article import Article
from searcher.places import find_cities
from searcher.sources import read

SEEDS = Path(__file__).parent.parent / "seeds"


def cities(name: str, *roles: str) -> set[str]:
    [path] = SEEDS.glob(f"{name}*")
    article = read(SEEDS, path.name)
    assert isinstance(article, Article)
    return {city.label for city in find_cities(article) if city.role in roles}


@pytest.mark.parametrize(
    ("seed", "about", "mentioned", "related"),
    [
        (
            "000",
            {"Cambridge, Massachusetts"},
            set(),
            {"Somerville, Massachusetts", "Brookline, Massachusetts", "Northampton, Massachusetts"},
        ),
        ("001", {"Boston, Massachusetts"}, {"San Francisco, California"}, set()),
        ("002", {"Boston, Massachusetts"}, set(), {"Miami, Florida"}),
        ("003", {"Boston, Massachusetts"}, set(), set()),
        ("004", {"Worcester, Massachusetts"}, set(), set()),
    ],
)
def test_seeds(seed: str, about: set[str], mentioned: set[str], related: set[str]) -> None:
    """Each seed has exactly the cities a reader finds in it, each in its role."""
    assert cities(seed, "about") == about
    assert cities(seed, "mentioned") == mentioned
    assert cities(seed, "related") == related


def test_a_city_is_no_surer_than_which_of_its_name_it_is() -> None:
    """A name that several large cities bear is told with less than the certainty of a city."""
    bare = find_cities(Article("a", "News", "A Cambridge-based bakery in Cambridge closed."))
    said = find_cities(
        Article("a", "News", "A Cambridge-based bakery in Cambridge, Mass., closed.")
    )
    assert bare[0].confidence < 0.75
    assert (said[0].region, said[0].confidence > 0.95) == ("Massachusetts", True)
