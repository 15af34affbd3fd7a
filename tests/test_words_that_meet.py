"""Words that must meet: a query finds an article that says the same in another way.

Every pair is tried both ways round, in an archive of all of them, with every word required.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from searcher import Archive, SearchRequest
from tests.archives import archive_of

MEET = {
    "face": ("face recognition", "facial recognition", "facial-recognition"),
    "hyphen": ("e-mail scandal", "email scandal"),
    "covid": ("covid-19 ward", "covid19 ward", "covid 19 ward"),
    "blank": ("health care reform", "healthcare reform", "health-care reform"),
    "possessive": ("Microsoft's lawyers", "Microsoft’s lawyers", "Microsoft lawyers"),
    "dropped": ("they don't vote", "they don’t vote", "they dont vote"),
    "us": ("U.S. embassy", "US embassy"),
    "un": ("U.N. envoy", "UN envoy", "United Nations envoy"),
    "uk": ("U.K. economy", "UK economy", "United Kingdom economy"),
    "mass": ("Mass. dairies", "Massachusetts dairies"),
    "calif": ("Calif. vineyards", "California vineyards"),
    "gov": ("Gov. Smith", "Governor Smith", "gov Smith"),
    "sen": ("Sen. Brown", "Senator Brown", "sen Brown"),
    "ordinal": ("4th amendment", "fourth amendment"),
    "figures": ("10,000 marchers", "10000 marchers"),
    "letters": ("AT&T merger", "ATT merger"),
    "child": ("lost children", "lost child"),
    "women": ("women astronauts", "woman astronaut"),
    "went": ("gone missing", "goes missing", "went missing"),
    "stolen": ("stolen paintings", "steal paintings", "stole painting"),
    "country": ("Iraq oil", "Iraqi oil"),
    "spelling": ("labour unrest", "labor unrest"),
    "ise": ("organised crime", "organized crime"),
    "accent": ("Zürich bankers", "Zurich bankers"),
    "decomposed": ("café owners", "cafe\u0301 owners", "cafe owners"),
    "saint": ("St. Louis zoo", "Saint Louis zoo", "St Louis zoo"),
    "inflected": ("bans fireworks", "banning fireworks", "banned firework"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One article for every way to say it, and some that only look like it."""
    articles = {f"{name}-{n}": way for name, ways in MEET.items() for n, way in enumerate(ways)}
    others = {
        "damaged": "The nation doesnâ€™t sign",
        "new": "A new broom",
        "news": "The news at ten",
        "pronoun": "Tell us about it",
        "month": "Flowers of May",
        "name": "Will of iron",
        "cans": "A can of worms",
        "cpp": "Learning C++ quickly",
        "csharp": "Learning C# quickly",
        "net": "Learning .NET quickly",
    }
    with archive_of(tmp_path_factory.mktemp("meet"), **articles, **others) as opened:
        yield opened


def found(archive: Archive, query: str) -> list[str]:
    """The ids that a query finds with every word required."""
    return [hit.id for hit in archive.search(SearchRequest(query, match="all", size=50)).hits]


@pytest.mark.parametrize("name", MEET)
def test_all_ways_find_each_other(archive: Archive, name: str) -> None:
    """Whichever way is typed, the articles with the other ways are found."""
    for (_, said), (number, written) in permutations(enumerate(MEET[name]), 2):
        assert f"{name}-{number}" in found(archive, said), f"{said} did not find {written}"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("new", ["new"]),
        ("news", ["news"]),
        ("May", ["month"]),
        ("Will", ["name"]),
        ("can", ["cans"]),
        ("C++", ["cpp"]),
        ("C#", ["csharp"]),
        (".NET", ["net"]),
        ("doesn't", ["damaged"]),
        ("doesnt", ["damaged"]),
        ("US", ["us-0", "us-1"]),
    ],
)
def test_what_is_found_alone(archive: Archive, query: str, ids: list[str]) -> None:
    """A query of one awkward word finds what has it, and nothing that only looks alike."""
    assert sorted(found(archive, query)) == ids
