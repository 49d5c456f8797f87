"""Where a report goes that is more than one file: a folder that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from dedup.cli.inputs import STANDARD_OUTPUT, check_output
from dedup.cli.output import Output
from dedup.errors import DedupError
from dedup.runtime.whole_file import opened, whole_folder

# What a folder holds that a report may replace: a page of ours, and its data.
_MARK = '<meta name="generator" content="dedup '
_OURS = {"index.html", "data"}


def is_folder(path: str, formats: str) -> bool:
    """Say whether results go to a folder: pictures always, a page if the path has no suffix."""
    if formats == "png":
        if path == STANDARD_OUTPUT:
            raise click.UsageError("--format png makes several files: give --output DIR")
        return True
    if formats != "html" or path == STANDARD_OUTPUT:
        return False
    target = Path(path)
    return target.is_dir() or path.endswith("/") or not (target.suffix or target.exists())


class Folder:
    """Files that are not yet where they will be.

    Parameters
    ----------
    part : Path
        The directory that they are written to.
    """

    def __init__(self, part: Path) -> None:
        self._part = part

    def write(self, files: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Write files, each given by its path in the folder and its parts."""
        for name, parts in files:
            path = self._part / name
            path.parent.mkdir(exist_ok=True)
            with opened(path, "x+b", path) as stream:
                Output(stream, str(path)).write(parts)


@contextmanager
def open_page_folder(path: str, inputs: Sequence[str]) -> Iterator[Folder]:
    """Open a folder before the work begins, so that a bad one is known at once.

    Parameters
    ----------
    path : str
        A directory. It may be missing, empty, or hold a page of an earlier report, which
        is replaced when everything is written.
    inputs : sequence of str
        What the command reads: nothing of it is written onto.

    Yields
    ------
    Folder
        Takes the files.

    Raises
    ------
    UsageError
        If it is an input, contains one or lies in one.
    DedupError
        If it holds anything else, or the directory that it would be in is missing.
    OSError
        If nothing can be written there.
    """
    _check(Path(path).resolve(), path)
    check_output(path, inputs, is_folder=True)
    with whole_folder(path, replaces=True) as part:
        yield Folder(part)


def _check(target: Path, path: str) -> None:
    if not target.parent.is_dir():
        raise DedupError(f"{path} cannot be made: there is no directory {target.parent}")
    if not target.exists():
        return
    names = {one.name for one in target.iterdir()}
    page = target / "index.html"
    is_ours = names <= _OURS and page.is_file() and _MARK in page.read_text(errors="replace")[:4000]
    if names and not is_ours:
        raise DedupError(f"{path} holds other files; a report needs a new or an empty folder")
