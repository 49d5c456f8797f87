"""JSON: records in a list, under any key, by id, alone, or one after another.

Values are cut at their brackets and parsed one by one, so that an invalid record does not affect
the others, and only one is in memory. An object too large for a record is read as a container.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from dedup.model.article import SkippedRecord
from dedup.pattern import lazy_pattern
from dedup.readers.encoding import Decoder, open_text
from dedup.readers.lines import RAW, describe_size
from dedup.readers.notes import Unreadable
from dedup.readers.records import (
    Fields,
    LocatedRecord,
    convert,
    guess_keys,
    has_text,
    kind,
    names_text,
    unwrap,
)
from dedup.readers.sources import InputFile

_N_BYTES = 1 << 16
# Python reads no integer of more digits than 4,300.
_MAX_DIGITS = 1000
_MAX_KEY = 1 << 16
# White space, then a mark or a scalar; a string is only opened.
_TOKEN = lazy_pattern(rb'[ \t\r\n]*(?:[{}\[\],:"]|[^ \t\r\n,:"{}\[\]]+)?')
_SCALAR = lazy_pattern(rb'[^ \t\r\n,:"{}\[\]]*')
# The inside of a string up to its end, or up to a backslash that ends the chunk.
_STRING = lazy_pattern(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
# Inside of a record only brackets and strings matter.
_INSIDE = lazy_pattern(rb'[^"{}\[\]]*["{}\[\]]?')
_STEP = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
# Keys of lists of records in the answers of news APIs, search engines and feeds: an object with
# such a list is no article, even if it has a description.
_LISTS = frozenset({
    "articles", "items", "item", "results", "docs", "documents", "hits", "data", "entries",
    "entry", "records", "posts", "stories", "news", "value", "values", "rows",
})  # fmt: skip
# Levels of objects around a list of records.
_DEPTH = 5


class _JsonValue(NamedTuple):
    """A value: its bytes or, if it is too long, their number; the key that it has in an object."""

    raw: bytes
    line: int
    key: str | None = None
    n_bytes: int = 0


def read_json(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON file, one object in memory at a time.

    Raises
    ------
    Unreadable
        If the file is binary, or, after the records, if a list has no end.
    """
    how = source.how
    stream, wide = open_text(stream, how.encoding)
    decoder = Decoder(None if wide else how.encoding)
    cutter = JsonCutter(fields, decoder, RAW * how.max_text)
    for number, (raw, line, key, n_bytes) in enumerate(cutter.cut(stream), 1):
        try:
            if n_bytes:
                raise Unreadable(describe_size("object", n_bytes, how.max_text))
            record = parse_value(decoder.decode(raw, "record"), line)
            if not isinstance(record, dict):
                raise Unreadable(f"must be a JSON object, not {kind(record)}")
            article, notes = convert(record, fields, key or f"{source.name}#{number}")
            yield LocatedRecord(article, source.path, line, raw, (*decoder.notes(), *notes))
        except Unreadable as error:  # a whole file may be one line
            yield SkippedRecord(source.path, f"record {number}: {error}", line)


def _find_rows(value: object) -> Iterator[dict[str, Any]]:
    """Yield the rows of a data frame that was written column by column, or split."""
    if not isinstance(value, dict) or len(value) < 2:
        return
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):
        if all(isinstance(row, list) and len(row) == len(names) for row in rows):
            yield from (dict(zip(map(str, names), row, strict=True)) for row in rows)
        return
    if not any(map(names_text, value)) or not guess_keys(tuple(value))["id"]:
        return
    columns = [one if isinstance(one, dict) else _number(one) for one in value.values()]
    keys = columns[0].keys()
    if keys and all(one.keys() == keys for one in columns):
        names = list(value)
        yield from ({name: own[key] for name, own in zip(names, columns, strict=True)}
                    for key in keys)  # fmt: skip


def _number(value: object) -> dict[int, Any]:
    return dict(enumerate(value)) if isinstance(value, list) else {}


