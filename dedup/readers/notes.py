"""What a reader says of a record: that it was skipped, or that a part of it was not understood."""

from __future__ import annotations

from logging import Logger
from typing import NamedTuple

from dedup.model.article import Location, SkippedRecord, kind_of

# Faults of one kind that are shown one by one.
_FEW = 5


class Unreadable(ValueError):
    """A record or a file cannot be read; the message says why."""


class Note(NamedTuple):
    """A part of a record that was left out or changed.

    Parameters
    ----------
    kind : str
        Notes of one kind are counted together.
    message : str
        What was done, and the remedy.
    most : int
        How many of this kind are shown; the others are counted.
    """

    kind: str
    message: str
    most: int = _FEW


class FaultLog:
    """Shows the first faults of each kind, and counts the others.

    Parameters
    ----------
    logger : Logger
        Where they are shown.
    """

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._counts: dict[str, int] = {}
        self._hidden: dict[str, tuple[int, str]] = {}

    def skip(self, fault: SkippedRecord) -> None:
        """Log that a record was skipped."""
        self._add(f"skipped {fault}", Note(kind_of(fault.reason), fault.reason))

    def add(self, place: Location, note: Note) -> None:
        """Log a note about a record."""
        self._add(str(SkippedRecord(place.path, note.message, place.line)), note)

    def _add(self, said: str, note: Note) -> None:
        n = self._counts[note.kind] = self._counts.get(note.kind, 0) + 1
        if n <= note.most:
            self._logger.warning("%s", said)
        elif note.most > 1:
            self._hidden[note.kind] = n - note.most, said

    def close(self) -> None:
        """Log how many were not shown."""
        for n, said in self._hidden.values():
            self._logger.warning("%s more of this kind, the last: %s", f"{n:,}", said)
        self._hidden = {}
