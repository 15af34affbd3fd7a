"""Proximity: articles gain where neighbours of the query stand close together."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from searcher import Archive, SearchRequest, reindex
from searcher.engine.local.evaluate import Evaluator
from searcher.engine.local.generations import Generations
from searcher.engine.local.proximity import (
    ORDERED,
    ORDERED_WITHIN,
    WINDOW,
    WINDOW_WITHIN,
    Proximity,
)
from searcher.engine.local.ranking import idf
from searcher.engine.local.reader import Reader


def indexed(folder: Path, texts: list[tuple[str, str]]) -> Path:
    """An index of articles with these titles and excerpts."""
    source = folder / "articles"
    source.mkdir()
    for number, (title, excerpt) in enumerate(texts):
        front = f'---\ntitle: "{title}"\nexcerpt: "{excerpt}"\n---\n'
        (source / f"{number:03}.md").write_text(front)
    reindex(source, folder / "index")
    return folder / "index"


def test_closer_words_come_first(tmp_path: Path) -> None:
    """Of articles with the same words the one that has them side by side is best."""
    far = "red one two three four five six seven eight nine ten panda"
    near = "red panda one two three four five six seven eight nine ten"
    with Archive.open(indexed(tmp_path, [("Far", far), ("Near", near)])) as archive:
        hits = archive.search(SearchRequest("red panda")).hits
        assert [hit.title for hit in hits] == ["Near", "Far"]
        assert hits[0].score > hits[1].score


def test_closeness_against_brute_force(tmp_path: Path) -> None:
    """The points of random texts are those that counting pair by pair gives."""
    dice = Random(7)
    words = ["red", "panda", "blue", "whale", "tree"]

    def some(many: int) -> str:
        return " ".join(dice.choices(words, k=many))

    texts = [(some(3), some(dice.randrange(20))) for _ in range(40)]
    reader = Reader(Generations(indexed(tmp_path, texts)).live().segments())
    evaluator = Evaluator(reader, 1 << 20)
    query = ["red", "panda", "whale", "whale", "nowhere"]
    documents = reader.documents[::-3]
    points = Proximity(evaluator).points(query, documents)
    for document, point in zip(documents.tolist(), points.tolist(), strict=True):
        article = reader.stored(document).article
        fields = [article.title.split(), article.excerpt.split()]
        rarity = {w: idf(40, sum(w in f"{t} {x}".split() for t, x in texts)) for w in query}
        assert point == pytest.approx(_points(query, fields, rarity), rel=1e-5)


def _points(query: list[str], fields: list[list[str]], rarity: dict[str, float]) -> float:
    total = 0.0
    for one, other in pairwise(query):
        gaps = [
            b - a
            for field in fields
            for a, first in enumerate(field)
            for b, second in enumerate(field)
            if (first, second) == (one, other)
        ]
        ordered = sum(0 < gap <= ORDERED_WITHIN for gap in gaps)
        window = sum(abs(gap) <= WINDOW_WITHIN for gap in gaps)
        if one != other:
            weight = (rarity[one] + rarity[other]) / 2
            total += weight * ORDERED * ordered / (ordered + 1)
            total += weight * WINDOW * window / (window + 1)
    return total
