"""Sizes of the pages of a Parquet file, from their headers (parquet.thrift, compact protocol).

A reader needs a whole page in memory, and the sizes in the metadata of a file may lie.
"""

from __future__ import annotations

from typing import Any, BinaryIO, NamedTuple

_HEADER = 1 << 12
# Statistics in a header hold whole values.
_MAX_HEADER = 1 << 24
# Types of the compact protocol: those without content, the integers, and the others.
_BOOLEANS, _INTEGERS = (1, 2), (4, 5, 6)
_BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 3, 7, 8, 9, 10, 11, 12
_MAX_NESTING = 20
# Fields of a page header.
_KIND, _SIZE, _COMPRESSED = 1, 2, 3
_DICTIONARY = 2


class PageSizes(NamedTuple):
    """Bytes of the largest page of a column, and of its largest dictionary."""

    largest: int
    dictionary: int


def measure_pages(file: BinaryIO, column: Any) -> PageSizes:
    """Read the sizes of the pages of a column chunk; if a header is damaged, its own size."""
    at = min(filter(None, (column.dictionary_page_offset, column.data_page_offset)))
    end = at + column.total_compressed_size
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
    except (ValueError, KeyError):
        size = max(largest, column.total_uncompressed_size)
        return PageSizes(size, size)
    return PageSizes(largest, dictionary)


def _read_header(file: BinaryIO, at: int) -> tuple[dict[int, int], int]:
    """Return the integers of a page header by field, and its length."""
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
    """Values of the compact protocol; only integers are kept."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.at = 0

    def struct(self, depth: int) -> dict[int, int]:
        """Read a struct; return its integers by field."""
        if depth > _MAX_NESTING:
            raise ValueError("nested too deeply")
        found: dict[int, int] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._integer()
            value = self._value(head & 15, depth)
            if value is not None:
                found[field] = value
        return found

    def _value(self, kind: int, depth: int) -> int | None:
        if kind in _INTEGERS:
            return self._integer()
        if kind in (_LIST, _SET):
            head = self._byte()
            n = self._varint() if head >> 4 == 15 else head >> 4
            for _ in range(n):
                self._element(head & 15, depth)
        elif kind == _MAP:
            n = self._varint()
            kinds = self._byte() if n else 0
            for _ in range(n):
                self._element(kinds >> 4, depth)
                self._element(kinds & 15, depth)
        elif kind == _STRUCT:
            self.struct(depth + 1)
        elif kind not in _BOOLEANS:
            self._skip(kind)
        return None

    def _element(self, kind: int, depth: int) -> None:
        # A boolean takes a byte here.
        self._value(_BYTE if kind in _BOOLEANS else kind, depth + 1)

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
