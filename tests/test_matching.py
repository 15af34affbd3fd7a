"""Matching: which plan an engine gets for what was typed and chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from searcher import SearchRequest
from searcher.engine import Engine, open_engine
from searcher.engine.plan import (
    All,
    And,
    Dates,
    Fuzzy,
    Is,
    Node,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Term,
    Without,
    Words,
)
from searcher.matching import Matcher, Understanding
from searcher.synonyms import Synonyms as SynonymFile
from tests.archives import archive_of

ARTICLES: dict[str, dict[str, Any] | str] = {
    "boston": {
        "title": "Boston bans face surveillance",
        "excerpt": "BOSTON (AP) — Boston, Massachusetts, has banned it. Healthcare workers agree.",
        "publishedDateTime": "2020-06-24T12:00:00Z",
        "provider": {"name": "The Guardian", "domain": "theguardian.com"},
        "topics": ["AI"],
        "sourceUrl": "https://www.theguardian.com/us/boston-bans",
    },
    "worcester": {
        "title": "Worcester bans facial recognition",
        "excerpt": "WORCESTER, Mass. (AP) — Worcester, Massachusetts, has banned it.",
        "provider": {"name": "Daily Mail", "domain": "dailymail.co.uk"},
        "topics": ["AI", "Computer Vision"],
    },
    "states": {
        "title": "Health and care in the United States",
        "excerpt": "The senate, the upper chamber, said may.",
    },
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("matching")
    archive_of(folder, **ARTICLES).close()
    opened = open_engine(folder / "index")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def matcher(engine: Engine) -> Matcher:
    """Without synonyms: plans are what was typed."""
    return Matcher(engine, SynonymFile())


def asked(matcher: Matcher, query: str = "", **others: object) -> Understanding:
    return matcher.understand(SearchRequest(query).changed(**others))


def terms(*texts: str) -> tuple[Node, ...]:
    return tuple(map(Term, texts))


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("", All()),
        ("Bans", Term("ban")),
        ("title:bans", Term("ban", ("title",))),
        ('"bans facial"', Phrase((("ban",), ("facial",)))),
        ('"bans facial"~3', Phrase((("ban",), ("facial",)), slop=3)),
        ('"bans"', Term("ban")),
        ('"the senate"', Phrase((("the",), ("senat",)))),
        ("Bann*", Prefix("bann")),
        ("related:bansai~2", Fuzzy("bansai", 2, ("related",))),
        ("boston OR worcester", Or(terms("boston", "worcest"))),
        ("boston AND bans", And(terms("boston", "ban"))),
        ("bans (boston OR worcester)", And((Term("ban"), Or(terms("boston", "worcest"))))),
        ("bans -boston", Without(Term("ban"), Term("boston"))),
        ("-boston -bans", Without(All(), Or(terms("boston", "ban")))),
        ("-(boston bans)", Without(All(), And(terms("boston", "ban")))),
        ("boston OR -bans", Or((Term("boston"), Without(All(), Term("ban"))))),
        ("site:https://www.TheGuardian.com/us", Is("site", ("theguardian.com",))),
        ("url:boston-bans", And((Is("url", ("boston",)), Is("url", ("bans",))))),
        ("https://x.org/us", And(tuple(Is("url", (w,)) for w in ("x", "org", "us")))),
        ('provider:"daily  mail"', Is("provider", ("Daily Mail",))),
        ("topic:ai", Is("topic", ("AI",))),
        (
            "date:2020-06",
            Dates(datetime(2020, 6, 1, tzinfo=UTC), datetime(2020, 7, 1, tzinfo=UTC)),
        ),
        ("after:2020-06-24", Dates(datetime(2020, 6, 25, tzinfo=UTC), None)),
        ("before:2020", Dates(None, datetime(2020, 1, 1, tzinfo=UTC))),
    ],
)
def test_each_construct_asks_for_this(matcher: Matcher, query: str, node: Node) -> None:
    """Words are analysed, phrases keep their common words, fields and dates become keys."""
    assert asked(matcher, query).plan.node == node


def test_words_are_matched_as_the_mode_says(matcher: Matcher) -> None:
    """``all`` wants every word, ``any`` one; ``auto`` starts from all and may come down to one."""
    nodes = terms("boston", "ban", "face")
    query = "boston bans face"
    assert asked(matcher, query, match="all").plan.node == Words(nodes, 3, 0, 3)
    assert asked(matcher, query, match="any").plan.node == Words(nodes, 1, 0, 1)
    assert asked(matcher, query, match="auto").plan.node == Words(nodes, 3, 10, 1)


def test_a_sentence_is_relaxed_further_than_a_few_words(matcher: Matcher) -> None:
    """From four words on, ``auto`` goes on until a hundred articles are found."""
    node = asked(matcher, "boston bans face surveillance").plan.node
    assert isinstance(node, Words)
    assert (node.minimum, node.enough, node.floor) == (4, 100, 1)


def test_what_a_sentence_quotes_is_one_of_its_words(matcher: Matcher) -> None:
    """Beside more than three words ``any`` takes a phrase for one of them, unless a plus insists;
    ``auto`` only one that no article has; ``all`` never."""
    query = 'boston bans face surveillance "has banned"'
    phrase = Phrase((("has",), ("ban",)))
    node = asked(matcher, query, match="any").plan.node
    assert isinstance(node, Words)
    assert (node.minimum, node.nodes[-1]) == (1, phrase)
    assert isinstance(asked(matcher, query).plan.node, And)
    nowhere = asked(matcher, query.replace("has banned", "banned has")).plan.node
    assert isinstance(nowhere, Words)
    assert (nowhere.minimum, len(nowhere.nodes)) == (5, 5)
    assert isinstance(asked(matcher, query, match="all").plan.node, And)
    assert isinstance(asked(matcher, f"{query} +may", match="any").plan.node, And)


def test_other_conditions_are_no_matter_of_the_mode(matcher: Matcher) -> None:
    """With ``any``, phrases, required words and fields are still required."""
    node = asked(matcher, 'boston bans +face "has banned" topic:AI', match="any").plan.node
    words = Words(terms("boston", "ban"), 1, 0, 1)
    phrase = Phrase((("has",), ("ban",)))
    assert node == And((words, Term("face"), phrase, Is("topic", ("AI",))))


def test_common_words_are_left_out_of_a_query_with_others(matcher: Matcher) -> None:
    """They are asked for where nothing else is, where required, in a field, and never silently."""
    assert asked(matcher, "the boston").plan.node == Term("boston")
    assert asked(matcher, "the boston").reading(0).endswith("; leaving out the")
    assert asked(matcher, "the").plan.node == Term("the")
    assert asked(matcher, "the topic:AI").plan.node == And((Term("the"), Is("topic", ("AI",))))
    assert asked(matcher, '"has banned" the').plan.node == Phrase((("has",), ("ban",)))
    assert asked(matcher, "+the boston").plan.node == And(terms("boston", "the"))
    assert asked(matcher, "title:the").plan.node == Term("the", ("title",))
    assert asked(matcher, "US").plan.node != asked(matcher, "us").plan.node


def test_a_repeated_word_counts_as_often_as_it_was_typed(matcher: Matcher) -> None:
    """Forms of one word are one word; the reading names it once."""
    said = asked(matcher, "ban boston bans banned")
    assert said.plan.node == Words(terms("ban", "boston"), 2, 10, 1, (3, 1))
    assert said.reading(2) == "articles with all of: ban, boston"


def test_a_compound_is_found_in_parts_and_joined(matcher: Matcher) -> None:
    """A word with a hyphen is its parts in a row, or the one word they make."""
    parts = Phrase((("health",), ("care",)))
    node = Synonyms((parts, Term("healthcar")), (1.0, 1.0))
    assert asked(matcher, "health-care").plan.node == node


def test_neighbours_are_found_written_as_one(matcher: Matcher) -> None:
    """Each of two neighbours shares the one word that the archive has for both."""
    node = asked(matcher, "health care", match="all").plan.node
    joined = Term("healthcar")
    ways = tuple(Synonyms((term, joined), (1.0, 0.5)) for term in terms("health", "care"))
    assert node == Words(ways, 2, 0, 2)


def test_synonyms_are_alternatives_of_lower_weight(engine: Engine, tmp_path: Path) -> None:
    """One word for several is shared among them; several for one are a phrase; quotes bind."""
    groups = tmp_path / "groups.txt"
    groups.write_text("[0.6]\nlawmakers, the upper chamber\n")
    matcher = Matcher(engine, SynonymFile.load(groups))
    one, phrase = Term("lawmak"), Phrase((("the",), ("upper",), ("chamber",)))
    assert asked(matcher, "lawmakers").plan.node == Synonyms((one, phrase), (1.0, 0.6))
    shared = (Synonyms((term, one), (1.0, 0.3)) for term in terms("upper", "chamber"))
    assert asked(matcher, "the upper chamber", match="all").plan.node == Words(
        tuple(shared), 2, 0, 2
    )
    assert asked(matcher, "title:lawmakers").plan.node == Synonyms(
        (Term("lawmak", ("title",)), Phrase(phrase.terms, ("title",))), (1.0, 0.6)
    )
    assert asked(matcher, '"the upper chamber"').plan.node == phrase


@pytest.mark.parametrize("name", ["Daily Mail", "daily mail", " DAILY  MAIL "])
def test_a_value_is_known_by_its_name_in_any_case(matcher: Matcher, name: str) -> None:
    """Case and blanks do not matter."""
    assert asked(matcher, provider=(name,)).plan.filters == (Is("provider", ("Daily Mail",)),)


@pytest.mark.parametrize("name", ["4930956", "Boston, Massachusetts", "boston"])
def test_a_city_is_known_by_label_id_or_name(matcher: Matcher, name: str) -> None:
    """Whichever way it is named, its label stands in the reading."""
    said = asked(matcher, city=(name,))
    assert said.plan.filters == (Is("city", ("4930956",)),)
    assert said.reading(0) == "all articles; city is Boston, Massachusetts"


def test_values_of_one_facet_are_alternatives(matcher: Matcher) -> None:
    """One filter for each facet, with the keys of all its values."""
    said = asked(matcher, topic=("ai", "computer vision"), status=("published",))
    topics, status = Is("topic", ("AI", "Computer Vision")), Is("status", ("published",))
    assert said.plan.filters == (topics, status)
    assert said.reading(0) == "all articles; topic is AI or Computer Vision; status is published"


def test_an_unknown_value_matches_nothing_and_near_ones_are_named(matcher: Matcher) -> None:
    """The same for a chosen value and one in the query."""
    warning = "no article has the provider guardian: there is The Guardian"
    chosen, typed = asked(matcher, provider=("guardian",)), asked(matcher, "provider:guardian")
    assert chosen.plan.filters == (Is("provider", ("guardian",)),)
    assert typed.plan.node == Is("provider", ("guardian",))
    assert chosen.warnings == typed.warnings == (warning,)
    assert asked(matcher, city=("Bostn",)).warnings == (
        "no article has the city Bostn: there is Boston, Massachusetts",
    )


def test_a_blank_value_chooses_nothing(matcher: Matcher) -> None:
    """As an unfilled field of a form or an empty shell variable gives it."""
    said = asked(matcher, city=("", " "), provider=("", "Daily Mail"))
    assert said.plan.filters == (Is("provider", ("Daily Mail",)),)


def test_near_values_are_looked_for_only_a_few_times(matcher: Matcher) -> None:
    """However many unknown values are chosen or typed, the first three get that help."""
    names = tuple(f"guardian{n}" for n in range(9))
    chosen = asked(matcher, provider=names)
    typed = asked(matcher, " OR ".join(f"provider:{name}" for name in names))
    for warnings in (chosen.warnings, typed.warnings):
        assert len(warnings) == 9
        assert ["there is" in one for one in warnings] == [True] * 3 + [False] * 6
    (warning,) = asked(matcher, provider=("guardian " * 30,)).warnings
    assert "there is" not in warning


def test_values_of_unpublished_articles_are_unknown_to_a_search_of_the_others(
    tmp_path: Path,
) -> None:
    """Neither warnings nor labels tell what only an unpublished article has."""
    secret = {"title": "Boston", "provider": {"name": "Secret Tribune"}, "topics": ["Hidden"]}
    cities = {"excerpt": "BOSTON (AP) \u2014 Boston, Massachusetts, has banned it."}
    archive = archive_of(tmp_path, a={**secret, **cities, "published": False}, b="Open door")
    chosen = {"provider": ("tribune", "Secret tribune"), "city": ("boston", "4930956")}
    for query in ("", "provider:tribune topic:hiden city:boston"):
        request = SearchRequest(query, status=("published",)).changed(**chosen)
        told = repr(archive.search(request))
        assert "Secret Tribune" not in told
        assert "Hidden" not in told
        assert "Massachusetts" not in told
        assert "Secret Tribune" in repr(archive.search(request.changed(status=())))
    archive.close()


def test_chosen_days_are_whole_and_in_utc(matcher: Matcher) -> None:
    """The last day is included; the last day there is leaves that side open."""
    first, last = date(2020, 6, 1), date(2020, 6, 30)
    dates = asked(matcher, date_from=first, date_to=last).plan.dates
    assert dates == Dates(datetime(2020, 6, 1, tzinfo=UTC), datetime(2020, 7, 1, tzinfo=UTC))
    assert asked(matcher, date_from=first, date_to=date.max).plan.dates == Dates(
        datetime(2020, 6, 1, tzinfo=UTC), None
    )
    assert asked(matcher).plan.dates is None
    assert asked(matcher, date_from=first, date_to=last).reading(0).endswith("; from June 2020")


def test_days_in_the_wrong_order_are_turned_round(matcher: Matcher) -> None:
    """And that is said, as it is of a stretch within the query."""
    first, last = date(2020, 1, 1), date(2021, 12, 31)
    said = asked(matcher, date_from=last, date_to=first)
    assert said.plan.dates == asked(matcher, date_from=first, date_to=last).plan.dates
    assert said.reading(0) == asked(matcher, "date:2021..2020").reading(0)
    assert said.reading(0) == "all articles; from 2020 to 2021"
    assert said.warnings == ("the dates end before they begin: turned round",)


def test_a_misspelt_word_is_corrected_only_where_that_is_said(matcher: Matcher) -> None:
    """``auto`` searches for what the archive has and says so; the other modes only offer it."""
    auto, every = asked(matcher, "facial recogntion"), asked(matcher, "recogntion", match="all")
    assert auto.plan.node == asked(matcher, "facial recognition").plan.node
    assert auto.warnings == ("no article has recogntion: searched for recognition",)
    assert auto.suggestion is None
    assert every.plan.node == Term("recognt")
    assert every.suggestion == "recognition"


def test_a_misspelt_word_that_is_required_is_only_offered(matcher: Matcher) -> None:
    """What was asked for explicitly is never replaced."""
    said = asked(matcher, "+recogntion bans")
    assert said.suggestion == "+recognition bans"
    assert said.warnings == ("no article has recogntion",)


def test_a_word_that_begins_otherwise_is_only_offered(tmp_path: Path) -> None:
    """Few slips are in the first letter: where a small archive has no better word, it is asked."""
    with archive_of(tmp_path, a="Able to drop it", b="A motion") as archive:
        results = archive.search("drop fable")
    assert results.suggestion == "drop able"
    assert results.warnings == ("no article has fable",)


@pytest.mark.parametrize("query", ["facial recognition", "note books"])
def test_a_word_that_is_found_in_another_way_is_not_corrected(tmp_path: Path, query: str) -> None:
    """A synonym or a joined word is found; near words that mean something else are not offered."""
    titles = {"a": "Face recognition", "b": "Racial boots", "c": "Notebooks"}
    with archive_of(tmp_path, **titles) as archive:
        results = archive.search(query)
        assert (results.warnings, results.suggestion) == ((), None)
        assert {hit.title for hit in results.hits} <= {"Face recognition", "Notebooks"}
        assert results.total == 1


def test_what_to_mark_goes_by_field_and_leaves_out_what_is_unwanted(matcher: Matcher) -> None:
    """A word in one field is marked there alone; an excluded one nowhere."""
    marked = asked(matcher, 'title:bans "the senate" face* -boston').wanted
    wanted = {field: one for one, fields in marked.items() for field in fields}
    assert wanted["title"].terms == {"ban"}
    assert wanted["excerpt"].terms == set()
    assert wanted["excerpt"].phrases == {(("the",), ("senat",))}
    assert wanted["related"].prefixes == ("face",)


def test_a_query_is_remembered_as_far_as_it_is_read(matcher: Matcher) -> None:
    """What is cut off makes no other query of it."""
    start = "boston " * 1000
    one, other = asked(matcher, f"{start}a"), asked(matcher, f"{start}b")
    assert one.query is other.query
    assert one.warnings[0] == "the query is longer than 5000 characters: the rest was left out"


def test_the_page_and_the_facets_come_from_the_request(matcher: Matcher) -> None:
    """Page 3 of 20 starts at 40."""
    plan = asked(matcher, page=3, size=20, facet_size=7, sort="newest").plan
    assert (plan.start, plan.limit, plan.facet_limit, plan.sort) == (40, 20, 7, "newest")


MANY = " ".join(f"{n}qx" for n in range(12))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("boston qqxx", "no article has qqxx"),
        ("qqxx zzxx boston", "no article has qqxx, zzxx"),
        ("boston ban", ""),
        ("qqxx", ""),
        ("boston OR qqxx", "no article has qqxx"),
        ("+qqxx boston", "no article has qqxx"),
        ('boston -"motion qqxx" title:zzxx~', 'no article has "motion qqxx", title:zzxx~1'),
        ("boston qqxx*", "no article has qqxx*"),
        (MANY, f"no article has {', '.join(MANY.split()[:10])} and 2 more"),
    ],
)
def test_words_that_no_article_has_are_told(tmp_path: Path, query: str, told: str) -> None:
    """Beside others, whose matches would hide it; of one word alone the total tells."""
    with archive_of(tmp_path, a="Boston ban", b="A motion") as archive:
        found = archive.search(SearchRequest(query, match="any"))
    assert found.warnings == ((told,) if told else ())


def test_what_is_unwanted_is_not_corrected(tmp_path: Path) -> None:
    """Nobody means to exclude what was asked for."""
    with archive_of(tmp_path, a="Boston ban") as archive:
        assert archive.search("boston -bostno").suggestion is None
        assert archive.search("ban -qqxx").suggestion is None
        assert archive.search(SearchRequest("bostno", match="all")).suggestion == "boston"


@pytest.mark.parametrize("query", ["人工*", "人工智能~", "title:人工*", "人*"])
def test_a_script_without_blanks_is_found_by_its_beginning(tmp_path: Path, query: str) -> None:
    """Its characters stand together, whatever comes behind."""
    with archive_of(tmp_path, a="发展人工智能", b="人民") as archive:
        assert archive.search(query).total == (2 if query == "人*" else 1)
