"""The analyzer: what is a word, where its parts stand, and which words are one to the index."""

from __future__ import annotations

import re
import unicodedata
from string import ascii_letters, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.engine.local.concerned import CUT
from searcher.places.text import WORD as PLACES_WORD
from searcher.text import (
    ACRONYMS,
    LONGEST,
    STOP_WORDS,
    WORD,
    analyse,
    cores,
    fold,
    stem,
    tokens,
    trace,
)


def terms(text: str) -> list[str]:
    """The term at each place of a text."""
    return [term for token in tokens(text) for _, term in token.word.parts]


ONE_WORD = (
    ("Microsoft's", "Microsoft"),
    ("Microsoft’s", "microsoft"),
    ("UK's", "UK"),
    ("teachers'", "teacher"),
    ("boss's", "boss"),
    ("don't", "dont"),
    ("don’t", "DONT"),
    ("doesn't", "doesnt"),
    ("U.S.", "US"),
    ("U.S", "US"),
    ("U.S.'s", "US"),
    ("U.N.", "UN"),
    ("U.K.", "uk"),
    ("W.H.O.", "WHO"),
    ("Ph.D.", "PhD"),
    ("a.m.", "am"),
    ("J.K.", "JK"),
    ("4th", "fourth"),
    ("1st", "first"),
    ("10,000", "10000"),
    ("1,234,567", "1234567"),
    ("1990's", "1990s"),
    ("CEOs", "CEO"),
    ("MPs", "MP"),
    ("labour", "labor"),
    ("labouring", "labor"),
    ("neighbourhoods", "neighborhood"),
    ("organisation", "organization"),
    ("recognised", "recognize"),
    ("analyse", "analyze"),
    ("centred", "center"),
    ("defence", "defense"),
    ("programme", "program"),
    ("travelling", "traveling"),
    ("grey", "gray"),
    ("paediatricians", "pediatrician"),
    ("children", "child"),
    ("children's", "child"),
    ("women", "woman"),
    ("wives", "wife"),
    ("crises", "crisis"),
    ("went", "go"),
    ("sought", "seek"),
    ("stolen", "stealing"),
    ("banned", "ban"),
    ("bans", "banning"),
    ("heroes", "hero"),
    ("Zürich", "zurich"),
    ("São", "sao"),
    ("naïve", "NAIVE"),
    ("Łódź", "Lodz"),
    ("Ørsted", "orsted"),
    ("cafe\u0301", "café"),
    ("straße", "strasse"),
    ("Ｔｏｋｙｏ", "tokyo"),
    ("Mass.", "Massachusetts"),
    ("Calif.", "California"),
    ("Gov.", "governor"),
    ("Sen.", "Senator"),
    ("Sept.", "September"),
)


@pytest.mark.parametrize(("one", "other"), ONE_WORD)
def test_one_word_however_it_is_written(one: str, other: str) -> None:
    """Case, accents, apostrophes, dots, commas, spelling and inflection make no other word."""
    assert terms(one) == terms(other)
    assert len(terms(one)) == 1


APART = (
    ("news", "new"),
    ("US", "us"),
    ("IT", "it"),
    ("WHO", "who"),
    ("C++", "C"),
    ("C#", "C"),
    ("AT&T", "at"),
    ("A&M", "am"),
    ("mass", "Mass."),
    ("sen", "Senator"),
    ("university", "universe"),
    ("organization", "organ"),
    ("authorities", "authors"),
    ("international", "internal"),
    ("several", "severe"),
    ("customer", "customs"),
    ("experience", "experiment"),
    ("found", "find"),
    ("3.5", "35"),
)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_words_however_alike(one: str, other: str) -> None:
    """What only looks alike stays apart."""
    assert terms(one) != terms(other)


def test_parts_stand_in_order_and_joined() -> None:
    """A compound's parts take a place each, and its joined form stands beside the first."""
    assert analyse("e-mails").terms == ((0, "e"), (0, "email"), (1, "mail"))
    assert analyse("facial-recognition").width == 2
    assert analyse("COVID-19").joined == "covid19"
    assert analyse("O’Brien").joined == "obrien"
    assert analyse("email").joined is None


def test_dates_have_no_joined_form() -> None:
    """Figures with hyphens between them are no compound."""
    assert analyse("2020-06-24").terms == ((0, "2020"), (1, "06"), (2, "24"))


def test_an_abbreviation_is_also_what_it_looks_like() -> None:
    """ "Mass." is found by Massachusetts and by mass."""
    assert [term for _, term in analyse("Mass.").terms] == [stem("massachusetts"), "mass"]
    assert analyse("Mass.").width == 1


