"""Tables of what was measured, as plain text or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.mix import KINDS, MIX
from bench.targets import percentile, verdicts

__all__ = ["report"]

Row = Sequence[str]

ASKED = ("warm", "new", "first")
"""The stages that ask queries."""


def report(measured: dict[int, dict[str, Any]], markdown: bool) -> str:
    """Everything, one table after another; the targets last."""
    draw = _markdown if markdown else _plain
    tables = [table for size, found in measured.items() for table in _tables(size, found)]
    tables.append(_targets(measured))
    parts = [f"{title}\n\n{draw(rows)}" for title, rows in tables if len(rows) > 1]
    return "\n\n".join([*parts, *_disagreements(measured)])


def _tables(size: int, found: dict[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    if any(stage in found for stage in ASKED):
        yield _queries(size, found)
    if "warm" in found:
        yield _kinds(size, found["warm"])
    if "build" in found:
        yield _built(size, found["build"])
    if "open" in found:
        yield _opened(size, found["open"])
    if "files" in found or "threads" in found:
        yield _others(size, found)


def _queries(size: int, found: dict[str, Any]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("engine", "warm p50", "p95", "wall", "new p50", "p95", "first p50", "p95")]
    engines = next(found[stage]["cpu"] for stage in ASKED if stage in found)
    for engine in engines:
        times = [found.get(s, {}).get(c, {}).get(engine) for s, c in
                 (("warm", "cpu"), ("warm", "wall"), ("new", "cpu"), ("first", "cpu"))]  # fmt: skip
        warm, wall, new, first = times
        rows.append(
            (
                engine,
                *(_at(warm, share) for share in (0.5, 0.95)),
                _at(wall, 0.5),
                *(_at(new, share) for share in (0.5, 0.95)),
                *(_at(first, share) for share in (0.5, 0.95)),
            )
        )
    return f"Sixty queries over {size:,} articles, CPU milliseconds a query", rows


def _kinds(size: int, warm: dict[str, Any]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("engine", *KINDS)]
    for engine, times in warm["cpu"].items():
        by_kind = [[t for ask, t in zip(MIX, times, strict=True) if ask.kind == k] for k in KINDS]
        rows.append((engine, *(_number(median(part)) for part in by_kind)))
    return f"The same by kind of query, warm, median at {size:,}", rows


def _built(size: int, built: dict[str, Any]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("engine", "articles", "per CPU second", "peak MiB", "KiB an article")]
    for engine, one in built.items():
        rows.append(
            (
                engine,
                f"{one['articles']:,}",
                f"{one['per_cpu_second']:,.0f}",
                f"{one['peak_mib']:,.0f}",
                f"{one['size_mib'] * 1024 / one['articles']:.2f}",
            )
        )
    return f"Building from {size:,} parsed articles, each engine's own analysis", rows


def _opened(size: int, opened: dict[str, Any]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("engine", "open ms", "resident MiB", "after the queries")]
    for engine, one in opened.items():
        keys = ("ms", "resident_mib", "after_queries_mib")
        rows.append((engine, *(_number(one[key]) for key in keys)))
    return f"Opening {size:,} articles (the resident memory is the whole process's)", rows


def _others(size: int, found: dict[str, Any]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("searcher alone", "figure")]
    if "files" in found:
        one = found["files"]
        rows += [
            ("from files, articles a second", f"{one['per_second']:,.0f}"),
            ("meanwhile the host took, processor seconds", _number(one["stolen_seconds"])),
            ("unchanged files, seconds", _number(one["unchanged_seconds"])),
            ("100 changed files, seconds", _number(one["changed_seconds"])),
            ("100 removed files, seconds", _number(one["removed_seconds"])),
        ]
    if "threads" in found:
        one = found["threads"]
        told = f"{one['problems']} of {one['queries']:,} wrong, {one['wall']:.1f} s"
        rows.append(("4 threads, mixed queries", told))
    return f"Whole runs at {size:,} articles", rows


def _targets(measured: dict[int, dict[str, Any]]) -> tuple[str, list[Row]]:
    rows: list[Row] = [("target", "for", "limit", "measured", "at", "met")]
    for verdict in verdicts(measured):
        target = verdict.target
        rows.append(
            (
                target.name,
                f"{target.articles:,}",
                f"{target.sense} {target.limit:g} {target.unit}".strip(),
                _number(verdict.value),
                f"{verdict.articles:,}",
                verdict.met,
            )
        )
    return "Targets", rows


def _disagreements(measured: dict[int, dict[str, Any]]) -> list[str]:
    found = [
        line for one in measured.values() for line in one.get("warm", {}).get("differences", [])
    ]
    if not any("warm" in one for one in measured.values()):
        return []
    return ["The engines disagree:\n" + "\n".join(found)] if found else ["All engines agree."]


def _at(times: list[float] | None, share: float) -> str:
    return _number(percentile(times, share)) if times else ""


def _number(value: float) -> str:
    """Three figures that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _plain(rows: list[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _markdown(rows: list[Row]) -> str:
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:]))
