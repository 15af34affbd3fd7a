"""The operators of the query language as data, and how much of a query is read.

The table is what the parser's tests, the help page and the README are made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "DATE_FIELDS",
    "FIELDS",
    "LIMITS",
    "OPERATORS",
    "TEXT_FIELDS",
    "VALUE_FIELDS",
    "Limits",
    "Operator",
    "edits",
]


@dataclass(frozen=True, slots=True)
class Operator:
    """One thing the language can say, for the help page, the README and the tests.

    ``example`` parses without a warning, and to something other than its words as bare words.
    """

    name: str
    syntax: str
    example: str
    meaning: str


OPERATORS: Final = (
    Operator("words", "word word", "face recognition", "all the words, or fewer: see match"),
    Operator("phrase", '"a phrase"', '"facial recognition"', "the words one after another"),
    Operator("near", '"words"~n', '"boston ban"~3', "the words with up to n others between them"),
    Operator("and", "a AND b", "boston AND ban", "both, whatever the match mode"),
    Operator("or", "a OR b", "boston OR somerville", "at least one; AND binds tighter"),
    Operator("not", "NOT a", "ban NOT travel", "articles without it"),
    Operator("minus", "-a", "ban -travel", "the same as NOT"),
    Operator("plus", "+a", "+boston face ban", "the word must be there, whatever the match mode"),
    Operator("group", "( )", "ban (boston OR oakland)", "what belongs together"),
    Operator("prefix", "word*", "recogni*", "words that begin so, in all their forms"),
    Operator(
        "fuzzy", "word~", "recogniton~", "words one letter away; word~2 two; fewer in short ones"
    ),
    Operator("title", "title:a", 'title:"facial recognition"', "in the title"),
    Operator("excerpt", "excerpt:a", "excerpt:unanimous", "in the excerpt"),
    Operator("related", "related:a", "related:moratorium", "in the stories listed with it"),
    Operator("provider", "provider:a", 'provider:"Daily Mail"', "published by this outlet"),
    Operator("city", "city:a", 'city:"Boston, Massachusetts"', "about this city, or mentioning it"),
    Operator("topic", "topic:a", "topic:AI", "filed under this topic"),
    Operator("status", "status:a", "status:published", "published, or unpublished"),
    Operator("year", "year:a", "year:2020", "published in this year"),
    Operator("site", "site:a", "site:nypost.com", "on this web site or a part of it"),
    Operator("url", "url:a", "url:facial-recognition", "with these words in its address"),
    Operator("date", "date:a", "date:2020-06", "published in this year, month or day"),
    Operator("range", "date:a..b", "date:2020-06..2020-07", "from one to the other, both included"),
    Operator("before", "before:a", "before:2020-07", "published before it began"),
    Operator("after", "after:a", "after:2020-06-15", "published after it ended"),
)

TEXT_FIELDS: Final = ("title", "excerpt", "related")
VALUE_FIELDS: Final = ("provider", "city", "topic", "status", "year", "site", "url")
DATE_FIELDS: Final = ("date", "before", "after")
FIELDS: Final = TEXT_FIELDS + VALUE_FIELDS + DATE_FIELDS


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a query is read. What is beyond is left out, with a warning.

    Attributes:
        characters: of the whole text. terms: words, phrases and conditions together.
        depth: parentheses within parentheses. slop: other words within a near-phrase.
        distance: letters a fuzzy word may be away. fuzzy: words with ~.
    """

    characters: int = 5000
    terms: int = 250
    depth: int = 20
    slop: int = 50
    distance: int = 2
    fuzzy: int = 10


LIMITS: Final = Limits()


def edits(word: str) -> int:
    """How many letters may differ in a word that is meant about: Lucene's AUTO. In a word of one
    or two letters none, since it is near every other; up to five one; else two."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2
