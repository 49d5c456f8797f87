"""``dedup filter``: remove near-duplicate articles."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError
from dedup.cli.console import Console, say
from dedup.cli.digest import DigestedArticles, TextDigest
from dedup.cli.inputs import (
    check_any,
    check_output,
    check_present,
    check_skipped,
    is_index,
    name_output,
)
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_folder, open_output
from dedup.cli.reading import ArticleInput
from dedup.cli.rewriting import File, FilteredFolder, check_places, is_folder
from dedup.errors import ParameterError
from dedup.model.article import SkippedRecord
from dedup.render import json

if TYPE_CHECKING:
    from dedup import Filtered
    from dedup.readers.records import LocatedRecord
    from dedup.readers.sources import InputFile


_OF_FILTER = (
    "by", "keep", "prefer_outlet", "contained", "min_similarity", "level", "dropped",
)  # fmt: skip


@click.command("filter")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--by",
    type=click.Choice(["duplicate", "story"]),
    default="duplicate",
    show_default=True,
    help="Keep one article of each group of near-duplicates, or of each story.",
)
@click.option(
    "--keep",
    type=click.Choice(["earliest", "longest", "outlet"]),
    help="The article to keep (default: earliest, or outlet if you give --prefer-outlet).",
)
@click.option(
    "--prefer-outlet",
    multiple=True,
    metavar="NAME",
    help="Keep articles of this outlet. Repeatable, most preferred outlet first.",
)
@click.option(
    "--contained",
    is_flag=True,
    help="Also drop articles contained in a longer one.",
)
@click.option(
    "--min-similarity",
    type=click.FloatRange(min=0, max=1, min_open=True),
    metavar="X",
    help="Drop only articles of at least this similarity, in (0, 1]. Facts must agree at any value "
    "(default: all duplicates, or 0.8 with --level document).",
)
@click.option(
    "--level",
    type=click.Choice(["passages", "document"]),
    default="passages",
    show_default=True,
    help="What to compare: aligned passages, or sketches of whole texts, which is much faster and "
    "finds no article with a fifth of other text.",
)
@click.option(
    "--dropped",
    metavar="FILE",
    callback=lambda _, __, path: name_output(path),
    help="List the dropped articles in FILE, as JSON Lines: id, duplicate_of, reason, and more.",
)
@takes(
    "against", "output", "overwrite", "preset", "sensitivity", "settings", "jobs", "memory",
    "strict", "quiet", "progress",
)  # fmt: skip
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Remove near-duplicate articles.

    PATH is as for `dedup report`, except indexes and web archives; it is read twice. Kept records
    are written unchanged, in the format of the input. If the input has one article per file
    (.txt, .md, .html) or several formats, --output must name a new or empty directory; files
    without kept articles are left out.
    """
    of_filter = {name: options.pop(name) for name in _OF_FILTER}
    given = Options(**options)
    with ExitStack() as stack:
        job = _FilterRun(paths, given, of_filter, stack)
        voice = stack.enter_context(Console(given.quiet, given.progress))
        job.run(voice)
    if not given.quiet:
        job.sum_up()
    job.check()


def _name_options(message: str) -> str:
    """Return a message about arguments of `dedup.filter` with the options of the command."""
    message = re.sub(r"\b(by|keep|level)[ =]'(\w+)'", r"--\1 \2", message)
    message = message.replace("prefer_outlets", "--prefer-outlet")
    message = message.replace("min_similarity", "--min-similarity")
    return re.sub(r"^contained\b", "--contained", message)


