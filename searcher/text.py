"""Text: words and terms. One analyzer for the index, the query and the snippet.

Folded here, and so in the index, is only what is right in every sentence: case, accents,
possessives, dots in acronyms, commas in numbers, two spellings of one word, irregular forms. What
is right in some sentences ("Mass." for Massachusetts) is a synonym, and the query's matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import Stemmer

from searcher.record import Record
from searcher.repair import repair

__all__ = [
    "ACRONYMS",
    "STOP_WORDS",
    "WORD",
    "Token",
    "Word",
    "analyse",
    "cores",
    "fold",
    "irregular",
    "lines",
    "places",
    "repair",
    "short_for",
    "stem",
    "tokens",
    "trace",
    "url_words",
]

LONGEST: Final = 100
"""Characters of a term; what is longer is cut, in the index and in the query alike."""

LONGEST_RAW: Final = 4 * LONGEST
"""Characters of a raw word that are looked at, however many parts it has."""

_WORDS: Final = Path(__file__).with_name("words")

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts written without blanks between words, and Korean with its endings: each character is a
word of its own, and what was typed together is searched as a phrase."""

_MARKS: Final = "\u0300-\u036f\u0591-\u05bd\u064b-\u0652" + "".join(
    one for one in map(chr, range(0x0900, 0x0E00)) if unicodedata.category(one)[0] == "M"
)
"""Accents and vowel signs that stand inside words, which ``\\w`` leaves out: those of the scripts
of India stand among their letters."""


def _letters() -> str:
    """The characters of words as a regex set. Explicit ranges are matched faster than ``\\w``."""
    every = "".join(map(chr, range(0x10000)))
    runs = re.findall(rf"(?:[^\W_{UNSPACED}]|[{_MARKS}])+", every)
    return "".join(f"{run[0]}-{run[-1]}" for run in runs) + "\U00010280-\U0001e943"


def _word() -> re.Pattern[str]:
    letter = f"[{_letters()}]"
    begin = rf"(?![{_MARKS}]){letter}++"  # an accent with no letter to stand on is no word
    joined = rf"[-'’ʼ&.+‐‑]{begin}"  # facial-recognition, Microsoft's, AT&T, U.S
    dotted = "|".join(rf"(?<=[A-Z][a-z]{{{n}}}\.)" for n in range(1, 5))  # Mass., Sen.
    dot = rf"\.(?:(?<=\.\w\.)|{dotted})"  # U.S.
    ending = rf",(?<=\d,)\d{{3}}(?!\d)|\+\+(?!\+)|#(?![\w#])|{dot}"  # 10,000, C++, C#
    return re.compile(rf"{begin}(?:{joined}|{ending})*|[{UNSPACED}]")


WORD: Final = _word()
"""What a raw word is. The bulk writer runs ``WORD.findall`` over every text."""


class Word(Record, frozen=True):
    """What one raw word of a text means to the index.

    Attributes:
        form: the word folded but not stemmed, its parts joined.
        terms: (place, term): a word's parts stand at places 0, 1, ..., and where it has several,
            the joined form stands beside the first ("e-mail": e, email, mail). An abbreviation
            stands beside what it is short for ("Mass.": massachusetts, mass).
        width: how many places the word takes.
        parts: (form, term) at each place: the words for spelling, completion and prefixes.
    """

    form: str
    terms: tuple[tuple[int, str], ...]
    width: int
    parts: tuple[tuple[str, str], ...]

    @property
    def joined(self) -> str | None:
        """The other term at the first place: the joined form of a word with parts."""
        return self.terms[1][1] if len(self.terms) > self.width else None


