"""The reading: what was understood, in words that say neither more nor less."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date

import pytest
from hypothesis import given

from searcher.grammar import parse
from searcher.reading import NAMED, about_text, also, days, reading_of, words_clause
from searcher.syntax import (
    EVERYTHING,
    Beginning,
    Days,
    Node,
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
)
from tests.test_grammar import AWKWARD, trees


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "all articles"),
        ("face", "articles with the word face"),
        ("face recognition", "articles with all of: face, recognition"),
        (
            'face ban city:"Boston, Massachusetts" date:2020-06',
            "articles with all of: face, ban; city is Boston, Massachusetts; from June 2020",
        ),
        ('"face ban" -travel', 'articles with the phrase "face ban"; without travel'),
        ('"face ban"~3', 'articles with the words "face ban" with at most 3 others between'),
        ("+boston face", "articles with the word face; boston required"),
        ("boston OR oakland ban", "articles with either boston or (oakland and ban)"),
        (
            "face* title:banned~2",
            "articles with any form of a word beginning with face; "  # noqa: ISC004
            "any form of a word 2 letters from banned in the title",
        ),
        ("title:face related:ban", "articles with face in the title; ban in related stories"),
        ("-city:Boston", "all articles; city is not Boston"),
        ("site:cnn.com url:a-b", "all articles; site is cnn.com; url has a-b"),
        ("before:2020-07", "all articles; until 30 June 2020"),
        ("after:2020", "all articles; since 1 January 2021"),
    ],
)
def test_a_reading_is_plain_words(query: str, said: str) -> None:
    """Words first, then what else is about the text, then places, sources and dates."""
    assert reading_of(parse(query).tree) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), "from 2020"),
        (date(2019, 1, 1), date(2020, 12, 31), "from 2019 to 2020"),
        (date(2020, 2, 1), date(2020, 2, 29), "from February 2020"),
        (date(2020, 2, 1), date(2020, 3, 31), "from February 2020 to March 2020"),
        (date(2020, 2, 2), date(2020, 2, 2), "from 2 February 2020"),
        (date(2020, 2, 1), date(2020, 2, 28), "from 1 February 2020 to 28 February 2020"),
        (date(2020, 2, 1), None, "since 1 February 2020"),
        (None, date(2020, 2, 1), "until 1 February 2020"),
    ],
)
def test_days_are_said_in_the_largest_units(
    first: date | None, last: date | None, said: str
) -> None:
    """Whole years and months are named as such; anything else by its first and last day."""
    assert days(first, last) == said


def test_how_many_words_are_required_is_said() -> None:
    """All, any, or the number between."""
    assert words_clause(["a", "b", "c"], 3) == "all of: a, b, c"
    assert words_clause(["a", "b", "c"], 2) == "at least 2 of: a, b, c"
    assert words_clause(["a", "b", "c"], 1) == "any of: a, b, c"


def test_what_else_was_searched_is_said_by_word() -> None:
    """Each word once with all that stood for it; of very many words, how many more there are."""
    assert also([]) == []
    ways = [("United States", "US"), ("boston", "bos ton"), ("USA", "US")]
    assert also(ways) == ["also searched: United States or USA for US, boston for bos ton"]
    (many,) = also([(f"way{n}", f"word{n}") for n in range(NAMED + 2)])
    assert many.endswith(f"way{NAMED - 1} for word{NAMED - 1}, 2 more")


@given(trees())
def test_the_reading_of_a_tree_gives_the_same_tree(tree: Node) -> None:
    """A reading can be read back: it says all that the tree says, in the reading's own order."""
    assert tree_of(reading_of(tree)) == in_reading_order(tree)


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: ascii(text[:20]))
def test_the_reading_of_awkward_input_gives_the_same_tree(text: str) -> None:
    """The same for trees from input that looks like syntax."""
    tree = parse(text).tree
    assert tree_of(reading_of(tree)) == in_reading_order(tree)


