"""The query language: what is typed, the tree it makes, and what is said about it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.grammar import FIELDS, OPERATORS, Limits, Operator, parse, period
from searcher.operators import edits
from searcher.syntax import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Beginning,
    Days,
    Node,
    Not,
    Quoted,
    Similar,
    Value,
    Word,
    all_of,
    any_of,
    conditions,
    is_bare,
    negated,
    required,
    walk,
    write,
)

AWKWARD = (
    '"',
    "'",
    '""',
    '"a',
    'a"b"c',
    "(((",
    ")))",
    "()",
    "a )(b",
    "(" * 1000,
    "(" * 1000 + "a" + ")" * 1000,
    "(a " * 500,
    "NOT " * 1000,
    "NOT " * 1000 + "a",
    "AND",
    "OR OR OR",
    "a AND",
    "OR b",
    "a AND OR NOT b",
    "-",
    "--a",
    "+-a",
    "a - b",
    "a -- b",
    "- - -",
    "-(a -(b -c))",
    "*",
    "**",
    "*:*",
    "a*b*",
    "~",
    "~3",
    "a~~",
    '"a b"~',
    '"a b"~99999999999999999999',
    "a~99999999999999999999",
    ":",
    "::",
    ":a",
    "title:",
    "title: a",
    "title::a",
    "title:title:a",
    "title:()",
    'title:""',
    "title:(a OR",
    "city:(Boston OR Paris)",
    "date:",
    "date:..",
    "date:2020-13",
    "date:2020-02-30",
    "date:0000",
    "before:0001",
    "after:9999",
    "date:2020..",
    "date:..2020",
    "date:2021..2020",
    "https://example.com/a_(b)?c=d&e=f#g",
    "site:https://www.example.com/path",
    "C++ C# .NET AT&T",
    "UK's don't rock 'n' roll",
    "10,000 U.S. covid-19",
    "12:30",
    ".a. .U.S. a.b.",
    "re: fwd: hello",
    "“curly” ‘quotes’ „low“",
    "東京 北京大学 서울",
    "مرحبا بالعالم",
    "\u202eright to left\u202c",
    "😀 👩‍👩‍👧 🇺🇸",
    "e\u0301tude",
    "\x00\x01\ufffd\ud800",
    "a\tb\nc\u3000d\u00a0e",
    "x" * 10_000,
    "x " * 10_000,
    '" ' * 10_000,
    "ａｎｄ ＡＮＤ",
    "&amp; <b>bold</b>",
    "%20 %00 \\ \\\\ /",
    "SELECT * FROM articles; --",
    "{{7*7}} ${x} $(y)",
)

AS_TEXT = f"searched as text; the fields are {', '.join(FIELDS)}"


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_operator_of_the_table_does_something_in_its_example(operator: Operator) -> None:
    """An operator's example is read without a warning and is more than its bare words."""
    query = parse(operator.example)
    assert query.warnings == ()
    assert all(map(is_bare, conditions(query.tree))) == (operator.name == "words")
    assert parse(write(query.tree)).tree == query.tree