class _FilterRun:
    """One run of the filter: a first reading for the search, and a second to write records."""

    def __init__(
        self, paths: tuple[str, ...], given: Options, of_filter: dict[str, Any], stack: ExitStack
    ) -> None:
        from dedup.readers import find_inputs, make_options

        self._paths, self._given, self._of = paths, given, of_filter
        if of_filter["level"] == "document" and given.sensitivity is not None:
            raise click.UsageError("--sensitivity is about passages: --level document has none")
        self._inputs = (*paths, *given.against)
        for path in filter(is_index, paths):
            raise click.UsageError(
                f"{path} is an index: convert it to JSON Lines with dedup index export"
            )

        check_present(paths)
        found = find_inputs(paths, make_options(**given.reading))
        self._found = [(path, _spooled(source, stack)) for path, source in found]
        self._sources = [one for _, one in self._found if not isinstance(one, SkippedRecord)]
        self._suffix = next((source.suffix for source in self._sources), ".jsonl")
        self._in_folder = is_folder(self._sources, given.output)
        check_output(given.output, self._inputs, is_folder=self._in_folder)
        check_places(self._sources, given.output, of_filter["dropped"], self._in_folder)
        self._digest = TextDigest()

    def run(self, voice: Console) -> None:
        """Search, then write; outputs are opened first, so that bad paths fail at once."""
        with ExitStack() as stack:
            told: Output | None = None
            if self._of["dropped"]:
                told = stack.enter_context(
                    open_output(self._of["dropped"], self._inputs, "--dropped")
                )
            start = self._open(stack)
            self._filtered = self._search(voice)
            with start() as place:
                self._write(place, told)

    def _open(self, stack: ExitStack) -> Callable[[], File | FilteredFolder]:
        path = self._given.output
        if self._in_folder:
            folder = stack.enter_context(
                open_folder(path, self._inputs, overwrite=self._given.overwrite, keeps_partial=True)
            )
            return lambda: FilteredFolder(folder, path, self._sources)
        output = stack.enter_context(open_output(path, self._inputs))
        return lambda: File(output, path, self._suffix)

    def _search(self, voice: Console) -> Filtered:
        import dedup
        from dedup.readers import RecordReader

        given, of_filter = self._given, self._of
        reader = DigestedArticles(RecordReader(self._records(), given.strict), self._digest)
        try:
            filtered = dedup.filter(
                reader,
                given.params,
                by=of_filter["by"],
                keep=of_filter["keep"],
                prefer_outlets=of_filter["prefer_outlet"],
                contained=of_filter["contained"],
                against=ArticleInput(given.against, given),
                min_similarity=of_filter["min_similarity"],
                level=of_filter["level"],
                jobs=given.jobs,
                memory=given.memory,
                progress=voice.progress if voice.has_bars else None,
            )
        except ParameterError as error:  # two options that contradict each other
            raise click.UsageError(_name_options(str(error))) from None
        self._skipped = reader.skipped
        check_any(self._digest.n_articles, self._paths)
        return filtered

    def _records(self) -> Iterator[LocatedRecord | SkippedRecord]:
        from dedup.readers import read_inputs
        from dedup.readers.records import Fields

        fields = Fields(**{name[: -len("_field")]: v for name, v in self._given.fields.items()})
        return read_inputs(self._found, self._paths, fields)

    def _write(self, place: File | FilteredFolder, told: Output | None) -> None:
        from dedup.readers import RecordReader

        second, digest = RecordReader(self._records(), is_silent=True), TextDigest()
        dropped = {one.number: one for one in self._filtered.dropped}
        for number, article in enumerate(second):
            digest.add(article)
            record, why = second.record, dropped.get(number)
            if why is None:
                place.write(record)
            elif told:
                located = {"path": record.path, "line": record.line}
                told.write([json.line({"type": None, "id": None} | located | why.to_dict())])
        if digest != self._digest or len(second.skipped) != len(self._skipped):
            raise DedupError(
                "the input changed while it was read: nothing is written; run it again"
            )

    def check(self) -> None:
        """Fail if most records were skipped."""
        check_skipped(self._digest.n_articles, self._skipped)

    def sum_up(self) -> None:
        """Print the counts."""
        found, n_skipped = self._filtered, len(self._skipped)
        n_kept, n_dropped = len(found.kept), len(found.dropped)
        if found.n_renamed:
            say(
                f"{found.n_renamed:,} records have an id that another text has: named id# and a "
                "digest"
            )
        say(
            f"{n_kept + n_dropped + n_skipped:,} read: {n_kept:,} kept, {n_dropped:,} dropped, "
            f"{n_skipped:,} skipped"
        )
        if found.n_short:
            say(f"{found.n_short:,} too short to compare: only exact copies are dropped")
        if found.n_unsure:
            say(
                f"{found.n_unsure:,} kept that may be copies of one another: too many share a "
                "text to compare all pairs"
            )


def _spooled(source: InputFile | SkippedRecord, stack: ExitStack) -> InputFile | SkippedRecord:
    if isinstance(source, SkippedRecord) or source.can_repeat():
        return source
    from dedup.readers.sources import check_end

    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stack
    stack.callback(spool.close)
    with source.open() as stream:
        shutil.copyfileobj(stream, spool)
        check_end(stream)
    return replace(source, spool=spool)
