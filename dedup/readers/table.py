"""Tables of text: the first row names the columns, a row is an article."""

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

# Characters of a cell. A quotation mark that nobody closed takes in all that follows: this ends it.
_MAX_CELL = 1 << 27
_UNDECODED = range(0xDC80, 0xDD00)  # what stands for a byte that is no UTF-8


class Heading(NamedTuple):
    """How a table begins, for whoever writes it again.

    Parameters
    ----------
    columns : list of str
        Their names.
    delimiter : str
        What parts them.
    end : str
        What ends a line.
    """

    columns: list[str]
    delimiter: str
    end: str


def read_table(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a table, one row in memory at a time.

    Quoting is that of RFC 4180, of tabs too. Columns are parted by tabs in ``.tsv``; else by
    commas, or by semicolons if the first row has no comma.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of the file, UTF-8.
    source : InputFile
        The file; articles without an id are named by its name and the line they begin at.
    fields : Fields
        Which column is which field of an article.

    Yields
    ------
    LocatedRecord or SkippedRecord
        One for each row; the `Heading` and its own cells are `raw`. An empty cell is no value.

    Raises
    ------
    Unreadable
        If the file is binary, or its first row names no column of texts, or one twice.
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
    """Tell what parts the columns.

    Parameters
    ----------
    suffix : str
        Of the file.
    head : bytes
        The beginning of the file.

    Returns
    -------
    str
        One character.
    """
    if suffix == ".tsv":
        return "\t"
    first = head.split(b"\n", 1)[0]
    return ";" if b";" in first and b"," not in first else ","


class _NumberedRows(Iterator[list[str]]):
    """Rows, each with the line it begins at."""

    def __init__(self, stream: BinaryIO, delimiter: str) -> None:
        csv.field_size_limit(_MAX_CELL)  # the module knows one limit for all
        # Strict: what only looks like a table is told, not guessed at.
        self._rows = csv.reader(_lines(stream), delimiter=delimiter, strict=True)

    @property
    def line(self) -> int:
        """The line that the next row begins at."""
        return self._rows.line_num + 1

    def __next__(self) -> list[str]:
        try:
            row = next(self._rows)
        except csv.Error as error:
            what = str(error)
            if what == "unexpected end of data":
                what = "a quotation mark that begins a cell here has no end; all behind it is lost"
            raise Unreadable(f"not readable as a table: {what}") from None
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
        raise Unreadable(f"two columns are called {twice[0]!r}")
    try:
        fields.keys(dict.fromkeys(header, "1"))
    except Unreadable as error:
        raise Unreadable(f"{error} in the first row, which must name the columns") from None
    return header


def _record(row: list[str], columns: list[str]) -> dict[str, str | None]:
    if len(row) != len(columns):
        raise Unreadable(f"row has {len(row)} cells, the first has {len(columns)}")
    return {name: cell or None for name, cell in zip(columns, row, strict=True)}