def test_the_table_names_every_field_once() -> None:
    """Every field of the grammar stands in the operator table, and every name is used once."""
    assert set(FIELDS) <= {operator.syntax.partition(":")[0] for operator in OPERATORS}
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("face", Word("face")),
        ("face ban", AllOf((Word("face"), Word("ban")))),
        ("C++", Word("C++")),
        ("AT&T", Word("AT&T")),
        ("UK's", Word("UK's")),
        ("facial-recognition", Word("facial-recognition")),
        ("東京", Word("東京")),
        ('"face  ban"', Quoted("face ban")),
        ("“face ban”~2", Quoted("face ban", 2)),
        ("a AND b", AllOf((Word("a", required=True), Word("b", required=True)))),
        ("a AND b c", AllOf((Word("a", required=True), Word("b", required=True), Word("c")))),
        ("a OR b AND c", AnyOf((Word("a"), AllOf((Word("b"), Word("c")))))),
        ("a b OR c", AnyOf((AllOf((Word("a"), Word("b"))), Word("c")))),
        ("a (b OR c)", AllOf((Word("a"), AnyOf((Word("b"), Word("c")))))),
        ("a (b c)", AllOf((Word("a"), Word("b"), Word("c")))),
        ("a AND (b c)", AllOf(tuple(Word(one, required=True) for one in "abc"))),
        ("NOT a", Not(Word("a"))),
        ("NOT NOT a", Word("a")),
        ("a AND NOT b", AllOf((Word("a", required=True), Not(Word("b"))))),
        ("-(a b)", Not(AllOf((Word("a"), Word("b"))))),
        ("+a b", AllOf((Word("a", required=True), Word("b")))),
        ("face*", Beginning("face")),
        ("face~", Similar("face", 1)),
        ("senate~2", Similar("senate", 2)),
        ("face~0", Word("face")),
        ("Title:face*", Beginning("face", "title")),
        ("title:(a OR b)", AnyOf((Word("a", "title"), Word("b", "title")))),
        ("city:Boston, ban", AllOf((Value("city", "Boston"), Word("ban")))),
        ('city:"New York"', Value("city", "New York")),
        ("city:(Boston OR Paris)", AnyOf((Value("city", "Boston"), Value("city", "Paris")))),
        ("year:2020", Value("year", "2020")),
        ("-status:unpublished", Not(Value("status", "unpublished"))),
        ("-provider:CNN", Not(Value("provider", "CNN"))),
        ("https://a.com/b-c", Value("url", "https://a.com/b-c")),
        ("site:https://a.com/b", Value("site", "https://a.com/b")),
        ("date:2020", Days(date(2020, 1, 1), date(2020, 12, 31))),
        ("date:2020-02", Days(date(2020, 2, 1), date(2020, 2, 29))),
        ("date:2020-2-3", Days(date(2020, 2, 3), date(2020, 2, 3))),
        ("date:2020-06..2020-07-04", Days(date(2020, 6, 1), date(2020, 7, 4))),
        ("date:2020-06..", Days(date(2020, 6, 1), None)),
        ("before:2020-07", Days(None, date(2020, 6, 30))),
        ("after:2020-06", Days(date(2020, 7, 1), None)),
        ("a - b, c ... d!", AllOf(tuple(map(Word, "abcd")))),
        ("NATO AND EU", AllOf((Word("NATO", required=True), Word("EU", required=True)))),
        ("12:30", AllOf((Word("12"), Word("30")))),
        ("~50 people", AllOf((Word("50"), Word("people")))),
        ("title:AND", Word("and", "title")),
        ("ban [AND] face", AllOf(tuple(map(Word, ["ban", "and", "face"])))),
    ],
)
def test_what_is_typed_makes_this_tree(text: str, tree: Node) -> None:
    """Each construct alone and beside others, read without a warning."""
    assert parse(text).tree == tree
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "tree", "warning"),
    [
        ("AND", Word("and"), "AND has nothing to join: searched as a word"),
        ("a OR", AllOf((Word("a"), Word("or"))), "OR has nothing to join: searched as a word"),
        ("(((", EVERYTHING, "parentheses without a partner were ignored"),
        ("a) b", AllOf((Word("a"), Word("b"))), "parentheses without a partner were ignored"),
        ('a "', Word("a"), 'a lone " was ignored'),
        ("nosuch:a", AllOf((Word("nosuch"), Word("a"))), f"no field nosuch: {AS_TEXT}"),
        (
            "City: a",
            AllOf((Word("City"), Word("a"))),
            "City: has no value right after it: searched as text",
        ),
        (
            "title:city:a",
            AllOf((Word("title"), Value("city", "a"))),
            "title: has no value right after it: searched as text",
        ),
        ('x:"a b"', AllOf((Word("x"), Quoted("a b"))), f"no field x: {AS_TEXT}"),
        (
            "EU AND UN TALK OF A TRADE WAR",
            AllOf(tuple(map(Word, ["EU", "and", "UN", "TALK", "OF", "A", "TRADE", "WAR"]))),
            "all is in capitals: AND, OR and NOT were read as words",
        ),
        ("😀", EVERYTHING, "nothing to search for in 😀"),
        ('""', EVERYTHING, "nothing to search for in empty quotes"),
        ("f*ce", AllOf((Word("f"), Word("ce"))), "* stands for letters at a word's end only"),
        ("senate~7", Similar("senate", 2), "~ 7 is more than 2: 2 was taken"),
        ("face~2", Similar("face", 1), "face~: in so short a word one letter may differ"),
        ("of~", Word("of"), "of~: in so short a word no letter may differ"),
        ('"a b"~99', Quoted("a b", 50), "near 99 is more than 50: 50 was taken"),
        (
            "date:2020-07..2020-06",
            Days(date(2020, 6, 1), date(2020, 7, 31)),
            "date:2020-07..2020-06 ends before it begins: turned round",
        ),
        (
            "date:soon",
            Word("soon"),
            "date:soon is no date (2020, 2020-06, 2020-06-24, 2020..2021): searched as text",
        ),
        (
            "after:24/06/2020",
            AllOf(tuple(map(Word, ["24", "06", "2020"]))),
            "after:24/06/2020 is no date (2020, 2020-06, 2020-06-24): searched as text",
        ),
        (
            "date:..",
            Word("date"),
            "date:.. is no date (2020, 2020-06, 2020-06-24, 2020..2021): searched as text",
        ),
    ],
)
def test_what_is_read_otherwise_than_it_looks_is_said(text: str, tree: Node, warning: str) -> None:
    """Text that is no construct is searched for what it plausibly means, with one warning."""
    assert parse(text).tree == tree
    assert parse(text).warnings == (warning,)


