"""The oracle: answers any Plan by brute force over analysed articles.

It follows the words of ``searcher.engine.plan`` and nothing else: no index, no arrays, no
shortcuts. Engines are compared with it, so it is written to be read, not to be fast.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import product

from searcher.article import Article
from searcher.engine import plan as p
from searcher.places import City
from searcher.results import Facet, FacetValue
from searcher.text import fold, tokens

GAP = 100
K1, B = 1.6, 0.75
WEIGHTS = {"title": 3.0, "excerpt": 1.0, "related": 1.0}

Scores = dict[int, float]
"""What a node matches, by document number, and how well."""


@dataclass(frozen=True)
class Answer:
    """Everything that matches, best first; ``Matches`` without the stretch that was asked for."""

    total: int
    ids: tuple[str, ...]
    scores: tuple[float, ...]
    facets: Mapping[str, Facet]
    months: tuple[tuple[int, int], ...]
    minimum: int


@dataclass
class Document:
    """One article, analysed: by text field the places of every term; the term of each form."""

    article: Article
    cities: tuple[City, ...]
    places: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    homes: set[tuple[str, str]] = field(default_factory=set)
    lengths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        related = [text for item in self.article.related for text in (item.title, item.excerpt)]
        self._analyse("title", [self.article.title])
        self._analyse("excerpt", [self.article.excerpt])
        self._analyse("related", related)

    def _analyse(self, name: str, texts: Sequence[str]) -> None:
        places: dict[str, list[int]] = {}
        start = length = 0
        for text in texts:
            width = 0
            for token in tokens(text):
                at = start + token.position
                for place, term in dict.fromkeys(token.word.terms):
                    places.setdefault(term, []).append(at + place)
                self.homes.update(token.word.parts)
                width = token.position + token.word.width
            length += width
            start += width + GAP
        self.places[name], self.lengths[name] = places, length

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The keys of every facet and keyword field."""
        article = self.article
        own = [str(city.id) for city in self.cities if city.role != "related"]
        return {
            "city": tuple(dict.fromkeys(own)),
            "provider": (article.provider.name,) if article.provider else (),
            "topic": tuple(dict.fromkeys(article.topics)),
            "year": (f"{article.published_at:%Y}",) if article.published_at else (),
            "status": ("published" if article.published else "unpublished",),
            "site": tuple(self._sites()),
            "url": tuple(re.findall(r"[^\W_]+", fold(article.url))),
        }

    def _sites(self) -> Iterator[str]:
        host = re.match(r"https?://([^/:?#]+)", self.article.url)
        domain = self.article.provider.domain if self.article.provider else ""
        for name in (host[1] if host else "", domain):
            labels = name.lower().removeprefix("www.").split(".")
            yield from (".".join(labels[at:]) for at in range(len(labels) - 1))


