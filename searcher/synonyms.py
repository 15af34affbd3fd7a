"""Synonyms: the other ways to say what a query says, from readable files that a site can add to.

They widen queries and leave the index alone: each way has a weight below 1, so that an article
with the very words stays ahead, and a change of the files needs no new index.

A file has one group a line. ``a, b, c``: each also finds the others. ``a > b, c``: a also finds b
and c, but not the reverse. A way may have several words. ``[0.5]`` sets the weight of what follows
(at first 0.8), and ``#`` begins a comment. Words are compared as the index compares them: "ban"
stands for "banned" as well, and "US" is not "us".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from searcher.errors import SourceError
from searcher.text import lines, places

__all__ = ["BUILT_IN", "Synonyms", "Way"]

BUILT_IN: Final = Path(__file__).with_name("words") / "synonyms.txt"

WEIGHT: Final = 0.8
"""Of groups that stand before any ``[weight]``."""

Terms: TypeAlias = tuple[str, ...]
Places: TypeAlias = tuple[tuple[str, str], ...]
"""(term, as written) at each place of a way, as ``text.places`` has it."""


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to say some words of a query.

    Attributes:
        length: how many of the query's words it stands for.
        terms: its own analysed words, one after another.
        weight: what it is worth beside the words themselves, over 0 and at most 1.
        text: its words as the file has them.
    """

    length: int
    terms: Terms
    weight: float
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where the query says ``said``, its words after the first ``before`` may go the way."""

    said: Terms
    before: int
    way: Way


class Synonyms:
    """Groups of synonyms, ready to be asked. Immutable once made."""

    def __init__(self, pairs: Iterable[tuple[Places, Places, float]] = ()) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        for said, other, weight in pairs:
            rule = _rule(said, other, weight)
            self._rules.setdefault(rule.said[rule.before], []).append(rule)

    @classmethod
    def load(cls, *files: Path) -> Synonyms:
        """The built-in groups and those of more files.

        Raises:
            SourceError: a file cannot be read, or a line of it makes no sense.
        """
        return cls(pair for file in (BUILT_IN, *files) for pair in _pairs(file))

    def ways(self, terms: Sequence[str], at: int) -> tuple[Way, ...]:
        """The other ways to say the words from ``at`` on; ``terms`` are all of the query's, the
        terms of ``Word.parts``.

        What two ways have in common is not replaced: "face recognition" offers "facial" for
        "face" alone, because "recognition" follows.
        """
        found: dict[Terms, Way] = {}
        for rule in self._rules.get(terms[at], ()):
            start = at - rule.before
            if start >= 0 and tuple(terms[start : start + len(rule.said)]) == rule.said:
                known = found.get(rule.way.terms)
                if known is None or known.weight < rule.way.weight:
                    found[rule.way.terms] = rule.way
        return tuple(found.values())


def _rule(said: Places, other: Places, weight: float) -> _Rule:
    """The rule for one pair, without what both begin and end with."""
    ours, theirs = _terms(said), _terms(other)
    shorter = min(len(ours), len(theirs)) - 1
    before = next((i for i in range(shorter) if ours[i] != theirs[i]), shorter)
    most = shorter - before
    after = next((i for i in range(most) if ours[-1 - i] != theirs[-1 - i]), most)
    kept = slice(before, len(theirs) - after)
    text = " ".join(written for _, written in other[kept])
    return _Rule(ours, before, Way(len(ours) - before - after, theirs[kept], weight, text))


def _terms(way: Places) -> Terms:
    return tuple(term for term, _ in way)


# -- files -----------------------------------------------------------------------------------


def _pairs(file: Path) -> Iterator[tuple[Places, Places, float]]:
    """Every ordered pair (what is said, what it also finds, weight) of a file."""
    weight = WEIGHT
    try:
        for number, line in lines(file):
            place = f"{file}, line {number}"
            if line.startswith("["):
                weight = _weight(line)
            else:
                yield from ((said, other, weight) for said, other in _line(line))
    except OSError as error:
        raise SourceError(f"The synonyms in {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"The synonyms in {file} cannot be read: save them as UTF-8.") from error
    except ValueError as error:
        raise SourceError(f"{place}: {error}") from error


def _weight(line: str) -> float:
    try:
        weight = float(line.strip("[] "))
    except ValueError:
        weight = 0
    if not 0 < weight <= 1:
        raise ValueError(f"{line} is no weight: write a number over 0 and at most 1.")
    return weight


def _line(line: str) -> Iterator[tuple[Places, Places]]:
    said, one_way, others = line.partition(">")
    left, right = _group(said), _group(others) if one_way else _group(said)
    if not left or not right or (len(left) < 2 and not one_way):
        raise ValueError(f'"{line}" names fewer than two ways: write "a, b" or "a > b".')
    yield from ((a, b) for a in left for b in right if _terms(a) != _terms(b))


def _group(text: str) -> list[Places]:
    return [way for way in map(places, text.split(",")) if way]
