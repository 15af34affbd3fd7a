"""Archive: what a search promises, whichever engine is behind it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import (
    Archive,
    IndexDamaged,
    IndexMissing,
    QueryError,
    Results,
    SearcherError,
    SearchRequest,
    reindex,
)
from searcher.request import FACETS
from tests.archives import archive_of, write
from tests.conftest import SEEDS

WORDS = (
    "boston",
    "ban",
    "vote",
    "council",
    "camera",
    "police",
    "court",
    "budget",
    "school",
    "face",
)
OUTLETS = ("CNN", "WBUR", "The Guardian", "Daily Mail")


def made_up(number: int) -> dict[str, Any]:
    """The articles of the big archive: words, outlets, topics and days in every mixture."""
    article: dict[str, Any] = {
        "title": f"{WORDS[number % 10]} {WORDS[number * 7 % 9]} {WORDS[number // 10 % 10]}",
        "excerpt": f"{WORDS[number * 3 % 10]} and {WORDS[number * number % 10]} number{number}",
        "published": number % 3 != 0,
        "topics": [f"topic {one}" for one in range(number % 4)],
    }
    if number % 5:
        article["provider"] = {"name": OUTLETS[number % 4], "domain": "example.com"}
    if number % 6:
        article["publishedDateTime"] = f"20{18 + number % 3}-{number % 12 + 1:02}-11T10:00:00Z"
    return article


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    with archive_of(folder, **{f"a{one:03}": made_up(one) for one in range(120)}) as opened:
        yield opened


@pytest.fixture
def seeds(seeds_index: Path) -> Iterator[Archive]:
    with Archive.open(seeds_index) as opened:
        yield opened


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


# -- finding


def test_the_seeds_are_found_and_a_city_narrows_them(seeds: Archive) -> None:
    """All five are about facial recognition; one of them about Worcester."""
    results = seeds.search("facial recognition")
    assert results.total == 5
    assert results.reading == "articles with all of: facial, recognition"
    worcester = seeds.search(results.request.with_("city", "Worcester, Massachusetts"))
    assert [hit.title for hit in worcester.hits] == [
        "Worcester bans city use of facial recognition technology"
    ]


def test_text_alone_is_a_request(archive: Archive) -> None:
    """``search("x")`` is ``search(SearchRequest("x"))``."""
    assert archive.search("boston ban") == archive.search(SearchRequest("boston ban"))


def test_pages_are_stretches_of_one_ranking(archive: Archive) -> None:
    """Together they hold every article once, in the order of one long page."""
    whole = archive.search(SearchRequest("boston OR ban", size=200))
    paged = [archive.search(SearchRequest("boston OR ban", size=7, page=n)) for n in range(1, 30)]
    assert [one for page in paged for one in ids(page)] == ids(whole)
    assert len(set(ids(whole))) == whole.total
    assert {page.total for page in paged} == {whole.total}


def test_beyond_the_last_page_there_is_nothing_and_that_is_said(archive: Archive) -> None:
    """The total stays right however far one goes."""
    results = archive.search(SearchRequest(page=10**9))
    assert (results.total, results.hits) == (120, ())
    assert results.warnings == ("page 1000000000 is beyond the last one, which is 12",)


def test_auto_takes_fewer_words_where_all_find_too_few(archive: Archive) -> None:
    """The reading says how many; the total is that of what is shown."""
    query = "number17 boston ban"
    results = archive.search(query)
    assert results.reading == "articles with at least 2 of: number17, boston, ban"
    words = [set(ids(archive.search(SearchRequest(word, size=200)))) for word in query.split()]
    found = Counter(one for some in words for one in some)
    assert results.total == sum(times >= 2 for times in found.values()) >= 10
    assert archive.search(SearchRequest("number17 zebra", match="all")).total == 0


def test_auto_stays_with_all_words_where_fewer_find_no_more(archive: Archive) -> None:
    """A word alone with its article is no reason to drop the other."""
    results = archive.search("number17 number17s")
    assert (results.total, results.reading) == (1, "articles with the word number17")


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_sorting_by_date_puts_the_undated_last(archive: Archive, sort: str) -> None:
    """Whichever way round."""
    hits = archive.search(SearchRequest(sort=sort, size=200)).hits  # type: ignore[arg-type]
    dates = [hit.published_at for hit in hits if hit.published_at]
    assert dates == sorted(dates, reverse=sort == "newest")
    assert all(hit.published_at is None for hit in hits[len(dates) :])


# -- facets and months


@pytest.mark.parametrize("query", ["", "boston", "ban -vote", "nothing at all like this"])
def test_facets_are_what_a_recount_gives(archive: Archive, query: str) -> None:
    """Counts, order, articles without a value, and how many values more there are."""
    results = archive.search(SearchRequest(query, match="any", size=200, facet_size=3))
    for name in ("provider", "topic", "year", "status"):
        values = [value for hit in results.hits for value in values_of(hit, name)]
        counts = sorted(Counter(values).items(), key=lambda one: (-one[1], one[0]))
        facet = results.facets[name]
        assert [(value.value, value.count) for value in facet.values] == counts[:3]
        assert facet.missing == sum(not values_of(hit, name) for hit in results.hits)
        assert facet.more == max(0, len(counts) - 3)
    assert tuple(results.facets) == FACETS


def values_of(hit: searcher.Hit, facet: str) -> tuple[str, ...]:
    """A hit's values of one facet, as its article has them."""
    match facet:
        case "provider":
            return (hit.provider.name,) if hit.provider else ()
        case "topic":
            return hit.topics
        case "year":
            return (str(hit.published_at.year),) if hit.published_at else ()
        case _:
            return ("published" if hit.published else "unpublished",)


