"""The command line: ``searcher``. A thin caller of the library.

Exit codes: 0 well; 1 a failure of ours, such as a damaged index; 2 wrong usage or input; as shells
have it, 130 after Ctrl-C and 141 where nobody reads on. What is wrong is one line on stderr.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from searcher import __version__, commands
from searcher.commands import complain
from searcher.errors import IndexMissing, QueryError, SearcherError, SourceError
from searcher.request import FACETS, MATCH_MODES, MAX_PAGE_SIZE, SORTS

__all__ = ["main"]

_INPUT_ERRORS: Final = (QueryError, SourceError, IndexMissing)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal lacks is no failure
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(_parser().parse_args(arguments))
        sys.stdout.flush()
        return code
    except SystemExit as leaving:  # argparse: 0 after --help, 2 after wrong usage
        return leaving.code if isinstance(leaving.code, int) else 1
    except SearcherError as error:
        return complain(str(error), 2 if isinstance(error, _INPUT_ERRORS) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes at exit
        return 141
    except KeyboardInterrupt:
        return complain("Interrupted: what was there before is unchanged.", 130)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return complain(f"The system said no: {what}. Mend that, then run it again.", 1)


def _run(options: argparse.Namespace) -> int:
    if "run" not in options:
        _parser().print_help(sys.stderr)
        return 2
    code: int = options.run(options)
    return code


class _Parser(argparse.ArgumentParser):
    """argparse, with its complaint on one line and without guessing at shortened options."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        cure = f"`{self.prog} --help` shows how"
        if "unrecognized arguments: -" in message:
            cure += "; put -- before a query that begins with -"
        self.exit(2, f"searcher: {message}: {cure}.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="searcher", description="Search an archive of news articles.")
    parser.add_argument(
        "--version", action="version", version=f"searcher {__version__}", help="show the version"
    )
    group = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_add_reindex, _add_search, _add_show, _add_serve, _add_doctor, _add_rollback):
        command = add(group)
        command.add_argument(
            "--index",
            metavar="DIR",
            default=os.environ.get("SEARCHER_INDEX") or "index",
            help="the index (%(default)s)",
        )
    _add_cities(group)
    return parser


def _add(group: Any, run: Any, help: str) -> argparse.ArgumentParser:
    description = f"{help[0].upper()}{help[1:]}."
    command: argparse.ArgumentParser = group.add_parser(
        run.__name__, help=help, description=description
    )
    command.set_defaults(run=run)
    return command


def _add_reindex(group: Any) -> argparse.ArgumentParser:
    command = _add(group, commands.reindex, "bring the index up to date with its articles")
    command.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        default=os.environ.get("SEARCHER_SOURCE"),
        help="the folder of articles (the one the index was built from, else seeds)",
    )
    command.add_argument("--full", action="store_true", help="read every file again")
    command.add_argument("--jobs", type=_positive, metavar="N", help="how many processes read")
    command.add_argument("--watch", action="store_true", help="stay, and follow every change")
    command.add_argument("--strict", action="store_true", help="a rejected file fails the run")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    return command


def _add_search(group: Any) -> argparse.ArgumentParser:
    command = _add(group, commands.search, "search the archive")
    query = 'words, "a phrase", word*, -word, city:Boston and more: see README or the page /help'
    command.add_argument("query", metavar="QUERY", nargs="*", help=query)
    for name in FACETS:
        command.add_argument(
            f"--{name}", metavar="X", action="append", default=[], help="may be repeated"
        )
    command.add_argument("--from", dest="date_from", metavar="D", help="2020, 2020-06, 2020-06-24")
    command.add_argument("--to", dest="date_to", metavar="D", help="the last day, included")
    match = "how many of the words (%(default)s)"
    command.add_argument("--match", choices=MATCH_MODES, default="auto", help=match)
    sort = "which come first (%(default)s)"
    command.add_argument("--sort", choices=SORTS, default="relevance", help=sort)
    command.add_argument("--limit", type=_limit, metavar="N", default=10, help="hits a page (10)")
    command.add_argument("--page", type=_positive, metavar="N", default=1, help="which page")
    command.add_argument("--format", choices=("text", "json", "csv"), default="text")
    command.add_argument("--explain", action="store_true", help="show each hit's score by word")
    return command


def _add_show(group: Any) -> argparse.ArgumentParser:
    command = _add(group, commands.show, "show one article")
    command.add_argument("id", metavar="ID", help="as `searcher search` shows it")
    return command


def _add_serve(group: Any) -> argparse.ArgumentParser:
    command = _add(group, commands.serve, "serve the search page")
    host = "the address to listen at (%(default)s)"
    command.add_argument("--host", metavar="H", default="127.0.0.1", help=host)
    command.add_argument(
        "--port", type=_port, metavar="P", default=8000, help="the port (%(default)s)"
    )
    command.add_argument("--name", metavar="NAME", default="Searcher", help="what the page says")
    command.add_argument("--published-only", action="store_true", help="hide what is unpublished")
    command.add_argument(
        "--answer-for",
        metavar="HOST",
        action="append",
        default=[],
        help="a host name of the site; others are refused then; may be repeated",
    )
    proxies = "proxies in front of it (%(default)s)"
    command.add_argument("--proxies", type=_natural, metavar="N", default=0, help=proxies)
    return command


def _add_doctor(group: Any) -> argparse.ArgumentParser:
    what = "say whether the index is whole, current and true to its source"
    command = _add(group, commands.doctor, what)
    command.add_argument(
        "--source",
        metavar="DIR",
        default=os.environ.get("SEARCHER_SOURCE"),
        help="the folder of articles, where it was moved",
    )
    return command


def _add_rollback(group: Any) -> argparse.ArgumentParser:
    return _add(group, commands.rollback, "go back to the generation before the live one")


def _add_cities(group: Any) -> None:
    command = _add(group, commands.cities, "say which cities a text is about, and why")
    command.add_argument("files", metavar="FILE", nargs="+", help="article or text; - for stdin")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument(
        "--index",
        metavar="DIR",
        default=os.environ.get("SEARCHER_INDEX"),
        help="read them as articles of the archive that this index is of",
    )


def _positive(text: str) -> int:
    return _number(text, 1, 10**9)


def _natural(text: str) -> int:
    return _number(text, 0, 100)


def _limit(text: str) -> int:
    return _number(text, 0, MAX_PAGE_SIZE)


def _port(text: str) -> int:
    return _number(text, 0, 65535)


def _number(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
    return int(text)
