"""Parquet: a row is an article, a batch of rows in memory at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from typing import Any, BinaryIO

from dedup.errors import MissingExtra
from dedup.model.article import SkippedRecord
from dedup.readers.records import Fields, LocatedRecord, Unreadable, to_article
from dedup.readers.sources import InputFile

# Rows that are made Python values at once.
_N_ROWS = 256


def read_parquet(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a Parquet file.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of the file. What a Parquet file holds is told at its end: one that was
        compressed as a whole goes to a temporary file first.
    source : InputFile
        The file; articles without an id are named by its name and their row.
    fields : Fields
        Which column is which field of an article.

    Yields
    ------
    LocatedRecord or SkippedRecord
        One for each row; its batch and its place in it are `raw`.

    Raises
    ------
    Unreadable
        If the file is damaged, or has no column of texts; what stood before was yielded.
    MissingExtra
        If ``pyarrow`` is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra("pyarrow", "parquet") from None
    with _seekable(stream) as file, _naming(pyarrow.ArrowException):
        table = pyarrow.parquet.ParquetFile(file)
        fields.keys(dict.fromkeys(table.schema_arrow.names, "1"))
        first = 1
        for batch in table.iter_batches(_N_ROWS):
            for number, record in enumerate(_records(_in_microseconds(batch))):
                row = first + number
                try:
                    values = _plain_record(record)
                    article = to_article(values, fields, f"{source.name}#{row}")
                    yield LocatedRecord(article, source.path, row, (batch, number))
                except Unreadable as error:
                    yield SkippedRecord(source.path, str(error), row)
            first += batch.num_rows


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield file


@contextmanager
def _naming(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (kind, OSError) as error:
        first = (str(error).splitlines() or [repr(error)])[0]
        raise Unreadable(f"not readable as Parquet: {first}") from None


def _in_microseconds(batch: Any) -> Any:
    # Python's datetime has no nanoseconds, and pandas writes them by default.
    import pyarrow

    columns = []
    for column in batch.columns:
        if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        columns.append(column)
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _records(batch: Any) -> Iterator[Mapping[str, Any] | Exception]:
    try:
        yield from batch.to_pylist()
    except ValueError:  # one value that Python has not: a string of other bytes, the year 300,000
        for number in range(batch.num_rows):
            try:
                (record,) = batch.slice(number, 1).to_pylist()
                yield record
            except ValueError as error:
                yield error


def _plain_record(record: Mapping[str, Any] | Exception) -> dict[str, Any]:
    if isinstance(record, Exception):
        raise Unreadable(f"a value that cannot be read: {record}")
    return {key: _plain(value) for key, value in record.items()}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: whatever becomes of an article, it can be stored."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if value is None or isinstance(value, str | int | float) else str(value)
