"""The doors of the core and the types of their arguments, read from ``dedup/_core.pyi``.

A new door is fuzzed as soon as its types are written there; nobody has to add it here.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dedup import _core

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Argument:
    """One argument: ``kind`` is "array", "tuple", or the name of its type."""

    name: str
    kind: str
    dtype: np.dtype[Any] | None = None
    n_dimensions: int = 0
    # Of a tuple, the types of its members.
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Door:
    """A function of the core, or a class of which one is made."""

    name: str
    arguments: tuple[Argument, ...]

    def __call__(self, *values: object) -> object:
        return getattr(_core, self.name)(*values)


def _signature(name: str) -> str:
    # Only the compiled signature tells how many dimensions an array has and what is in a tuple.
    door = getattr(_core, name)
    return str((door.__init__ if isinstance(door, type) else door).__doc__).split("\n")[0]


def _argument(argument: ast.arg, signature: str) -> Argument:
    name, told = argument.arg, ast.unparse(argument.annotation) if argument.annotation else ""
    if array := re.fullmatch(r"NDArray\[np\.(\w+)\]", told):
        shape = re.search(rf"\b{name}: ndarray\[dtype=\w+, shape=\(([*, ]+)\)", signature)
        n_dimensions = shape[1].count("*") if shape else 1
        return Argument(name, "array", np.dtype(array[1].rstrip("_")), n_dimensions)
    if told.startswith("tuple"):
        members = re.search(rf"\b{name}: tuple\[([\w, ]+)\]", signature)
        return Argument(name, "tuple", members=tuple(members[1].split(", ")) if members else ())
    return Argument(name, told)


def read_doors() -> dict[str, Door]:
    """Return all doors that have arguments, by name."""
    stubs = ast.parse((ROOT / "dedup" / "_core.pyi").read_text(encoding="utf-8"))
    doors = {}
    for node in stubs.body:
        if isinstance(node, ast.FunctionDef):
            function, skip = node, 0
        elif isinstance(node, ast.ClassDef):
            inner = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            function, skip = next(one for one in inner if one.name == "__init__"), 1
        else:
            continue
        signature = _signature(node.name)
        arguments = tuple(_argument(one, signature) for one in function.args.args[skip:])
        if arguments:
            doors[node.name] = Door(node.name, arguments)
    return doors
