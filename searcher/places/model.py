"""The model: weights by the name of what they weigh, read from ``weights.json``.

Three linear steps: is a mention a place (``mention``), which place is it (``place``), does the
article name that city (``city``). ``bench.fit_cities`` finds the weights.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import repeat

from searcher.places.resolver import COUNTS

__all__ = ["SIGNALS", "Model", "model", "sigmoid"]

#: What the last step looks at, in order.
SIGNALS = (
    "bias", "best mention", "second mention", "mean mention", "chance", "beside", "people",
    "near others", "home", "home region", "region named", "country named", "another country named",
    "in the title", "named before", "state or country", "own name", "no home known",
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """Weights: of signs by name, of ``COUNTS`` and of ``SIGNALS`` by position."""

    mention: dict[str, float]
    place: tuple[float, ...]
    city: tuple[float, ...]
    threshold: float

    def score(self, signs: list[str]) -> float:
        """How strongly the signs of a mention say it is a place: a log-odds."""
        return sum(map(self.mention.get, signs, repeat(0.0)))


def sigmoid(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


@lru_cache(maxsize=1)
def model() -> Model:
    """The weights of this package, read once per process."""
    data = json.loads((files("searcher.places") / "weights.json").read_text("utf-8"))
    return Model(
        data["mention"],
        tuple(data["place"][name] for name in COUNTS),
        tuple(data["city"][name] for name in SIGNALS),
        data["threshold"],
    )
