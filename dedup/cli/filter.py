"""``dedup filter``: remove near-duplicate articles."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError
from dedup.cli.console import Console, say
from dedup.cli.inputs import check_output, check_present, check_skipped, is_index, name_output
from dedup.cli.numbered import NumberedArticles, TextDigest, UniqueIds
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_folder, open_output
from dedup.cli.reading import ArticleInput
from dedup.cli.rewriting import File, FilteredFolder, check_places, is_folder
from dedup.model.article import SkippedRecord
from dedup.render import json

if TYPE_CHECKING:
    from dedup.group.keep import DroppedArticle, Policy
    from dedup.pipeline.filter import Filtered
    from dedup.readers.records import LocatedRecord
    from dedup.readers.sources import InputFile


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
    of_filter = {
        name: options.pop(name) for name in ("by", "keep", "prefer_outlet", "contained", "dropped")
    }
    given = Options(**options)
    with ExitStack() as stack:
        job = _FilterRun(paths, given, of_filter, stack)
        voice = stack.enter_context(Console(given.quiet, given.progress))
        job.run(voice)
    if not given.quiet:
        job.sum_up()
    job.check()


class _FilterRun:
    """One run of the filter, with its counts."""

    def __init__(
        self, paths: tuple[str, ...], given: Options, of_filter: dict[str, Any], stack: ExitStack
    ) -> None:
        from dedup.readers import find_inputs, make_options

        self._paths, self._given, self._of = paths, given, of_filter
        self._inputs = (*paths, *given.against)
        for path in filter(is_index, paths):
            raise click.UsageError(
                f"{path} is an index: convert it to JSON Lines with dedup index export"
            )
        from dedup.pipeline.filter import Copies

        check_present(paths)
        found = find_inputs(paths, make_options(**given.reading))
        self._found = [(path, _spooled(source, stack)) for path, source in found]
        self._sources = [one for _, one in self._found if not isinstance(one, SkippedRecord)]
        self._suffix = next((source.suffix for source in self._sources), ".jsonl")
        self._in_folder = is_folder(self._sources, given.output)
        check_output(given.output, self._inputs, is_folder=self._in_folder)
        check_places(self._sources, given.output, of_filter["dropped"], self._in_folder)
        self._copies = Copies()
        self._names = UniqueIds()
        self.n_read = self.n_dropped = self.n_skipped = 0
        self.n_short = self.n_unsure = 0

    def run(self, voice: Console) -> None:
        """Search, then write; outputs are opened first, so that bad paths fail at once."""
        with ExitStack() as stack:
            told: Output | None = None
            if self._of["dropped"]:
                told = stack.enter_context(
                    open_output(self._of["dropped"], self._inputs, "--dropped")
                )
            start = self._open(stack)
            filtered = self._search(voice)
            n_skipped = len(self._old.skipped) + len(self._first.skipped)
            self.n_short = len(filtered.report.skipped) - n_skipped
            self.n_unsure = filtered.n_unsure
            with start() as place:
                self._write(filtered.dropped, place, told)

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
        from dedup.pipeline.filter import Choice, find_dropped
        from dedup.readers import RecordReader

        given, outlets = self._given, self._of["prefer_outlet"]
        keep: Policy = self._of["keep"] or ("outlet" if outlets else "earliest")
        choice = Choice(self._of["by"], keep, outlets, self._of["contained"])
        old = ArticleInput(given.against, given)
        self._old = NumberedArticles(old, self._names, self._copies, is_old=True)
        reader = RecordReader(self._records(), given.strict)
        self._first = NumberedArticles(reader, self._names, self._copies)
        filtered = find_dropped(
            self._first,
            choice,
            given.params,
            self._copies,
            against=self._old,
            jobs=given.jobs,
            memory=given.memory,
            progress=voice.progress if voice.has_bars else None,
        )
        if not self._first.n_read:
            raise DedupError(f"no readable article in {', '.join(self._paths)}")
        return filtered

    def _records(self) -> Iterator[LocatedRecord | SkippedRecord]:
        from dedup.readers import read_inputs
        from dedup.readers.records import Fields

        fields = Fields(**{name[: -len("_field")]: v for name, v in self._given.fields.items()})
        return read_inputs(self._found, self._paths, fields)

    def _write(
        self, dropped: dict[str, DroppedArticle], place: File | FilteredFolder, told: Output | None
    ) -> None:
        from dedup.readers import RecordReader

        first, second = self._first, RecordReader(self._records(), is_silent=True)
        names = self._find_names()
        digest = TextDigest()
        for number, article in enumerate(second):
            digest.add(article)
            id = first.renamed.get(number, article.id)
            why = dropped.get(id)
            self.n_read += 1
            if why is None:
                place.write(second.record)
                continue
            self.n_dropped += 1
            if told:
                told.write([json.line(_told(second.record, id, why, names))])
        self.n_skipped = len(second.skipped)
        if digest != first.digest:
            raise DedupError(
                "the input changed while it was read: nothing is written; run it again"
            )

    def _find_names(self) -> dict[str, str]:
        """Return the name of each article whose id another text has, by its id in the search."""
        from dedup.readers import RecordReader

        if not self._names.repeated:
            return {}
        old = ArticleInput(self._given.against, self._given)
        again = RecordReader(self._records(), is_silent=True)
        names = self._names.find_names(self._old.relabel(old), self._first.relabel(again))
        n = sum(name not in self._names.repeated for name in names.values())
        if not self._given.quiet and n:
            say(f"{n:,} records have an id that another text has: named id# and a digest")
        return names

    def check(self) -> None:
        """Fail if most records were skipped."""
        check_skipped(self._first.n_read, self._first.skipped)

    def sum_up(self) -> None:
        """Print the counts."""
        n_kept = self.n_read - self.n_dropped
        say(
            f"{self.n_read + self.n_skipped:,} read: {n_kept:,} kept, {self.n_dropped:,} dropped, "
            f"{self.n_skipped:,} skipped as unreadable"
        )
        if self.n_short:
            say(f"{self.n_short:,} too short to compare: only exact copies are dropped")
        if self.n_unsure:
            say(
                f"{self.n_unsure:,} kept that may be copies of one another: too many share a "
                "text to compare all pairs"
            )


def _told(
    record: LocatedRecord, id: str, why: DroppedArticle, names: dict[str, str]
) -> dict[str, Any]:
    return {
        "type": "dropped",
        "id": names.get(id, record.article.id),
        "path": record.path,
        "line": record.line,
        "duplicate_of": names.get(why.duplicate_of, why.duplicate_of),
        "reason": why.reason,
        "story": why.story,
        "similarity": None if why.similarity is None else round(why.similarity, 4),
        "jaccard": None if why.jaccard is None else round(why.jaccard, 4),
        "coverage": None if why.coverage is None else round(why.coverage, 4),
    }


def _spooled(source: InputFile | SkippedRecord, stack: ExitStack) -> InputFile | SkippedRecord:
    if isinstance(source, SkippedRecord) or source.can_repeat():
        return source
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stack
    stack.callback(spool.close)
    with source.open() as stream:
        shutil.copyfileobj(stream, spool)
    return replace(source, spool=spool)
