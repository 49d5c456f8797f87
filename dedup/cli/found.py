"""Overlaps collected as they are found, so that an interrupted report can write them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dedup.render import json, terminal
from dedup.render.naming import Look

if TYPE_CHECKING:
    from dedup.cli.options import Options
    from dedup.model import Overlap, Report
    from dedup.params import Params


class Emitters(NamedTuple):
    """Takes each overlap, or lines of JSON if these are enough."""

    overlap: Callable[[Overlap], None]
    lines: Callable[[Iterable[str]], None] | None = None


class OverlapLines:
    """Overlaps as JSON Lines in a temporary file, since they could fill the memory."""

    def __init__(self) -> None:
        self.n = 0
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this

    def __enter__(self) -> OverlapLines:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # its buffer is not needed any more
            self._spool.close()

    def emit(self, overlap: Overlap) -> None:
        """Store an overlap."""
        self.emit_lines([json.line(overlap.to_dict())])

    def emit_lines(self, lines: Iterable[str]) -> None:
        """Store the lines of overlaps."""
        from dedup.runtime.spill import naming_directory  # numpy loads here

        for line in lines:
            with naming_directory():
                self._spool.write(line.encode() + b"\n")
            self.n += 1

    def render(self, report: Report, version: str, given: Options) -> Iterator[str]:
        """Render the whole report."""
        return json.report_lines(
            report,
            version,
            timings=given.timings,
            with_text=given.with_text,
            overlaps=self._read(),
            n_overlaps=self.n,
        )

    def render_part(self, version: str, params: Params) -> Iterator[str]:
        """Render what there is of a report that was interrupted."""
        yield json.interrupted_line(version, params.to_dict())
        yield from self._read()

    def _read(self) -> Iterator[str]:
        from dedup.runtime.spill import naming_directory

        with naming_directory():
            self._spool.seek(0)  # flushes the buffer
        for line in self._spool:
            yield line.decode().rstrip("\n")


class OverlapList:
    """Overlaps in memory, for a report that sorts them."""

    def __init__(self, look: Look) -> None:
        self._overlaps: list[Overlap] = []
        self._look = look

    @property
    def n(self) -> int:
        """Number of overlaps so far."""
        return len(self._overlaps)

    def __enter__(self) -> OverlapList:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def emit(self, overlap: Overlap) -> None:
        """Store an overlap."""
        self._overlaps.append(overlap)

    def render(self, report: Report, version: str, given: Options) -> Iterator[str]:
        """Render the whole report."""
        return terminal.report_lines(replace(report, overlaps=tuple(self._overlaps)), self._look)

    def render_part(self, version: str, params: Params) -> Iterator[str]:
        """Render what there is of a report that was interrupted."""
        for overlap in self._overlaps:
            yield "-" * self._look.width
            yield from terminal.overlap_lines(overlap, self._look)
            yield ""
