"""Output: standard output, or a file that appears complete or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from dedup.cli.console import say
from dedup.cli.inputs import STANDARD_OUTPUT, check_output
from dedup.errors import DedupError
from dedup.render.naming import Look
from dedup.runtime.whole_file import (
    PARTIAL,
    is_own_folder,
    naming,
    opened,
    whole_file,
    whole_folder,
)

# Names that promise a format; none of these outputs is compressed.
_FORMATS = {
    ".html": "html", ".htm": "html", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv",
    ".parquet": "parquet", ".png": "png",
}  # fmt: skip
_COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz")


class Output:
    """Writes lines in UTF-8, whatever the locale.

    Parameters
    ----------
    stream : BinaryIO
        Target of the lines.
    path : str
        Name of the output in messages.
    partial : str or None
        Name of the incomplete output; `path` if None.
    """

    def __init__(self, stream: BinaryIO, path: str, partial: str | None = None) -> None:
        self.stream = self._stream = stream
        self.path = path
        self.partial = partial or path
        self.is_partial = False

    @property
    def look(self) -> Look:
        """Color and width of text output (https://no-color.org)."""
        return Look(color=self._stream.isatty() and not os.environ.get("NO_COLOR"))

    def write(self, lines: Iterable[str]) -> None:
        """Write lines, each with a line feed."""
        for line in lines:  # errors of the iterator are not about this path
            with naming(self.path):
                self._stream.write(line.encode(errors="backslashreplace") + b"\n")
        with naming(self.path):
            self._stream.flush()


@contextmanager
def open_output(
    path: str, inputs: Sequence[str], option: str = "--output", written: str | None = None
) -> Iterator[Output]:
    """Open the output before the work begins, so that a bad path fails at once.

    Parameters
    ----------
    path : str
        A file, or "-" for standard output. The file is replaced at the end; an error leaves it
        unchanged. A partial output is kept as ``path.partial``.
    inputs : sequence of str
        Paths that the command reads; none is overwritten.
    option : str
        The option that names the file.
    written : str or None
        Format of the lines, which the suffix of the path must not contradict; None for any.

    Yields
    ------
    Output
        Takes lines.

    Raises
    ------
    UsageError
        If the file is an input, or named for another format.
    OSError
        If it cannot be written.
    """
    if path.endswith("/"):
        raise click.UsageError(f"{option} {path} is a directory, and the output is one file")
    check_output(path, inputs, option)
    if written is not None:
        _check_suffix(path, option, written)
    target = Path(path)
    if path == STANDARD_OUTPUT:
        if sys.stdout is None:
            raise DedupError("standard output is closed: give --output FILE")
        yield Output(sys.stdout.buffer, "standard output")
    elif target.exists() and not target.is_file():  # a device or a pipe
        with opened(target, "wb", path) as stream:
            yield Output(stream, path)
    else:
        with whole_file(path) as part:
            output = Output(part.stream, path, f"{path}{PARTIAL}")
            try:
                yield output
            finally:
                part.is_kept = output.is_partial


def _check_suffix(path: str, option: str, written: str) -> None:
    suffix = Path(path).suffix.lower()
    if suffix in _COMPRESSIONS:
        raise click.UsageError(
            f"{option} {path}: results are not compressed; leave {suffix} out, compress later"
        )
    named = _FORMATS.get(suffix, written)
    if named != written:
        raise click.UsageError(
            f"{option} {path} is a name for {named}, and the format is {written}: change the name, "
            "or --format if the command has it"
        )


@contextmanager
def open_folder(
    path: str, inputs: Sequence[str], *, overwrite: bool = False, keeps_partial: bool = False
) -> Iterator[Path]:
    """Open an output directory whose files all appear at the end.

    Parameters
    ----------
    path : str
        A directory, created if missing.
    inputs : sequence of str
        Paths that the command reads; none is overwritten.
    overwrite : bool
        Whether a directory with the files of an earlier run is replaced.
    keeps_partial : bool
        Whether an interrupt keeps the files so far as ``path.partial``, and says so.

    Yields
    ------
    Path
        An empty temporary directory. An error discards it.

    Raises
    ------
    UsageError
        If the directory is an input, contains one or lies in one, or is not empty.
    OSError
        If it cannot be written.
    """
    check_output(path, inputs, is_folder=True)
    check_folder(path, overwrite=overwrite)
    with whole_folder(path, keeps_partial=keeps_partial) as part:
        try:
            yield part
        except KeyboardInterrupt:
            if keeps_partial and any(part.iterdir()):
                say(f"partial results are in {path.rstrip('/')}{PARTIAL}")
            raise


def check_folder(path: str, *, overwrite: bool) -> None:
    """Refuse a directory with files, unless an earlier run made all of them.

    Raises
    ------
    UsageError
        If the directory is not empty.
    """
    if not Path(path).is_dir() or not any(Path(path).iterdir()):
        return
    if not is_own_folder(path):
        raise click.UsageError(f"--output {path} holds other files: name a new or empty directory")
    if not overwrite:
        raise click.UsageError(
            f"--output {path} holds an earlier result: name a new directory, or give --overwrite"
        )
