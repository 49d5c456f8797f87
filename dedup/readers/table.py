"""CSV and TSV: the first row names the columns, every other row is an article."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from dedup.model.article import SkippedRecord
from dedup.readers.encoding import Decoder, open_text
from dedup.readers.lines import RAW, TooLong, describe_size, read_lines
from dedup.readers.notes import Note, Unreadable
from dedup.readers.records import Fields, LocatedRecord, convert
from dedup.readers.sources import InputFile

# The line with which Excel names the delimiter.
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_DELIMITERS = ",;\t|"
# The delimiter of a table of one column: no text has it.
_NONE = "\x1f"


class Heading(NamedTuple):
    """Columns and syntax of a table, to write it again; `raw` has the rows before the first."""

    columns: tuple[str, ...]
    delimiter: str
    encoding: str
    wide: str
    raw: bytes

    @property
    def syntax(self) -> tuple[object, ...]:
        """What tables need in common for their rows to be copied."""
        return self[:4]


def read_table(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a table, one row in memory at a time.

    Quoting follows RFC 4180. The delimiter is that of ``--delimiter`` or of a line ``sep=;``, a tab
    in ``.tsv``, or else the one that the first row has most often outside of quotes.

    Raises
    ------
    Unreadable
        If the file is binary, or its first row has no text column.
    """
    how = source.how
    stream, wide = open_text(stream, how.encoding)
    rows = _RawRows(stream, Decoder(None if wide else how.encoding), how.max_text)
    first = rows.look_ahead()
    if first is None:
        return
    named = _SEP.fullmatch(first)
    if named:
        rows.skip_line()
        first = rows.look_ahead() or ""
    delimiter = how.delimiter or (named and named[1]) or find_delimiter(source.suffix, first)
    rows.start(delimiter)
    header, raw = next(rows, ([], b""))
    columns = tuple(name.strip() if name.strip() else name for name in header)
    notes = check_columns(columns, fields, delimiter)
    heading = Heading(columns, delimiter, how.encoding or "utf-8", wide, rows.before + raw)
    while True:
        line = rows.line
        try:
            row, raw = next(rows)
            if not row:
                continue
            record = _record(row, columns, delimiter)
            article, own = convert(record, fields, f"{source.name}#{line}")
            told = (*rows.decoder.notes(), *notes, *own)
            yield LocatedRecord(article, source.path, line, (heading, row, raw), told)
        except StopIteration:
            return
        except Unreadable as error:
            yield SkippedRecord(source.path, str(error), line)


def find_delimiter(suffix: str, first: str) -> str:
    """Return the delimiter of a table by its first row."""
    if suffix == ".tsv":
        return "\t"
    bare = re.sub(r'"[^"]*"', "", first)
    best = max(_DELIMITERS, key=lambda one: (bare.count(one), -_DELIMITERS.index(one)))
    return best if best in bare else _NONE


class _RawRows(Iterator[tuple[list[str], bytes]]):
    """Rows with their bytes and line numbers.

    `before` has the bytes that come before the row of the columns.
    """

    def __init__(self, stream: BinaryIO, decoder: Decoder, max_text: int) -> None:
        csv.field_size_limit(RAW * max_text)  # global in the csv module
        self.decoder, self.before = decoder, b""
        self._stream, self._max_text = stream, max_text
        self._lines = read_lines(stream, RAW * max_text)
        self._ahead: bytes | TooLong | None = None
        self._raw: list[bytes] = []
        self._n_bytes = self._n_lines = 0
        self._fault: Unreadable | None = None
        self._rows: Any = None

    @property
    def line(self) -> int:
        """First line of the next row."""
        return self._n_lines + 1

    def look_ahead(self) -> str | None:
        """Return the next line and keep it; None at the end."""
        self._ahead = next(self._lines, None)
        if isinstance(self._ahead, TooLong):
            raise Unreadable(describe_size("first row", self._ahead.n_bytes, self._max_text))
        return None if self._ahead is None else self._decode(self._ahead)

    def skip_line(self) -> None:
        """Leave out the line that was looked at."""
        assert isinstance(self._ahead, bytes)
        self.before, self._ahead, self._n_lines = self._ahead, None, self._n_lines + 1

    def start(self, delimiter: str) -> None:
        """Begin to cut rows."""
        # Strict: report malformed quoting instead of guessing.
        self._rows = csv.reader(self._read(), delimiter=delimiter, strict=True)

    def __next__(self) -> tuple[list[str], bytes]:
        self._raw, self._n_bytes, self._fault = [], 0, None
        try:
            row: list[str] = next(self._rows)
        except csv.Error as error:
            if "field limit" in str(error):
                self._skip_quoted()
                raise Unreadable(describe_size("row", self._n_bytes, self._max_text)) from None
            if self._fault:
                raise self._fault from None
            what = str(error)
            if what == "unexpected end of data":
                what = (
                    "unclosed quotation mark at the start of a cell; the rest of the file is lost"
                )
            raise Unreadable(f"invalid table: {what}") from None
        if self._fault:
            raise self._fault
        return row, b"".join(self._raw)

    def _skip_quoted(self) -> None:
        """Skip the rest of a cell that is too long, up to the line with its closing mark."""
        for line in self._lines:
            self._n_lines += 1
            self._n_bytes += line.n_bytes if isinstance(line, TooLong) else len(line)
            if not isinstance(line, TooLong) and line.count(b'"') % 2:
                return

    def _read(self) -> Iterator[str]:
        while True:
            line = self._ahead if self._ahead is not None else next(self._lines, None)
            self._ahead = None
            if line is None:
                return
            self._n_lines += 1
            yield self._take(line)

    def _take(self, line: bytes | TooLong) -> str:
        """Return a line as text; a fault is raised at the end of its row."""
        n_bytes = line.n_bytes if isinstance(line, TooLong) else len(line)
        self._n_bytes += n_bytes
        if self._n_bytes > RAW * self._max_text:
            self._fault = Unreadable(describe_size("row", self._n_bytes, self._max_text))
            self._raw = []
        if isinstance(line, TooLong):
            return "\n"
        self._raw.append(line)
        try:
            return self._decode(line)
        except Unreadable as error:
            self._fault = self._fault or error
            return line.decode("latin-1")

    def _decode(self, line: bytes) -> str:
        return self.decoder.decode(line, "line", self._stream)


def check_columns(columns: tuple[str, ...], fields: Fields, delimiter: str) -> tuple[Note, ...]:
    """Refuse a first row without a text column; return notes on the other rows."""
    try:
        fields.keys(dict.fromkeys(columns, "1"))
    except Unreadable as error:
        found = (
            "no delimiter was found" if delimiter == _NONE else f"the delimiter is {delimiter!r}"
        )
        raise Unreadable(
            f"{error}. The first row must name the columns; {found}, --delimiter names another"
        ) from None
    twice = [name for name, n in Counter(columns).items() if n > 1 and name]
    said = f"two columns are named {', '.join(map(repr, twice))}: the first counts"
    return (Note("columns", said, 1),) if twice else ()


def _record(row: list[str], columns: tuple[str, ...], delimiter: str) -> dict[str, str | None]:
    if len(row) > len(columns) and not any(row[len(columns) :]):
        row = row[: len(columns)]
    if len(row) != len(columns):
        raise Unreadable(
            f"row has {len(row)} cells, the first row has {len(columns)} (delimiter {delimiter!r})"
        )
    pairs = reversed(list(zip(columns, row, strict=True)))  # of equal names the first counts
    return dict(reversed([*{name: cell or None for name, cell in pairs}.items()]))
