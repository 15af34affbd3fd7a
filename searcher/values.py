"""Values: which keys of a facet a person means by a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, NamedTuple

from searcher.engine import Engine
from searcher.text import fold

__all__ = ["Meant", "Values"]

NEAR: Final = 3
"""How many other values a warning about an unknown one names."""


class Meant(NamedTuple):
    """What a name stands for: keys of the index, what to call them, a warning if there are none."""

    keys: tuple[str, ...]
    label: str
    warning: str = ""


@dataclass(slots=True)
class _Names:
    """Every way to name the values of one facet, folded, to their keys."""

    labels: dict[str, str] = field(default_factory=dict)
    exact: dict[str, list[str]] = field(default_factory=dict)
    bare: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[tuple[str, str]], *, bare: bool) -> _Names:
        names = cls()
        for key, label in values:
            names.labels[key] = label
            for name in {fold(key), fold(label)}:
                names.exact.setdefault(name, []).append(key)
            if bare:
                names.bare.setdefault(fold(label).partition(",")[0], []).append(key)
        return names

    def near(self, name: str) -> list[str]:
        """Labels that hold the name as words, else such as are spelt alike; best first."""
        known = [one for one in self.exact if f" {name} " in f" {one.replace(',', ' ')} "]
        if len(known) < NEAR:
            known += get_close_matches(name, [*self.exact, *self.bare], NEAR, 0.7)
        keys = [(self.exact.get(one) or self.bare[one])[0] for one in known]
        return list(dict.fromkeys(self.labels[key] for key in keys))[:NEAR]


class Values:
    """The facet values of one engine, by any name: a label, an id, a city's name alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._facets: dict[str, _Names] = {}

    def meant(self, facet: str, text: str) -> Meant:
        """The keys a name stands for. An unknown one stands for itself, which matches nothing."""
        names = self._names(facet)
        name = fold(" ".join(text.split()))
        keys = tuple(names.exact.get(name) or names.bare.get(name) or ())
        if len(keys) > 1:
            return Meant(keys, f"{text} ({len(keys)} of that name)")
        if keys:
            return Meant(keys, names.labels[keys[0]])
        if facet == "status" and name in ("published", "unpublished"):
            return Meant((name,), name)
        near = names.near(name)
        hint = f": there is {' and '.join(near)}" if near else ""
        return Meant((text,), text, f"no article has the {facet} {text}{hint}")

    def label(self, facet: str, key: str) -> str:
        """What the key of a value is called."""
        return self._names(facet).labels.get(key, key)

    def _names(self, facet: str) -> _Names:
        names = self._facets.get(facet)
        if names is None:
            values = self._engine.facet_values(facet)
            names = self._facets[facet] = _Names.of(values, bare=facet == "city")
        return names
