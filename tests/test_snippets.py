"""Snippets: only what matched is marked, and what is cut keeps what matched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.finding import Text, Wanted
from searcher.results import Snippet
from searcher.snippets import snippet
from searcher.text import tokens


def wanted(query: str, *prefixes: str) -> Wanted:
    """What a query of plain words would have marked."""
    terms = (term for token in tokens(query) for _, term in token.word.parts)
    return Wanted(frozenset(terms), prefixes)


def mark(text: str, wanted: Wanted, limit: int | None = None) -> Snippet:
    """A text that nobody prepared before, marked."""
    prepared = Text(text)
    return snippet(prepared, 0, wanted.marks(prepared), limit)


def marked(snippet: Snippet) -> list[str]:
    """The marked stretches."""
    return [snippet.text[start:end] for start, end in snippet.marks]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Boston bans the banning of bans", "ban", ["bans", "banning", "bans"]),
        ("Children went", "child go", ["Children", "went"]),
        ("Microsoft's and Microsoft’s", "microsoft", ["Microsoft's", "Microsoft’s"]),
        ("They told us about US troops", "US", ["US"]),
        ("U.S. troops in the U.S.", "US", ["U.S.", "U.S."]),
        ("4th Mass. town", "fourth massachusetts", ["4th", "Mass"]),
        ("a Mass. town", "massachusetts", ["Mass"]),
        ("École in Zürich", "ecole zurich", ["École", "Zürich"]),
        ("Boston-based facial-recognition firm", "boston recognition", ["Boston", "recognition"]),
        ("news of the new", "new", ["new"]),
        ("10,000 of 3.5", "10000", ["10,000"]),
        ("costs 3.5 or 5", "5", ["5"]),
        ("C++ is no C", "c++", ["C++"]),
        ("日本語", "本", ["本"]),
        ("the -ℝeal ℝeal thing", "real", ["ℝeal", "ℝeal"]),
        ("nothing of it", "boston", []),
        ("anything", "", []),
    ],
)
def test_what_matched_is_marked(text: str, query: str, found: list[str]) -> None:
    """Every form of a wanted word is marked, the part of a compound alone, and no other word."""
    assert marked(mark(text, wanted(query))) == found


def test_a_joined_form_marks_the_compound() -> None:
    """Who searches for email gets e-mail marked as one."""
    assert marked(mark("an E-mail came", wanted("email"))) == ["E-mail"]


def test_a_prefix_marks_words_as_they_are_written() -> None:
    """And not what has their stem."""
    assert marked(mark("Recognise recognition reckon", wanted("", "recog"))) == [
        "Recognise",
        "recognition",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to do or not to be", ["to", "be"]),
        ("be to be", ["to", "be"]),
        ("to-be told, to all be it", ["to", "be"]),
        ("To (be)", ["To", "be"]),
        ("be to", []),
    ],
)
def test_the_words_of_a_phrase_are_marked_where_they_stand_in_it(
    text: str, found: list[str]
) -> None:
    """One after another with no word between; a word that is wanted by itself everywhere."""
    phrase = frozenset([(("to",), ("be",))])
    assert marked(mark(text, Wanted(frozenset(), phrases=phrase))) == found
    both = Wanted(frozenset(["be"]), phrases=phrase)
    assert marked(mark(text, both)).count("be") == text.count("be")


LETTERS = st.lists(st.sampled_from(["bo", "ca", "di"]), max_size=12)


@given(LETTERS, LETTERS.filter(lambda words: 1 < len(words) < 5))
def test_phrases_are_marked_as_a_recount_says(words: list[str], phrase: list[str]) -> None:
    """A word is marked where it is within any run of words that is the phrase."""
    wide = len(phrase)
    runs = [at for at in range(len(words)) if words[at : at + wide] == phrase]
    within = {at + step for at in runs for step in range(wide)}
    places = tuple((word,) for word in phrase)
    marks = mark(" ".join(words), Wanted(frozenset(), phrases=frozenset([places]))).marks
    assert [start // 3 for start, _ in marks] == sorted(within)


def test_html_is_escaped_around_marks() -> None:
    """What a text holds stays text; only the marks are tags."""
    snippet = mark("<b>Boston</b> & co", wanted("boston"))
    assert snippet.html == "&lt;b&gt;<mark>Boston</mark>&lt;/b&gt; &amp; co"


def test_a_text_that_fits_is_whole() -> None:
    """No text within the limit is cut."""
    assert mark("Boston bans it", wanted("bans"), 14).text == "Boston bans it"


LONG = (
    "The mayor spoke first. Nothing was decided for a long while, and people left. "
    "In the evening the Boston City Council voted to ban facial recognition. "
    "Later it rained. The meeting in Worcester was put off until the next week, they said."
)


def test_the_densest_fragment_is_chosen() -> None:
    """Where one fragment can have all that matched it does, from the start of its sentence."""
    snippet = mark(LONG, wanted("facial recognition ban"), 90)
    assert snippet.text.startswith("… In the evening the Boston City Council")
    assert marked(snippet) == ["ban", "facial", "recognition"]
    assert snippet.text.endswith("…")


def test_two_fragments_where_one_cannot_have_all() -> None:
    """Two stretches far apart are both shown, an ellipsis between them."""
    snippet = mark(LONG, wanted("mayor worcester"), 80)
    assert marked(snippet) == ["mayor", "Worcester"]
    assert " … " in snippet.text


def test_without_a_match_the_beginning_is_shown() -> None:
    """A text that did not match itself is cut at its end."""
    snippet = mark(LONG, wanted("zebra"), 40)
    assert snippet.text == "The mayor spoke first. Nothing was …"


WORDS = st.sampled_from(
    ["boston", "bans", "facial", "tech", "the", "city.", "日本", "U.S.", "e-mail"]
)


@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=3), st.integers(20, 200))
def test_a_cut_text_keeps_its_rules(words: list[str], query: list[str], limit: int) -> None:
    """A snippet is within its limit, its stretches are the text's, and its marks are words that
    were asked for; where anything matched, something is marked."""
    text, asked = " ".join(words), wanted(" ".join(query))
    snippet, whole = mark(text, asked, limit), mark(text, asked)
    assert len(snippet.text) <= limit or len(text) <= limit
    assert all(part.strip() in text for part in snippet.text.split("…"))
    assert set(marked(snippet)) <= set(marked(whole))
    assert bool(snippet.marks) == bool(whole.marks)
    assert list(snippet.marks) == sorted(snippet.marks)


TEXTS = st.text() | st.text("aénsU-'’.&_, ?\"日")


@given(TEXTS, TEXTS.map(lambda text: text[:20]))
def test_marks_are_the_tokens_that_match(text: str, query: str) -> None:
    """Against the analyzer itself: a token is marked where it, or a part of it, was asked for."""
    asked = wanted(query)
    expected = [any(term in asked.terms for _, term in token.word.terms) for token in tokens(text)]
    marks = mark(text, asked).marks
    inside = [
        any(token.start <= start and end <= token.end for start, end in marks)
        for token in tokens(text)
    ]
    assert inside == expected