def test_a_facet_says_what_choosing_would_give(archive: Archive) -> None:
    """Its own choice is left out of its counts, those of the others are not."""
    request = SearchRequest("ban", provider=("CNN",), topic=("topic 0",))
    for value in archive.search(request).facets["provider"].values:
        chosen = archive.search(replace(request, provider=(value.value,)))
        assert chosen.total == value.count
        assert value.selected == (value.value == "CNN")


def test_only_the_facets_that_are_asked_for_are_counted(archive: Archive) -> None:
    """Whoever needs fewer facets asks for fewer; the months come with the years."""
    few = archive.search(SearchRequest(facets=("provider", "city")))
    assert list(few.facets) == ["provider", "city"]
    assert few.months == ()
    assert archive.search(SearchRequest(facets=("year",))).months
    with pytest.raises(QueryError, match="city, provider"):
        SearchRequest(facets=("author",))


def test_as_many_related_items_are_listed_as_asked_for(seeds: Archive) -> None:
    """The best of them, three where nothing is said."""
    every = seeds.search(SearchRequest("facial recognition"))
    assert max(len(hit.related) for hit in every.hits) == 3
    for many in (0, 1):
        fewer = seeds.search(SearchRequest("facial recognition", related_size=many))
        assert [hit.related for hit in fewer.hits] == [hit.related[:many] for hit in every.hits]


def test_a_chosen_value_is_always_listed(archive: Archive) -> None:
    """At 0 as well, and even where the archive does not have it, so that it can be let go."""
    results = archive.search(SearchRequest("number7", provider=("CNN", "Nobody"), facet_size=0))
    listed = {
        value.value: (value.count, value.selected) for value in results.facets["provider"].values
    }
    assert listed == {"CNN": (0, True), "Nobody": (0, True)}


def test_months_follow_one_another_without_gaps(archive: Archive) -> None:
    """From the first to the last that has articles; together they are the dated ones."""
    results = archive.search(SearchRequest(size=200))
    dated = Counter(f"{hit.published_at:%Y-%m}" for hit in results.hits if hit.published_at)
    every = [f"{year}-{month:02}" for year in (2018, 2019, 2020) for month in range(1, 13)]
    span = every[every.index(min(dated)) : every.index(max(dated)) + 1]
    assert results.months == tuple((month, dated[month]) for month in span)


# -- hits


def test_every_facet_is_a_field(seeds_index: Path) -> None:
    """What a facet counts for a value, the field of its name finds by that value."""
    with Archive.open(seeds_index) as archive:
        for name, facet in archive.search("").facets.items():
            assert facet.values
            for value in facet.values:
                assert archive.search(f'{name}:"{value.value}"').total == value.count


def test_what_matched_is_marked_where_it_matched(tmp_path: Path) -> None:
    """Title and excerpt apart; a long excerpt is cut; where there is none it has no snippet."""
    long = "Nothing here. " * 40 + "At last the council banned it."
    stories: dict[str, Any] = {"a": {"title": "A ban & more", "excerpt": long}, "b": "ban"}
    with archive_of(tmp_path, **stories) as archive:
        found = {hit.id: hit.snippets for hit in archive.search("ban").hits}
    assert found["a"]["title"].html == "A <mark>ban</mark> &amp; more"
    assert "<mark>banned</mark>" in found["a"]["excerpt"].html
    assert len(found["a"]["excerpt"].text) <= 300
    assert set(found["b"]) == {"title"}


