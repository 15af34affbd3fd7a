"""Fit the weights of the cities' model: ``python -m bench.fit_cities GOLD.xml... [--check]``.

Writes ``searcher/places/weights.json``. Three steps, each a penalised linear model fitted by
Newton's method: is a mention a place (logistic), which of its namesakes (conditional logit), does
the article name the city (logistic, on mentions scored by a model that has not seen them).
``--check`` writes nothing and prints how well five parts of the publishers are found by a fit on
the others.

LGL was gathered from towns that share their names with larger ones, so without their publishers'
homes its articles teach that size means little; they are fitted with them only.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.cities import NEAR, Counts, Document, Gold, distance, matches, own, read, score
from searcher.places import City, Knowledge, find
from searcher.places.findings import Finding, weigh
from searcher.places.gazetteer import Place, gazetteer
from searcher.places.lessons import taught
from searcher.places.mentions import Mention
from searcher.places.model import SIGNALS, Model
from searcher.places.reading import Reading
from searcher.places.reading import read as read_article
from searcher.places.resolver import COUNTS, Group

Array = npt.NDArray[np.float64]
TARGET: Final = Path(find.__file__).parent / "weights.json"
FOLDS: Final = 5
#: Signs that occur less often are not weighed.
RARE: Final = 5
#: Strength of the penalty on squares, for each of the three steps.
PENALTY: Final = (3.0, 1.0, 1.0)
#: What these gold files cannot teach, set by hand: none has related items or telling addresses, and
#: in LGL's choice of towns the size of a place says less than it does anywhere else.
HAND: Final = {
    "people": 9.0,
    "names": 1.0,
    "largest": 1.5,
    "region in related": 2.0,
    "country in related": 0.8,
    "near the url": 1.5,
}
BLANK: Final = Model({"bias": 0.0}, (0.0,) * len(COUNTS), (0.0,) * len(SIGNALS), 0.5)


def fold(document: Document, folds: int = FOLDS) -> int:
    """Which part a document belongs to: all of one publisher's are together."""
    article = document.article
    name = article.provider.domain if article.provider else ""
    return crc32((name if "wikinews" not in name else article.url).encode()) % folds


