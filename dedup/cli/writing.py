"""Output of a report in any format, whether it is computed or read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import click

from dedup import __version__
from dedup.cli.console import Console, say
from dedup.cli.folder import Folder, is_folder
from dedup.cli.found import Emitters, OverlapLines, OverlapList
from dedup.cli.inputs import STANDARD_OUTPUT
from dedup.cli.options import Options
from dedup.cli.output import Output, open_folder, open_output
from dedup.cli.pages import Pages
from dedup.render.tables import WRITERS, Tables
from dedup.runtime.whole_file import naming

if TYPE_CHECKING:
    from dedup.model import Report

# Formats that can store texts, and those that show them.
_STORE, _SHOW = ("jsonl", *WRITERS), ("text", "html")


class Result(NamedTuple):
    """A report whose overlaps were emitted, and the version of dedup that found them."""

    report: Report
    version: str


Find = Callable[[Console, Emitters], Result]


def shows_text(given: Options) -> bool:
    """Return whether the output has texts of articles."""
    return given.with_text or given.format in _SHOW


def write_report(
    find: Find, inputs: Sequence[str], given: Options, *, keeps_partial: bool = True
) -> Report:
    """Open the output, find the report and write it.

    Parameters
    ----------
    find : callable
        Makes the report; its second argument takes the overlaps.
    inputs : sequence of str
        Paths that are read; none is overwritten.
    keeps_partial : bool
        Whether an interrupt keeps the overlaps found so far, with the parameters of `given`.
    """
    if given.with_text and given.format not in _STORE:
        raise click.UsageError(f"--with-text is for --format {', '.join(_STORE)}")
    if given.format in WRITERS:
        return _write_tables(find, inputs, given, keeps_partial=keeps_partial)
    if is_folder(given.output, given.format):
        return _write_folder(find, inputs, given)
    with (
        Console(given.quiet, given.progress) as voice,
        open_output(given.output, inputs, written=given.format) as output,
        _collect(given, output) as found,
    ):
        try:
            lines = found.emit_lines if isinstance(found, OverlapLines) else None
            report, version = find(voice, Emitters(found.emit, lines))
        except KeyboardInterrupt:
            if keeps_partial:
                with suppress(BrokenPipeError):  # the same Ctrl-C may have ended the reader
                    _keep(found, output, given)
            raise
        try:
            output.write(found.render(report, version, given))
        except KeyboardInterrupt:
            if keeps_partial:
                output.is_partial = True
                say(f"a partial report is in {output.partial}")
            raise
    return report


def _collect(given: Options, output: Output) -> OverlapLines | OverlapList | Pages:
    if given.format == "html":
        return Pages()
    if given.format == "jsonl":
        return OverlapLines()
    return OverlapList(replace(output.look, shows_all=given.show_all))


def _write_folder(find: Find, inputs: Sequence[str], given: Options) -> Report:
    with (
        Console(given.quiet, given.progress) as voice,
        Pages() as found,
        open_folder(given.output, inputs, overwrite=given.overwrite) as part,
    ):
        report, version = find(voice, Emitters(found.emit))
        if given.format == "html":
            Folder(part).write(found.files(report, version))
            return report
        for name, content in found.pictures(report, version):
            with naming(given.output):
                (part / name).write_bytes(content)
        if not any(part.iterdir()):
            say("no figures: they need dates, or outlets that share text")
    return report


def _write_tables(
    find: Find, inputs: Sequence[str], given: Options, *, keeps_partial: bool
) -> Report:
    if given.output == STANDARD_OUTPUT:
        raise click.UsageError(f"--format {given.format} writes several tables: give --output DIR")
    with (
        Console(given.quiet, given.progress) as voice,
        open_folder(
            given.output, inputs, overwrite=given.overwrite, keeps_partial=keeps_partial
        ) as folder,
        Tables(folder, given.format) as tables,
    ):
        report, version = find(voice, Emitters(tables.add_overlap))
        tables.add_rest(report, version, timings=given.timings, with_text=given.with_text)
    return report


def _keep(found: OverlapLines | OverlapList | Pages, output: Output, given: Options) -> None:
    """Write the overlaps that were found before an interrupt."""
    if found.n:
        output.is_partial = True
        output.write(found.render_part(__version__, given.params))
        overlaps = "1 overlap was" if found.n == 1 else f"{found.n:,} overlaps were"
        say(f"{overlaps} found before the interrupt; {output.partial} holds only these")
