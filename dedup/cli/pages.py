"""Overlaps collected for an HTML page: passages in a temporary file, short rows in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.cli.options import Options
    from dedup.model import Overlap, Report
    from dedup.params import Params
    from dedup.render.html.page import Facts
    from dedup.render.html.rows import PairRow


class Pages:
    """Contents of a page. An interrupted report discards them."""

    # A page needs the articles, which are known only at the end of a report.
    n = 0

    def __init__(self) -> None:
        self._rows: list[PairRow] = []
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # its buffer is not needed any more
            self._spool.close()

    def emit(self, overlap: Overlap) -> None:
        """Store an overlap."""
        from dedup.render.html.page import passages_json
        from dedup.render.html.rows import pair_row
        from dedup.runtime.spill import naming_directory  # numpy loads here

        passages = passages_json(overlap)
        self._rows.append(pair_row(overlap, len(passages)))
        with naming_directory():
            self._spool.write(passages.encode() + b"\n")

    def render(self, report: Report, version: str, given: Options) -> Iterator[str]:
        """Render one page."""
        from dedup.render.html.page import page_parts

        return page_parts(self._facts(report, version))

    def render_part(self, version: str, params: Params) -> Iterator[str]:
        """Render nothing: there is no partial page."""
        return iter(())

    def files(self, report: Report, version: str) -> Iterator[tuple[str, Iterator[str]]]:
        """Render a page and its data as files of a folder."""
        from dedup.render.html.page import folder_files

        return folder_files(self._facts(report, version))

    def pictures(self, report: Report, version: str) -> Iterator[tuple[str, bytes]]:
        """Draw the figures of the page as files of a folder."""
        from dedup.render.png import picture

        for figure in self._facts(report, version).figures:
            yield f"{figure.name}.png", picture(figure)

    def _facts(self, report: Report, version: str) -> Facts:
        from dedup.render.html.page import Facts

        return Facts(report, self._rows, self._read, version)

    def _read(self) -> Iterator[str]:
        from dedup.runtime.spill import naming_directory

        with naming_directory():
            self._spool.seek(0)  # flushes the buffer
        for line in self._spool:
            yield line.decode().rstrip("\n")
