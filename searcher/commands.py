"""Commands: what each ``searcher`` command does with its options. Returns its exit code.

Each imports what it needs itself: ``searcher --help`` should not wait for an engine.
"""

from __future__ import annotations

import argparse
import gc
import json
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from searcher.errors import QueryError, SearcherError, SourceError
from searcher.request import FACETS, SearchRequest

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.places import Knowledge
    from searcher.terminal import Printer

__all__ = ["cities", "complain", "doctor", "reindex", "rollback", "search", "serve", "show"]

_HEADER_BYTES: Final = 2**16
_THREADS: Final = 8
"""How many requests `searcher serve` works on at once."""


def complain(message: str, code: int) -> int:
    """Say on one line of stderr what is wrong, and give the exit code back."""
    from searcher.repair import printable

    print(f"searcher: {printable(' '.join(message.split()))}", file=sys.stderr)
    return code


def _printer() -> Printer:
    from searcher.terminal import Printer

    return Printer(sys.stdout)


def reindex(options: argparse.Namespace) -> int:
    """Bring the index up to date, once or after every change."""
    options.source = options.source or _source_of(options.index)
    if options.watch and Path(options.source).is_dir():
        _watch(options)
    else:
        _reindex_once(options)
    return 0


def _source_of(index: str) -> str:
    """The folder an index was built from: another one would replace all its articles."""
    from searcher.engine.local.generations import Generations

    return Generations(index).source() or "seeds"


def _reindex_once(options: argparse.Namespace) -> None:
    from searcher import indexing
    from searcher.terminal import following

    with following(sys.stderr) as progress:
        report = indexing.reindex(
            options.source,
            options.index,
            full=options.full,
            jobs=options.jobs,
            strict=options.strict,
            progress=progress,
        )
    if options.json:
        from dataclasses import asdict

        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
    else:
        _printer().report(report)


def _watch(options: argparse.Namespace) -> None:
    """Reindex now and after every change, until Ctrl-C. What goes wrong later is only told.

    The watch begins before the first run, so that no change falls between the two.
    """
    from watchfiles import watch

    source, index = Path(options.source).resolve(), Path(options.index).resolve()

    def matters(_change: object, name: str) -> bool:
        path = Path(name)
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        return not hidden and not path.is_relative_to(index)

    started = False
    for changes in watch(source, watch_filter=matters, yield_on_timeout=True, rust_timeout=500):
        if started and not changes:
            continue
        try:
            _reindex_once(options)
        except SearcherError as error:
            if not started:
                raise
            complain(str(error), 1)
        if not started:
            print(f"Watching {options.source}; Ctrl-C ends it.", file=sys.stderr, flush=True)
            started, options.full = True, False


def search(options: argparse.Namespace) -> int:
    """Print a page of results."""
    from searcher.archive import Archive
    from searcher.formats import as_csv, as_json

    request = _request(options)
    with Archive.open(options.index) as archive:
        results = archive.search(request)
    if options.format == "json":
        print(json.dumps(as_json(results), ensure_ascii=False, indent=2))
    elif options.format == "csv":
        sys.stdout.write(as_csv(results))
    else:
        _printer().results(results)
    return 0


def _request(options: argparse.Namespace) -> SearchRequest:
    from searcher.grammar import stretch

    facets: dict[str, Any] = {name: tuple(getattr(options, name)) for name in FACETS}
    first, last = stretch(_days("--from", options.date_from), _days("--to", options.date_to))
    return SearchRequest(
        " ".join(options.query),
        **facets,
        date_from=first,
        date_to=last,
        match=options.match,
        sort=options.sort,
        page=options.page,
        size=options.limit,
        explain=options.explain,
    )


def _days(option: str, text: str | None) -> tuple[date, date] | None:
    """The first and the last day of what a person wrote: a year, a month or a day."""
    from searcher.grammar import period

    if text is None:
        return None
    days = period(text)
    if days is None:
        raise QueryError(f"{option} {text!r} is no date: write 2020, 2020-06 or 2020-06-24.")
    return days


def show(options: argparse.Namespace) -> int:
    """Print one article."""
    from searcher.archive import Archive
    from searcher.sources import article_id

    with Archive.open(options.index) as archive:
        hit = archive.get(options.id) or archive.get(article_id(options.id))
    if hit is None:
        raise QueryError(
            f"There is no article {options.id!r}: an id is a file's path without its ending;"
            " `searcher search` shows them."
        )
    _printer().article(hit)
    return 0


def cities(options: argparse.Namespace) -> int:
    """Print the cities of article files or plain texts, with the words that decided."""
    from dataclasses import asdict

    from searcher.places import find_cities

    knowledge = _knowledge(options.index) if options.index else None
    found = {
        name: find_cities(_article_or_text(name), knowledge)
        for name in dict.fromkeys(options.files)
    }
    if options.format == "json":
        values = [{"file": name, "cities": list(map(asdict, found[name]))} for name in found]
        print(json.dumps(values, ensure_ascii=False, indent=2))
        return 0
    printer = _printer()
    for name, places in found.items():
        if len(found) > 1:
            printer.line(f"{name}:")
        printer.cities(places)
        if not places:
            printer.line("no city")
    return 0


def _knowledge(index: str) -> Knowledge:
    from searcher.engine.local.generations import Generations

    return Generations(index).live().knowledge()


def _article_or_text(name: str) -> Article:
    """The article a file holds; a text without front matter is taken as an article's excerpt."""
    from searcher.article import Article
    from searcher.frontmatter import decode
    from searcher.sources import parse
    from searcher.text import repair

    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise SourceError(
            f"{name} cannot be read: {error.strerror}. Name article files or texts, or - for stdin."
        ) from None
    article = parse(data, name)
    return article if isinstance(article, Article) else Article(name, "", repair(decode(data)))


def serve(options: argparse.Namespace) -> int:
    """Serve the search page until Ctrl-C."""
    import waitress

    from searcher.archive import Archive
    from web import create_app

    app = create_app(
        options.index,
        name=options.name,
        show_unpublished=not options.published_only,
        hosts=tuple(options.answer_for),
        proxies=options.proxies,
    )
    Archive.open(options.index).close()  # what is wrong with it is better said now than per page
    with _listening(options.host, options.port) as listener:
        server = waitress.create_server(
            app, sockets=[listener], threads=_THREADS, max_request_header_size=_HEADER_BYTES
        )
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"Searching at http://{shown}:{port} (Ctrl-C ends it)", flush=True)
        gc.freeze()  # what is imported stays: to look it through for garbage takes 20 ms a time
        server.run()
    return 0


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise QueryError(
            f"Cannot listen at {host}, port {port} ({error.strerror or error}):"
            " name another with --host and --port."
        ) from None


def doctor(options: argparse.Namespace) -> int:
    """Print what an examination of the index finds."""
    from searcher.doctor import examine

    diagnosis = examine(options.index, options.source)
    printer = _printer()
    for finding in diagnosis.findings:
        printer.line(f"{finding.kind}: {finding.text}")
        for line in finding.details:
            printer.line(line, 2)
        if finding.cure:
            printer.line(f"Cure: {finding.cure}", 2)
    return 1 if diagnosis.damaged else 0


def rollback(options: argparse.Namespace) -> int:
    """Make the generation before the live one live."""
    from searcher.engine.local.generations import Generations

    generation = Generations(options.index).rollback()
    manifest = generation.manifest
    built = f"{manifest.built_at:%Y-%m-%d %H:%M} UTC"
    print(f"{generation.name} is live again: {manifest.articles:,} articles, built {built}.")
    return 0