class Oracle:
    """Articles with their cities, held in memory."""

    def __init__(self, items: Iterable[tuple[Article, tuple[City, ...]]]) -> None:
        self.documents = [Document(article, cities) for article, cities in items]
        self.everything = range(len(self.documents))
        own = [c for doc in self.documents for c in doc.cities if c.role != "related"]
        self.labels = {str(c.id): c.label for c in own}

    def evaluate(self, plan: p.Plan) -> Answer:
        """Answer a plan; ``start`` and ``limit`` are left to the caller."""
        node, minimum = self._relaxed(plan)
        scores = self.matches(node)
        kept = self._filtered(plan, scores)
        ranked = self._ranked(plan, {doc: scores[doc] for doc in kept})
        return Answer(
            total=len(kept),
            ids=tuple(self.documents[doc].article.id for doc in ranked),
            scores=tuple(scores[doc] for doc in ranked),
            facets={name: self._facet(plan, name, scores) for name in plan.facets},
            months=self._months(kept) if "year" in plan.facets else (),
            minimum=minimum,
        )

    # which articles, and how well

    def matches(self, node: p.Node) -> Scores:  # noqa: C901 - one case for each kind of node
        """What one node matches."""
        match node:
            case p.Term(text, fields):
                return self._occurrences(lambda doc, name: doc.places[name].get(text, ()), fields)
            case p.Phrase(terms, fields, slop):
                return self._occurrences(lambda doc, name: _phrase(doc, name, terms, slop), fields)
            case p.Prefix(text, fields):
                return self._expanded(lambda form: form.startswith(text), text, fields)
            case p.Fuzzy(text, distance, fields):
                return self._expanded(lambda form: edits(form, text) <= distance, "", fields)
            case p.Synonyms(ways, weights):
                return self._best(list(zip(map(self.matches, ways), weights, strict=True)))
            case p.Is(name, keys):
                docs = self.everything
                return {d: 0.0 for d in docs if set(keys) & set(self.documents[d].values[name])}
            case p.Dates(start, end):
                return {doc: 0.0 for doc in self.everything if self._within(doc, start, end)}
            case p.And(nodes):
                return self._words(nodes, len(nodes), ())
            case p.Or(nodes):
                return self._words(nodes, 1, ())
            case p.Words(nodes, minimum, _, _, counts):
                return self._words(nodes, minimum, counts)
            case p.Without(wanted, unwanted):
                banned = self.matches(unwanted)
                return {d: s for d, s in self.matches(wanted).items() if d not in banned}
            case p.All():
                return dict.fromkeys(self.everything, 0.0)
            case p.Nothing():
                return {}

    def _words(self, nodes: Sequence[p.Node], minimum: int, counts: Sequence[int]) -> Scores:
        found: Counter[int] = Counter()
        total: Scores = {}
        for number, node in enumerate(nodes):
            times = counts[number] if counts else 1
            for doc, score in self.matches(node).items():
                found[doc] += 1
                total[doc] = total.get(doc, 0.0) + times * score
        if not nodes:
            return dict.fromkeys(self.everything, 0.0) if minimum == 0 else {}
        return {doc: score for doc, score in total.items() if found[doc] >= minimum}

    def _best(self, ways: Sequence[tuple[Scores, float]]) -> Scores:
        """The best of several ways to say one thing, all scored with the idf of them together."""
        together = self._idf(len({doc for scores, _ in ways for doc in scores}))
        best: Scores = {}
        for scores, weight in ways:
            for doc, score in scores.items():
                same = weight * score / self._idf(len(scores)) * together
                best[doc] = max(best.get(doc, 0.0), same)
        return best

    def _idf(self, found: int) -> float:
        return math.log(1 + (len(self.documents) - found + 0.5) / (found + 0.5))

    def _occurrences(self, places: object, fields: Sequence[str]) -> Scores:
        """BM25F of something that occurs at places: a term, a phrase, a word in several forms."""
        assert callable(places)
        counts = [{f: len(places(doc, f)) for f in fields} for doc in self.documents]
        found = [doc for doc in self.everything if any(counts[doc].values())]
        idf = self._idf(len(found))
        return {doc: idf * self._saturated(doc, counts[doc]) for doc in found}

    def _saturated(self, doc: int, counts: Mapping[str, int]) -> float:
        lengths = self.documents[doc].lengths
        frequency = sum(
            WEIGHTS[name] * count / (1 - B + B * lengths[name] / self.averages[name])
            for name, count in counts.items()
            if count
        )
        return frequency / (K1 + frequency)

    @cached_property
    def averages(self) -> dict[str, float]:
        """The mean length of each text field over all articles, in words."""
        return {
            name: sum(doc.lengths[name] for doc in self.documents) / len(self.documents)
            for name in p.TEXT_FIELDS
        }

    def _expanded(self, fits: object, prefix: str, fields: Sequence[str]) -> Scores:
        """The terms of all forms that fit, and with a prefix the terms that begin with it."""
        assert callable(fits)
        terms = {t for doc in self.documents for form, t in doc.homes if fits(form)}
        if prefix:
            every = {t for doc in self.documents for at in doc.places.values() for t in at}
            terms |= {term for term in every if term.startswith(prefix)}

        def places(doc: Document, name: str) -> list[int]:
            return [at for term in terms for at in doc.places[name].get(term, ())]

        return self._occurrences(places, fields)

    # what a plan adds to its node

    def _relaxed(self, plan: p.Plan) -> tuple[p.Node, int]:
        """The node with the ``Words`` at its root requiring as few words as they had to."""
        words = next((one for one in _root(plan.node) if isinstance(one, p.Words)), None)
        if words is None:
            return plan.node, 0
        tried = range(words.minimum, max(words.floor, 1) - 1, -1)
        nodes = [_replaced(plan.node, words, replace(words, minimum=n, enough=0)) for n in tried]
        found = [self.matches(node) for node in nodes]
        left = [set(self._filtered(plan, scores)) for scores in found]
        foremost = _foremost({doc: found[-1][doc] for doc in left[-1]}, words.best)
        at = 0
        if len(left[0]) < words.enough:
            target = min(words.enough, len(left[-1]))
            good = [len(docs) >= target and foremost <= docs for docs in left]
            at = good.index(True)
        return nodes[at], tried[at]

    def _filtered(self, plan: p.Plan, scores: Scores, without: str = "") -> list[int]:
        kept = [doc for doc in scores if self._dated(plan, doc)]
        for one in plan.filters:
            if one.field != without:
                kept = [d for d in kept if set(one.keys) & set(self.documents[d].values[one.field])]
        return kept

    def _dated(self, plan: p.Plan, doc: int) -> bool:
        return plan.dates is None or self._within(doc, plan.dates.start, plan.dates.end)

    def _within(self, doc: int, start: datetime | None, end: datetime | None) -> bool:
        when = self.documents[doc].article.published_at
        if when is None:
            return start is None and end is None
        return (start is None or when >= start) and (end is None or when < end)

    def _ranked(self, plan: p.Plan, scores: Scores) -> list[int]:
        def key(doc: int) -> tuple[float, float, str]:
            article = self.documents[doc].article
            when = article.published_at
            age = math.inf if when is None else -when.timestamp()
            if plan.sort == "oldest":
                age = math.inf if when is None else -age
            return (-scores[doc] if plan.sort == "relevance" else 0.0, age, article.id)

        return sorted(scores, key=key)

    def _facet(self, plan: p.Plan, name: str, scores: Scores) -> Facet:
        docs = self._filtered(plan, scores, without=name)
        counts = Counter(value for doc in docs for value in self.documents[doc].values[name])
        chosen = {key for one in plan.filters if one.field == name for key in one.keys}
        labels = self.labels if name == "city" else {}
        values = [
            FacetValue(labels.get(key, key), counts[key], key in chosen, key)
            for key in {*counts, *chosen}
        ]
        values.sort(key=_place)
        top = {value.key for value in values[: plan.facet_limit] if value.count}
        return Facet(
            name,
            tuple(value for value in values if value.key in top | chosen),
            missing=sum(not self.documents[doc].values[name] for doc in docs),
            more=len(set(counts) - top - chosen),
        )

    def _months(self, docs: Iterable[int]) -> tuple[tuple[int, int], ...]:
        dates = [self.documents[doc].article.published_at for doc in docs]
        utc = [when.astimezone(UTC) for when in dates if when]
        counts = Counter(when.year * 12 + when.month - 1 for when in utc)
        span = range(min(counts), max(counts) + 1) if counts else ()
        return tuple((month, counts[month]) for month in span)


