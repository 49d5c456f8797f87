"""Output folder of a report of several files: complete, or not there at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from dedup.cli.inputs import STANDARD_OUTPUT, check_output
from dedup.cli.output import Output
from dedup.errors import DedupError
from dedup.runtime.whole_file import opened, whole_folder

# A report replaces only a folder that holds an earlier page and its data.
_MARK = '<meta name="generator" content="dedup '
_OURS = {"index.html", "data"}


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


@contextmanager
def open_page_folder(path: str, inputs: Sequence[str]) -> Iterator[Folder]:
    """Open an output folder before the work begins, so that a bad path fails at once.

    Raises
    ------
    UsageError
        If `path` is an input, contains one or lies in one.
    DedupError
        If `path` holds other files, or its parent directory is missing.
    OSError
        If it cannot be written.
    """
    _check(Path(path).resolve(), path)
    check_output(path, inputs, is_folder=True)
    with whole_folder(path, replaces=True) as part:
        yield Folder(part)


def _check(target: Path, path: str) -> None:
    if not target.parent.is_dir():
        raise DedupError(f"cannot create {path}: no directory {target.parent}")
    if not target.exists():
        return
    names = {one.name for one in target.iterdir()}
    page = target / "index.html"
    is_ours = names <= _OURS and page.is_file() and _MARK in page.read_text(errors="replace")[:4000]
    if names and not is_ours:
        raise DedupError(f"{path} holds other files; a report needs a new or empty directory")