class _Text:
    """Tokens and values of JSON, read one by one."""

    def __init__(self, stream: BinaryIO, line: int = 1) -> None:
        self._stream = stream
        self._chunk = stream.read(_N_BYTES).removeprefix(b"\xef\xbb\xbf")
        self._at = 0
        # Current line, and the line where the last token begins.
        self._line = self.line = line

    def next(self) -> bytes:
        """Return the next mark or scalar, empty at the end; of a string its quotation mark."""
        token = b""
        while not token and (token or self._has_more()):
            token = self._take(_TOKEN).lstrip(b" \t\r\n")
        self.line = self._line
        if token and token not in b'{}[],:"':  # the chunk may end in the scalar
            while self._at == len(self._chunk) and self._read_on():
                token += self._take(_SCALAR)
        return token

    def string(self, most: int) -> tuple[bytes, int]:
        """Return the rest of a string and its length; no more than about `most` bytes are kept."""
        parts, n_bytes = [], 0
        while True:
            part = self._take(_STRING)
            n_bytes += len(part)
            if n_bytes <= most:
                parts.append(part)
            left = self._chunk[self._at : self._at + 1]
            if left == b'"':
                self._at += 1
                return b"".join([*parts, left]), n_bytes
            if not self._read_on():
                self._at = len(self._chunk)
                return b"".join([*parts, left]), n_bytes

    def value(self, first: bytes, most: int) -> tuple[_JsonValue, bool]:
        """Return the value that begins with a token, and whether it is all of it."""
        line, parts, size = self.line, [first], 1
        depth, part = _STEP.get(first, 0), first
        while (depth > 0 or part == b'"') and size <= most:
            if part == b'"':
                inside, n_bytes = self.string(most)
                parts.append(inside)
                size += n_bytes
                part = b""
                continue
            found = self._take(_INSIDE)
            if not found and not self._has_more():
                break
            parts.append(found)
            size += len(found)
            part = found[-1:]
            depth += _STEP.get(part, 0)
        return _JsonValue(b"".join(parts), line), size <= most

    def put_back(self, raw: bytes) -> None:
        """Let the next token be the first of `raw`."""
        self._chunk, self._at = raw + self._chunk[self._at :], 0
        self._line -= raw.count(b"\n")

    def _take(self, pattern: re.Pattern[bytes]) -> bytes:
        if self._at == len(self._chunk):
            self._read_on()
        found = pattern.match(self._chunk, self._at)
        assert found is not None
        self._at = found.end()
        self._line += found[0].count(b"\n")
        return found[0]

    def _has_more(self) -> bool:
        return self._at < len(self._chunk) or self._read_on()

    def _read_on(self) -> bool:
        more = self._stream.read(_N_BYTES)
        if more:
            self._chunk, self._at = self._chunk[self._at :] + more, 0
        return bool(more)


