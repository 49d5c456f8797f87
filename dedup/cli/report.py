"""``dedup report``: every passage that any two articles share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError, __version__
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_output
from dedup.cli.speech import Voice, say
from dedup.reports import json, terminal

if TYPE_CHECKING:
    from dedup.model import Report


@click.command("report")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@takes(
    "format", "output", "preset", "sensitivity", "jobs", "strict", "quiet", "progress", "timings"
)
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Report every passage that any two articles share.

    PATH is a file (.txt, .jsonl, .ndjson, each also .gz, .zst, .bz2), a directory of
    such files, or - for JSON Lines on standard input.
    """
    given = Options(**options)
    with Voice(given.quiet, given.progress) as voice, open_output(given.output) as output:
        report = _find(paths, given, voice)
        output.write(_render(report, given, output))
    if not given.quiet:
        _sum_up(report, given)


def _find(paths: tuple[str, ...], given: Options, voice: Voice) -> Report:
    from dedup import find_overlaps, read  # numba loads here

    report = find_overlaps(
        read(*paths, strict=given.strict, **given.fields),
        given.params,
        jobs=given.jobs,
        progress=voice.progress if voice.has_bars else None,
        strict=given.strict,
    )
    if not report.articles:
        raise DedupError(f"no readable article in {', '.join(paths)}")
    return report


def _render(report: Report, given: Options, output: Output) -> Iterator[str]:
    if given.format == "jsonl":
        return json.report_lines(report, __version__, timings=given.timings)
    return terminal.report_lines(report, output.look)


def _sum_up(report: Report, given: Options) -> None:
    if given.timings:
        for stage, seconds in report.timings.items():
            say(f"{stage}: {seconds:.2f} s")
    if n_skipped := len(report.skipped):
        say(f"{n_skipped} {'input' if n_skipped == 1 else 'inputs'} skipped")