def in_reading_order(tree: Node) -> Node:
    """The tree with its bare words first, then what is about the text, then the rest."""
    return all_of(sorted(conditions(tree), key=lambda n: 0 if is_bare(n) else 2 - about_text(n)))


# The way back, for the tests alone: a small parser of readings.

PLACES = {" in the title": "title", " in the excerpt": "excerpt", " in related stories": "related"}


def split(text: str, separator: str) -> list[str]:
    """Parts between separators that stand neither in quotes nor in parentheses."""
    parts, depth, quoted, start, at = [], 0, False, 0, 0
    while at < len(text):
        quoted ^= text[at] == '"'
        depth += 0 if quoted else (text[at] == "(") - (text[at] == ")")
        if not quoted and not depth and text.startswith(separator, at):
            parts.append(text[start:at])
            at = start = at + len(separator)
        else:
            at += 1
    return [*parts, text[start:]]


def tree_of(said: str) -> Node:
    """The tree of a whole reading."""
    subject, *rest = split(said, "; ")
    clauses = [subject.removeprefix("articles with ")] if subject != "all articles" else []
    return all_of([node_of(clause) for clause in [*clauses, *rest]])


def node_of(said: str) -> Node:
    """The node of one clause."""
    if bare := re.fullmatch(r"all of: (.*)", said):
        return all_of([Word(one) for one in bare[1].split(", ")])
    if bare := re.fullmatch(r"the word (\S+)", said):
        return Word(bare[1])
    if said.startswith("(") and len(split(said, " ")) == 1:
        return node_of(said[1:-1])
    if said.startswith("without "):
        return negated(node_of(said.removeprefix("without ")))
    if said.startswith("either "):
        return any_of([node_of(one) for one in split(said.removeprefix("either "), " or ")])
    if len(parts := split(said, " and ")) > 1:
        return all_of([node_of(one) for one in parts])
    if value := re.fullmatch(r"(city|provider|topic|site|url) (?:is|has) (not )?(.*)", said):
        node = Value(value[1], value[3].strip('"'))
        return negated(node) if value[2] else node
    return days_of(said) or leaf_of(said)


def leaf_of(said: str) -> Node:
    """The node of one leaf about the text."""
    field = next((field for place, field in PLACES.items() if said.endswith(place)), "")
    said = next((said.removesuffix(place) for place in PLACES if said.endswith(place)), said)
    if near := re.fullmatch(r'the words "(.*)" with at most (\d+) others between', said):
        return Quoted(near[1], int(near[2]), field)
    if phrase := re.fullmatch(r'the phrase "(.*)"', said, re.DOTALL):
        return Quoted(phrase[1], 0, field)
    if prefix := re.fullmatch(r"any form of a word beginning with (\S+)", said):
        return Beginning(prefix[1].strip('"'), field)
    if fuzzy := re.fullmatch(r"any form of a word (\d) letters? from (\S+)", said):
        return Similar(fuzzy[2].strip('"'), int(fuzzy[1]), field)
    if said.endswith(" required"):
        return required(Word(said.removesuffix(" required").strip('"')))
    return Word(said.strip('"'), field)


def days_of(said: str) -> Days | None:
    """The stretch of days that was said, if this is one."""
    if said.startswith(("since ", "until ")):
        first, last = stretch(said[6:])
        return Days(first, None) if said.startswith("since") else Days(None, last)
    if found := re.fullmatch(r"from ((?:\d+ )?(?:[A-Z]\w+ )?\d+)(?: to (.*))?", said):
        return Days(stretch(found[1])[0], stretch(found[2] or found[1])[1])
    return None


def stretch(said: str) -> tuple[date, date]:
    """The first and last day of "2020", "June 2020" or "24 June 2020"."""
    parts = said.split()
    year = int(parts[-1])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    month = list(month_name).index(parts[-2])
    if len(parts) == 2:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return (date(year, month, int(parts[0])),) * 2


def test_the_way_back_of_nothing_is_everything() -> None:
    """An empty query reads "all articles", and that is every article."""
    assert tree_of(reading_of(EVERYTHING)) == EVERYTHING