@pytest.mark.parametrize("query", ["bannin*", "baning~", "u* bannin*", "uss~", "massachuset*"])
def test_every_form_of_a_word_that_was_meant_is_marked(tmp_path: Path, query: str) -> None:
    """What a prefix or a near miss finds by another form of a word is shown by that form."""
    stories = {
        "a": "The banning of it, he told us in Mass.",
        "b": "It bans the U.S., Massachusetts",
    }
    with archive_of(tmp_path, **stories) as archive:
        found = archive.search(query)
    assert found.total == 2
    for hit in found.hits:
        assert "<mark>" in hit.snippets["title"].html


def test_related_items_that_matched_are_named_best_first(tmp_path: Path) -> None:
    """With their outlet, and only those that matched."""
    related = [
        {"title": "Something else", "excerpt": "entirely"},
        {"title": "Police cameras", "provider": {"name": "WBUR"}},
        {
            "title": "Police vote",
            "excerpt": "The vote on cameras for police",
            "url": "https://x.org/",
        },
    ]
    with archive_of(tmp_path, a={"title": "A story", "related": related}) as archive:
        (hit,) = archive.search("police cameras vote").hits
    assert [(item.title, item.provider) for item in hit.related] == [
        ("Police vote", ""),
        ("Police cameras", "WBUR"),
    ]
    assert hit.related[1].snippet.html == "<mark>Police</mark> <mark>cameras</mark>"
    assert "<mark>vote</mark>" in hit.related[0].snippet.html


def test_an_explanation_adds_up_to_the_score(archive: Archive) -> None:
    """By word and field, synonyms and repeated words included; only where it was asked for."""
    query = 'boston ban ban (cam* OR "council and" OR vote~)'
    results = archive.search(SearchRequest(query, match="any", explain=True))
    assert results.hits
    for hit in results.hits:
        assert hit.explanation
        assert sum(points for _, points in hit.explanation) == pytest.approx(hit.score, rel=1e-3)
    assert archive.search("boston").hits[0].explanation == ()


def test_one_article_is_had_by_its_id(archive: Archive) -> None:
    """Whole and with nothing marked; None where there is none."""
    hit = archive.get("a007")
    assert hit is not None
    assert hit.id == "a007"
    assert hit.snippets["title"].text == hit.title
    assert hit.snippets["title"].marks == ()
    assert archive.get("nosuch") is None


# -- ways on


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest("boston zebra", match="all"),
        SearchRequest("boston zebra -ban", match="all", provider=("CNN",)),
        SearchRequest("boston", provider=("Nobody",)),
        SearchRequest("boston", provider=("Nobody",), topic=("none",)),
        SearchRequest('"ban boston budget court"'),
        SearchRequest('boston "ban court budget school"', year=("2019",)),
        SearchRequest("zebra"),
        SearchRequest("bostton", match="all"),
        SearchRequest("site:nowhere.org"),
    ],
    ids=lambda request: request.query,
)
def test_nothing_found_always_leads_on(archive: Archive, request_: SearchRequest) -> None:
    """Every hint is a request that finds what the hint says, and one of them finds something."""
    results = archive.search(request_)
    assert results.total == 0
    assert any(hint.total for hint in results.hints)
    for hint in results.hints:
        assert archive.search(hint.request).total == hint.total


def test_hints_name_each_word_and_what_to_let_go(archive: Archive) -> None:
    """The closest relaxed query, the filter that is in the way, and each word by itself."""
    results = archive.search(SearchRequest("boston zebra", match="all", topic=("topic 0",)))
    said = {hint.text: hint.total for hint in results.hints}
    assert said["any of the words"] > 0
    assert said["only zebra, with these filters"] == 0
    assert said["only boston, with these filters"] > 0
    for request in (
        SearchRequest("boston zebra"),
        SearchRequest("boston zebra").changed(status=("published",)),
    ):
        results = archive.search(request.changed(match="all"))
        assert "only boston" in [hint.text for hint in results.hints]
    filtered = archive.search(SearchRequest("boston", provider=("Nobody",)))
    assert [hint.text for hint in filtered.hints] == ["any provider"]
    needed = archive.search(SearchRequest("+zebra +boston"))
    assert "leaving out: zebra" in [hint.text for hint in needed.hints]
    joined = archive.search('"ban OR budget"')
    assert joined.hints[0].request.query == "ban or budget"
    quoted = archive.search('"ban boston budget court"')
    assert quoted.hints[0].text == "the same words in any order"
    assert quoted.hints[0].request.query == "ban boston budget court"


