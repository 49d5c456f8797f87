"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dedup.cli.console import say
from dedup.cli.inputs import STANDARD_OUTPUT, check_output
from dedup.render.naming import Look
from dedup.runtime.whole_file import PARTIAL, naming, opened, whole_file, whole_folder


class Output:
    """Lines to a stream, in UTF-8 whatever the locale says.

    Parameters
    ----------
    stream : BinaryIO
        Where they go.
    path : str
        What a user calls it.
    partial : str or None
        What it is called if only a part was written, unless that is the same.
    """

    def __init__(self, stream: BinaryIO, path: str, partial: str | None = None) -> None:
        self.stream = self._stream = stream
        self.path = path
        self.partial = partial or path
        self.is_partial = False

    @property
    def look(self) -> Look:
        """How text for people is set there (https://no-color.org)."""
        return Look(color=self._stream.isatty() and not os.environ.get("NO_COLOR"))

    def write(self, lines: Iterable[str]) -> None:
        """Write lines that have no ends yet."""
        for line in lines:  # making one may fail elsewhere
            with naming(self.path):
                self._stream.write(line.encode(errors="backslashreplace") + b"\n")
        with naming(self.path):
            self._stream.flush()


@contextmanager
def open_output(path: str, inputs: Sequence[str], option: str = "--output") -> Iterator[Output]:
    """Open the place for results before the work begins, so that a bad one is known at once.

    Parameters
    ----------
    path : str
        A file, or "-" for standard output. A file takes the new content when everything is
        written; an error leaves it as it was. If the output is marked as partial, what was
        written stays beside it.
    inputs : sequence of str
        What the command reads: nothing of it is written onto.
    option : str
        The option that names the file.

    Yields
    ------
    Output
        Takes the lines.

    Raises
    ------
    UsageError
        If the file is an input.
    OSError
        If nothing can be written there.
    """
    check_output(path, inputs, option)
    target = Path(path)
    if path == STANDARD_OUTPUT:
        yield Output(sys.stdout.buffer, "standard output")
    elif target.exists() and not target.is_file():  # a device or a pipe has nothing to lose
        with opened(target, "wb", path) as stream:
            yield Output(stream, path)
    else:
        with whole_file(path) as part:
            output = Output(part.stream, path, f"{path}{PARTIAL}")
            try:
                yield output
            finally:
                part.is_kept = output.is_partial


@contextmanager
def open_folder(path: str, inputs: Sequence[str]) -> Iterator[Path]:
    """Open a directory for results, whose files appear there all at once at the end.

    Parameters
    ----------
    path : str
        A directory, which is made if there is none. Files of other names in it stay.
    inputs : sequence of str
        What the command reads: nothing of it is written onto.

    Yields
    ------
    Path
        An empty directory for the files. An error leaves nothing of them; an interrupt leaves
        them in ``path.partial``, and says so.

    Raises
    ------
    UsageError
        If the directory is an input, contains one or lies in one.
    OSError
        If nothing can be written there.
    """
    check_output(path, inputs, is_folder=True)
    with whole_folder(path) as part:
        try:
            yield part
        except KeyboardInterrupt:
            if any(part.iterdir()):
                say(f"what was written before the end is in {path.rstrip('/')}{PARTIAL}")
            raise
