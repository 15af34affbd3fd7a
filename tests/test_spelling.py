"""Spelling: corrections and completions come from the archive's own words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from searcher import reindex
from searcher.engine import Engine, open_engine
from searcher.spelling import complete, correct, halves

TITLES = (
    "Boston bans facial recognition",
    "Boston council votes on facial-recognition ban",
    "Massachusetts senator praises Boston",
    "Health care workers form a union",
    "Healthy carers in Worcester",
    "Brain trust meets in Worcester",
    "Train drivers strike, trains stand still, a train burns",
    "Café owners in Zürich",
    "Children's hospital closes",
    "Form a farm of 10",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small archive."""
    folder = tmp_path_factory.mktemp("spelling")
    source = folder / "articles"
    source.mkdir()
    for number, title in enumerate(TITLES):
        (source / f"{number}.md").write_text(f'---\ntitle: "{title}"\n---\n', encoding="utf-8")
    reindex(source, folder / "index")
    opened = open_engine(folder / "index")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bostn", "boston"),
        ("bosotn", "boston"),
        ("recogniton", "recognition"),
        ("reconition", "recognition"),
        ("massachusets", "massachusetts"),
        ("masachusets", "massachusetts"),
        ("councel", "council"),
        ("zurch", "zurich"),
        ("hospitl", "hospital"),
        ("trainn", "train"),
    ],
)
def test_the_nearest_word_is_found(engine: Engine, typed: str, meant: str) -> None:
    """One slip is mended, in a long word two."""
    assert correct(engine, typed) == meant


@pytest.mark.parametrize("typed", ["xyz", "bos", "zzzzzz", "b0ston", "2020", "日本", ""])
def test_nothing_near_is_nothing(engine: Engine, typed: str) -> None:
    """Short words, figures and words without a neighbour are left alone."""
    assert correct(engine, typed) is None


def test_common_words_are_likelier(engine: Engine) -> None:
    """Of two words as near, the one that is written more often was meant."""
    assert correct(engine, "trin") == "train"
    assert correct(engine, "brin") is not None


def test_the_first_letter_is_seldom_wrong(engine: Engine) -> None:
    """A slip in the first letter counts for more than a common word does."""
    assert correct(engine, "brian") == "brain"


def test_completions_continue_what_was_typed(engine: Engine) -> None:
    """The last word is completed, likeliest first, and what stands before it is kept."""
    assert complete(engine, "Face in bos", 5) == ("Face in boston",)
    assert complete(engine, "title:Mass", 5) == ("title:massachusetts",)
    assert complete(engine, "tra", 2) == ("train", "trains")
    assert complete(engine, "zür", 5) == ("zurich",)


def test_completions_of_a_compound(engine: Engine) -> None:
    """After a hyphen the second part is completed."""
    assert complete(engine, "facial-reco", 5) == ("facial-recognition",)


@pytest.mark.parametrize("text", ["", " ", "boston ", "boston)", '"', "zzz"])
def test_nothing_to_complete(engine: Engine, text: str) -> None:
    """Without the beginning of a word there is nothing to propose."""
    assert complete(engine, text, 5) == ()


def test_halves_of_a_compound(engine: Engine) -> None:
    """A word that is nowhere may be two that are."""
    assert halves(engine, "healthcare") == ("health", "care")
    assert halves(engine, "facialrecognition") == ("facial", "recognition")
    assert halves(engine, "boston10") == ("boston", "10")
    assert halves(engine, "bostonxyz") is None
    assert halves(engine, "10boston") is None
