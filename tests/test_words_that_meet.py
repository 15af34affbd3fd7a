"""Words that must meet: a query finds an article that says the same in another way.

Every pair is tried both ways round, in an archive of all of them, with every word required.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from searcher import Archive, SearchRequest
from searcher.repair import mended
from searcher.text import short_for, tokens
from searcher.wording import is_common, terms_of
from tests.archives import archive_of

MEET = {
    "face": ("face recognition", "facial recognition", "facial-recognition"),
    "hyphen": ("e-mail scandal", "email scandal"),
    "covid": ("covid-19 ward", "covid19 ward", "covid 19 ward"),
    "blank": ("health care reform", "healthcare reform", "health-care reform"),
    "two letters": ("Power BI training", "PowerBI training"),
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


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("doesnâ€™t sign", "doesn’t sign"),
        ("ZÃ¼rich bankers", "Zürich bankers"),
        ("â€œlost childâ€\x9d", "“lost child”"),
        ("lab\u200bor unrest", "labor unrest"),
    ],
)
def test_a_damaged_query_is_mended(archive: Archive, pasted: str, meant: str) -> None:
    """What is pasted with damage is searched, and read, as it was meant."""
    damaged, whole = archive.search(pasted), archive.search(meant)
    assert (damaged.total, damaged.reading) == (whole.total, whole.reading)
    assert damaged.total > 0


@pytest.mark.parametrize("text", ["<script>x</script>", "AT&amp;T", "naïve “façade” — Zürich"])
def test_what_is_not_damaged_is_searched_as_typed(text: str) -> None:
    """Tags, entities and accents in a query are what is looked for."""
    assert mended(text) == text


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


def has(title: str, terms: tuple[str, ...]) -> bool:
    """Whether the index has the terms one after another in a title."""
    places = [
        (token.position + at, term) for token in tokens(title) for at, term in token.word.terms
    ]
    starts = {at for at, _ in places}
    return any(all((at + n, term) in places for n, term in enumerate(terms)) for at in starts)


@pytest.mark.parametrize("name", MEET)
def test_what_was_found_another_way_is_told(archive: Archive, name: str) -> None:
    """Where an article has a word in no form, the reading says as what else it was searched."""
    for said in MEET[name]:
        results = archive.search(SearchRequest(said, match="all", size=50))
        words = [terms_of(word) for word in said.split() if not is_common(word)]
        own = all(has(hit.title, terms) for hit in results.hits for terms in words)
        assert own or "; also searched: " in results.reading, said
        assert all(long in results.reading for _, long in short_for(said))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("health care", "healthcare for health care"),
        ("healthcare", "health care for healthcare"),
        ("e-mail", "email for e-mail"),
        ("UN envoy", "United Nations for UN"),
        ("title:UN", "United Nations for UN"),
        ("ban -UN", "United Nations for UN"),
        ("UN OR Mass.", "United Nations for UN, Massachusetts for Mass."),
        ('"Mass. dairies"', "Massachusetts for Mass."),
        ("face recognition", "facial for face"),
    ],
)
def test_other_ways_are_told_at_the_end_of_the_reading(
    archive: Archive, query: str, told: str
) -> None:
    """Wherever in the query the word stands."""
    assert archive.search(query).reading.endswith(f"; also searched: {told}")


@pytest.mark.parametrize("query", ["Microsoft lawyers", "broom", '"health care"', "labour", "US"])
def test_nothing_is_told_where_nothing_else_is_found(archive: Archive, query: str) -> None:
    """Other forms of a word are the word; a way that finds nothing more is not worth telling."""
    assert "also" not in archive.search(query).reading
