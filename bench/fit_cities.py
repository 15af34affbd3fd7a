"""Fit the weights of the cities' model: ``python -m bench.fit_cities GOLD.xml... [--check]``.

Writes ``searcher/places/weights.json``. Three steps, each a penalised linear model fitted by Newton's
method: is a mention a place (logistic), which of its namesakes (conditional logit), does the
article name the city (logistic, on mentions scored by a model that has not seen them). ``--check``
writes nothing and prints how well five parts of the publishers are found by a fit on the others.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.cities import NEAR, Counts, Document, Gold, distance, matches, own, read, score
from searcher.places import Knowledge, find, knowledge
from searcher.places.gazetteer import Place, gazetteer
from searcher.places.mentions import Mention
from searcher.places.model import SIGNALS, Model
from searcher.places.resolver import COUNTS, Group

Array = npt.NDArray[np.float64]
TARGET: Final = Path(find.__file__).parent / "weights.json"
FOLDS: Final = 5
#: Signs that occur less often are not weighed.
RARE: Final = 5
#: Strength of the penalty on squares, for each of the three steps.
PENALTY: Final = (3.0, 1.0, 1.0)
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
    size = groups[0][0].shape[1]
    weights = np.zeros(size)
    for _ in range(40):
        slope, curve = penalty * weights, penalty * np.eye(size)
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


Analysed = tuple[Document, list[find.Finding], list[Group]]


def analysed(documents: Sequence[Document], model: Model, learned: Knowledge | None) -> list[Analysed]:
    out = []
    for document in documents:
        findings = find.analyse(document.article, gazetteer(), model, learned)
        groups = list({id(group): group for one in findings for group in one.groups}.values())
        out.append((document, findings, groups))
    return out


def fit_mentions(data: Iterable[Analysed]) -> dict[str, float]:
    """The weights of the signs."""
    rows = [
        (mention.signs, mark(mention, document))
        for document, _, groups in data
        for group in groups
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


def fit_places(data: Iterable[Analysed]) -> tuple[float, ...]:
    """The weights of the counts."""
    groups = []
    for document, _, found in data:
        for group in found:
            golds = (gold_of(mention, document) for mention in group.mentions)
            gold = next((gold for gold in golds if gold and gold.populated), None)
            if gold is None or len(group.places) < 2:
                continue
            right = np.array([float(right_place(place, gold)) for place in group.places])
            if right.any():
                groups.append((np.array(group.counts), right))
    return tuple(round(float(weight), 3) for weight in choice(groups, PENALTY[1]))


def fit_cities(data: Iterable[Analysed]) -> tuple[float, ...]:
    """The weights of the signals."""
    x, y = [], []
    for document, findings, _ in data:
        for finding in findings:
            city = find.city(finding, 0.5, gazetteer())
            x.append(finding.signals)
            y.append(float(any(matches(city, gold) for gold in document.cities)))
    return tuple(round(float(w), 3) for w in logistic(np.array(x), np.array(y), PENALTY[2]))


def both(
    documents: Sequence[Document], model: Model, learned: Knowledge | None
) -> list[Analysed]:
    """Every document read alone and, where the archive teaches something, with its help."""
    alone = analysed(documents, model, None)
    return alone + analysed(documents, model, learned) if learned else alone


def teach(documents: Sequence[Document], model: Model) -> Knowledge | None:
    return knowledge.learn((one.article, cities(one, model, None)) for one in documents)


def cities(document: Document, model: Model, learned: Knowledge | None) -> list[Any]:
    return list(find.found(document.article, gazetteer(), model, learned))


def fit(documents: Sequence[Document], archive: Sequence[Document], threshold: float) -> Model:
    """A model fitted on some documents; the archive they are from teaches publishers' homes."""
    model = BLANK
    learned: Knowledge | None = None
    for _ in range(3):
        mention = fit_mentions(analysed(documents, model, None))
        place = fit_places(both(documents, Model(mention, model.place, model.city, 0.5), learned))
        unseen: list[Analysed] = []
        for part in range(FOLDS):
            rest = [one for one in documents if fold(one) != part]
            held = [one for one in documents if fold(one) == part]
            signs = fit_mentions(analysed(rest, BLANK, None))
            unseen += both(held, Model(signs, place, model.city, 0.5), learned)
        model = Model(mention, place, fit_cities(unseen), threshold)
        learned = teach(archive, model)
    return model


def check(documents: Sequence[Document], threshold: float, report: Callable[[str], None]) -> None:
    """Each part of the publishers under a fit on the others."""
    kinds = {name: (Counts(), Counts()) for name in ("LGL", "GeoVirus")}
    for part in range(FOLDS):
        rest = [one for one in documents if fold(one) != part]
        model = fit(rest, rest, threshold)
        for name, counts in kinds.items():
            archive = [one for one in documents if is_virus(one) == (name == "GeoVirus")]
            held = [one for one in archive if fold(one) == part]
            learned = teach(archive, model)
            for one in held:
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
    options.add_argument("--threshold", type=float, default=0.5)
    chosen = options.parse_args()
    documents = [document for path in chosen.files for document in read(path)]
    if chosen.check:
        check(documents, chosen.threshold, print)
        return
    save(fit(documents, documents, chosen.threshold), TARGET)


if __name__ == "__main__":
    main()