def test_acronyms_within_compounds() -> None:
    """US-led and anti-U.S. have the country in them."""
    assert "US" in terms("US-led")
    assert "US" in terms("anti-U.S.")
    assert terms("U.S.-China") == ["US", "china"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Boston,Massachusetts", ["Boston", "Massachusetts"]),
        ("He left. Then", ["He", "left", "Then"]),
        ("in 2019, 200 people", ["in", "2019", "200", "people"]),
        ("(face) “recognition”—now", ["face", "recognition", "now"]),
        ("C++, C# and .NET.", ["C++", "C#", "and", "NET"]),
        ("AT&T & Co", ["AT&T", "Co"]),
        ("#BlackLivesMatter @nytimes", ["BlackLivesMatter", "nytimes"]),
        ("$3.5M 50%", ["3.5M", "50"]),
        ("日本語", ["日", "本", "語"]),
        ("서울", ["서", "울"]),
        ("Ελλάδα Москва", ["Ελλάδα", "Москва"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("বাংলা ভাষা ২০২০", ["বাংলা", "ভাষা", "২০২০"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("🙂 … -- ", []),
        ("0.\u0300 a-\u0301b", ["0", "a", "b"]),
    ],
)
def test_what_a_word_is(text: str, words: list[str]) -> None:
    """Words are found in every script; what is written without blanks is taken by character."""
    assert WORD.findall(text) == words


@given(st.text())
def test_any_text_has_places_in_order(text: str) -> None:
    """Every token is a stretch of the text, and places follow each other without overlap."""
    end, position = 0, 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.position == position
        assert [place for place, _ in token.word.terms] == sorted(
            place for place, _ in token.word.terms
        )
        end, position = token.end, position + token.word.width


def test_every_letter_and_figure_begins_a_word() -> None:
    """Each of the common scripts by itself."""
    letters = (one for one in map(chr, range(0x10000)) if re.match(r"[^\W_]", one))
    assert [one for one in letters if not WORD.fullmatch(one)] == []


@given(st.text())
def test_every_letter_and_figure_is_in_a_word(text: str) -> None:
    """No letter or figure of the common scripts is ever lost between two words."""
    rest = WORD.sub(" ", text)
    assert not re.search(r"[^\W_]", "".join(c for c in rest if ord(c) < 0x10000))


@given(st.text())
def test_analysis_takes_any_word(text: str) -> None:
    """Any raw word gives terms that are folded, not empty, and not too long."""
    for raw in WORD.findall(text):
        word = analyse(raw)
        assert all(form and term for form, term in word.parts)
        assert all(len(term) <= LONGEST for _, term in word.terms)
        for form, term in word.parts:
            signed = "&" in term or term.endswith(("++", "#"))
            assert term == (form if signed else stem(form)) or term in ACRONYMS


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    """What is folded folds to itself, composed or not."""
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(ascii_letters + digits, min_size=1))
def test_ascii_letters_and_figures_are_one_word(text: str) -> None:
    """The bulk writer takes this for granted."""
    assert WORD.findall(text) == [text]


def test_an_underscore_parts_words() -> None:
    """snake_case is snake case."""
    assert terms("snake_case") == terms("snake case")


def test_stop_words_are_forms() -> None:
    """The list is folded and holds no names: may, will and us as US can be searched for."""
    assert all(analyse(word).form == word for word in STOP_WORDS)
    assert {"the", "of", "us", "dont"} <= STOP_WORDS
    assert not {"may", "will", "new", "first", "time"} & STOP_WORDS


@given(st.sampled_from([word for pair in ONE_WORD for word in pair]))
def test_words_have_a_core_of_their_term(raw: str) -> None:
    """Where a term has ``cores``, each of its forms has one of them in it."""
    for form, term in analyse(raw).parts:
        found = cores(term)
        assert found is None or any(core in form for core in found)


@pytest.mark.parametrize(
    "word", ["dying", "happiness", "cities", "visibility", "generalization", "children", "went"]
)
def test_cores_are_what_stays_of_a_word(word: str) -> None:
    """What Snowball changes at a stem's end is in none; irregular forms are cores themselves."""
    found = cores(stem(word))
    assert found is None or any(core in word for core in found)


def test_words_without_a_sure_core() -> None:
    """A stem of three letters that may change has none; longer ones lose what may change."""
    assert cores(stem("dies")) is None
    assert cores(stem("elections")) == frozenset({"elect"})
    assert cores(stem("happy")) == frozenset({"happ"})


SNIPPETS = (
    *("Paris", "McALLEN", "O'Brien", "CEOs", "PARIs", "Mass.", "Sgt.", "Who", "U.S.", "AT&T"),
    *("C++", "1.5", "⒈5"),
    *("10,000", "66", "don't", "l’Aquila", "Winston-Salem", "Münster", "İzmir", "ﬁnland", "Straße"),
    *("東京", "กรุงเทพ", "दिल्ली", "\u0301", "\u0940", "\u05b0", "\U0001d165", "ʼ", "\u212a", "ſ"),
    *("_", "-", "'", "’", ".", ",", "&", "+", "#", " ", "\n", "\x1e", "s", "x" * 120),
)


@example("y" * 78 + "x\u0336" * 11 + "Paris")
@example("x\u0336" * 50 + "Paris")
@example("1-" * 200 + "Paris")
@example("x" + "+" * 401 + "Paris")
@example("x" + "#" * 400 + "-Paris")
@example("-".join(("xa" * 50)[:89]) + "-ealizations" + "-y" * 170 + "-Paris")
@given(st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=3), max_size=12).map("".join))
def test_a_word_of_places_leaves_a_trace(text: str) -> None:
    """Whatever it stands among, a form of the text has it, but for one that was cut."""
    words = [token.word for token in tokens(text)]
    forms = [form for word in words for form, _ in word.parts]
    terms = [term for word in words for _, term in word.terms]
    cut = any(len(one.encode()) > CUT for one in (*forms, *terms))
    for word in PLACES_WORD.findall(text):
        letters = trace(word.lower())
        assert not letters or cut or any(one in form for form in forms for one in letters)


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        *(("paris", ("pari",)), ("o'brien", ("brien",)), ("münster", ("nster",)), ("us", ())),
        *(("fla", ("fla", "florida")), ("東京", ()), ("x" * 120, ()), ("66", ()), ("", ())),
    ],
)
def test_traces(word: str, letters: tuple[str, ...]) -> None:
    """The longest run of letters without the s of a plural, and what it may be short for."""
    assert trace(word)[: len(letters)] == letters
    assert bool(trace(word)) == bool(letters)
