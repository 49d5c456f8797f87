"""Output of a filter: one file in the format of the input, or a directory of files."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.inputs import STANDARD_OUTPUT, is_one_file
from dedup.cli.output import Output
from dedup.runtime.whole_file import naming

if TYPE_CHECKING:
    from dedup.readers.records import LocatedRecord
    from dedup.readers.sources import InputFile

_FILES = (".txt", ".md", ".html", ".htm")


class File(AbstractContextManager["File"]):
    """One file, or standard output, for all records."""

    def __init__(self, output: Output, path: str, suffix: str) -> None:
        from dedup.readers.rewrite import REWRITERS
        from dedup.readers.sources import compressed

        self._output, self._stack = output, ExitStack()
        stream = self._stack.enter_context(compressed(output.stream, path))
        self._writer = REWRITERS[suffix](stream)

    def write(self, record: LocatedRecord) -> None:
        """Write a record."""
        with naming(self._output.path):
            self._writer.write(record)

    def __exit__(self, kind: object, *_: object) -> None:
        with naming(self._output.path), self._stack:
            if kind is None:
                self._writer.close()
                self._output.stream.flush()


class FilteredFolder(AbstractContextManager["FilteredFolder"]):
    """A directory with the input files, each reduced to its kept articles."""

    def __init__(self, folder: Path, path: str, sources: list[InputFile]) -> None:
        self._folder, self._path = folder, path
        self._sources = {source.path: source for source in sources}
        self._open: tuple[str, Any, ExitStack] | None = None

    def write(self, record: LocatedRecord) -> None:
        """Write a record into the file of the same name, or copy a file of one article."""
        with naming(self._path):
            self._write(record)

    def _write(self, record: LocatedRecord) -> None:
        source = self._sources[record.path]
        place = self._folder / name_in_folder(source)
        if source.suffix in _FILES:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.path, place)
            return
        if self._open is None or self._open[0] != source.path:
            self._close()
            self._open = self._start(source, place)
        self._open[1].write(record)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            with naming(self._path):
                self._close()
        elif self._open:
            self._open[2].close()

    def _start(self, source: InputFile, place: Path) -> tuple[str, Any, ExitStack]:
        from dedup.readers.rewrite import REWRITERS
        from dedup.readers.sources import compressed

        place.parent.mkdir(parents=True, exist_ok=True)
        stack = ExitStack()
        file = stack.enter_context(place.open("wb"))
        writer = REWRITERS[source.suffix](stack.enter_context(compressed(file, place.name)))
        return source.path, writer, stack

    def _close(self) -> None:
        if self._open:
            with self._open[2]:
                self._open[1].close()
            self._open = None


def name_in_folder(source: InputFile) -> str:
    """Return the path of a file relative to the input directory; the name of a single file."""
    if source.path == "-":
        return "standard-input.jsonl"
    name = Path(source.name)
    return name.name if name.is_absolute() or source.name in (source.path, "..") else source.name


def is_folder(sources: list[InputFile], output: str) -> bool:
    """Return whether the output is a directory of files, not one file.

    Raises
    ------
    UsageError
        If these inputs cannot be written, or not to `output`.
    """
    from dedup.readers import FORMATS
    from dedup.readers.rewrite import REWRITERS
    from dedup.readers.sources import format_suffix

    kinds = {REWRITERS.get(source.suffix) for source in sources}
    if any(source.suffix == ".warc" for source in sources):
        raise click.UsageError(
            "cannot filter a web archive: convert it to JSON Lines with dedup index add INDEX PATH "
            "and dedup index export INDEX"
        )
    needs_folder = len(kinds) > 1 or None in kinds
    names_file = output == STANDARD_OUTPUT or (
        format_suffix(output) in FORMATS and not output.endswith("/") and not Path(output).is_dir()
    )
    if needs_folder and names_file:
        raise click.UsageError(
            "the input has one article per file, or several formats: --output must name a directory"
            + (
                ""
                if output == STANDARD_OUTPUT
                else f", not {output}; for a directory of that name, end it with /"
            )
        )
    if needs_folder or output.endswith("/") or Path(output).is_dir():
        return True
    if output == STANDARD_OUTPUT:
        if ".parquet" in {source.suffix for source in sources}:
            raise click.UsageError("cannot write Parquet to standard output: give --output FILE")
    elif (suffix := format_suffix(output)) in REWRITERS and {REWRITERS[suffix]} != kinds and kinds:
        raise click.UsageError(
            f"cannot convert formats: the input is {sources[0].suffix}, --output is {suffix}"
        )
    return False


def check_places(
    sources: list[InputFile], output: str, dropped: str | None, in_folder: bool
) -> None:
    """Refuse two outputs of one path.

    Raises
    ------
    UsageError
        If two outputs have one path.
    """
    if dropped and is_one_file(dropped, output):
        raise click.UsageError("--dropped and --output cannot be the same")
    names = [name_in_folder(source) for source in sources] if in_folder else []
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise click.UsageError(f"two inputs are named {twice[0]}; filter them one by one")
