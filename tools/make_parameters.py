"""Make docs/parameters.md out of the parameter blocks: ``python -m tools.make_parameters``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from inspect import getdoc
from pathlib import Path
from typing import Any

from dedup.params import Params

PAGE = Path(__file__).parents[1] / "docs" / "parameters.md"
_HEAD = """# Parameters

`--set BLOCK.NAME=VALUE` gives a parameter another value than the preset has. `dedup report`,
`compare`, `explain`, `filter`, `index add` and `index query` take it, more than once if need be. In
Python a parameter is a field of `dedup.Params`, and `Params.with_values` takes the same names. The
blocks `sketch`, `band`, `seed` and `boilerplate` decide what an index stores of an article: an
index refuses values other than those that it was made with.

`python -m tools.make_parameters` makes this page. Defaults are those of the preset `news`.
"""
_MEANING = re.compile(r"^([\w, ]+) : .*\n((?:    .*\n?)+)", re.MULTILINE)
_CODE = re.compile(r":\w+:`([^`]+)`|``([^`]+)``")


def render() -> str:
    """Render the page."""
    return "\n".join([_HEAD, *_tables(Params())])


def _tables(params: Params) -> Iterator[str]:
    for one in fields(params):
        block = getattr(params, one.name)
        doc = getdoc(type(block)) or ""
        yield f"## {one.name}\n\n{doc.splitlines()[0]}\n\n| name | default | |\n|---|---|---|"
        yield from _rows(block, doc)
        yield ""


def _rows(block: Any, doc: str) -> Iterator[str]:
    meanings = {name: text for names, text in _MEANING.findall(doc) for name in names.split(", ")}
    for one in fields(block):
        value = getattr(block, one.name)
        shown = str(value).lower() if isinstance(value, bool) else value
        text = _CODE.sub(r"`\1\2`", " ".join(meanings[one.name].split()))
        yield f"| `{one.name}` | {shown} | {text} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
