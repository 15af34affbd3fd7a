"""Repair: damaged text comes out as it was meant, and whole text as it went in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.repair import repair


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("doesnâ€™t", "doesn’t"),
        ("â€œquotesâ€\x9d", "“quotes”"),
        ("a â€” dash", "a — dash"),
        ("Ã©tÃ© naÃ¯ve", "été naïve"),
        ("ZÃ¼rich", "Zürich"),
        ("Â£5", "£5"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("It&#8217;s &quot;it&quot;", 'It’s "it"'),
        ("one&nbsp;two", "one two"),
        ("<b>Bos</b>ton<br/>bans", "Boston bans"),
        ('<p class="x">One</p><p>Two</p>', "One Two"),
        ("a <script>alert(1)</script> b", "a b"),
        ("a <!-- hidden --> b", "a b"),
        ("&lt;i&gt;Time&lt;/i&gt;", "Time"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "café"),
        ("  two\n\n lines\t", "two lines"),
    ],
)
def test_damage_is_mended(damaged: str, meant: str) -> None:
    """Wrong encodings, entities, tags, invisible characters and stray blanks are put right."""
    assert repair(damaged) == meant


@pytest.mark.parametrize(
    "text",
    [
        "It’s “fine” – really…",
        "x < y and y > z, I <3 it",
        "AT&T and R&D; Q&A",
        "Zürich, São Paulo, naïve café",
        "東京で 서울 Москва",
        "Is A<B or B>C?",
        "🙂 emoji",
    ],
)
def test_whole_text_stays(text: str) -> None:
    """Curly quotes, comparisons, ampersands and foreign letters are no damage."""
    assert repair(text) == text


@given(st.text())
def test_any_text_is_one_line_without_controls(text: str) -> None:
    """Whatever goes in, one line comes out, with no control character and no blank at the ends."""
    mended = repair(text)
    assert mended == mended.strip()
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in mended)


@given(st.text("abcdef ghij.,", max_size=80))
def test_plain_text_keeps_its_words(text: str) -> None:
    """Plain text loses nothing but stray blanks."""
    assert repair(text).split() == text.split()


@pytest.mark.parametrize("opening", ["<script ", "<!--", "<style>"])
def test_what_is_never_closed_is_read_once(opening: str) -> None:
    """Openings without an end hide nothing, and many of them take no longer for being many."""
    assert repair("<!-- x --> a " + opening * 50_000 + " b").startswith("a ")
    assert repair("a <script>x</script> <STYLE>y</style > b <!-- c") == "a b <!-- c"