def test_a_value_that_nothing_has_leads_to_the_nearest_one(tmp_path: Path) -> None:
    """Whether it was chosen or typed, the nearest value is one step away and finds what it says."""
    guardian = {"title": "Council bans", "provider": {"name": "The Guardian"}}
    with archive_of(tmp_path, a=guardian, b="Council votes") as archive:
        chosen = archive.search(SearchRequest("council", provider=("guardian",)))
        typed = archive.search("provider:guardian council")
        for results in (chosen, typed):
            (hint, *_) = results.hints
            assert (hint.text, hint.total) == ("provider is The Guardian", 1)
            assert archive.search(hint.request).total == 1
        assert typed.hints[0].request.query == 'provider:"The Guardian" council'


@pytest.mark.parametrize(
    ("query", "text", "offered"),
    [
        ("nypost.com", "site is nypost.com", "site:nypost.com"),
        ("www.NYPost.com/", "site is www.NYPost.com", "site:www.NYPost.com"),
        ("nypost.com/metro/x-1", "url has nypost.com/metro/x-1", 'url:"nypost.com/metro/x-1"'),
    ],
)
def test_a_web_address_is_offered_as_one(
    tmp_path: Path, query: str, text: str, offered: str
) -> None:
    """Without its scheme it is searched as words; where none has them, the site is a step away."""
    story = {"title": "A vote", "webUrl": "https://nypost.com/metro/x-1"}
    with archive_of(tmp_path, a=story, b="nothing") as archive:
        results = archive.search(query)
        assert (results.total, results.hints[0].total) == (0, 1)
        assert (results.hints[0].text, results.hints[0].request.query) == (text, offered)
        assert archive.search("mynews.com").hints[0].text == "all articles"


def test_an_exclusion_in_the_way_is_offered_to_be_allowed(archive: Archive) -> None:
    """What is left out by a minus is told as what would be allowed."""
    results = archive.search("+boston -boston")
    assert "allowing: boston" in [hint.text for hint in results.hints]


def test_a_spelling_is_offered_as_a_query(archive: Archive) -> None:
    """The suggestion finds something; in ``auto`` it is applied, and that is said."""
    results = archive.search(SearchRequest("councli", match="all"))
    assert results.suggestion == "council"
    assert results.hints[0].request.query == "council"
    auto = archive.search("councli")
    assert auto.total == archive.search("council").total > 0
    assert auto.warnings == ("no article has councli: searched for council",)
    assert auto.suggestion is None


# -- more like this, suggestions


def test_similar_articles_share_words_and_are_not_the_same_story(tmp_path: Path) -> None:
    """Neither the article itself nor a retelling under its title; the closest first."""
    stories = {
        "a": {"title": "Council bans face surveillance cameras", "excerpt": "Boston police vote"},
        "same": {"title": "Council bans face surveillance cameras!", "excerpt": "Boston police"},
        "near": {"title": "Surveillance cameras in Boston", "excerpt": "face council police"},
        "far": {"title": "Police vote on the budget", "excerpt": "of schools"},
        "none": {"title": "Bread recipes", "excerpt": "flour and yeast"},
    }
    with archive_of(tmp_path, **stories) as archive:
        assert [hit.id for hit in archive.similar("a")] == ["near", "far"]
        assert [hit.id for hit in archive.similar("a", limit=1)] == ["near"]
        assert archive.similar("none") == ()
        assert archive.similar("nosuch") == ()


def test_suggestions_complete_the_word_and_name_titles(seeds: Archive) -> None:
    """What was typed stays; a title is suggested for words it has, such as begin so first."""
    suggestions = seeds.suggest("facial rec")
    assert suggestions[0] == "facial recognition"
    assert "Worcester bans city use of facial recognition technology" in suggestions
    assert seeds.suggest("worc")[-1].startswith("Worcester bans")
    assert len(seeds.suggest("b", limit=3)) <= 3
    assert seeds.suggest("") == seeds.suggest("  ") == ()


# -- opening, keeping up, closing


def test_no_index_is_an_error_that_names_the_cure(tmp_path: Path) -> None:
    """``searcher reindex`` makes one."""
    with pytest.raises(IndexMissing, match="searcher reindex"):
        Archive.open(tmp_path / "nowhere")


