"""A field's words and where they stand, with the few questions the cues ask of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from searcher.places.cues import LEARNED, words
from searcher.places.gazetteer import Cell, Gazetteer
from searcher.places.knowledge import Knowledge

__all__ = ["RUN", "Field"]

#: What may go on after an apostrophe, but for 's. (The empty branch is cheaper than a repeat.)
JOINED: Final = r"['’](?![sS]\b)\w++"
WORD: Final = re.compile(rf"(\w++(?:{JOINED}(?:{JOINED})*|))")
#: The same where all is ASCII, which is told in three quarters of the time.
ASCII_WORD: Final = re.compile(WORD.pattern.replace("’", ""), re.ASCII)
#: Blanks but for a line's end: several, a tab, a hard or a narrow one are as one.
BLANKS: Final = re.compile(r"[^\S\n]+")
#: Words after which a full stop ends no sentence.
DOTTED: Final = words(
    "St Ste Ft Mt Mr Mrs Ms Dr Prof Rev Sen Rep Gov Gen Lt Col Capt Sgt Maj Cpl Supt Jr Sr No vs "
    "Inc Corp Co Ltd Ave Blvd Rd Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec"
)
#: Signs after which a capital is the sentence's.
ENDS: Final = frozenset('!?\n:“"‘—–•|')
#: A Zipf frequency of 3.0 (the lexicon counts in eighths): from here English writes a word small.
SMALL: Final = 24
#: A first line of more words is no headline.
HEADLINE: Final = 40
#: A name's capitals are followed over so many words.
RUN: Final = 5


class Field:
    """One text of an article: its title, its excerpt, or a related item."""

    __slots__ = (
        *("_pieces", "_small"),
        *("counties", "count", "gaps", "headline", "home", "known", "name", "raw", "words"),
    )

    def __init__(
        self,
        name: str,
        raw: str,
        known: Gazetteer,
        knowledge: Knowledge | None = None,
        home: Mapping[Cell, float] | None = None,
    ) -> None:
        self.name = name
        self.raw = raw
        self.known = known
        #: Whether the archive writes a word small.
        self._small: Mapping[str, bool] = knowledge.small if knowledge else {}
        self.home = home
        #: A gap, a word, a gap, a word and so on to the last gap.
        self._pieces: list[str] = (ASCII_WORD if raw.isascii() else WORD).split(raw)
        self.words = self._pieces[1::2]
        #: What stands before each word, and after the last: at both ends a line's.
        self.gaps = self._pieces[::2]
        if "  " in raw or "\t" in raw or "\xa0" in raw or "\u202f" in raw:
            self.gaps = [BLANKS.sub(" ", gap) for gap in self.gaps]
        self.gaps[0] = self.gaps[-1] = "\n"
        self.count = len(self.words)
        #: Whether it may speak of counties or parishes: most do not, and no list need be walked.
        self.counties = "ount" in raw or "aris" in raw
        #: How many words at the start are a headline in which capitals say nothing.
        self.headline = 0 if name == "excerpt" else self._count_headline()

    def _count_headline(self) -> int:
        """The words of a first line by itself, if they are ``HEADLINE`` at most and in title case.

        In title case nearly every word of some length has a capital.
        """
        if "\n" in self._pieces[0]:
            return 0
        capital = small = 0
        for at, word in enumerate(self.words[:HEADLINE], 1):
            if len(word) > 3 and word[0].isalpha():
                if word[0].isupper():
                    capital += 1
                else:
                    small += 1
            if "\n" in self.gaps[at]:
                return at if capital + small > 2 and capital >= 4 * small else 0
        return 0

    def followed(self, last: int, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern fits what stands after word ``last``."""
        return pattern.match(self.raw, self.span(last, last)[1]) is not None

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of words ``first`` to ``last``."""
        start = len("".join(self._pieces[: 2 * first + 1]))
        return start, start + len(self.text(first, last))

    def text(self, first: int, last: int) -> str:
        """Words ``first`` to ``last`` as they stand."""
        return "".join(self._pieces[2 * first + 1 : 2 * last + 2])

    def dotted(self, at: int) -> bool:
        """Whether a full stop stands right after word ``at``, be it the last."""
        return self._pieces[2 * at + 2].startswith(".")

    def starts_sentence(self, at: int) -> bool:
        """Whether word ``at`` has its capital from where it stands."""
        gap = self.gaps[at]
        if gap == " ":
            return False
        if "." in gap:
            before = self.words[at - 1]
            return len(gap) > 1 and not (before.title() in DOTTED or len(before) == 1)
        return not ENDS.isdisjoint(gap)

    def small(self, at: int) -> bool:
        """Whether English writes word ``at`` small, wherever its capital came from."""
        word = self.words[at]
        told = self._small.get(word.lower())
        return self.known.lexicon(word) & 63 >= SMALL if told is None else told

    def name_like(self, at: int) -> bool:
        """Whether word ``at`` has a capital of its own: truecased where capitals say nothing."""
        word = self.words[at]
        if not word[0].isupper():
            return False
        return not (self.shouted(at) and self.small(at))

    def run_end(self, last: int) -> int:
        """The last word of the capitals that go on after word ``last``; at most ``RUN`` words."""
        end = last
        while end - last < RUN and self.gaps[end + 1] == " " and self.name_like(end + 1):
            end += 1
        return end

    def shouted(self, at: int) -> bool:
        """Whether word ``at`` has its capital from a headline or a sentence's start."""
        return at < self.headline or self.starts_sentence(at)

    def tells(self, at: int) -> bool:
        """Whether the capital of word ``at`` is its own."""
        return self.words[at][0].isupper() and not self.shouted(at)

    def learned_of(self, first: int) -> bool:
        """Whether "University of", "Bishop of", "Bank of" lead up to word ``first``."""
        if first < 2 or self.words[first - 1] != "of" or self.gaps[first] != " ":
            return False
        return self.words[first - 2] in LEARNED
