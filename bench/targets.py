"""The figures to reach, each beside what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, Literal

from bench.mix import KINDS, MIX

__all__ = ["TARGETS", "Target", "Verdict", "percentile", "verdicts"]

Measured = dict[str, Any]
"""All that was measured at one size; see ``bench.speed``."""


@dataclass(frozen=True, slots=True)
class Target:
    """One figure at one number of articles: ``at most`` or ``at least`` the limit."""

    name: str
    articles: int
    sense: Literal["<=", ">="]
    limit: float
    unit: str
    figure: Callable[[Measured], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and what was measured, perhaps at another number of articles."""

    target: Target
    articles: int
    value: float

    @property
    def met(self) -> Literal["yes", "no", ""]:
        """Whether the target is met; "" where it was measured at another number of articles."""
        if self.articles != self.target.articles:
            return ""
        most, limit = self.target.sense == "<=", self.target.limit
        return "yes" if (self.value <= limit if most else self.value >= limit) else "no"


def percentile(values: list[float], share: float) -> float:
    """The value at a share of the sorted values: of 60, p95 is the third largest."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _ratio(stage: str, engine: str, other: str, share: float) -> Callable[[Measured], float]:
    """Ours (or ``engine``) as a multiple of the other's percentile of CPU time."""

    def figure(measured: Measured) -> float:
        times = measured[stage]["cpu"]
        ours, theirs = (percentile(times[name], share) for name in (engine, other))
        return ours / theirs

    return figure


def _kind(kind: str) -> Callable[[Measured], float]:
    """The median of the queries of one kind, as a multiple of Tantivy's."""
    chosen = [number for number, ask in enumerate(MIX) if ask.kind == kind]

    def figure(measured: Measured) -> float:
        times = measured["warm"]["cpu"]
        ours, other = ([times[e][n] for n in chosen] for e in ("searcher", "tantivy"))
        ratio: float = median(ours) / median(other)
        return ratio

    assert kind in KINDS
    return figure


def _built(key: str, engine: str, other: str = "") -> Callable[[Measured], float]:
    def figure(measured: Measured) -> float:
        builds = measured["build"]
        value: float = builds[engine][key]
        return value / builds[other][key] if other else value

    return figure


def _of(*path: str) -> Callable[[Measured], float]:
    def figure(measured: Measured) -> float:
        value: Any = measured
        for key in path:
            value = value[key]
        return float(value)

    return figure


K, M = 100_000, 1_000_000
TARGETS: Final = (
    Target("warm p50 / Tantivy's", K, "<=", 0.7, "x", _ratio("warm", "searcher", "tantivy", 0.5)),
    Target("warm p95 / Tantivy's", K, "<=", 0.9, "x", _ratio("warm", "searcher", "tantivy", 0.95)),
    Target("first p50 / Tantivy's", K, "<=", 1.5, "x", _ratio("first", "searcher", "tantivy", 0.5)),
    Target("first p95 / Tantivy's", K, "<=", 4, "x", _ratio("first", "searcher", "tantivy", 0.95)),
    Target("phrases / Tantivy's", K, "<=", 1, "x", _kind("phrase")),
    Target("prefixes / Tantivy's", K, "<=", 1, "x", _kind("prefix")),
    Target("warm p50 / Tantivy's", M, "<=", 1, "x", _ratio("warm", "searcher", "tantivy", 0.5)),
    Target("Whoosh's p50 / ours", K, ">=", 150, "x", _ratio("warm", "whoosh", "searcher", 0.5)),
    Target("Whoosh's p50 / ours", 20_000, ">=", 60, "x", _ratio("warm", "whoosh", "searcher", 0.5)),
    Target("FTS5's p50 / ours", K, ">=", 40, "x", _ratio("warm", "fts5", "searcher", 0.5)),
    Target("build / Whoosh's", K, ">=", 10, "x", _built("per_cpu_second", "searcher", "whoosh")),
    Target("build / Tantivy's", K, ">=", 0.4, "x", _built("per_cpu_second", "searcher", "tantivy")),
    Target("build, peak memory", K, "<=", 600, "MiB", _built("peak_mib", "searcher")),
    Target("build, peak memory", M, "<=", 1_536, "MiB", _built("peak_mib", "searcher")),
    Target(
        "size on disk / Tantivy's", K, "<=", 1.3, "x", _built("size_mib", "searcher", "tantivy")
    ),
    Target("open", K, "<=", 60, "ms", _of("open", "searcher", "ms")),
    Target("open, resident", K, "<=", 120, "MiB", _of("open", "searcher", "resident_mib")),
    Target("from files", K, ">=", 1_200, "articles/s", _of("files", "per_second")),
    Target("unchanged files", K, "<=", 5, "s", _of("files", "unchanged_seconds")),
    Target("100 changed files", K, "<=", 8, "s", _of("files", "changed_seconds")),
    Target("100 removed files", K, "<=", 8, "s", _of("files", "removed_seconds")),
    Target("4 threads, wrong results", K, "<=", 0, "", _of("threads", "problems")),
)


def verdicts(measured: dict[int, Measured]) -> Iterator[Verdict]:
    """Each target where it can be judged, at the size nearest to its own that was measured."""
    for target in TARGETS:
        for articles in sorted(measured, key=lambda size: abs(size - target.articles)):
            try:
                value = target.figure(measured[articles])
            except KeyError:
                continue
            yield Verdict(target, articles, value)
            break
