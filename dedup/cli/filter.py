"""``dedup filter``: the input again, with one article of all that say the same."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError
from dedup.article import Article, Skipped
from dedup.cli.options import Options, takes
from dedup.cli.output import STANDARD_OUTPUT, Output, open_folder, open_output
from dedup.cli.reading import is_index
from dedup.cli.speech import Voice, say
from dedup.reports import json

if TYPE_CHECKING:
    from dedup.filtering import Filtered
    from dedup.readers.records import Located
    from dedup.readers.sources import Source
    from dedup.stages.keep import Dropped, Policy

_FILES = (".txt", ".md", ".html", ".htm")


@click.command("filter")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--by",
    type=click.Choice(["duplicate", "story"]),
    default="duplicate",
    show_default=True,
    help="Keep one of all near-duplicates of one another, or one article of each story.",
)
@click.option(
    "--keep",
    type=click.Choice(["earliest", "longest", "outlet"]),
    help="Which one: by default the earliest, or that of a preferred outlet if one is named.",
)
@click.option(
    "--prefer-outlet",
    multiple=True,
    metavar="NAME",
    help="An outlet to keep articles of; several times, the most preferred first.",
)
@click.option(
    "--contained",
    is_flag=True,
    help="Also drop an article that is contained in a longer one.",
)
@click.option(
    "--dropped",
    metavar="FILE",
    help="List what was dropped there, as JSON Lines: id, duplicate_of, reason, and more.",
)
@takes(
    "output", "preset", "sensitivity", "jobs", "memory", "strict", "quiet", "progress",
)  # fmt: skip
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Write articles back without those that say what another one says.

    PATH is what dedup report takes, but for indexes and web archives; it is read twice. Records
    come out as they went in, into a FILE of the same format. Files that are one article each,
    and inputs of several formats, are copied into a directory that --output names.
    """
    of_filter = {
        name: options.pop(name) for name in ("by", "keep", "prefer_outlet", "contained", "dropped")
    }
    given = Options(**options)
    with ExitStack() as stack:
        job = _Job(paths, given, of_filter, stack)
        voice = stack.enter_context(Voice(given.quiet, given.progress))
        job.run(voice)
    if not given.quiet:
        job.sum_up()


class _Job:
    """One run: what is read, what becomes of it, and how many there were."""

    def __init__(
        self, paths: tuple[str, ...], given: Options, of_filter: dict[str, Any], stack: ExitStack
    ) -> None:
        from dedup.readers import find_inputs

        self._paths, self._given, self._of = paths, given, of_filter
        for path in filter(is_index, paths):
            raise click.UsageError(f"{path} is an index: dedup index export makes a file of it")
        self._found = [(path, _spooled(source, stack)) for path, source in find_inputs(paths)]
        self._sources = [one for _, one in self._found if not isinstance(one, Skipped)]
        self.is_folder = _is_folder(self._sources, given.output)
        _check_places(self._sources, given.output, of_filter["dropped"], self.is_folder)
        self._is_silent = False
        self.n_read = self.n_dropped = self.n_skipped = 0
        self.n_short = 0

    def run(self, voice: Voice) -> None:
        """Search, then write."""
        filtered = self._search(voice)
        self.n_short = len(filtered.report.skipped) - self._first.n_skipped
        self._is_silent = True
        with ExitStack() as stack:
            told: Output | None = None
            if self._of["dropped"]:
                told = stack.enter_context(open_output(self._of["dropped"]))
            place = (
                _Folder(stack.enter_context(open_folder(self._given.output)), self._sources)
                if self.is_folder
                else _File(stack.enter_context(open_output(self._given.output)), self)
            )
            stack.enter_context(place)
            self._write(filtered.dropped, place, told)

    @property
    def suffix(self) -> str:
        """What all inputs are."""
        return next((source.suffix for source in self._sources), ".jsonl")

    @property
    def output(self) -> str:
        """Where records go."""
        return self._given.output

    def _search(self, voice: Voice) -> Filtered:
        from dedup.detector import compile_search
        from dedup.filtering import Choice, find_dropped

        compile_search()
        given, outlets = self._given, self._of["prefer_outlet"]
        keep: Policy = self._of["keep"] or ("outlet" if outlets else "earliest")
        choice = Choice(self._of["by"], keep, outlets, self._of["contained"])
        self._first = _Named(self._records(), given.strict)
        filtered = find_dropped(
            self._first,
            choice,
            given.params,
            jobs=given.jobs,
            memory=given.memory,
            progress=voice.progress if voice.has_bars else None,
        )
        if not self._first.n_read:
            raise DedupError(f"no readable article in {', '.join(self._paths)}")
        return filtered

    def _records(self) -> Iterator[Located | Skipped]:
        from dedup.readers import read_inputs
        from dedup.readers.records import Fields

        fields = Fields(**{name[: -len("_field")]: v for name, v in self._given.fields.items()})
        return read_inputs(self._found, self._paths, fields)

    def _write(self, dropped: dict[str, Dropped], place: Any, told: Output | None) -> None:
        second = _Named(self._records(), is_silent=True)
        for article in second:
            why, record = dropped.get(article.id), second.record
            if why is None:
                place.write(record)
                continue
            self.n_dropped += 1
            if told:
                told.write([json.line(_told(record, why, self._first.ids))])
        self.n_read, self.n_skipped = second.n_read, second.n_skipped
        if (second.n_read, second.n_skipped) != (self._first.n_read, self._first.n_skipped):
            raise DedupError("the input changed while it was read")

    def sum_up(self) -> None:
        """Say how many there were."""
        n_kept = self.n_read - self.n_dropped
        say(
            f"{self.n_read + self.n_skipped:,} in: {n_kept:,} kept, {self.n_dropped:,} dropped, "
            f"{self.n_skipped:,} skipped as unreadable"
        )
        if self.n_short:
            say(f"{self.n_short:,} of the kept are too short to compare")


