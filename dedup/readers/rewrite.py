"""Writers of unchanged records: lines and rows byte for byte, Parquet with all columns."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, Protocol

from dedup.errors import ReadError
from dedup.readers.records import LocatedRecord

_MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
          "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}  # fmt: skip


class RawLine(NamedTuple):
    """A line, in UTF-8 if the encoding of the file is wide."""

    raw: bytes
    wide: str


class Rewriter(Protocol):
    """Writer of records of one format."""

    def write(self, record: LocatedRecord) -> None:
        """Write a record."""

    def close(self) -> None:
        """Flush; the stream stays open."""


class _Lines:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._wide: str | None = None

    def write(self, record: LocatedRecord) -> None:
        self.write_line(*record.raw)

    def write_line(self, raw: bytes, wide: str) -> None:
        """Write a line in the encoding of the first."""
        if self._wide is None:
            self._wide = wide
            self._stream.write(_MARKS.get(wide, b""))
        raw = raw if raw.endswith((b"\n", b"\r")) else raw + b"\n"
        self._stream.write(raw.decode(errors="replace").encode(self._wide) if self._wide else raw)

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
    """Rows as they are; those of other tables with the delimiter and encoding of the first."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = _Lines(stream)
        self._heading: Any = None

    def write(self, record: LocatedRecord) -> None:
        heading, row, raw = record.raw
        if self._heading is None:
            self._heading = heading
            self._lines.write_line(heading.raw, heading.wide)
        if heading.syntax != self._heading.syntax:
            _check_same(heading.columns, self._heading.columns, record)
            raw = self._convert(row)
        self._lines.write_line(raw, self._heading.wide)

    def _convert(self, row: list[str]) -> bytes:
        buffer = io.StringIO(newline="")
        end = "\r\n" if self._heading.raw.endswith(b"\r\n") else "\n"
        csv.writer(buffer, delimiter=self._heading.delimiter, lineterminator=end).writerow(row)
        return buffer.getvalue().encode(self._heading.encoding)

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
        import pyarrow
        import pyarrow.parquet

        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self._stream, self._batch.schema)
        # Slices, since `take` knows no views of strings.
        parts = [self._batch.slice(row, 1) for row in self._rows]
        self._writer.write_table(pyarrow.Table.from_batches(parts, self._batch.schema))
        self._rows = []


# By suffix; other formats have one article per file, or cannot be written.
REWRITERS: dict[str, Callable[[BinaryIO], Rewriter]] = {
    ".jsonl": _Lines,
    ".ndjson": _Lines,
    ".jl": _Lines,
    ".jsonlines": _Lines,
    ".json": _List,
    ".csv": _Table,
    ".tsv": _Tabs,
    ".parquet": _Batches,
}


def _check_same(columns: tuple[str, ...], first: tuple[str, ...], record: LocatedRecord) -> None:
    if list(columns) != list(first):
        told = ", ".join(columns)
        raise ReadError(record.path, f"its columns ({told}) differ from those of the first file")
