"""Metrics: what was asked and how long it took, in Prometheus' text format."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from threading import Lock
from typing import Final

__all__ = ["BUCKETS", "Metrics"]

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5)
"""Upper bounds of the histogram of durations, in seconds."""


class Metrics:
    """Counts of answers by view and status, and a histogram of their durations. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def add(self, view: str, status: int, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self._answers[view, status] += 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def text(self, gauges: dict[str, float]) -> str:
        """Everything in the text exposition format 0.0.4, with ``gauges`` of the moment."""
        with self._lock:
            answers, buckets = dict(self._answers), list(accumulate(self._buckets))
            seconds = self._seconds
        lines = ["# TYPE searcher_answers_total counter"]
        lines += [
            f'searcher_answers_total{{view="{view}",status="{status}"}} {count}'
            for (view, status), count in sorted(answers.items())
        ]
        lines.append("# TYPE searcher_answer_seconds histogram")
        lines += [
            f'searcher_answer_seconds_bucket{{le="{bound}"}} {count}'
            for bound, count in zip((*BUCKETS, "+Inf"), buckets, strict=True)
        ]
        lines += [f"searcher_answer_seconds_sum {seconds:.6f}"]
        lines += [f"searcher_answer_seconds_count {buckets[-1]}"]
        for name, value in gauges.items():
            lines += [f"# TYPE searcher_{name} gauge", f"searcher_{name} {value:.15g}"]
        return "\n".join(lines) + "\n"