class Token(NamedTuple):
    """One raw word where it stands: characters ``start`` to ``end``, first place ``position``."""

    start: int
    end: int
    position: int
    word: Word


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, with their places."""
    position = 0
    for match in WORD.finditer(text):
        word = analyse(match.group())
        yield Token(match.start(), match.end(), position, word)
        position += word.width


def places(text: str) -> tuple[tuple[str, str], ...]:
    """(term, as written) at each place of a text; of a word with parts, the parts folded."""
    return tuple(
        (term, text[token.start : token.end] if token.word.width == 1 else form)
        for token in tokens(text)
        for form, term in token.word.parts
    )


def short_for(text: str) -> Iterator[tuple[str, str]]:
    """The abbreviations in a text that are searched by what they are short for, and that."""
    return ((word, _SHORT[word]) for word in WORD.findall(text) if word in _SHORT)


def lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a word list that say something, with their numbers; ``#`` begins a comment."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if said := line.partition("#")[0].strip():
            yield number, said


STOP_WORDS: Final = frozenset(
    form for _, line in lines(_WORDS / "stop.txt") for form in line.split()
)
"""Forms that are dropped from queries which have other words. The index has them all."""


# -- folding ---------------------------------------------------------------------------------

_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Case and accents folded: ``Müller`` and ``MULLER`` are ``muller``."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


_URL_WORD: Final = re.compile(r"[^\W_]+")


def url_words(address: str) -> tuple[str, ...]:
    """The words of an address, folded, each once: what ``url:`` looks for."""
    return tuple(dict.fromkeys(_URL_WORD.findall(fold(address))))


# -- stems -----------------------------------------------------------------------------------

_ISE: Final = ("e", "ed", "es", "ing", "er", "ers", "ation", "ations", "ational")


class _Table(NamedTuple):
    """``forms.txt``: forms to terms, stems to terms, and abbreviations to words."""

    forms: dict[str, str]
    stems: dict[str, str]
    short: dict[str, str]


def _one_word(snowball: Callable[[str], str]) -> _Table:
    forms: dict[str, str] = {}
    stems: dict[str, str] = {}
    short: dict[str, str] = {}
    section = ""
    for _, line in lines(_WORDS / "forms.txt"):
        if line.startswith("["):
            section = line.strip("[]")
        elif section == "ize":
            for root in (verb[:-3] for verb in line.split()):
                forms |= {f"{root}is{end}": snowball(f"{root}iz{end}") for end in _ISE}
        else:
            kept, _, others = line.partition(":")
            if section == "short":
                short |= dict.fromkeys(others.split(), kept)
            elif section == "apart":
                forms |= dict.fromkeys(others.split(), kept)
            elif section == "spelling":
                stems |= dict.fromkeys(map(snowball, others.split()), snowball(kept))
            else:
                forms |= dict.fromkeys(others.split(), snowball(kept))
    return _Table(forms, stems, short)


_snowball: Final[Callable[[str], str]] = Stemmer.Stemmer("english", 0).stemWord
"""Without PyStemmer's own cache, which costs more than it saves. The lock of the interpreter is
held while it works, so threads may share it."""

_FORMS, _STEMS, _SHORT = _one_word(_snowball)


def stem(form: str) -> str:
    """A folded word to its term: Snowball English, and what ``words/forms.txt`` knows better."""
    known = _FORMS.get(form)
    if known is not None:
        return known
    stemmed = _snowball(form)
    return _STEMS.get(stemmed, stemmed)


_REGULAR: Final = re.compile("[a-z]{3,}")


def _written() -> dict[str, set[str]]:
    """By term, how words are written that have it against the rules of stemming."""
    written: dict[str, set[str]] = defaultdict(set)
    for form, term in _FORMS.items():
        written[term].add(form)
    for short, word in _SHORT.items():
        written[stem(fold(word))].add(short.rstrip(".").lower())
    return written


_WRITTEN: Final = _written()
_ALIKE: Final = {
    kept: {s for s, other in _STEMS.items() if other == kept} for kept in _STEMS.values()
}


def irregular(term: str) -> bool:
    """Whether words have a term that the rules of stemming would not give it: mice, Mass."""
    return term in _WRITTEN or term in _ALIKE


def cores(term: str) -> frozenset[str] | None:
    """Runs of letters: each word of a term, folded, has one in it. None where that is not sure."""
    found = {_core(stemmed) for stemmed in (term, *_ALIKE.get(term, ()))}
    sure = frozenset(one for one in found if one)
    return sure | _WRITTEN.get(term, set()) if len(sure) == len(found) else None


def _core(stemmed: str) -> str | None:
    """Snowball changes the last letter of a stem at most, to e, i, l or y (happy, happi); so it was
    with the 300,000 most frequent words of English."""
    if not _REGULAR.fullmatch(stemmed):
        return None
    if stemmed[-1] not in "eily":
        return stemmed
    return stemmed[:-1] if len(stemmed) > 3 else None


def trace(word: str) -> tuple[str, ...]:
    """Letters of which some form has one, whatever text this lower-case word stands in and however
    that is cut into words. (What is as long as ``LONGEST`` was cut, and may lack them.)

    Empty for a word without three letters from a to z: of two too many forms would have them.
    """
    letters = max(_REGULAR.findall(word), key=len, default="")
    letters = letters.removesuffix("s")  # ``analyse`` drops that of CEOs
    if len(letters) < 3 or len(fold(word)) > LONGEST:
        return ()
    return letters, *(fold(long) for short, long in _SHORT.items() if letters in short.lower())


# -- words -----------------------------------------------------------------------------------

ACRONYMS: Final = frozenset({"US", "IT", "WHO"})
"""Written like this they are not the pronouns, and their terms stay in capitals."""

_POSSESSIVE: Final = re.compile(r"['’ʼ][sS]\Z")
_CONTRACTED: Final = re.compile(r"['’ʼ](?=(?:t|re|ve|ll|d|m|em)\Z)", re.IGNORECASE)
_DECADE: Final = re.compile(r"(?<=\d)['’ʼ](?=s\Z)")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]\.?")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)+\w*")
_AMPERSAND: Final = re.compile(r"\w{1,2}&\w{1,2}")
_PLURAL: Final = re.compile(r"[A-Z]{2,}s")
_SIGNED: Final = re.compile(r"\w(?:\+\+|#)")
_HYPHEN: Final = re.compile("[-‐‑_]")
_BREAKS: Final = re.compile("['’ʼ&.+,#]+")


@lru_cache(maxsize=100_000)
def analyse(raw: str) -> Word:
    """One raw word, as ``WORD`` found it, to its terms.

    A form has one term, but for ``ACRONYMS``. Letters from a to z in a row stay so: see ``trace``.
    """
    raw = raw[:LONGEST_RAW]
    if raw.isalnum():
        form, term = part = _simple(raw)
        return Word(form, ((0, term),), 1, (part,))
    if raw in _SHORT:
        form, term = part = _simple(_SHORT[raw])
        return Word(form, ((0, term), (0, stem(fold(raw[:-1])))), 1, (part,))
    parts = tuple(part for piece in _HYPHEN.split(raw) for part in _parts(piece))
    terms = list(enumerate(term for _, term in parts))
    joined = "".join(form for form, _ in parts)[:LONGEST]
    if len(parts) > 1 and (len(joined) == LONGEST or not joined.isdigit()):
        terms.insert(1, (0, stem(joined)))
    return Word(joined, tuple(terms), max(1, len(parts)), parts)


def _simple(raw: str) -> tuple[str, str]:
    """The form and the term of letters and figures alone."""
    if raw in ACRONYMS:
        return raw.lower(), raw
    if raw[-1] == "s" and _PLURAL.fullmatch(raw):
        raw = raw[:-1]
    form = fold(raw)[:LONGEST]
    return form, stem(form)


def _parts(piece: str) -> list[tuple[str, str]]:
    """The forms and terms of what stands between two hyphens."""
    piece = _CONTRACTED.sub("", _POSSESSIVE.sub("", _DECADE.sub("", piece)))
    if piece in _SHORT:
        return [_simple(_SHORT[piece])]
    if _DOTTED.fullmatch(piece):
        return [_simple(piece.replace(".", "").upper())]
    if _NUMBER.fullmatch(piece):
        form = fold(piece.replace(",", ""))
        return [(form, stem(form))]
    if _AMPERSAND.fullmatch(piece) or _SIGNED.fullmatch(piece):
        return [(fold(piece),) * 2]
    return [_simple(part) for part in _BREAKS.split(piece) if part]