def test_nonsense_in_a_request_is_an_error_and_in_a_query_is_not(archive: Archive) -> None:
    """Only what a program passes can be wrong."""
    with pytest.raises(QueryError):
        archive.search(SearchRequest(page=0))
    assert archive.search('((( AND "').warnings


def test_a_new_index_is_picked_up(tmp_path: Path) -> None:
    """By the next search, with new values and new words."""
    with archive_of(tmp_path, a="Boston ban") as archive:
        assert archive.search("boston").total == 1
        reindex(write(tmp_path / "source", b="Boston zebra"), tmp_path / "index")
        assert archive.search("boston").total == 2
        assert archive.search("zebra").total == 1
        assert archive.info.articles == 2


def test_a_search_ends_on_the_index_it_began_with(tmp_path: Path) -> None:
    """The generation it uses is closed only when the last search on it is done."""
    with archive_of(tmp_path, a="Boston ban") as archive:
        with archive._engine() as before:
            reindex(write(tmp_path / "source", b="Boston zebra"), tmp_path / "index")
            assert archive.search("boston").total == 2
            assert before.engine.info.articles == 1
            assert before.retired
        assert before.users == 0


def test_a_closed_archive_says_so(tmp_path: Path) -> None:
    """Closing twice is well."""
    archive = archive_of(tmp_path, a="Boston ban")
    archive.close()
    archive.close()
    with pytest.raises(SearcherError, match="closed"):
        archive.search("boston")


def test_threads_get_what_one_gets(archive: Archive) -> None:
    """Four threads over one archive, many queries: every result equals the one found alone."""
    queries = [f"{one} {other}" for one in WORDS for other in WORDS]
    alone = [archive.search(query) for query in queries]
    start = threading.Barrier(4)

    def run(_: int) -> list[Results]:
        start.wait()
        return [archive.search(query) for query in queries]

    with ThreadPoolExecutor(4) as pool:
        assert all(found == alone for found in pool.map(run, range(4)))


def test_threads_search_on_while_the_index_changes(tmp_path: Path) -> None:
    """Every result is that of one index or the other, never of half of one."""
    with archive_of(tmp_path, a="Boston ban") as archive:
        found: list[int] = []
        done = threading.Event()

        def run() -> None:
            while not done.is_set():
                found.append(archive.search("boston").total)

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(4):
            reindex(write(tmp_path / "source", **{f"b{number}": "Boston"}), tmp_path / "index")
        done.set()
        for thread in threads:
            thread.join()
        assert archive.search("boston").total == 5
    assert set(found) <= {1, 2, 3, 4, 5}
    assert found


def test_a_site_can_add_synonyms(tmp_path: Path) -> None:
    """A file of its own widens its queries, beside the built-in one."""
    groups = tmp_path / "own.txt"
    groups.write_text("trolley, streetcar\n")
    archive_of(tmp_path, a="A streetcar named desire", b="Mumbai").close()
    with Archive.open(tmp_path / "index", synonyms=[groups]) as archive:
        assert ids(archive.search("trolley")) == ["a"]
        assert ids(archive.search("Bombay")) == ["b"]


# -- the package


def test_the_public_names_are_sorted_and_there() -> None:
    """Each can be imported, and there are no others."""
    names = sorted(searcher.__all__, key=lambda name: (name.islower(), name))
    assert searcher.__all__ == names
    assert all(getattr(searcher, name).__name__ == name for name in names)
    with pytest.raises(AttributeError):
        _ = searcher.nosuch


def test_bytes_that_turned_over_are_told_as_damage(tmp_path: Path) -> None:
    """Wherever in a segment they are, a search answers or names the cure, and nothing else."""
    reindex(SEEDS, tmp_path)
    (file,) = tmp_path.glob("gen-*/*.arr")
    whole = file.read_bytes()
    told = []
    for at in range(40):
        turned = bytearray(whole)
        for place in range(at * 31, len(whole), 1237):
            turned[place] ^= 1 << at % 8
        file.write_bytes(turned)
        try:
            with Archive.open(tmp_path) as archive:
                for query in (
                    "",
                    "boston ban",
                    '"facial recognition"',
                    "bostn~ re*",
                    "city:Boston",
                ):
                    archive.search(query)
                archive.suggest("bo")
        except IndexDamaged as error:
            told.append(str(error))
    assert len(told) > 20
    assert all("`searcher reindex --full`" in one for one in told)


def test_a_fault_of_ours_is_no_damage(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the files are whole an unexpected error stays what it is."""
    monkeypatch.setattr("searcher.archive.answer", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        archive.search("boston")