class _Named(Iterator[Article]):
    """Articles with ids of their own: one that came before gets a number behind it."""

    def __init__(
        self, records: Iterator[Located | Skipped], strict: bool = False, is_silent: bool = False
    ) -> None:
        from dedup.readers import Reading

        self._reading = Reading(records, strict, is_silent)
        self._counts: dict[str, int] = {}
        self.ids: dict[str, str] = {}
        self.n_read = 0

    @property
    def record(self) -> Located:
        """The record of the article that came last."""
        return self._reading.record

    @property
    def place(self) -> tuple[str, int | None]:
        """Its file and line."""
        return self._reading.place

    @property
    def skipped(self) -> list[Skipped]:
        """What could not be read so far."""
        return self._reading.skipped

    @property
    def n_skipped(self) -> int:
        """How many that are."""
        return len(self._reading.skipped)

    def __next__(self) -> Article:
        article = next(self._reading)
        self.n_read += 1
        id, number = article.id, self._counts.get(article.id, 0)
        while id in self._counts:
            number += 1
            id = f"{article.id} ({number + 1})"
        self._counts[article.id] = number
        if id == article.id:
            return article
        self._counts[id] = 0
        self.ids[id] = article.id
        return Article(**{**article.to_dict(), "id": id})


class _File(AbstractContextManager["_File"]):
    """One file, or standard output, for all records."""

    def __init__(self, output: Output, job: _Job) -> None:
        from dedup.readers.rewrite import REWRITERS
        from dedup.readers.sources import compressed

        self._stack = ExitStack()
        stream = self._stack.enter_context(compressed(output.stream, job.output))
        self._writer = REWRITERS[job.suffix](stream)
        self.write = self._writer.write

    def __exit__(self, kind: object, *_: object) -> None:
        with self._stack:
            if kind is None:
                self._writer.close()


class _Folder(AbstractContextManager["_Folder"]):
    """A directory with the files of the input, each with what is kept of it."""

    def __init__(self, folder: Path, sources: list[Source]) -> None:
        self._folder = folder
        self._sources = {source.path: source for source in sources}
        self._open: tuple[str, Any, ExitStack] | None = None

    def write(self, record: Located) -> None:
        source = self._sources[record.path]
        place = self._folder / _name_in_folder(source)
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
            self._close()
        elif self._open:
            self._open[2].close()

    def _start(self, source: Source, place: Path) -> tuple[str, Any, ExitStack]:
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


def _told(record: Located, why: Dropped, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "dropped",
        "id": record.article.id,
        "path": record.path,
        "line": record.line,
        "duplicate_of": ids.get(why.duplicate_of, why.duplicate_of),
        "reason": why.reason,
        "story": why.story,
        "jaccard": None if why.jaccard is None else round(why.jaccard, 4),
        "coverage": None if why.coverage is None else round(why.coverage, 4),
    }


def _spooled(source: Source | Skipped, stack: ExitStack) -> Source | Skipped:
    if isinstance(source, Skipped) or source.path != "-":
        return source
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stack
    stack.callback(spool.close)
    shutil.copyfileobj(source.open().__enter__(), spool)
    return replace(source, spool=spool)


def _name_in_folder(source: Source) -> str:
    """Return the path relative to the directory that was given; of a file, its name."""
    if source.path == "-":
        return "standard-input.jsonl"
    name = Path(source.name)
    return name.name if name.is_absolute() or source.name in (source.path, "..") else source.name


def _is_folder(sources: list[Source], output: str) -> bool:
    from dedup.readers.rewrite import REWRITERS
    from dedup.readers.sources import format_suffix

    kinds = {REWRITERS.get(source.suffix) for source in sources}
    if any(source.suffix == ".warc" for source in sources):
        raise click.UsageError("a web archive cannot be written back")
    needs_folder = len(kinds) > 1 or None in kinds
    if needs_folder and output == STANDARD_OUTPUT:
        raise click.UsageError(
            "files that are one article each, or of several formats, are copied: --output must "
            "name a directory for them"
        )
    if needs_folder or output.endswith("/") or Path(output).is_dir():
        return True
    if output == STANDARD_OUTPUT:
        if ".parquet" in {source.suffix for source in sources}:
            raise click.UsageError("Parquet does not go to standard output: give --output FILE")
    elif (suffix := format_suffix(output)) in REWRITERS and {REWRITERS[suffix]} != kinds and kinds:
        raise click.UsageError(
            f"records come out as they went in: {sources[0].suffix} is read, --output is {suffix}"
        )
    return False


def _check_places(sources: list[Source], output: str, dropped: str | None, is_folder: bool) -> None:
    """Refuse to write onto what is read, or two things into one place."""
    if dropped == output:
        raise click.UsageError("--dropped and --output cannot be the same")
    names = [_name_in_folder(source) for source in sources] if is_folder else []
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise click.UsageError(f"two inputs are called {twice[0]}; filter them one by one")
    places = [Path(output, name) for name in names] or [Path(output)]
    read = {os.path.realpath(source.path) for source in sources if source.path != "-"}
    for place in [*places, *([Path(dropped)] if dropped else [])]:
        if str(place) != STANDARD_OUTPUT and os.path.realpath(place) in read:
            raise click.UsageError(f"{place} is read: nothing is written onto an input")
