"""Values: which keys of a facet a person means by a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from searcher.engine import Engine
from searcher.engine.plan import All, Is, Plan
from searcher.text import fold

__all__ = ["HELPED", "Meant", "Values"]

HELPED: Final = 3
"""For how many unknown values of one question near ones are looked for: each costs a look at every
value there is."""

LONGEST: Final = 200
"""Characters of an unknown value up to which near ones are looked for."""

_EVERY: Final = 10**9

NEAR: Final = 3
"""How many other values a warning about an unknown one names."""


class Meant(NamedTuple):
    """What a name stands for: keys of the index, what to call them; where there are none, a
    warning, and the labels of near values."""

    keys: tuple[str, ...]
    label: str
    warning: str = ""
    near: tuple[str, ...] = ()


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
    """The facet values of one engine, by any name: a label, an id, a city's name alone.

    With ``published_only``, those of published articles: what only others have is unknown.
    """

    def __init__(self, engine: Engine, *, published_only: bool = False) -> None:
        self._engine = engine
        self._published_only = published_only
        self._facets: dict[str, _Names] = {}
        self._near = lru_cache(maxsize=1024)(self._look_near)

    def meant(self, facet: str, text: str, *, helped: bool = True) -> Meant:
        """The keys a name stands for. An unknown one stands for what matches nothing; the
        warning names near ones where it is to be ``helped``."""
        names = self._names(facet)
        name = fold(" ".join(text.split()))
        keys = tuple(names.exact.get(name) or names.bare.get(name) or ())
        if len(keys) > 1:
            return Meant(keys, f"{text} ({len(keys)} of that name)")
        if keys:
            return Meant(keys, names.labels[keys[0]])
        if facet == "status" and name in ("published", "unpublished"):
            return Meant((name,), name)
        near = self._near(facet, name) if helped and len(name) <= LONGEST else []
        hint = f": there is {' and '.join(near)}" if near else ""
        keys = () if self._published_only else (text,)  # it may be the key of another article's
        return Meant(keys, text, f"no article has the {facet} {text}{hint}", tuple(near))

    def _names(self, facet: str) -> _Names:
        names = self._facets.get(facet)
        if names is None:
            names = self._facets[facet] = _Names.of(self._values(facet), bare=facet == "city")
        return names

    def _look_near(self, facet: str, name: str) -> list[str]:
        return self._names(facet).near(name)

    def _values(self, facet: str) -> Iterable[tuple[str, str]]:
        if not self._published_only:
            return self._engine.facet_values(facet)
        published = Is("status", ("published",))
        plan = Plan(All(), (published,), limit=0, facets=(facet,), facet_limit=_EVERY)
        counts = self._engine.evaluate(plan).facets[facet].values
        return [(one.key, one.value) for one in counts if one.count]
