"""Parquet: each row is an article; one batch of rows, and a page of each column, is in memory."""

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
from dedup.readers.notes import Note, Unreadable
from dedup.readers.parquet_pages import measure_pages, read_groups
from dedup.readers.records import Fields, LocatedRecord, convert, unwrap
from dedup.readers.sources import InputFile, check_end

# Rows that are converted to Python values at a time, and bytes of their values.
_N_ROWS, _BATCH = 256, 64 << 20
# What a value that Python cannot hold raises: invalid UTF-8, the year 300,000, an unknown zone.
_UNREADABLE = (ValueError, OverflowError, LookupError)
# Bytes of a page for each byte of a record; reading one takes three times its size.
_PAGE = 5


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
        text = find_text(table.schema_arrow, fields)
        for batch, first in _batches(table, file, source):
            if isinstance(batch, SkippedRecord):
                yield batch
                continue
            for number, record in enumerate(read_rows(batch, source.how.max_text)):
                row = first + number
                try:
                    values, lost = plain_record(record, text)
                    article, own = convert(values, fields, f"{source.name}#{row}")
                    yield LocatedRecord(article, source.path, row, (batch, number), lost + own)
                except Unreadable as error:
                    yield SkippedRecord(source.path, str(error), row)


def _batches(table: Any, file: BinaryIO, source: InputFile) -> Iterator[tuple[Any, int]]:
    """Yield batches of rows with the number of their first row.

    Rows of a page that does not fit in memory are skipped.
    """
    first, most = 1, source.how.max_text
    for group, found in enumerate(read_groups(file)):
        pages = [measure_pages(file, column) for column in found.columns]
        largest = max((one.largest for one in pages), default=0)
        if largest > _PAGE * RAW * most:
            rows = f"rows {first:,} to {first + found.n_rows - 1:,}"
            reason = describe_size(f"{rows}: page", largest, _PAGE * RAW * most)
            yield SkippedRecord(source.path, reason, first), first
            first += found.n_rows
            continue
        # Each row may repeat the largest value of a dictionary, and fill the largest page.
        n_bytes = sum(column.n_bytes for column in found.columns)
        is_small = n_bytes <= _BATCH and not any(one.dictionary for one in pages)
        size = 1 if is_small else max(1, largest)
        n_rows = max(1, min(_N_ROWS, _BATCH // size))
        for batch in table.iter_batches(n_rows, row_groups=[group]):
            yield in_microseconds(batch), first
            first += batch.num_rows


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        check_end(stream)
        file.seek(0)
        yield file


@contextmanager
def _naming(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (kind, OSError, UnicodeDecodeError) as error:  # the last, of a name of a column
        first = (str(error).splitlines() or [repr(error)])[0]
        raise Unreadable(f"invalid Parquet: {first}") from None


def in_microseconds(batch: Any) -> Any:
    """Return a batch whose times Python can hold."""
    # Python's datetime has no nanoseconds, and pandas writes them by default.
    import pyarrow

    columns = []
    for column in batch.columns:
        if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        columns.append(column)
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def read_rows(batch: Any, max_text: int) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Yield the rows of a batch as records, or why one has none."""
    is_large = batch.nbytes > RAW * max_text
    try:
        if not is_large:
            yield from batch.to_pylist()
            return
    except _UNREADABLE:
        pass
    for number in range(batch.num_rows):
        row = batch.slice(number, 1)
        try:
            if is_large and (n_bytes := _size(row)) > RAW * max_text:
                raise Unreadable(describe_size("record", n_bytes, max_text))
            yield {name: _value(row.column(at)) for at, name in enumerate(row.schema.names)}
        except Unreadable as error:
            yield error


def _value(column: Any) -> Any:
    """Return the value of a row, or the error of a value that Python cannot hold."""
    try:
        return column[0].as_py()
    except _UNREADABLE as error:
        return error


def _size(row: Any) -> int:
    """Return the bytes of the values of a row."""
    import pyarrow

    views = (pyarrow.types.is_string_view, pyarrow.types.is_binary_view)
    n_bytes = 0
    for column in row.columns:
        # Views share their buffers, and each would count for all.
        is_view = any(is_one(column.type) for is_one in views)
        n_bytes += len(column[0].as_buffer() or b"") if is_view else column.nbytes
    return n_bytes


def plain_record(
    record: Mapping[str, Any] | Unreadable, text: str
) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """Return the values of a row that can be read, and notes on the others.

    Parameters
    ----------
    text : str
        Key of the text, without which there is no record.

    Raises
    ------
    Unreadable
        If the row has no text.
    """
    if isinstance(record, Unreadable):
        raise record
    lost = {key: value for key, value in record.items() if isinstance(value, Exception)}
    if text in lost:
        raise Unreadable(f"unreadable value: {lost[text]}")
    notes = (
        Note(f"value of {key}", f"field {key!r}: unreadable value ({why}); it is left out")
        for key, why in lost.items()
    )
    return {key: to_plain(value) for key, value in record.items() if key not in lost}, (*notes,)


def find_text(schema: Any, fields: Fields) -> str:
    """Return the key of the text in the rows of a table.

    Raises
    ------
    Unreadable
        If no column holds it.
    """
    sample = {one.name: _sample(one.type) for one in schema}
    return fields.keys(unwrap(sample, fields))["text"]


def _sample(kind: Any) -> Any:
    """Return a value as a column has them: its objects have the same keys."""
    import pyarrow

    if not pyarrow.types.is_struct(kind):
        return "1"
    return {kind.field(at).name: _sample(kind.field(at).type) for at in range(kind.num_fields)}


def to_plain(value: Any) -> Any:
    """Convert a value to JSON types, so that the article can be stored."""
    if value is None or isinstance(value, (str, int, float)):  # almost all
        return value
    if isinstance(value, dict):
        return {str(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return str(value)
