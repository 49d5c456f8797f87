"""Messages and progress bars, all on standard error."""

from __future__ import annotations

import logging
import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from dedup.render.columns import visible

if TYPE_CHECKING:
    from tqdm import tqdm

# What a stage does, as a person would say it.
_STAGES = {
    "read": "Reading articles",
    "articles": "Reading articles",
    "boilerplate": "Finding boilerplate",
    "index": "Indexing articles",
    "candidates": "Searching for pairs",
    "align": "Comparing pairs",
    "compare": "Comparing pairs",
    "family": "Grouping passages",
    "story": "Grouping stories",
}

_logger = logging.getLogger("dedup")


def say(message: str) -> None:
    """Write one line on standard error."""
    click.echo(_line(message), err=True)


class Console(logging.Handler):
    """Shows the log of the library, and a progress bar for each stage."""

    def __init__(self, quiet: bool = False, bars: bool | None = None) -> None:
        super().__init__(logging.ERROR if quiet else logging.INFO)
        self.has_bars = not quiet and (sys.stderr.isatty() if bars is None else bars)
        self._stage = ""
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Console:
        self._level_before = _logger.level
        _logger.setLevel(self.level)
        _logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._close_bar()
        _logger.removeHandler(self)
        _logger.setLevel(self._level_before)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a log record."""
        if self._bar is None:
            say(record.getMessage())
        else:
            self._bar.write(_line(record.getMessage()), file=sys.stderr)

    def progress(self, stage: str, n_done: int, n_total: int | None) -> None:
        """Move the bar of a stage."""
        from tqdm import tqdm

        if stage != self._stage or self._bar is None:
            self._close_bar()
            self._stage = stage
            # A new pseudo-terminal has a size of zero, in which tqdm would draw no bar.
            columns, lines = get_terminal_size()
            self._bar = tqdm(
                desc=_STAGES.get(stage, stage),
                file=sys.stderr,
                ncols=columns,
                nrows=lines,
                unit=" items",
            )
        self._bar.total = n_total
        self._bar.update(n_done - self._bar.n)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _line(message: str) -> str:
    return f"dedup: {visible(message)}"
