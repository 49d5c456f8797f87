"""JSON: a list of objects, one object, objects one after another, or a list under ``articles``.

Records are cut at their brackets and parsed one by one, so that an invalid record does not affect
the others, and only one is in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from dedup.model.article import SkippedRecord
from dedup.readers.records import (
    FIRST_BLOCK,
    Fields,
    LocatedRecord,
    Unreadable,
    check_block,
    parse,
    to_article,
)
from dedup.readers.sources import InputFile

# The key of the list in news APIs (NewsAPI, GDELT).
_LIST = b'"articles"'
_N_BYTES = 1 << 16
_SPACE = b" \t\r\n"
# A string, closed or cut off; the rest of a scalar after its first byte.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_SCALAR = rb'[^\s,:"{}\[\]]*'
_REST = re.compile(_SCALAR)
# Outside of records: a string, a mark or a scalar, with leading white space.
_TOKEN = re.compile(rb"[ \t\r\n]*(?:%b|[{}\[\],]|.%b)?" % (_STRING, _SCALAR), re.DOTALL)
# Inside of a record only brackets matter.
_INSIDE = re.compile(rb'%b|[{}\[\]]|[^"{}\[\]]*' % _STRING, re.DOTALL)
_DEPTH = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


def read_json(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON file, one object in memory at a time.

    Raises
    ------
    Unreadable
        If the file is binary, or, after the records, if a list has no end.
    """
    for number, (raw, line) in enumerate(_records(_Text(stream)), 1):
        try:
            article = to_article(parse(raw, "record", line), fields, f"{source.name}#{number}")
            yield LocatedRecord(article, source.path, line, raw)
        except Unreadable as error:  # a whole file may be one line
            yield SkippedRecord(source.path, f"record {number}: {error}", line)


class _Record(NamedTuple):
    raw: bytes
    line: int


class _Text:
    """Tokens and values of JSON, read one by one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._chunk = stream.read(_N_BYTES)
        check_block(self._chunk[:FIRST_BLOCK])
        self._at = 3 if self._chunk.startswith(b"\xef\xbb\xbf") else 0
        # Current line, and the line where the last token begins.
        self._line = self.line = 1
        self.tape: bytearray | None = None

    def next(self) -> bytes:
        """Return the next token, empty at the end."""
        token = self._take(_TOKEN).lstrip(_SPACE)
        self.line = self._line - token.count(b"\n")
        return token

    def value(self, first: bytes) -> _Record:
        """Return the value that begins with a token, closed or cut off."""
        line, parts, depth = self.line, [first], _DEPTH.get(first, 0)
        if depth < 0:  # a bracket that closes nothing
            parts.append(self._take(_REST))
        while depth > 0 and (part := self._take(_INSIDE)):
            parts.append(part)
            depth += _DEPTH.get(part, 0)
        return _Record(b"".join(parts), line)

    def _take(self, pattern: re.Pattern[bytes]) -> bytes:
        while True:
            found = pattern.match(self._chunk, self._at)
            assert found is not None
            # A match at the end of the chunk may continue in the next.
            if found.end() < len(self._chunk) or not self._read_on():
                break
        self._at = found.end()
        self._line += found[0].count(b"\n")
        if self.tape is not None:
            self.tape += found[0]
        return found[0]

    def _read_on(self) -> bool:
        rest = self._chunk[self._at :]
        # Double each time, so that a long string takes linear time.
        more = self._stream.read(max(_N_BYTES, len(rest)))
        if more:
            self._chunk, self._at = rest + more, 0
        return bool(more)


def _records(text: _Text) -> Iterator[_Record]:
    while token := text.next():
        if token == b"[":
            yield from _elements(text)
        elif token == b"{":
            yield from _object(text)
        elif token != b",":
            yield text.value(token)


def _elements(text: _Text) -> Iterator[_Record]:
    while (token := text.next()) != b"]":
        if not token:
            raise Unreadable("cut off: the list has no end")
        if token != b",":
            yield text.value(token)


def _object(text: _Text) -> Iterator[_Record]:
    # One article, unless it has a list of articles.
    line, is_list, before = text.line, False, (b"", b"")
    text.tape = bytearray(b"{")
    while (token := text.next()) not in (b"}", b""):
        if token == b"[" and before == (_LIST, b":"):
            text.tape, is_list, before = None, True, (b"", b"")
            yield from _elements(text)
        else:
            before = before[1], text.value(token).raw
    tape, text.tape = text.tape, None
    if not is_list:
        yield _Record(bytes(tape or b""), line)
    elif not token:
        raise Unreadable("cut off: the object has no end")
