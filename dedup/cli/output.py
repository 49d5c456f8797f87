"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from dedup.cli.speech import say
from dedup.render.naming import Look

STANDARD_OUTPUT = "-"
# What a file is called that holds a part of what was to be written.
_PARTIAL = ".partial"


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
def open_output(path: str) -> Iterator[Output]:
    """Open the place for results before the work begins, so that a bad one is known at once.

    Parameters
    ----------
    path : str
        A file, or "-" for standard output. A file takes the new content when everything
        was written; whatever fails before leaves it as it was. What was written of it stands
        beside it then if the output is marked as partial, and nowhere otherwise.

    Yields
    ------
    Output
        Takes the lines.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    target = Path(os.path.realpath(path))  # behind a link: the link shall stay one
    if path == STANDARD_OUTPUT:
        yield Output(sys.stdout.buffer, "standard output")
    elif target.exists() and not target.is_file():  # a device or a pipe has nothing to lose
        with _opened(target, "wb", path) as stream:
            yield Output(stream, path)
    else:
        output = None
        part = target.with_name(f".dedup-{os.urandom(8).hex()}.part")
        try:
            with _opened(part, "xb", path) as stream:
                output = Output(stream, path, f"{path}{_PARTIAL}")
                yield output
            with naming(path):
                if target.exists():
                    shutil.copymode(target, part)
                part.replace(target)
        except BaseException:
            if output and output.is_partial:
                part.replace(f"{target}{_PARTIAL}")
            raise
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def open_folder(path: str) -> Iterator[Path]:
    """Open a directory for results, whose files appear there all at once at the end.

    Parameters
    ----------
    path : str
        A directory, which is made if there is none. Files of other names in it are left alone.

    Yields
    ------
    Path
        An empty directory beside it, for the files. What fails leaves nothing of them; what is
        interrupted leaves them in ``path.partial``, and says so.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".dedup-{os.urandom(8).hex()}.part")
    with naming(path):
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a directory")
        part.mkdir()
    try:
        yield part
        with naming(path):
            for file in sorted(part.rglob("*")):
                if not file.is_dir():
                    place = target / file.relative_to(part)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    file.replace(place)
            target.mkdir(exist_ok=True)
    except KeyboardInterrupt:
        if any(part.iterdir()):
            partial = Path(f"{target}{_PARTIAL}")
            shutil.rmtree(partial, ignore_errors=True)
            part.replace(partial)
            say(f"what was written before the end is in {path.rstrip('/')}{_PARTIAL}")
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _opened(target: Path, mode: Literal["wb", "xb"], path: str) -> Iterator[BinaryIO]:
    with naming(path):
        stream = target.open(mode)
    try:
        yield stream
    finally:
        with naming(path):  # closing writes what is left, and can fail
            stream.close()


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Have an OSError name the place that a user typed."""
    # The system does not know which file was full, or names one that the user does not know.
    try:
        yield
    except OSError as error:
        error.filename = path
        raise
