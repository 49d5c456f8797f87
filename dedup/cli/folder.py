"""Output folder of a page and its data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from dedup.cli.inputs import STANDARD_OUTPUT
from dedup.cli.output import Output
from dedup.runtime.whole_file import opened


def is_folder(path: str, formats: str) -> bool:
    """Return whether the output is a folder: always for PNG; for HTML, if it has no suffix."""
    if formats == "png":
        if path == STANDARD_OUTPUT:
            raise click.UsageError("--format png writes several files: give --output DIR")
        return True
    if formats != "html" or path == STANDARD_OUTPUT:
        return False
    target = Path(path)
    return target.is_dir() or path.endswith("/") or not (target.suffix or target.exists())


class Folder:
    """Files in a temporary directory."""

    def __init__(self, part: Path) -> None:
        self._part = part

    def write(self, files: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Write files, each a path in the folder and parts of its text."""
        for name, parts in files:
            path = self._part / name
            path.parent.mkdir(exist_ok=True)
            with opened(path, "x+b", path) as stream:
                Output(stream, str(path)).write(parts)