class JsonCutter:
    """Cuts a text into records; see the head of this file."""

    def __init__(self, fields: Fields, decoder: Decoder, most: int) -> None:
        self._fields, self._decoder, self._most = fields, decoder, most

    def cut(self, stream: BinaryIO) -> Iterator[_JsonValue]:
        """Yield the records of a file."""
        text = _Text(stream)
        while token := text.next():
            if token == b"[":
                yield from self._list(text)
            elif token == b"{":
                yield from self._object(text, None, 0)
            elif token != b",":
                yield text.value(token, self._most)[0]

    def _list(self, text: _Text, depth: int = 0) -> Iterator[_JsonValue]:
        while (token := text.next()) != b"]":
            if not token:
                raise Unreadable("cut off: the list has no end")
            if token == b"{":
                yield from self._object(text, None, depth + 1)
            elif token != b",":
                yield text.value(token, self._most)[0]

    def _object(self, text: _Text, key: str | None, depth: int) -> Iterator[_JsonValue]:
        found, is_whole = text.value(b"{", self._most)
        if is_whole:
            yield from self._sort(found._replace(key=key), depth)
            return
        text.put_back(found.raw[1:])
        n_found, n_bytes = 0, len(found.raw)
        if depth < _DEPTH:
            for one in self._members(text, depth, None):
                n_found += 1
                yield one
        if not n_found:
            yield _JsonValue(b"", found.line, key, n_bytes)

    def _sort(self, found: _JsonValue, depth: int) -> Iterator[_JsonValue]:
        """Yield an object if it is a record, or else the records in it."""
        try:
            value = parse_value(self._decoder.decode(found.raw, "record"))
        except Unreadable:
            inner = self._rescue(found, depth) if depth == 0 else iter(())
        else:
            if rows := list(_find_rows(value)):
                yield from (_JsonValue(json.dumps(row).encode(), found.line) for row in rows)
                return
            wanted = self._find_lists(value) if isinstance(value, dict) and depth < _DEPTH else {}
            text = _Text(io.BytesIO(found.raw[1:]), found.line)
            inner = self._members(text, depth, wanted) if wanted else iter(())
        try:
            first = next(inner, None)
        except Unreadable:  # nothing was found before the end
            first, inner = None, iter(())
        yield found if first is None else first
        yield from inner

    def _rescue(self, found: _JsonValue, depth: int) -> Iterator[_JsonValue]:
        """Yield the records in a list of a damaged object."""
        text = _Text(io.BytesIO(found.raw[1:]), found.line)
        yield from self._members(text, depth, dict.fromkeys(_LISTS, False))

    def _members(
        self, text: _Text, depth: int, wanted: Mapping[str, bool] | None
    ) -> Iterator[_JsonValue]:
        """Yield the records in the values of an object, of all keys if `wanted` is None.

        `wanted` says for each key whether it is the id of its value.
        """
        name, before, token = "", b"", b"{"
        while (token := text.next()) not in (b"}", b""):
            if token == b'"' and before != b":":
                name = text.string(_MAX_KEY)[0][:-1].decode(errors="replace")
            elif before == b":" and token in (b"[", b"{") and (wanted is None or name in wanted):
                is_id = wanted is None or wanted[name]
                found = (
                    self._list(text, depth)
                    if token == b"["
                    else self._object(text, name if is_id else None, depth + 1)
                )
                is_sure = wanted is not None or (token == b"[" and name.lower() in _LISTS)
                yield from found if is_sure else filter(self._is_record, found)
            elif token not in (b":", b","):
                self._skip(text, token)
            before = token
        if not token and wanted is not None:
            raise Unreadable("cut off: the object has no end")

    def _is_record(self, found: _JsonValue) -> bool:
        """Return whether a value of an unknown key is a record, or too long to tell."""
        if found.n_bytes:
            return True
        try:
            value = parse_value(self._decoder.decode(found.raw, "record"))
        except Unreadable:
            return False
        return isinstance(value, dict) and has_text(unwrap(value, self._fields), self._fields)

    def _skip(self, text: _Text, token: bytes) -> None:
        if token == b'"':
            text.string(0)
        else:
            text.value(token, 1 << 62)

    def _find_lists(self, value: Mapping[str, Any]) -> dict[str, bool]:
        """Return the keys of an object whose values are or hold records; none for a record."""
        lists = [key for key, one in value.items() if isinstance(one, list) and self._holds(one)]
        known = [key for key in lists if key.lower() in _LISTS]
        if known:
            return dict.fromkeys(known, False)
        if has_text(value, self._fields) or any(map(names_text, value)):
            return {}
        if lists:
            return dict.fromkeys(lists, False)
        objects = [key for key, one in value.items() if isinstance(one, dict) and one]
        records = [key for key in objects if has_text(value[key], self._fields)]
        if len(records) > 1:
            return dict.fromkeys(records, True)
        if has_text(unwrap(value, self._fields), self._fields) and not self._has_list(value):
            return {}
        return dict.fromkeys((key for key in objects if self._leads_on(value[key])), False)

    def _leads_on(self, value: Mapping[str, Any]) -> bool:
        return bool(self._find_lists(value)) or has_text(unwrap(value, self._fields), self._fields)

    def _has_list(self, value: Mapping[str, Any]) -> bool:
        return any(isinstance(one, dict) and self._find_lists(one) for one in value.values())

    def _holds(self, values: list[Any]) -> bool:
        """Return whether a list holds records."""
        objects = (one for one in values[:100] if isinstance(one, dict))
        return any(has_text(unwrap(one, self._fields), self._fields) for one in objects)


def parse_value(text: str, line: int = 1) -> Any:
    """Parse a JSON value.

    Raises
    ------
    Unreadable
        If it is not JSON.
    """
    try:
        return _parse_leniently(text)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        where = f" of line {line + error.lineno - 1}" if error.lineno > 1 else ""
        raise Unreadable(f"invalid JSON: {what} at column {error.colno}{where}") from None
    except RecursionError:
        raise Unreadable("invalid JSON: nested too deeply") from None


def _parse_leniently(text: str) -> Any:
    """Parse JSON whose strings may have line ends, and whose integers any number of digits."""
    try:
        return json.loads(text)
    except RecursionError:
        raise
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and not error.msg.startswith("Invalid control"):
            raise
        return json.loads(text, strict=False, parse_int=_read_integer)


def _read_integer(digits: str) -> int | str:
    """Return an integer; one that no number of a record has stays a string."""
    return int(digits) if len(digits) < _MAX_DIGITS else digits
