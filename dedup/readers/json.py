"""JSON: a list of objects, one object, objects one after another, or a list under ``articles``.

Nothing holds more than one record: where a record ends is seen from its brackets, and it is parsed
by itself. So one that is no JSON costs no other, as a parser of the whole file would have it.
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

# The key under which interfaces to news give their list (NewsAPI, GDELT).
_LIST = b'"articles"'
_N_BYTES = 1 << 16
_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_MARK = re.compile(rb'["{}\[\]]')
_SCALAR_END = re.compile(rb'[\s,:"{}\[\]]')


def read_json(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON file, one object in memory at a time.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of the file.
    source : InputFile
        The file; articles without an id are named by its name and their number.
    fields : Fields
        Which key of an object is which field of an article.

    Yields
    ------
    LocatedRecord or SkippedRecord
        One for each object.

    Raises
    ------
    Unreadable
        If the file is binary, or a list in it has no end; what stood before was yielded.
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
    """JSON read from the left, a value at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._chunk = stream.read(_N_BYTES)
        check_block(self._chunk[:FIRST_BLOCK])
        self._at = 3 if self._chunk.startswith(b"\xef\xbb\xbf") else 0
        self.line = 1
        self.tape: bytearray | None = None

    def peek(self) -> bytes:
        """Return the next byte that is no white space, or nothing at the end."""
        while True:
            self._take(_SPACE.match(self._chunk, self._at).end())  # type: ignore[union-attr]
            if self._at < len(self._chunk) or not self._read_on():
                return self._chunk[self._at : self._at + 1]

    def step(self) -> None:
        """Go over the byte that `peek` returned."""
        self._take(self._at + 1)

    def value(self) -> _Record:
        """Return the value that begins here, up to the end of the text if it has none."""
        line, first = self.line, self.peek()
        parts: list[bytes] = []
        if first in b"{[":
            self._nested(parts)
        elif first == b'"':
            parts.append(self._take(self._at + 1))
            self._string(parts)
        else:
            self._scalar(parts)
        return _Record(b"".join(parts), line)

    def _nested(self, parts: list[bytes]) -> None:
        depth = 0
        while self._has_more():
            mark = _MARK.search(self._chunk, self._at)
            parts.append(self._take(mark.end() if mark else len(self._chunk)))
            if mark is None:
                continue
            if mark[0] == b'"':
                self._string(parts)
            else:
                depth += 1 if mark[0] in b"{[" else -1
                if not depth:
                    return

    def _string(self, parts: list[bytes]) -> None:
        # Behind the quotation mark that begins it.
        while self._has_more():
            parts.append(self._take(_STRING.match(self._chunk, self._at).end()))  # type: ignore[union-attr]
            if self._at == len(self._chunk):
                continue
            is_end = self._chunk[self._at] == ord('"')
            parts.append(self._take(self._at + 1))
            if is_end:
                return
            if self._has_more():  # what a backslash at the end of a chunk escapes
                parts.append(self._take(self._at + 1))

    def _scalar(self, parts: list[bytes]) -> None:
        parts.append(self._take(self._at + 1))  # whatever it is: something must be gone over
        while self._has_more():
            end = _SCALAR_END.search(self._chunk, self._at)
            parts.append(self._take(end.start() if end else len(self._chunk)))
            if end:
                return

    def _take(self, end: int) -> bytes:
        taken = self._chunk[self._at : end]
        self._at = end
        self.line += taken.count(b"\n")
        if self.tape is not None:
            self.tape += taken
        return taken

    def _has_more(self) -> bool:
        return self._at < len(self._chunk) or self._read_on()

    def _read_on(self) -> bool:
        self._chunk, self._at = self._stream.read(_N_BYTES), 0
        return bool(self._chunk)


def _records(text: _Text) -> Iterator[_Record]:
    while first := text.peek():
        if first == b"[":
            yield from _elements(text)
        elif first == b"{":
            yield from _object(text)
        elif first == b",":
            text.step()
        else:
            yield text.value()


def _elements(text: _Text) -> Iterator[_Record]:
    text.step()
    while (first := text.peek()) != b"]":
        if not first:
            raise Unreadable("cut short: the list has no end")
        if first == b",":
            text.step()
        else:
            yield text.value()
    text.step()


def _object(text: _Text) -> Iterator[_Record]:
    # One article, unless it turns out to have a list of them.
    line, is_list = text.line, False
    text.tape = bytearray()
    text.step()
    while (first := text.peek()) not in (b"}", b""):
        if first in b",:":
            text.step()
        elif text.value().raw == _LIST and text.peek() == b":":
            text.step()
            if text.peek() == b"[":
                text.tape, is_list = None, True
                yield from _elements(text)
    text.step()
    if not is_list:
        yield _Record(bytes(text.tape or b""), line)
    elif not first:
        raise Unreadable("cut short: the object has no end")
    text.tape = None
