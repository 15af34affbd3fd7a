"""The gazetteer: names to places, and the recipe it is made by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.places import recipe
from searcher.places.gazetteer import gazetteer
from searcher.places.labels import label
from searcher.places.names import key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("St. Louis", "saint louis"),
        ("Winston-Salem", "winston salem"),
        ("Zürich", "zurich"),
        ("Coeur d’Alene", "coeur dalene"),
        ("Łódź", "lodz"),
        ("Ft. Worth", "fort worth"),
    ],
)
def test_key(name: str, expected: str) -> None:
    """A key is one spelling for all the ways a name is written."""
    assert key(name) == expected


@given(st.text(max_size=30))
def test_key_is_stable(name: str) -> None:
    """A key is its own key."""
    assert key(key(name)) == key(name)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Boston", 4930956),
        ("Bangalore", 1277333),
        ("Bengaluru", 1277333),
        ("NYC", 5128581),
        ("New York", 5128581),
        ("Brooklyn", 5128581),
        ("Kiev", 703448),
        ("Saint Louis", 4407066),
    ],
)
def test_most_populous_first(name: str, id_: int) -> None:
    """A name, an alias or a part of a city leads to the most populous place it may mean."""
    assert gazetteer().places(key(name))[0].id == id_


def test_unknown_name() -> None:
    """A name nobody bears has no place, region or country."""
    assert gazetteer().places("xyzzyville upon nowhere") == ()
    assert not gazetteer().meaning("xyzzyville upon nowhere")


@given(st.integers(0, 240_000))
def test_every_place_is_found_by_its_name(number: int) -> None:
    """Each place of the file is among the places of its own name, and its name's start is known."""
    known = gazetteer()
    place = known.place(number % len(known))
    assert place.id in {found.id for found in known.places(place.key)}
    assert known.begins(place.key.split()[0])
    assert -90 <= place.latitude <= 90
    assert -180 <= place.longitude <= 180


@pytest.mark.parametrize(
    ("name", "code"), [("Mass.", "US.MA"), ("Ontario", "CA.08"), ("Washington", "US.WA")]
)
def test_regions(name: str, code: str) -> None:
    """States and provinces are known by name and abbreviation."""
    known = gazetteer()
    assert code in {known.regions[at].code for at in known.meaning(key(name)).regions}


@pytest.mark.parametrize(("name", "code"), [("France", "FR"), ("French", "FR"), ("U.K.", "GB")])
def test_countries(name: str, code: str) -> None:
    """Countries are known by name, short form and adjective."""
    assert code in gazetteer().meaning(key(name)).countries


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Boston", "Boston, Massachusetts"),
        ("Toronto", "Toronto, Ontario"),
        ("Sydney", "Sydney, New South Wales"),
        ("Paris", "Paris, France"),
        ("Singapore", "Singapore"),
        ("Seoul", "Seoul, South Korea"),
        ("Tehran", "Tehran, Iran"),
    ],
)
def test_labels(name: str, expected: str) -> None:
    """State or province in the United States, Canada and Australia, else the country."""
    known = gazetteer()
    assert label(known.places(key(name))[0], known) == expected


def test_every_country_is_known_by_its_name() -> None:
    """The name that a label shows is one that texts use, and its country is known by it."""
    known = gazetteer()
    for code, name in known.countries.items():
        assert code in known.meaning(key(name)).countries
        assert "(" not in name
        assert " of" not in name[-3:]


# spylls leaves its dictionary's file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_recipe_reproduces_the_file() -> None:
    """The committed recipe and packages give the committed gazetteer, byte for byte."""
    data = recipe.build()
    assert data == (recipe.HERE / "data" / "gazetteer.bin").read_bytes()
    assert len(data) <= 8_000_000
