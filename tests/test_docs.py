"""The documents: what README shows runs, and everything one can say or set stands in it."""

from __future__ import annotations

import json
import re
import shlex
from argparse import ArgumentParser
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

import searcher
from searcher import cli, errors
from searcher.grammar import LIMITS, OPERATORS
from web import create_app
from web.params import PARAMETERS
from web.site import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
HOUSE = (ROOT / "ARCHITECTURE.md").read_text()


@pytest.fixture(autouse=True)
def _newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the seeds in it, as a fresh clone is."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found, language
    return found


def pattern(shown: str) -> str:
    """A line of README as a pattern: `...` stands for anything."""
    return ".*".join(map(re.escape, shown.split("...")))


def test_the_command_line_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command README shows ends well, and prints the lines shown under it, in their order."""
    for block in blocks("console"):
        for example in block.split("$ ")[1:]:
            command, *shown = example.strip().splitlines()
            program, *arguments = shlex.split(command)
            assert program == "searcher"
            assert cli.main(arguments) == 0, command
            printed = capsys.readouterr().out.splitlines()
            for line in shown:
                places = [n for n, one in enumerate(printed) if re.fullmatch(pattern(line), one)]
                assert places, f"{command}: {line!r} is not in {printed}"
                printed = printed[places[0] + 1 :]


def test_the_library_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python README shows runs and finds what it looks for."""
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    printed = capsys.readouterr().out
    assert printed.startswith("5 0 0 0 0\n")
    assert "['Boston, Massachusetts'" in printed
    assert "Boston, Massachusetts about" in printed


def test_the_article_example_is_an_article() -> None:
    """The front matter README shows is read as it says."""
    from searcher.article import Article
    from searcher.sources import parse

    (block,) = blocks("yaml")
    found = parse(block.encode(), "a.md")
    assert isinstance(found, Article)
    assert found.provider
    assert found.related[0].provider
    assert found.published_at
    assert (found.published, found.topics) == (False, ("Computer Vision",))


def test_the_json_example_has_the_shape_of_the_answer() -> None:
    """Every name in README's JSON is in the real answer, at the same place."""
    (block,) = blocks("json")
    cli.main(["reindex", "seeds"])
    address = "/search.json?q=boston+recognition&city=Boston,+Massachusetts"
    answer = create_app("index").test_client().get(address).get_json()

    def within(shown: object, real: object, where: str) -> None:
        if isinstance(shown, dict):
            assert isinstance(real, dict), where
            for name in shown:
                assert name in real, f"{where}.{name}"
                within(shown[name], real[name], f"{where}.{name}")
        elif isinstance(shown, list) and shown:
            assert isinstance(real, list), where
            assert real, where
            within(shown[0], real[0], where)

    within(json.loads(block), answer, "answer")


def test_the_grammar_table_is_the_grammar() -> None:
    """README's table of the query language is the grammar's own table of operators."""
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| (.+?) \|$", README, re.MULTILINE)
    expected = [(one.syntax, one.example, one.meaning) for one in OPERATORS]
    assert [row for row in rows if row in expected] == expected


def test_the_limits_stand_in_readme_and_on_the_help_page() -> None:
    """How much of a query is read stands in README with its numbers, and the page has them too."""
    page = create_app("index").test_client().get("/help").text
    for one in fields(LIMITS):
        number = getattr(LIMITS, one.name)
        assert re.search(rf"`{one.name}`[^`]* {number}\b", README.replace("\n", " ")), one.name
        assert re.search(rf"[^\d,]{number:,}[^\d,]", page), one.name


def test_every_command_and_option_stands_in_readme() -> None:
    """Each command has a row, and the row names each of its options."""
    parser = cli._parser()
    for command, options in _commands(parser).items():
        row = re.search(rf"^\| `{command}[ `].*$", README, re.MULTILINE)
        assert row, command
        for option in options - {"--help", "-h", "--index"}:
            assert re.search(rf"`{option}[ `]", row[0]), f"{command} {option}"


def _commands(parser: ArgumentParser) -> dict[str, set[str]]:
    actions = [action for action in parser._actions if isinstance(action.choices, dict)]
    (choices,) = (action.choices for action in actions)
    assert isinstance(choices, dict)
    return {name: set(one._option_string_actions) for name, one in choices.items()}


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_stands_in_readme(name: str) -> None:
    """Each error has a row that says when it comes and what cures it."""
    assert re.search(rf"^\| `{name}` \| .+ \|.*\|$", README, re.MULTILINE)


def test_every_address_stands_in_readme() -> None:
    """Each route and each parameter of the web stands in README."""
    rules = [rule.rule for rule in create_app("index").url_map.iter_rules()]
    missing = [rule for rule in rules if f"`{rule}`" not in README and "/static/" not in rule]
    assert not missing
    assert not [name for name in PARAMETERS if f"`{name}`" not in README]


def test_every_setting_stands_in_readme() -> None:
    """Each setting of the web stands in README with its default."""
    for one in fields(Settings):
        assert one.default is not MISSING
        shown = repr(one.default).replace("'", '"')
        assert re.search(rf"^\| `{one.name}` \| `{re.escape(shown)}` \|", README, re.M), one.name
    for name in ("SEARCHER_INDEX", "SEARCHER_SOURCE"):
        assert f"`{name}`" in README


def test_links_lead_somewhere() -> None:
    """Files that README and ARCHITECTURE name are there."""
    for text in (README, HOUSE):
        for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text):
            assert (ROOT / target).exists(), target
        for name in re.findall(r"`((?:searcher|web|bench|docs|tests)/[\w./]+)`", text):
            assert (ROOT / name).exists(), name


def test_the_changelog_tells_of_this_version() -> None:
    """The changelog has the version that the package says it is."""
    version = searcher.__version__
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changes
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)
