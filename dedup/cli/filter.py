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
from dedup.cli.inputs import check_output, check_present, is_index, name_output
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_folder, open_output
from dedup.cli.rewriting import File, FilteredFolder, check_places, is_folder
from dedup.model.article import Article, ArticleReader, SkippedRecord
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
    "output", "preset", "sensitivity", "settings", "jobs", "memory", "strict", "quiet", "progress",
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


class _FilterRun:
    """One run of the filter, with its counts."""

    def __init__(
        self, paths: tuple[str, ...], given: Options, of_filter: dict[str, Any], stack: ExitStack
    ) -> None:
        from dedup.readers import find_inputs, make_options

        self._paths, self._given, self._of = paths, given, of_filter
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
        check_output(given.output, paths, is_folder=self._in_folder)
        check_places(self._sources, given.output, of_filter["dropped"], self._in_folder)
        self.n_read = self.n_dropped = self.n_skipped = 0
        self.n_short = self.n_unsure = 0

    def run(self, voice: Console) -> None:
        """Search, then write; outputs are opened first, so that bad paths fail at once."""
        with ExitStack() as stack:
            told: Output | None = None
            if self._of["dropped"]:
                told = stack.enter_context(
                    open_output(self._of["dropped"], self._paths, "--dropped")
                )
            start = self._open(stack)
            filtered = self._search(voice)
            self.n_short = len(filtered.report.skipped) - self._first.n_skipped
            self.n_unsure = filtered.n_unsure
            with start() as place:
                self._write(filtered.dropped, place, told)

    def _open(self, stack: ExitStack) -> Callable[[], File | FilteredFolder]:
        path = self._given.output
        if self._in_folder:
            folder = stack.enter_context(open_folder(path, self._paths))
            return lambda: FilteredFolder(folder, path, self._sources)
        output = stack.enter_context(open_output(path, self._paths))
        return lambda: File(output, path, self._suffix)

    def _search(self, voice: Console) -> Filtered:
        from dedup.pipeline.filter import Choice, find_dropped

        given, outlets = self._given, self._of["prefer_outlet"]
        keep: Policy = self._of["keep"] or ("outlet" if outlets else "earliest")
        choice = Choice(self._of["by"], keep, outlets, self._of["contained"])
        self._first = _NumberedArticles(self._records(), given.strict)
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
        for number, article in enumerate(second):
            why = dropped.get(first.renamed.get(number, article.id))
            self.n_read += 1
            if why is None:
                place.write(second.record)
                continue
            self.n_dropped += 1
            if told:
                told.write([json.line(_told(second.record, why, first.ids))])
        self.n_skipped = len(second.skipped)
        if (self.n_read, self.n_skipped) != (first.n_read, first.n_skipped):
            raise DedupError("the input changed between the two readings")

    def sum_up(self) -> None:
        """Print the counts."""
        n_kept = self.n_read - self.n_dropped
        say(
            f"{self.n_read + self.n_skipped:,} read: {n_kept:,} kept, {self.n_dropped:,} dropped, "
            f"{self.n_skipped:,} skipped as unreadable"
        )
        if self.n_short:
            say(f"{self.n_short:,} kept because too short to compare")
        if self.n_unsure:
            say(
                f"{self.n_unsure:,} kept that may be copies of one another: too many share a "
                "text to compare all pairs"
            )


class _NumberedArticles(ArticleReader):
    """Articles with unique ids: a repeated id gets a number appended."""

    def __init__(self, records: Iterator[LocatedRecord | SkippedRecord], strict: bool) -> None:
        from dedup.readers import RecordReader

        super().__init__()
        self._reader = RecordReader(records, strict)
        self.skipped = self._reader.skipped
        self._seen: set[str] = set()
        self._repeats: dict[str, int] = {}
        # New id by number of the article, for the second reading; original id by new id.
        self.renamed: dict[int, str] = {}
        self.ids: dict[str, str] = {}
        self.n_read = self.n_skipped = 0

    def __next__(self) -> Article:
        try:
            article = next(self._reader)
        except StopIteration:
            self.n_skipped = len(self.skipped)
            self._seen = set()  # every id of the input
            raise
        self.location = self._reader.location
        number, self.n_read = self.n_read, self.n_read + 1
        if article.id not in self._seen:
            self._seen.add(article.id)
            return article
        id = self.renamed[number] = self._new(article.id)
        self.ids[id] = article.id
        return Article(**{**article.to_dict(), "id": id})

    def _new(self, id: str) -> str:
        number, new = self._repeats.get(id, 1), id
        while new in self._seen:
            number += 1
            new = f"{id} ({number})"
        self._repeats[id] = number
        self._seen.add(new)
        return new


def _told(record: LocatedRecord, why: DroppedArticle, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "dropped",
        "id": record.article.id,
        "path": record.path,
        "line": record.line,
        "duplicate_of": ids.get(why.duplicate_of, why.duplicate_of),
        "reason": why.reason,
        "story": why.story,
        "similarity": None if why.similarity is None else round(why.similarity, 4),
        "jaccard": None if why.jaccard is None else round(why.jaccard, 4),
        "coverage": None if why.coverage is None else round(why.coverage, 4),
    }


def _spooled(source: InputFile | SkippedRecord, stack: ExitStack) -> InputFile | SkippedRecord:
    if isinstance(source, SkippedRecord) or source.path != "-":
        return source
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stack
    stack.callback(spool.close)
    shutil.copyfileobj(source.open().__enter__(), spool)
    return replace(source, spool=spool)
