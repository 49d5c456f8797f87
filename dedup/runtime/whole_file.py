"""Atomic writing of files and folders: they appear complete or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

# Suffix of incomplete files and folders.
PARTIAL = ".partial"
# File that lists the files of a folder: only such a folder is ever replaced.
MARK = ".dedup"
_MARK_LINE = "Files that dedup wrote; it replaces this folder only while there are no others:"


@dataclass(slots=True)
class Part:
    """A file being written; `is_kept` keeps it as ``.partial`` after an error."""

    stream: BinaryIO
    is_kept: bool = False


@contextmanager
def whole_file(path: str | os.PathLike[str], *, is_durable: bool = False) -> Iterator[Part]:
    """Write a file under a hidden name and rename it at the end.

    Parameters
    ----------
    path : str or path-like
        The file; links are followed. An error leaves it unchanged.
    is_durable : bool
        Whether to sync the content to disk before the rename.

    Yields
    ------
    Part
        Takes the content, and can be read.

    Raises
    ------
    OSError
        If the file cannot be written; the error names `path`.
    """
    target = Path(os.path.realpath(path))
    hidden, part = hidden_beside(target), None
    try:
        with opened(hidden, "x+b", path) as stream:
            part = Part(stream)
            yield part
            if is_durable:
                stream.flush()
                os.fsync(stream.fileno())
        with naming(path):
            if target.exists():
                shutil.copymode(target, hidden)
            hidden.replace(target)
    except BaseException:
        if part and part.is_kept:
            hidden.replace(f"{target}{PARTIAL}")
        raise
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str, *, keeps_partial: bool = False) -> Iterator[Path]:
    """Write files into a hidden directory and move them at the end.

    Parameters
    ----------
    path : str
        The directory: missing, empty or, as :func:`is_own_folder` tells, made by an earlier call
        and then replaced.
    keeps_partial : bool
        Whether an interrupt keeps the new files in ``path.partial``.

    Yields
    ------
    Path
        An empty directory for the files.

    Raises
    ------
    OSError
        If the directory cannot be written or holds other files; the error names `path`.
    """
    target = Path(os.path.realpath(path))
    hidden = hidden_beside(target)
    with naming(path):
        _check_folder(target)
    try:
        with naming(path):
            hidden.mkdir()
        yield hidden
        with naming(path):
            _mark(hidden)
            _check_folder(target)
            (_exchange if _has_files(target) else _merge)(hidden, target)
    except KeyboardInterrupt:
        if keeps_partial and hidden.is_dir() and any(hidden.iterdir()):
            partial = Path(f"{target}{PARTIAL}")
            if is_own_folder(partial):
                shutil.rmtree(partial, ignore_errors=True)
            _mark(hidden)
            if not partial.exists():
                hidden.replace(partial)
        raise
    except OSError as error:  # of a library, or with the hidden name
        if error.filename is None or str(hidden) in str(error.filename):
            error.filename = path
        raise
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def is_own_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether a directory has only files that :func:`whole_folder` put there."""
    folder = Path(path)
    try:
        first, *names = (folder / MARK).read_text(errors="replace").split("\n")
    except OSError:
        return False
    return first == _MARK_LINE and set(_names(folder)) <= {*names, MARK}


def _check_folder(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "not a directory")
    if _has_files(target) and not is_own_folder(target):
        raise FileExistsError(errno.EEXIST, "holds files that dedup did not write there")


def _mark(folder: Path) -> None:
    (folder / MARK).write_text("\n".join([_MARK_LINE, *_names(folder), ""]))


def _has_files(target: Path) -> bool:
    return target.is_dir() and any(target.iterdir())


def _names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_symlink() or not file.is_dir())


@contextmanager
def opened(
    file: Path, mode: Literal["wb", "x+b"], path: str | os.PathLike[str]
) -> Iterator[BinaryIO]:
    """Open a file; errors name `path`, as the user typed it."""
    with naming(path):
        stream: BinaryIO = file.open(mode)
    try:
        yield stream
    finally:
        with naming(path):  # closing flushes, which can fail
            stream.close()


@contextmanager
def naming(path: str | os.PathLike[str]) -> Iterator[None]:
    """Name `path` in an OSError, as the user typed it."""
    # The system names no file, or a hidden one.
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def hidden_beside(target: Path) -> Path:
    """Return a new hidden path in the directory of a file or folder."""
    return target.with_name(f".dedup-{os.urandom(8).hex()}.part")


def _exchange(hidden: Path, target: Path) -> None:
    old = hidden_beside(target)
    try:
        if target.exists():
            target.replace(old)
        hidden.replace(target)
    finally:
        if old.exists() and not target.exists():
            old.replace(target)
        shutil.rmtree(old, ignore_errors=True)


def _merge(hidden: Path, target: Path) -> None:
    for file in sorted(hidden.rglob("*")):
        if not file.is_dir():
            place = target / file.relative_to(hidden)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
    target.mkdir(exist_ok=True)


def sync_folder(directory: Path) -> None:
    """Make the names in a directory durable."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
