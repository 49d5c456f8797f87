"""Parquet: each row is an article; one batch of rows is in memory at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from typing import Any, BinaryIO

from dedup.errors import MissingExtra
from dedup.model.article import SkippedRecord
from dedup.readers.lines import RAW, describe_size
from dedup.readers.notes import Unreadable
from dedup.readers.records import Fields, LocatedRecord, convert
from dedup.readers.sources import InputFile

# Rows that are converted to Python values at a time.
_N_ROWS, _FEWEST_ROWS = 256, 4
# Bytes of a batch of rows that repeat values.
_BATCH = 64 << 20


def read_parquet(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a Parquet file.

    Raises
    ------
    Unreadable
        If the file is damaged or has no text column.
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
        for batch, first in _batches(table, source.how.max_text):
            if batch is None:
                reason = describe_size("row group with values", first, source.how.max_text)
                yield SkippedRecord(source.path, reason)
                continue
            for number, record in enumerate(_records(_in_microseconds(batch))):
                row = first + number
                try:
                    values = _plain_record(record)
                    article, notes = convert(values, fields, f"{source.name}#{row}")
                    yield LocatedRecord(article, source.path, row, (batch, number), notes)
                except Unreadable as error:
                    yield SkippedRecord(source.path, str(error), row)


def _batches(table: Any, max_text: int) -> Iterator[tuple[Any, int]]:
    """Yield batches of rows with the number of their first row.

    Of a row group whose values are too large on average, yield None and that size: its pages
    cannot be read in parts.
    """
    first = 1
    for group in range(table.num_row_groups):
        found = table.metadata.row_group(group)
        columns = [found.column(number) for number in range(found.num_columns)]
        sizes = [(one.total_uncompressed_size, one.has_dictionary_page) for one in columns]
        average = max((size for size, _ in sizes), default=0) // max(found.num_rows, 1)
        if average > RAW * max_text:
            yield None, average
            first += found.num_rows
            continue
        # Each row may repeat the largest value of a dictionary.
        largest = max((size for size, has_dictionary in sizes if has_dictionary), default=1)
        n_rows = max(_FEWEST_ROWS, min(_N_ROWS, _BATCH // max(largest, 1)))
        for batch in table.iter_batches(n_rows, row_groups=[group]):
            yield batch, first
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
        raise Unreadable(f"invalid Parquet: {first}") from None


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
    except ValueError:  # a value that Python cannot hold: invalid UTF-8, the year 300,000
        for number in range(batch.num_rows):
            try:
                (record,) = batch.slice(number, 1).to_pylist()
                yield record
            except ValueError as error:
                yield error


def _plain_record(record: Mapping[str, Any] | Exception) -> dict[str, Any]:
    if isinstance(record, Exception):
        raise Unreadable(f"unreadable value: {record}")
    return {key: _plain(value) for key, value in record.items()}


def _plain(value: Any) -> Any:
    """Convert a value to JSON types, so that the article can be stored."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if value is None or isinstance(value, str | int | float) else str(value)
