"""``dedup report``: every passage that any two articles share."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError, __version__
from dedup.cli.console import Console, say
from dedup.cli.folder import Folder, is_folder
from dedup.cli.found import OverlapLines, OverlapList
from dedup.cli.inputs import STANDARD_OUTPUT, check_skipped
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_folder, open_output
from dedup.cli.pages import Pages
from dedup.cli.reading import ArticleInput
from dedup.render.tables import WRITERS, Tables
from dedup.runtime.whole_file import naming

if TYPE_CHECKING:
    from dedup.model import Overlap, Report


@click.command("report")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@takes(
    "against", "report_format", "output", "preset", "sensitivity", "settings", "outlets", "jobs",
    "memory", "overwrite", "show_furniture", "strict", "quiet", "progress", "timings",
)  # fmt: skip
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Report every passage that any two articles share.

    PATH is a file (.txt, .md, .html, .jsonl, .ndjson, .json, .csv, .tsv, .parquet or .warc, also
    compressed as .gz, .zst, .bz2 or .xz), a directory of such files, an index, or - for JSON
    Lines on standard input.
    """
    given = Options(**options)
    if given.format in WRITERS:
        _write_tables(paths, given)
        return
    if is_folder(given.output, given.format):
        _write_folder(paths, given)
        return
    with (
        Console(given.quiet, given.progress) as voice,
        open_output(given.output, (*paths, *given.beside)) as output,
        _collect(given, output) as found,
    ):
        try:
            report = _find(paths, given, voice, found.emit)
        except KeyboardInterrupt:
            with suppress(BrokenPipeError):  # the same Ctrl-C may have ended the reader
                _keep(found, output, given)
            raise
        try:
            output.write(found.render(report, __version__, timings=given.timings))
        except KeyboardInterrupt:
            output.is_partial = True
            say(f"a partial report is in {output.partial}")
            raise
    _sum_up(report, given)


def _collect(given: Options, output: Output) -> OverlapLines | OverlapList | Pages:
    if given.format == "html":
        return Pages()
    if given.format == "jsonl":
        return OverlapLines()
    return OverlapList(replace(output.look, furniture=given.show_furniture))


def _write_folder(paths: tuple[str, ...], given: Options) -> None:
    inputs = (*paths, *given.beside)
    with Console(given.quiet, given.progress) as voice, Pages() as found:
        if given.format == "html":
            with open_folder(given.output, inputs, overwrite=given.overwrite) as part:
                report = _find(paths, given, voice, found.emit)
                Folder(part).write(found.files(report, __version__))
        else:
            with open_folder(given.output, inputs, overwrite=given.overwrite) as pictures:
                report = _find(paths, given, voice, found.emit)
                for name, content in found.pictures(report, __version__):
                    with naming(given.output):
                        (pictures / name).write_bytes(content)
                if not any(pictures.iterdir()):
                    say("no figures: they need dates, or outlets that share text")
    _sum_up(report, given)


def _write_tables(paths: tuple[str, ...], given: Options) -> None:
    if given.output == STANDARD_OUTPUT:
        raise click.UsageError(f"--format {given.format} writes several tables: give --output DIR")
    with (
        Console(given.quiet, given.progress) as voice,
        open_folder(
            given.output, (*paths, *given.beside), overwrite=given.overwrite, keeps_partial=True
        ) as folder,
        Tables(folder, given.format) as tables,
    ):
        report = _find(paths, given, voice, tables.add_overlap)
        tables.add_rest(report)
    _sum_up(report, given)


def _keep(found: OverlapLines | OverlapList | Pages, output: Output, given: Options) -> None:
    """Write the overlaps that were found before an interrupt."""
    if found.n:
        output.is_partial = True
        output.write(found.render_part(__version__, given.params))
        overlaps = "1 overlap was" if found.n == 1 else f"{found.n:,} overlaps were"
        say(f"{overlaps} found before the interrupt; {output.partial} holds only these")


def _find(
    paths: tuple[str, ...], given: Options, voice: Console, emit: Callable[[Overlap], None]
) -> Report:
    from dedup import find_overlaps

    # Results have no reference cycles; searching for them takes a fourth of Python's time.
    gc.disable()
    click.get_current_context().call_on_close(gc.enable)
    report = find_overlaps(
        ArticleInput(paths, given),
        given.params,
        jobs=given.jobs,
        progress=voice.progress if voice.has_bars else None,
        strict=given.strict,
        memory=given.memory,
        against=ArticleInput(given.against, given),
        emit=emit,
        outlets=given.names_of_outlets,
    )
    if not report.articles:
        raise DedupError(f"no readable article in {', '.join(paths)}")
    return report


def _sum_up(report: Report, given: Options) -> None:
    if not given.quiet:
        _say_skipped(report, given)
    # Articles too short to compare were read.
    unread = [one for one in report.skipped if "words that a comparison needs" not in one.reason]
    check_skipped(len(report.articles) + len(report.skipped) - len(unread), unread)


def _say_skipped(report: Report, given: Options) -> None:
    if given.timings:
        for stage, seconds in report.timings.items():
            say(f"{stage}: {seconds:.2f} s")
    if n_skipped := len(report.skipped):
        say(f"{n_skipped} {'input' if n_skipped == 1 else 'inputs'} skipped")
