"""Sizes of the pages of a Parquet file, from its footer and their headers (parquet.thrift).

A reader needs a whole page in memory, and the sizes in the footer may lie. The footer is read here,
since a damaged one lets the library end the process where it shows the metadata of a column.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO, NamedTuple

from dedup.readers.notes import Unreadable

_HEADER = 1 << 12
# Statistics in a header hold whole values.
_MAX_HEADER = 1 << 24
# Types of the compact protocol: those without content, the integers, and the others.
_BOOLEANS, _INTEGERS = (1, 2), (4, 5, 6)
_BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 3, 7, 8, 9, 10, 11, 12
_MAX_NESTING = 20
# Fields of a page header, and the kind of a dictionary.
_KIND, _SIZE, _COMPRESSED, _DICTIONARY = 1, 2, 3, 2
# Fields of the footer, of a group, and of a column.
_GROUPS, _COLUMNS, _N_ROWS, _COLUMN = 4, 1, 3, 3
_TOTAL, _TOTAL_COMPRESSED, _DATA_AT, _DICTIONARY_AT = 6, 7, 9, 11
_TAIL = 8


class ColumnChunk(NamedTuple):
    """A column of a row group: where its pages begin, and its bytes in the file and in memory."""

    start: int
    n_compressed: int
    n_bytes: int


class RowGroup(NamedTuple):
    """A row group."""

    n_rows: int
    columns: tuple[ColumnChunk, ...]


class PageSizes(NamedTuple):
    """Bytes of the largest page of a column, and of its largest dictionary."""

    largest: int
    dictionary: int


def read_groups(file: BinaryIO) -> list[RowGroup]:
    """Read the row groups of a file from its footer.

    Raises
    ------
    Unreadable
        If the footer is damaged.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    n_bytes = int.from_bytes(file.read(_TAIL)[:4], "little")
    file.seek(max(0, end - _TAIL - n_bytes))
    try:
        footer = _Compact(file.read(n_bytes)).struct(0)
        return [
            RowGroup(group[_N_ROWS], tuple(_read_column(one[_COLUMN]) for one in group[_COLUMNS]))
            for group in footer[_GROUPS]
        ]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise Unreadable("invalid Parquet: damaged footer") from None


def _read_column(column: dict[int, Any]) -> ColumnChunk:
    starts = (column.get(_DICTIONARY_AT), column[_DATA_AT])
    start = min(at for at in starts if at)
    values = start, column[_TOTAL_COMPRESSED], column[_TOTAL]
    if not all(isinstance(value, int) and value >= 0 for value in values):
        raise ValueError("no size")
    return ColumnChunk(*values)


def measure_pages(file: BinaryIO, column: ColumnChunk) -> PageSizes:
    """Read the sizes of the pages of a column; if a header is damaged, its own size."""
    at, end = column.start, column.start + column.n_compressed
    largest = dictionary = 0
    try:
        while at < end:
            header, n_bytes = _read_header(file, at)
            largest = max(largest, header[_SIZE])
            if header[_KIND] == _DICTIONARY:
                dictionary = max(dictionary, header[_SIZE])
            if header[_COMPRESSED] < 0:
                raise ValueError
            at += n_bytes + header[_COMPRESSED]
    except (ValueError, KeyError, TypeError):
        size = max(largest, column.n_bytes)
        return PageSizes(size, size)
    return PageSizes(largest, dictionary)


def _read_header(file: BinaryIO, at: int) -> tuple[dict[int, Any], int]:
    """Return a page header by field, and its length."""
    n_bytes = _HEADER
    while True:
        file.seek(at)
        raw = file.read(n_bytes)
        try:
            compact = _Compact(raw)
            return compact.struct(0), compact.at
        except IndexError:
            if len(raw) < n_bytes or n_bytes >= _MAX_HEADER:
                raise ValueError("no end of the header") from None
            n_bytes <<= 4


class _Compact:
    """Values of the compact protocol: integers, lists, and structs by field; None for others."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.at = 0

    def struct(self, depth: int) -> dict[int, Any]:
        """Read a struct; return its values by field."""
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._integer()
            found[field] = self._value(head & 15, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _MAX_NESTING:
            raise ValueError("nested too deeply")
        if kind in _INTEGERS:
            return self._integer()
        if kind in (_LIST, _SET):
            head = self._byte()
            n = self._varint() if head >> 4 == 15 else head >> 4
            return [self._element(head & 15, depth) for _ in range(n)]
        if kind == _MAP:
            n = self._varint()
            kinds = self._byte() if n else 0
            for _ in range(n):
                self._element(kinds >> 4, depth)
                self._element(kinds & 15, depth)
        elif kind == _STRUCT:
            return self.struct(depth + 1)
        elif kind not in _BOOLEANS:
            self._skip(kind)
        return None

    def _element(self, kind: int, depth: int) -> Any:
        # A boolean takes a byte here.
        return self._value(_BYTE if kind in _BOOLEANS else kind, depth + 1)

    def _skip(self, kind: int) -> None:
        if kind not in (_BYTE, _DOUBLE, _BINARY):
            raise ValueError("unknown type")
        n = {_BYTE: 1, _DOUBLE: 8}.get(kind, 0) or self._varint()
        self.at += n
        if self.at > len(self._raw):
            raise IndexError

    def _byte(self) -> int:
        self.at += 1
        return self._raw[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("no end of an integer")

    def _integer(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