def _foremost(scores: Scores, many: int) -> set[int]:
    """The documents that score highest, and those that equal the last of them but for rounding."""
    last = min(sorted(scores.values())[-many:], default=0.0)
    return {doc for doc, score in scores.items() if score >= last * (1 - 1e-5)}


def _place(value: FacetValue) -> tuple[int, str, str, str]:
    return (-value.count, value.value.casefold(), value.value, value.key)


def _phrase(doc: Document, name: str, terms: Sequence[Sequence[str]], slop: int) -> list[int]:
    """Where the phrase is: its first place; with slop, the first place of each tightest window."""
    places = doc.places[name]
    options = [{at for term in ways for at in places.get(term, ())} for ways in terms]
    if not slop:
        starts = options[0] if options else set()
        return [s for s in sorted(starts) if all(s + i in o for i, o in enumerate(options))]
    width = len(terms) + slop
    windows = [w for w in product(*options) if max(w) - min(w) < width]
    # A word that is asked for twice must be there twice.
    return sorted({min(w) for w in windows if len(set(zip(terms, w, strict=True))) == len(w)})


def edits(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two words."""
    rows = [[max(i, j) if not i or not j else 0 for j in range(len(other) + 1)]
            for i in range(len(one) + 1)]  # fmt: skip
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        same = one[i - 1] == other[j - 1]
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
            rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def _root(node: p.Node) -> Iterator[p.Node]:
    """The nodes that every match must satisfy."""
    yield node
    if isinstance(node, p.And):
        for one in node.nodes:
            yield from _root(one)
    if isinstance(node, p.Without):
        yield from _root(node.node)


def _replaced(node: p.Node, old: p.Node, new: p.Node) -> p.Node:
    if node is old:
        return new
    if isinstance(node, p.And):
        return p.And(tuple(_replaced(one, old, new) for one in node.nodes))
    if isinstance(node, p.Without):
        return p.Without(_replaced(node.node, old, new), node.unwanted)
    return node
