"""``dedup report``: every passage that any two articles share."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import click

from dedup import __version__
from dedup.cli.console import Console, say
from dedup.cli.found import Emitters
from dedup.cli.inputs import check_any, check_skipped
from dedup.cli.options import Options, takes
from dedup.cli.reading import ArticleInput
from dedup.cli.writing import Result, write_report

if TYPE_CHECKING:
    from dedup.model import Report


@click.command("report")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@takes(
    "against", "report_format", "output", "preset", "sensitivity", "settings", "days", "outlets",
    "jobs", "memory", "overwrite", "show_all", "strict", "quiet", "progress", "timings",
    "with_text",
)  # fmt: skip
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Report every passage that any two articles share.

    PATH is a file (.txt, .md, .html, .jsonl, .ndjson, .json, .csv, .tsv, .parquet or .warc, also
    compressed as .gz, .zst, .bz2 or .xz), a directory of such files, an index, or - for JSON
    Lines on standard input.
    """
    given = Options(**options)

    def find(voice: Console, emit: Emitters) -> Result:
        return Result(_find(paths, given, voice, emit), __version__)

    _sum_up(write_report(find, (*paths, *given.beside), given), given)


def _find(paths: tuple[str, ...], given: Options, voice: Console, emit: Emitters) -> Report:
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
        emit=emit.overlap,
        emit_lines=emit.lines,
        outlets=given.names_of_outlets,
    )
    check_any(len(report.articles), paths)
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
