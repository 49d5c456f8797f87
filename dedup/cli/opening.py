"""Open an index for a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

import click

from dedup.cli.inputs import is_index
from dedup.cli.options import Options
from dedup.errors import StoreError

if TYPE_CHECKING:
    from dedup.index.index import Index

of_index = click.argument("path", metavar="INDEX")
of_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")


def check_is_index(path: str) -> None:
    """Refuse a path that is not an index."""
    if not is_index(path):
        is_missing = not os.path.lexists(path)
        raise StoreError(path, "not an index" + ": no such directory" * is_missing)


def open_index(
    path: str,
    given: Options,
    mode: Literal["a", "r"],
    *,
    may_make: bool = False,
    compares: bool = False,
) -> Index:
    """Open an index; only a command that compares needs its recipe."""
    if not path:
        raise click.UsageError("the path of the index is empty")
    if not may_make:
        check_is_index(path)
    from dedup import Index

    params = given.params if compares else None
    return Index(path, params, mode=mode, timeout=given.timeout)
