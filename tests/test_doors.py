"""The doors: what is exported, what an import costs, what is documented."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pytest

import dedup
from dedup.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent

EXPORTED = [
    "Article",
    "ArticleSummary",
    "Boilerplate",
    "CorruptFile",
    "Credit",
    "DedupError",
    "DroppedArticle",
    "Edit",
    "Explanation",
    "Family",
    "Filtered",
    "IncomparableSketches",
    "IncompatibleFile",
    "Index",
    "IndexStats",
    "LockedIndex",
    "Match",
    "Matches",
    "Member",
    "MissingExtra",
    "Occurrence",
    "Origin",
    "Overlap",
    "ParameterError",
    "Params",
    "Passage",
    "ReadError",
    "Report",
    "Share",
    "SketchParams",
    "Sketches",
    "SkippedRecord",
    "Span",
    "Step",
    "StoreError",
    "Story",
    "Stretch",
    "TextBuffer",
    "__version__",
    "compare",
    "explain",
    "filter",
    "find_overlaps",
    "read",
    "sketch",
]
READING = {
    "dedup",
    "dedup.readers",
    "dedup.model.date_forms",
    "dedup.pattern",
    "dedup.model.date_words",
    "dedup.model.article",
    "dedup.errors",
    "dedup.model",
    "dedup.model.story",
    "dedup.model.figures",
    "dedup.model.match",
    "dedup.model.passage",
    "dedup.model.report",
}
DOCUMENTED = [name for name in EXPORTED if name != "__version__"]


def test_the_front_door_is_the_pinned_list() -> None:
    assert dedup.__all__ == EXPORTED == sorted(EXPORTED)
    assert dir(dedup) == EXPORTED
    assert all(hasattr(dedup, name) for name in EXPORTED)


def test_no_two_classes_have_one_name() -> None:
    paths = (ROOT / "dedup").rglob("*.py")
    classes = [re.findall(r"^ *class _?(\w+)", path.read_text("utf-8"), re.M) for path in paths]
    assert [name for name, n in Counter(chain(*classes)).items() if n > 1] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        dedup.nonsense  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import dedup", {"dedup"}),
        ("from dedup import read", READING),
    ],
)
def test_an_import_loads_no_more_than_it_must(statement: str, allowed: set[str]) -> None:
    script = (
        f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sys.modules.keys() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, cwd=ROOT
    )
    foreign = {
        name for name in done.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names
    }
    inside = {name for name in foreign if not name.startswith("dedup.readers.")}
    assert inside == allowed


def commands() -> dict[str, click.Command]:
    """Return all commands, those of groups among them, by what is typed."""
    found = {name: main.get_command(click.Context(main), name) for name in COMMANDS}
    named = {name: command for name, command in found.items() if command is not None}
    for name, group in list(named.items()):
        if isinstance(group, click.Group):
            named |= {f"{name} {inner}": command for inner, command in group.commands.items()}
    return named


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_helped(name: str) -> None:
    command = commands()[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"dedup {name} {parameter.opts[0]} has no help"


@pytest.mark.parametrize("name", DOCUMENTED)
def test_docstrings_document_the_signature(name: str) -> None:
    public = getattr(dedup, name)
    assert_documented(name, public)
    if inspect.isclass(public):
        for method_name in dir(public):
            method = inspect.getattr_static(public, method_name)
            if isinstance(method, classmethod):
                method = method.__func__
            is_public = inspect.isfunction(method) and not method_name.startswith("_")
            if is_public and method.__module__.startswith("dedup."):
                assert_documented(f"{name}.{method_name}", method)


def assert_documented(name: str, documented: Any) -> None:
    doc = inspect.getdoc(documented)
    assert doc, f"{name} has no docstring"
    assert re.match(r"[A-Z].*[.:]$", doc.splitlines()[0]), f"{name}: no sentence to begin with"
    is_class = inspect.isclass(documented)
    if is_class and issubclass(documented, tuple | Exception) and "Parameters\n---" not in doc:
        return  # its fields, or its message, are what the first sentence says
    assert parameters_of(doc) == signature_of(documented), f"{name}: Parameters differ"


def signature_of(documented: Any) -> list[str]:
    parameters = inspect.signature(documented).parameters.values()
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    names = [stars.get(p.kind, "") + p.name for p in parameters]
    return [name for name in names if name not in ("self", "cls")]


def parameters_of(doc: str) -> list[str]:
    """Return the names that a NumPy docstring documents, in order."""
    section = re.search(
        r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", doc, re.DOTALL | re.MULTILINE
    )
    if section is None:
        return []
    heads = re.findall(r"^(\S[^:\n]*?)(?: :.*)?$", section[1], re.MULTILINE)
    return [name.strip() for head in heads for name in head.split(",")]