def logistic(x: Array, y: Array, penalty: float) -> Array:
    """Weights of a logistic regression with a penalty on all but the first column."""
    weights = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-3
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (p - y) + ridge * weights
        curve = (x * (p * (1 - p) + 1e-9)[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-5:
            break
    return weights


def choice(groups: Sequence[tuple[Array, Array]], penalty: float) -> Array:
    """Weights of a conditional logit: each group's vectors, and which of them are right."""
    start = np.array([HAND.get(name, 0.0) for name in COUNTS])
    ridge = np.array([1e6 if name in HAND else penalty for name in COUNTS])
    weights = start.copy()
    for _ in range(40):
        slope, curve = ridge * (weights - start), np.diag(ridge)
        for x, right in groups:
            p = soft(x @ weights)
            q = p * right / max(1e-12, float(p @ right))
            slope = slope + x.T @ (p - q)
            mean = x.T @ p
            curve = curve + (x * p[:, None]).T @ x - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        weights = weights - step * min(1.0, 2.0 / np.abs(step).max())
        if np.abs(step).max() < 1e-4:
            break
    return weights


def soft(scores: Array) -> Array:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def right_place(place: Place, gold: Gold) -> bool:
    return place.id == gold.id or (
        distance(place.latitude, place.longitude, gold.latitude, gold.longitude) <= NEAR
    )


def gold_of(mention: Mention, document: Document) -> Gold | None:
    """What people marked where a mention stands."""
    start, end = mention.span
    shift = document.shift if mention.field.name == "excerpt" else 0
    for gold in document.gold:
        if gold.start < end + shift and start + shift < gold.end:
            return gold
    return None


def mark(mention: Mention, document: Document) -> bool | None:
    """Whether a mention names a city; None where nobody can say."""
    gold = gold_of(mention, document)
    if gold is None:
        return False
    if gold.populated is None:
        return None
    if gold.populated and any(right_place(place, gold) for place in mention.places):
        return True
    return None if gold.populated else False


@dataclass(slots=True)
class Case:
    """A document, read once for each thing the archive teaches."""

    document: Document
    cities: list[Gold]
    readings: list[tuple[Knowledge | None, Reading]] = field(default_factory=list)

    def lessons(self, all_: Sequence[Knowledge | None]) -> Sequence[Knowledge | None]:
        """What this case is fitted with: see the module's docstring."""
        return all_ if is_virus(self.document) else all_[-1:]

    def reading(self, learned: Knowledge | None = None) -> Reading:
        """The document as read by somebody who knows the archive."""
        for known, reading in self.readings:
            if known is learned:
                return reading
        reading = read_article(self.document.article, gazetteer(), learned)
        self.readings = [*self.readings[:1], (learned, reading)]
        return reading

    def weigh(self, model: Model, learned: Knowledge | None) -> list[Finding]:
        return list(weigh(self.reading(learned), model))


def case(document: Document) -> Case:
    one = Case(document, document.cities)
    one.reading()
    return one


def fit_mentions(cases: Iterable[Case]) -> dict[str, float]:
    """The weights of the signs."""
    rows = [
        (mention.signs, mark(mention, one.document))
        for one in cases
        for group in one.reading().groups
        for mention in group.mentions
    ]
    counted = Counter(sign for signs, _ in rows for sign in set(signs))
    names = ["bias", *sorted(s for s, n in counted.items() if n >= RARE and s != "bias")]
    column = {name: at for at, name in enumerate(names)}
    sure = [(signs, answer) for signs, answer in rows if answer is not None]
    x = np.zeros((len(sure), len(names)))
    for at, (signs, _) in enumerate(sure):
        x[at, [column[sign] for sign in signs if sign in column]] = 1
    weights = logistic(x, np.array([float(answer) for _, answer in sure]), PENALTY[0])
    return {n: round(float(w), 3) for n, w in zip(names, weights, strict=True) if abs(w) >= 0.02}


def fit_places(
    cases: Iterable[Case], model: Model, lessons: Sequence[Knowledge | None]
) -> tuple[float, ...]:
    """The weights of the counts."""
    groups: list[tuple[Array, Array]] = []
    for one in cases:
        for learned in one.lessons(lessons):
            one.weigh(model, learned)
            groups += filter(None, (named(group, one) for group in one.reading(learned).groups))
    return tuple(round(float(weight), 3) for weight in choice(groups, PENALTY[1]))


def named(group: Group, one: Case) -> tuple[Array, Array] | None:
    """A group's vectors and which are right, where people said what it names."""
    golds = (gold_of(mention, one.document) for mention in group.mentions)
    gold = next((gold for gold in golds if gold and gold.populated), None)
    if gold is None or len(group.places) < 2:
        return None
    right = np.array([float(right_place(place, gold)) for place in group.places])
    counts = np.array([group.counts(at) for at in range(len(group.places))])
    return (counts, right) if right.any() else None


def fit_cities(
    cases: Iterable[tuple[Case, Model]], lessons: Sequence[Knowledge | None]
) -> tuple[float, ...]:
    """The weights of the signals; each case comes with a model that has not seen it."""
    x, y = [], []
    for one, model in cases:
        for learned in one.lessons(lessons):
            for finding in one.weigh(model, learned):
                city = find.city(finding, 0.5, gazetteer())
                x.append(finding.signals)
                y.append(float(any(matches(city, gold) for gold in one.cities)))
    return tuple(round(float(w), 3) for w in logistic(np.array(x), np.array(y), PENALTY[2]))


def teach(cases: Iterable[Case], model: Model) -> Knowledge:
    return taught(((one.document.article, one.reading()) for one in cases), model)


def cities(one: Case, model: Model, learned: Knowledge | None) -> list[City]:
    return list(find.chosen(one.weigh(model, learned), gazetteer(), model))


def fit(cases: Sequence[Case], threshold: float) -> Model:
    """A model fitted on cases; they themselves are the archive that teaches publishers' homes."""
    mention = fit_mentions(cases)
    unseen = []
    for part in range(FOLDS):
        signs = fit_mentions([one for one in cases if fold(one.document) != part])
        unseen += [(one, signs) for one in cases if fold(one.document) == part]
    model = replace(BLANK, mention=mention)
    lessons: list[Knowledge | None] = [None]
    for _ in range(3):
        place = fit_places(cases, model, lessons)
        place = fit_places(cases, replace(model, place=place), lessons)
        pairs = ((one, Model(signs, place, model.city, 0.5)) for one, signs in unseen)
        model = Model(mention, place, fit_cities(pairs, lessons), threshold)
        lessons = [None, teach(cases, model)]
    return model


def check(cases: Sequence[Case], threshold: float, report: Callable[[str], None]) -> None:
    """Each part of the publishers under a fit on the others."""
    kinds = {name: (Counts(), Counts()) for name in ("LGL", "GeoVirus")}
    for part in range(FOLDS):
        model = fit([one for one in cases if fold(one.document) != part], threshold)
        for name, counts in kinds.items():
            archive = [one for one in cases if is_virus(one.document) == (name == "GeoVirus")]
            learned = teach(archive, model)
            for one in archive:
                if fold(one.document) == part:
                    score(own(cities(one, model, None)), one.cities, counts[0])
                    score(own(cities(one, model, learned)), one.cities, counts[1])
    for name, counts in kinds.items():
        report(f"{name:9} alone {counts[0]}   with the archive {counts[1]}")


def is_virus(document: Document) -> bool:
    return "wikinews" in document.article.url


def save(model: Model, path: Path) -> None:
    data = {
        "threshold": model.threshold,
        "city": dict(zip(SIGNALS, model.city, strict=True)),
        "place": dict(zip(COUNTS, model.place, strict=True)),
        "mention": dict(sorted(model.mention.items())),
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Fit on all files, or check the fit."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    options.add_argument("--threshold", type=float, default=0.48)
    chosen = options.parse_args()
    cases = [case(document) for path in chosen.files for document in read(path)]
    if chosen.check:
        check(cases, chosen.threshold, print)
    else:
        save(fit(cases, chosen.threshold), TARGET)


if __name__ == "__main__":
    main()
