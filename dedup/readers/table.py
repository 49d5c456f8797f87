"""CSV and TSV: the first row names the columns, every other row is an article."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from dedup.model.article import SkippedRecord
from dedup.pattern import lazy_pattern
from dedup.readers.encoding import Decoder, open_text, peek
from dedup.readers.lines import RAW, TooLong, describe_size, read_lines, read_old_lines
from dedup.readers.notes import Note, Unreadable
from dedup.readers.records import Fields, LocatedRecord, convert
from dedup.readers.sources import InputFile

# The line with which Excel names the delimiter.
_SEP = lazy_pattern(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_DELIMITERS = ",;\t|"
# Taken only if no usual one gives a text column.
_RARE = "^~:\x1f"
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

    Quoting follows RFC 4180; a row that does not is read in other ways of quoting, see `_RawRows`.
    The delimiter is that of ``--delimiter`` or of a line ``sep=;``, a tab in ``.tsv``, or else the
    one that gives the first row a text column. Blank lines and comments before that row are left
    out.

    Raises
    ------
    Unreadable
        If the file is binary, or its first row has no text column.
    """
    how = source.how
    stream, wide = open_text(stream, how.encoding)
    rows = _RawRows(stream, Decoder(None if wide else how.encoding), how.max_text)
    named, first = rows.skip_to_heading(fields)
    if first is None:
        return
    delimiter = how.delimiter or named or find_delimiter(source.suffix, first, fields)
    rows.start(delimiter, first)
    header, raw = next(rows, ([], b""))
    columns = tuple(name.strip() if name.strip() else name for name in header)
    notes = check_columns(columns, fields, delimiter)
    rows.n_columns = len(columns)
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


def find_delimiter(suffix: str, first: str, fields: Fields) -> str:
    """Return the delimiter of a table by its first row."""
    if suffix == ".tsv":
        return "\t"
    bare = re.sub(r'"[^"]*"', "", first)
    usual = sorted(filter(bare.__contains__, _DELIMITERS), key=bare.count, reverse=True)
    rare = filter(bare.__contains__, _RARE)
    found = (one for one in (*usual, _NONE, *rare) if _has_text_column(first, one, fields))
    return next(found, usual[0] if usual else _NONE)


def _has_text_column(first: str, delimiter: str, fields: Fields) -> bool:
    try:
        (names,) = csv.reader([first], delimiter=delimiter)
        return bool(fields.keys({name.strip("'\" "): "1" for name in names}))
    except (csv.Error, Unreadable, ValueError):
        return False


class _Quoting(NamedTuple):
    """How cells of a row are quoted."""

    quotechar: str = '"'
    escapechar: str | None = None
    skipinitialspace: bool = False


