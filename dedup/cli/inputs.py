"""Protection of inputs: a command never overwrites what it reads."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dedup.errors import DedupError, ReadError
from dedup.model.article import SkippedRecord, kind_of
from dedup.runtime.whole_file import PARTIAL

STANDARD_OUTPUT = "-"
# Opened by name, they would be truncated or replaced while the shell still appends to them.
_STANDARD_NAMES = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}


def name_output(path: str | None) -> str | None:
    """Return ``-`` for any name of standard output.

    Raises
    ------
    UsageError
        If the path is empty.
    """
    if path == "":
        raise click.UsageError("the path of an output is empty")
    return STANDARD_OUTPUT if path in _STANDARD_NAMES else path


def is_one_file(path: str, other: str) -> bool:
    """Return whether two outputs are one file, even through links or standard output."""
    places = [Path("/dev/stdout" if one == STANDARD_OUTPUT else one) for one in (path, other)]
    return path == other or os.path.realpath(path) == os.path.realpath(other) or _is_same(*places)


def is_index(path: str) -> bool:
    """Return whether a path is the directory of an index."""
    from dedup.index import FILE

    return path != "-" and os.path.isfile(os.path.join(path, FILE))  # noqa: PTH113, PTH118


def check_any(n_read: int, paths: Sequence[str]) -> None:
    """Fail a command whose input has no article.

    Raises
    ------
    DedupError
        If it has none; an empty index is named as such.
    """
    if n_read:
        return
    named = ", ".join(dict.fromkeys(paths))
    if all(map(_is_empty_index, paths)):
        raise DedupError(f"no article in {named}; add some: dedup index add INDEX PATH")
    raise DedupError(f"no readable article in {named}")


def _is_empty_index(path: str) -> bool:
    from dedup import Index

    if not is_index(path):
        return False
    with Index(path, mode="r") as index:
        return len(index) == 0


def check_skipped(n_read: int, skipped: Sequence[SkippedRecord]) -> None:
    """Fail a run that skipped most of its records, and name the most frequent reason.

    Raises
    ------
    DedupError
        If it did; the reason says what to try.
    """
    if len(skipped) <= n_read:
        return
    kinds = Counter(kind_of(one.reason) for one in skipped)
    kind, n = kinds.most_common(1)[0]
    example = next(one for one in skipped if kind_of(one.reason) == kind)
    n_records = n_read + len(skipped)
    raise DedupError(
        f"{len(skipped):,} of {n_records:,} records were skipped, {n:,} of them like {example}"
    )


def check_present(paths: Sequence[str]) -> None:
    """Refuse a path that does not exist, before any work.

    Raises
    ------
    UsageError
        If a path is empty.
    ReadError
        If a path does not exist.
    """
    for path in paths:
        if not path:
            raise click.UsageError("a path is empty")
        try:
            if path != "-":
                os.stat(path)  # noqa: PTH116 - `path` stays as given
        except OSError as error:
            raise ReadError(path, error.strerror or str(error)) from None


def check_output(
    path: str, inputs: Sequence[str], option: str = "--output", *, is_folder: bool = False
) -> None:
    """Refuse an output that would overwrite an input, even through links.

    Raises
    ------
    UsageError
        If `path` is an input, contains one or lies in one.
    """
    read = [Path("/dev/stdin" if one == "-" else one) for one in inputs]
    if path == STANDARD_OUTPUT:
        target = Path(os.path.realpath("/dev/stdout"))
        for found in read if target.is_file() else ():
            if why := _conflict(target, found, is_folder=False):
                raise click.UsageError(
                    f"standard output {why} {found}, which dedup does not overwrite; "
                    "give --output another file"
                )
        return
    if is_folder and os.path.isfile(path):  # noqa: PTH113 - the writer refuses it
        return
    what = "a directory outside" if is_folder else "another file"
    part = f"{path.rstrip('/')}{PARTIAL}"
    for place, named in ((path, path), (part, f"{path}: its partial file {part}")):
        target = Path(os.path.realpath(place))
        for found in read:
            if why := _conflict(target, found, is_folder):
                raise click.UsageError(
                    f"{option} {named} {why} {found}: dedup does not overwrite inputs; name {what}"
                )


def _conflict(target: Path, given: Path, is_folder: bool) -> str | None:
    """Describe how an output conflicts with an input; None if it does not."""
    root = Path(os.path.realpath(given))
    if target == root or _is_same(target, given):
        return "is the input"
    if is_folder and target in root.parents:
        return "contains the input"
    if root in target.parents and (is_index(str(root)) or not root.exists()):
        return "lies in the index"
    if root in target.parents and _is_read(target.relative_to(root), is_folder):
        return "lies in the input directory"
    if target.exists() and root.is_dir():
        for file in root.iterdir() if is_index(str(root)) else _files(given):
            if _is_same(target, file) or (is_folder and target in file.resolve().parents):
                return f"{'contains' if is_folder else 'is'} a file of the input"
    return None


def _is_same(target: Path, read: Path) -> bool:
    """Return whether two paths are one file or directory; devices and pipes never are."""
    try:
        return (target.is_file() or target.is_dir()) and target.samefile(read)
    except OSError:
        return False


def _is_read(name: Path, is_folder: bool) -> bool:
    """Return whether walking a directory would read this file, or files in this folder."""
    from dedup.readers import FORMATS
    from dedup.readers.sources import format_suffix

    is_hidden = any(part.startswith(".") for part in name.parts)
    return not is_hidden and (is_folder or format_suffix(name.name) in FORMATS)


def _files(directory: Path) -> Iterator[Path]:
    from dedup.readers import FORMATS
    from dedup.readers.sources import InputFile, find_sources

    for found in find_sources(str(directory), FORMATS):
        if isinstance(found, InputFile):
            yield Path(found.path)
