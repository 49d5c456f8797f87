"""Writers of unchanged records: lines byte for byte, rows with all columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from dedup.errors import ReadError
from dedup.readers.records import LocatedRecord


class Rewriter(Protocol):
    """Writer of records of one format."""

    def write(self, record: LocatedRecord) -> None:
        """Write a record."""

    def close(self) -> None:
        """Flush; the stream stays open."""


class _Lines:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, record: LocatedRecord) -> None:
        raw: bytes = record.raw
        self._stream.write(raw if raw.endswith(b"\n") else raw + b"\n")

    def close(self) -> None:
        pass


class _List:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._before = b"[\n"

    def write(self, record: LocatedRecord) -> None:
        self._stream.write(self._before + record.raw)
        self._before = b",\n"

    def close(self) -> None:
        self._stream.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")


class _Table:
    """Rows with the columns, delimiter and line end of the first table."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = io.StringIO(newline="")
        self._columns: list[str] | None = None
        self._writer: Any = None

    def write(self, record: LocatedRecord) -> None:
        (columns, delimiter, end), row = record.raw
        if self._columns is None:
            self._columns = columns
            self._writer = csv.writer(self._buffer, delimiter=delimiter, lineterminator=end)
            self._writer.writerow(columns)
        _check_same(columns, self._columns, record)
        self._writer.writerow(row)
        self._stream.write(self._buffer.getvalue().encode())
        self._buffer.seek(0)
        self._buffer.truncate()

    def close(self) -> None:
        pass


class _Tabs(_Table):
    """A format of its own: one file cannot mix tabs and commas."""


class _Batches:
    """Rows of Parquet, written batch by batch."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._writer: Any = None
        self._batch: Any = None
        self._rows: list[int] = []

    def write(self, record: LocatedRecord) -> None:
        batch, row = record.raw
        if batch is not self._batch:
            self._flush()
            self._batch = batch
            if self._writer is not None:
                _check_same(batch.schema.names, self._writer.schema.names, record)
        self._rows.append(row)

    def close(self) -> None:
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        import pyarrow.parquet

        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self._stream, self._batch.schema)
        kept = self._batch.take(pyarrow.array(self._rows))
        self._writer.write_batch(kept)
        self._rows = []


# By suffix; other formats have one article per file, or cannot be written.
REWRITERS: dict[str, Callable[[BinaryIO], Rewriter]] = {
    ".jsonl": _Lines,
    ".ndjson": _Lines,
    ".json": _List,
    ".csv": _Table,
    ".tsv": _Tabs,
    ".parquet": _Batches,
}


def _check_same(columns: list[str], first: list[str], record: LocatedRecord) -> None:
    if list(columns) != list(first):
        told = ", ".join(columns)
        raise ReadError(record.path, f"its columns ({told}) differ from those of the first file")
