"""Terminal: results, articles, reports and progress for a person to read; plain where piped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from searcher.article import Provider
from searcher.places import City
from searcher.reading import many
from searcher.repair import printable
from searcher.results import Hit, Results, Snippet

if TYPE_CHECKING:
    from searcher.indexing import Progress, Report

__all__ = ["Printer", "following"]

_SHOWN_REJECTIONS: Final = 20
_PLAIN_INTERVAL: Final = 5.0
"""Seconds between two lines of progress where there is no terminal to draw a bar on."""
_STAGES: Final = {"scan": "Looking", "read": "Reading", "place": "Placing", "write": "Writing"}


class _Console(Console):
    """Leaves a reader that has gone to the command, which knows the exit code for it."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Printer:
    """Writes to one stream. Colours and wrapping only where it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._console = _Console(file=stream, highlight=False, markup=False, emoji=False)

    def line(self, text: str | Text = "", indent: int = 0, style: str = "") -> None:
        """One paragraph. Piped, it stays one line however long it is."""
        shown = Text(style=style).append(text)
        if (plain := printable(shown.plain)) != shown.plain:
            shown = Text(plain, style=style)
        if self._console.is_terminal:
            self._console.print(Padding(shown, (0, 0, 0, indent)) if indent else shown)
        else:
            self._console.print(Text(" " * indent) + shown, soft_wrap=True)

    def results(self, results: Results) -> None:
        """A page of hits, the facets, and the ways on."""
        self.line(f"{results.total:,} found: {results.reading}", style="bold")
        for warning in results.warnings:
            self.line(f"Note: {warning}", style="yellow")
        if results.suggestion:
            self.line(f"Did you mean: {results.suggestion}", style="cyan")
        first = (results.request.page - 1) * results.request.size + 1
        for number, hit in enumerate(results.hits, first):
            self.line()
            self._hit(number, hit)
        self._ways_on(results)

    def article(self, hit: Hit) -> None:
        """One article with everything that is known of it."""
        article = hit.article
        self.line(article.title, style="bold")
        self._about(hit, 0)
        if article.excerpt:
            self.line()
            self.line(article.excerpt)
        if hit.cities:
            self.line()
            self.cities(hit.cities)
        if article.related:
            self.line()
            self.line("Related coverage:", style="bold")
        for item in article.related:
            self.line(f"{_outlet(item.provider)}{item.title}", 2)
            if item.url:
                self.line(item.url, 4, "dim")

    def cities(self, cities: Iterable[City]) -> None:
        """Cities, each with the words that decided."""
        for city in cities:
            self.line(f"{city.label}  ({city.role}, {city.confidence:.0%} sure)", style="bold")
            for one in city.evidence:
                self.line(f"{one.field}: “{one.text}”: {one.cue}", 2)

    def report(self, report: Report) -> None:
        """What a build did, and what it could not read, with the cures."""
        self.line(
            f"Indexed {many(report.articles, 'article')} in {report.seconds:.1f} s:"
            f" {report.added:,} added, {report.updated:,} updated, {report.removed:,} removed,"
            f" {report.unchanged:,} unchanged."
        )
        if report.rejected:
            folders = sum(not one.line for one in report.rejections)
            counts = {"file": report.rejected - folders, "folder": folders}
            told = " and ".join(many(count, noun) for noun, count in counts.items() if count)
            self.line(f"{told} rejected:", style="yellow")
        for rejection in report.rejections[:_SHOWN_REJECTIONS]:
            self.line(str(rejection), 2)
        if len(report.rejections) > _SHOWN_REJECTIONS:
            more = len(report.rejections) - _SHOWN_REJECTIONS
            self.line(f"and {more:,} more; `searcher reindex --json` lists them all", 2)

    def _hit(self, number: int, hit: Hit) -> None:
        self.line(Text(f"{number}. ").append(_marked(hit.snippets["title"])), style="bold")
        self._about(hit, 3)
        if "excerpt" in hit.snippets:
            self.line(_marked(hit.snippets["excerpt"]), 3)
        for item in hit.related:
            title = _marked(item.snippet) if item.snippet.text == item.title else item.title
            outlet = Text(f"+ {item.provider}: " if item.provider else "+ ")
            self.line(outlet.append(title), 3)
            if title is item.title:
                self.line(_marked(item.snippet), 5)
        for what, points in hit.explanation:
            self.line(f"{points:8.3f}  {what}", 3, "dim")

    def _about(self, hit: Hit, indent: int) -> None:
        article = hit.article
        facts = [
            article.provider.name if article.provider else "",
            _day(article.published_at),
            ", ".join(city.label for city in hit.cities if city.role != "related"),
            ", ".join(article.topics),
            "" if article.published else "unpublished",
        ]
        if any(facts):
            self.line(" · ".join(fact for fact in facts if fact), indent, "cyan")
        self.line(" · ".join(part for part in (article.id, article.url) if part), indent, "dim")

    def _ways_on(self, results: Results) -> None:
        self.line()
        for hint in results.hints:
            self.line(f"Try: {hint.text} ({hint.total:,})", style="cyan")
        for name, facet in results.facets.items():
            values = [f"{'*' * one.selected}{one.value} {one.count:,}" for one in facet.values]
            values += [f"{facet.more:,} more"] if facet.more else []
            values += [f"none {facet.missing:,}"] if facet.missing and values else []
            if values:
                self.line(
                    Text(f"{name:9}", style="bold").append(" · ".join(values), style="not bold")
                )
        if results.next_page:
            page, pages = results.request.page, results.pages
            self.line(
                f"Page {page:,} of {pages:,}: --page {results.next_page} goes on", style="dim"
            )


@contextmanager
def following(stream: TextIO) -> Iterator[Callable[[Progress], None]]:
    """Show how a build goes: a bar on a terminal, a line now and then elsewhere."""
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        yield _Lines(stream)
        return
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, _Rate(), TimeRemainingColumn(), console=console, transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(step: Progress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(_STAGES.get(step.stage, step.stage), total=None)
            task = bars.tasks[tasks[step.stage]]
            bars.update(task.id, completed=step.done, total=step.total or None)

        yield show


class _Rate(ProgressColumn):
    """Articles a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class _Lines:
    """Progress as plain lines: one as a stage begins, then one every few seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._stage, self._told, self._began = stream, "", 0.0, 0.0

    def __call__(self, step: Progress) -> None:
        now = time.monotonic()
        if step.stage != self._stage:
            self._stage, self._began = step.stage, now
        elif now - self._told < _PLAIN_INTERVAL:
            return
        self._told = now
        print(self._words(step, now - self._began), file=self._stream, flush=True)

    def _words(self, step: Progress, seconds: float) -> str:
        name = _STAGES.get(step.stage, step.stage)
        if not step.done or not seconds:
            what = "article" if step.stage == "place" else "file"
            return f"{name} {many(step.total, what)}" if step.total else name
        rate = f"{step.done / seconds:,.0f}/s"
        return (
            f"{name} {step.done:,} of {step.total:,}, {rate}" if step.total else f"{name}, {rate}"
        )


def _marked(snippet: Snippet) -> Text:
    text = Text(snippet.text)
    for start, end in snippet.marks:
        text.stylize("bold yellow", start, end)
    return text


def _outlet(provider: Provider | None) -> str:
    return f"{provider.name}: " if provider else ""


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