class _RawRows(Iterator[tuple[list[str], bytes]]):
    """Rows with their bytes and line numbers.

    `before` has the bytes that come before the row of the columns. A row that is badly quoted, or
    has another number of cells than `n_columns`, is read again: with quotes after backslashes, as
    Spark and MySQL write them; with spaces before quotes; without quotes, as tab-separated files
    may be (IANA text/tab-separated-values).
    """

    def __init__(self, stream: BinaryIO, decoder: Decoder, max_text: int) -> None:
        csv.field_size_limit(RAW * max_text)  # global in the csv module
        self.decoder, self.before, self.n_columns = decoder, b"", 0
        self._stream, self._max_text = stream, max_text
        block = peek(stream)
        read = read_old_lines if b"\r" in block and b"\n" not in block else read_lines
        self._lines = read(stream, RAW * max_text)
        # Lines that are read again.
        self._again: deque[bytes | TooLong] = deque()
        self._raw: list[bytes] = []
        self._n_bytes = self._n_lines = 0
        self._fault: Unreadable | None = None
        self._delimiter, self._quoting = ",", _Quoting()

    @property
    def line(self) -> int:
        """First line of the next row."""
        return self._n_lines + 1

    def skip_to_heading(self, fields: Fields) -> tuple[str | None, str | None]:
        """Return the delimiter that a line names, and the first row, which stays the next one."""
        named = None
        for line in self._lines:
            if isinstance(line, TooLong):
                raise Unreadable(describe_size("first row", line.n_bytes, self._max_text))
            text = self._decode(line)
            found = _SEP.fullmatch(text)
            is_comment = text.startswith("#") and not any(
                _has_text_column(text, one, fields) for one in _DELIMITERS
            )
            if not (found or is_comment or not text.strip("\ufeff \r\n")):
                self._again.append(line)
                return named, text
            named = found[1] if found else named
            self.before, self._n_lines = self.before + line, self._n_lines + 1
        return named, None

    def start(self, delimiter: str, first: str) -> None:
        """Begin to cut rows; the first one shows how it is quoted."""
        self._delimiter = delimiter
        cells = first.strip("\ufeff\r\n").split(delimiter)
        is_single = all(len(one) > 1 and one[0] == one[-1] == "'" for one in cells)
        has_spaces = any(re.match(' +"', one) for one in cells)
        self._quoting = _Quoting("'" if is_single else '"', skipinitialspace=has_spaces)

    def __next__(self) -> tuple[list[str], bytes]:
        try:
            row = self._next_row(self._quoting)
        except _BadQuoting:
            row = self._read_otherwise()
        else:
            row = self._read_otherwise() if self._is_odd(row) else row
        return row, b"".join(self._raw)

    def _is_odd(self, row: list[str]) -> bool:
        n = self.n_columns
        return bool(n and row) and len(row) != n and (len(row) < n or any(row[n:]))

    def _read_otherwise(self) -> list[str]:
        """Read the lines of the row again, quoted in other ways, and at last as at first."""
        for quoting in [*self._other_quotings(b"".join(self._raw))]:
            self._put_back()
            with suppress(Unreadable):
                row = self._next_row(quoting)
                if not self._is_odd(row):
                    return row
        self._put_back()
        # In other tables a line may be a part of a cell.
        if self._delimiter == "\t" and self._again:
            self._begin_row()
            cells = next(self._read()).rstrip("\r\n").split(self._delimiter)
            if len(cells) == self.n_columns and not self._fault:
                return cells
            self._put_back()
        return self._next_row(self._quoting)

    def _other_quotings(self, raw: bytes) -> Iterator[_Quoting]:
        if b'\\"' in raw:
            yield self._quoting._replace(escapechar="\\")
        if b' "' in raw and not self._quoting.skipinitialspace:
            yield self._quoting._replace(skipinitialspace=True)

    def _put_back(self) -> None:
        """Let the next lines be those of the current row again."""
        self._again.extendleft(reversed(self._raw))
        self._n_lines -= len(self._raw)

    def _begin_row(self) -> None:
        self._raw, self._n_bytes, self._fault = [], 0, None

    def _next_row(self, quoting: _Quoting) -> list[str]:
        self._begin_row()
        # Strict: report malformed quoting instead of guessing.
        rows = csv.reader(self._read(), delimiter=self._delimiter, strict=True, **quoting._asdict())
        try:
            row: list[str] = next(rows)
        except csv.Error as error:
            if "field limit" in str(error):
                self._skip_quoted()
                raise Unreadable(describe_size("row", self._n_bytes, self._max_text)) from None
            if self._fault:
                raise self._fault from None
            if "end of data" in str(error):
                said = (
                    "unclosed quotation mark at the start of a cell; the rest of the file is lost"
                )
            else:
                said = "a quotation mark in a quoted cell is not doubled"
            raise _BadQuoting(f"invalid table: {said}") from None
        if self._fault:
            raise self._fault
        return row

    def _skip_quoted(self) -> None:
        """Skip the rest of a cell that is too long, up to the line with its closing mark."""
        for line in self._lines:
            self._n_lines += 1
            self._n_bytes += line.n_bytes if isinstance(line, TooLong) else len(line)
            if not isinstance(line, TooLong) and line.count(b'"') % 2:
                return

    def _read(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._lines, None)
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


class _BadQuoting(Unreadable):
    """A row that breaks the rules of its quoting."""


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
