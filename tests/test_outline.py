"""Outlines: what of the front matter is read without YAML, which must make the same of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.frontmatter import decode, split
from searcher.outline import LONGEST, outline

SEEDS: Final = Path(__file__).parent.parent / "seeds"


class Everything:
    def __contains__(self, _: object) -> bool:
        return True


class Strings(yaml.CSafeLoader):
    """YAML whose scalars are text or nothing."""


Strings.yaml_implicit_resolvers = {}
Strings.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
)

VALUES: Final = st.sampled_from(
    ["", "", "x", "x y", '"q"', '"q\\"r"', '"', "null", '""', "-1.5", "12:30", "it's", "x#"]
)
ODD: Final = st.text(alphabet="ab1:-[]{}#&*!|>'\"%@`\\/,?~._ \té—\xa0\x85\u2028\x93", max_size=6)
PARTS: Final = (
    st.sampled_from(["", "", "", "  ", "  ", "    "]),
    st.sampled_from(["", "", "", "- ", "-  "]),
    st.sampled_from(["a: ", "b: ", "c:", "a-b: ", "é:  "]),
)
LINES: Final = (
    st.builds("{}{}{}{}".format, *PARTS, VALUES)
    | st.builds("{}- {}".format, PARTS[0], VALUES)
    | st.builds("{}{}{}{}".format, *PARTS, ODD)
)


SCALARS: Final = st.sampled_from(["x", "x y: ", "-1.5", "12:30", "null", 'a "b" \\c', "#", "é"])
KEYS: Final = st.sampled_from(["a", "b", "a-b", "c_3"])
MAPPINGS: Final = st.recursive(
    st.dictionaries(KEYS, SCALARS, min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        KEYS, SCALARS | inner | st.lists(SCALARS | inner, min_size=1, max_size=3), min_size=1
    ),
    max_leaves=4,
)


def written(value: Any, indent: str = "") -> str:
    """A value's lines, as programs that write front matter indent them."""
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f' "{quoted}"\n'
    if isinstance(value, list):
        items = [written(item, indent + "  ").lstrip("\n") for item in value]
        return "\n" + "".join(f"{indent}- {item.lstrip()}" for item in items)
    pairs = [f"{indent}{key}:{written(item, indent + '  ')}" for key, item in value.items()]
    return "\n" + "\n".join(pairs)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: str(path.name)[:3])
def test_seeds_are_outlines(path: Path) -> None:
    """What real articles look like needs no YAML events."""
    front, _ = split(decode(path.read_bytes()))
    assert outline(front, Everything()) == yaml.load(front, Strings)


@given(MAPPINGS)
def test_what_is_written_as_an_outline_comes_back(values: dict[str, Any]) -> None:
    """Nested lists and mappings are read as they were meant, without YAML."""
    text = written(values)
    assert yaml.load(text, Strings) == values
    if "\n" + " " * 13 not in text:
        assert outline(text, Everything()) == values


@given(st.lists(LINES, max_size=8), st.sampled_from(["", "---\n"]))
@example(["a:", "- b: x", "  c:", "  - y", "  -  a: z", "     b: w", "b: v"], "---\n")
@example(["a:", "  b: x", "   c: y"], "")
@example(["a: x", "  y"], "")
@example(["a: x", "- y"], "")
def test_an_outline_is_what_yaml_says(lines: list[str], opening: str) -> None:
    """Where a text is read as an outline, YAML makes the same values of it."""
    text = opening + "".join(f"{line}\n" for line in lines)
    found = outline(text, Everything())
    if found is not None:
        assert found == yaml.load(text, Strings)


@pytest.mark.parametrize(
    "text",
    [
        "a: [x, y]\n",
        "a: |\n  x\n",
        "a: 'x'\n",
        "a: x # y\n",
        "a: x: y\n",
        "a: x\n b\n",
        'a: "x\n  y"\n',
        'a: "\\u00e9"\n',
        "a: &x y\nb: *x\n",
        "a: x\x07\n",
        "a: x\n  b: y\n",
        "a: x\n---\nb: y\n",
        "- x\n",
        "a: x",
        "",
        "".join(f"{' ' * n}a:\n" for n in range(40)),
        "a: x\n" * LONGEST,
        "a" * 1025 + ": x\n",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_outline(text: str) -> None:
    """Whatever else YAML allows or refuses is left to YAML."""
    assert outline(text, Everything()) is None
