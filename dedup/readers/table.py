"""CSV and TSV: the first row names the columns, every other row is an article."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from dedup.model.article import SkippedRecord
from dedup.readers.records import (
    FIRST_BLOCK,
    Fields,
    LocatedRecord,
    Unreadable,
    check_block,
    to_article,
)
from dedup.readers.sources import InputFile

# Characters of a cell. Limits what an unclosed quotation mark can swallow.
_MAX_CELL = 1 << 27
_UNDECODED = range(0xDC80, 0xDD00)  # surrogates of bytes that are not UTF-8


class Heading(NamedTuple):
    """Columns and syntax of a table, to write it again."""

    columns: list[str]
    delimiter: str
    end: str


def read_table(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a table, one row in memory at a time.

    Quoting follows RFC 4180. The delimiter is a tab in ``.tsv``; else a comma, or a semicolon if
    the first row has no comma.

    Raises
    ------
    Unreadable
        If the file is binary, or its first row has no text column or repeats a name.
    """
    block = stream.peek(FIRST_BLOCK) if isinstance(stream, io.BufferedReader) else b""
    check_block(block[:FIRST_BLOCK])
    delimiter = delimiter_of(source.suffix, block)
    rows = _NumberedRows(stream, delimiter)
    header = next(rows, None)
    if header is None:
        return
    columns = _columns(header, fields)
    end = "\r\n" if block.split(b"\n", 1)[0].endswith(b"\r") else "\n"
    heading = Heading(columns, delimiter, end)
    while (line := rows.line) is not None:
        try:
            row = next(rows, None)
            if row is None:
                return
            if row:
                article = to_article(_record(row, columns), fields, f"{source.name}#{line}")
                yield LocatedRecord(article, source.path, line, (heading, row))
        except Unreadable as error:
            yield SkippedRecord(source.path, str(error), line)


def delimiter_of(suffix: str, head: bytes) -> str:
    """Return the delimiter of a table."""
    if suffix == ".tsv":
        return "\t"
    first = head.split(b"\n", 1)[0]
    return ";" if b";" in first and b"," not in first else ","


class _NumberedRows(Iterator[list[str]]):
    """Rows with their line numbers."""

    def __init__(self, stream: BinaryIO, delimiter: str) -> None:
        csv.field_size_limit(_MAX_CELL)  # global in the csv module
        # Strict: report malformed quoting instead of guessing.
        self._rows = csv.reader(_lines(stream), delimiter=delimiter, strict=True)

    @property
    def line(self) -> int:
        """First line of the next row."""
        return self._rows.line_num + 1

    def __next__(self) -> list[str]:
        try:
            row = next(self._rows)
        except csv.Error as error:
            what = str(error)
            if what == "unexpected end of data":
                what = (
                    "unclosed quotation mark at the start of a cell; the rest of the file is lost"
                )
            raise Unreadable(f"invalid table: {what}") from None
        for number, cell in enumerate(row, 1):
            if not cell.isascii():
                _check_decoded(cell, number)
        return row


def _lines(stream: BinaryIO) -> Iterator[str]:
    for line in stream:
        yield line.decode(errors="surrogateescape").removeprefix("\ufeff")


def _check_decoded(cell: str, number: int) -> None:
    for char in cell:
        if ord(char) in _UNDECODED:
            raise Unreadable(f"not UTF-8: byte 0x{ord(char) - 0xDC00:02x} in column {number}")


def _columns(header: list[str], fields: Fields) -> list[str]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(f"two columns are named {twice[0]!r}")
    try:
        fields.keys(dict.fromkeys(header, "1"))
    except Unreadable as error:
        raise Unreadable(f"{error} in the first row, which must name the columns") from None
    return header


def _record(row: list[str], columns: list[str]) -> dict[str, str | None]:
    if len(row) != len(columns):
        raise Unreadable(f"row has {len(row)} cells, the first row has {len(columns)}")
    return {name: cell or None for name, cell in zip(columns, row, strict=True)}