@pytest.mark.parametrize(
    ("text", "limits", "tree", "warning"),
    [
        (
            "one two three",
            Limits(characters=9),
            AllOf((Word("one"), Word("two"))),
            "the query is longer than 9 characters: the rest was left out",
        ),
        (
            "a b c",
            Limits(terms=2),
            AllOf((Word("a"), Word("b"))),
            "only the first 2 words are searched",
        ),
        (
            "one~ two~ three",
            Limits(fuzzy=1),
            AllOf((Similar("one"), Word("two"), Word("three"))),
            "more than 1 words with ~: the others are searched as written",
        ),
        (
            "((a OR b) OR -(c d)) e",
            Limits(depth=1),
            AllOf((AnyOf((Word("a"), Word("b"), AllOf((Not(Word("c")), Word("d"))))), Word("e"))),
            "parentheses deeper than 1 were ignored",
        ),
    ],
)
def test_beyond_a_limit_a_query_is_cut_and_that_is_said(
    text: str, limits: Limits, tree: Node, warning: str
) -> None:
    """Limits are settings; what is beyond them is left out with a warning that names them."""
    assert parse(text, limits).tree == tree
    assert warning in parse(text, limits).warnings


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: ascii(text[:20]))
def test_awkward_input_is_read_and_said(text: str) -> None:
    """No input fails; its canonical text makes the same tree, without a warning."""
    query = parse(text)
    assert parse(write(query.tree)) == type(query)(query.tree)


SIGNS = (*"aB1 \"()-+*~:.,&#'é東/\\|", *(" AND ", "AND", " OR ", " NOT ", "title:", "date:", "20"))


@given(st.lists(st.sampled_from(SIGNS)).map("".join))
def test_any_mixture_of_signs_is_read(text: str) -> None:
    """The canonical text of whatever was typed makes the same tree, without a warning."""
    query = parse(text)
    assert parse(write(query.tree)) == type(query)(query.tree)


@given(st.text(max_size=60))
def test_any_text_at_all_is_read(text: str) -> None:
    """The same for text of every script."""
    query = parse(text)
    assert parse(write(query.tree)) == type(query)(query.tree)


words = st.sampled_from(["face", "Ban", "or", "10,000", "C++", "UK's", "東京", "covid-19", "U.S."])
fields = st.sampled_from(["", "title", "excerpt", "related"])
texts = st.sampled_from(
    ["face ban", "or", "a; b", "Boston, Massachusetts", "not x", "C", "a and b"]
)
days = st.dates()


def trees() -> st.SearchStrategy[Node]:
    """Every tree that the grammar can make, from words and values that look like its signs."""
    leaves = st.one_of(
        st.builds(Word, words, fields),
        st.builds(Quoted, texts, st.integers(0, 9), fields),
        st.builds(Beginning, words, fields),
        words.filter(edits).flatmap(
            lambda word: st.builds(Similar, st.just(word), st.integers(1, edits(word)), fields)
        ),
        st.builds(Value, st.sampled_from(["city", "provider", "topic", "site", "url"]), texts),
        st.builds(lambda one, other: Days(min(one, other), max(one, other)), days, days),
        st.one_of(days.map(lambda day: Days(day, None)), days.map(lambda day: Days(None, day))),
    )

    def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        some = st.lists(children, min_size=1, max_size=4)
        return st.one_of(some.map(all_of), some.map(any_of), children.map(negated))

    nested = st.recursive(leaves, branches, max_leaves=12)
    root = st.lists(st.one_of(nested, st.builds(Word, words).map(required)), max_size=4)
    return root.map(all_of)


@given(trees())
def test_the_canonical_text_of_a_tree_makes_that_tree(tree: Node) -> None:
    """``write`` and ``parse`` are each other's inverse."""
    assert parse(write(tree), Limits(fuzzy=100)) == type(parse(""))(tree)


def test_operators_among_capitals() -> None:
    """A headline in capitals has no operators; a list with OR after every word has."""
    assert len(parse("US OR UK OR EU OR UN OR NATO").tree.nodes) == 5  # type: ignore[union-attr]
    assert parse("BOSTON BANS FACE RECOGNITION BY POLICE OR SCHOOLS").warnings
    assert not parse("(BOSTON OR OAKLAND) FACE RECOGNITION BAN VOTE").warnings


@given(trees())
def test_a_tree_is_in_one_normal_form(tree: Node) -> None:
    """Nothing is nested in its own kind, nothing stands alone in a group, and no Not in a Not."""
    for node in walk(tree):
        if isinstance(node, AllOf):
            assert len(node.nodes) != 1
            assert not any(isinstance(one, AllOf) for one in node.nodes)
        elif isinstance(node, AnyOf):
            assert len(node.nodes) > 1
            assert not any(isinstance(one, AnyOf) for one in node.nodes)
        elif isinstance(node, Not):
            assert not isinstance(node.node, Not)


def test_a_period_is_a_year_a_month_or_a_day() -> None:
    """``period`` gives the first and last day, and None for anything else."""
    assert period("2020-02") == (date(2020, 2, 1), date(2020, 2, 29))
    assert period("2020-06-24") == (date(2020, 6, 24), date(2020, 6, 24))
    assert [period(text) for text in ("", "20", "2020-13", "2020-06-31", "2020-", "２０２０")] == [
        None
    ] * 6
