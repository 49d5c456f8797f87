"""JSON Lines: each line is an object, each object an article.

Files that are JSON in other layouts are read as well: a list, objects of several lines, lines with
several values.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from dedup.model.article import SkippedRecord
from dedup.pattern import lazy_pattern
from dedup.readers.encoding import Decoder, open_text, peek
from dedup.readers.json import JsonCutter, parse_value, read_json
from dedup.readers.lines import RAW, TooLong, describe_size, read_lines
from dedup.readers.notes import Unreadable
from dedup.readers.records import Converted, Fields, LocatedRecord, convert, kind
from dedup.readers.rewrite import RawLine
from dedup.readers.sources import InputFile

# What stands before a record: zeros of a file that was not closed, and the mark of RFC 7464.
_NOISE = b"\0\x1e"
_OPEN = lazy_pattern(rb"\{[ \t]*\r?\n\s*[\"}]")


def read_jsonl(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON Lines file, one line in memory at a time."""
    how = source.how
    if _is_one_value(stream):
        yield from _read_values(stream, source, fields)
        return
    stream, wide = open_text(stream, how.encoding, may_have_nul=True)
    decoder = Decoder(None if wide else how.encoding)
    for number, line in enumerate(read_lines(stream, RAW * how.max_text), 1):
        if isinstance(line, TooLong):
            reason = describe_size("record", line.n_bytes, how.max_text)
            yield SkippedRecord(source.path, reason, number)
            continue
        bare = line.lstrip(_NOISE)
        line = bare if bare.strip() else line
        if line.isspace():
            continue
        id, several = f"{source.name}#{number}", _SeveralValues(fields, decoder, RAW * how.max_text)
        try:
            record = _parse(line, "line", number, decoder, stream)
            found = [(convert(record, fields, id), line)]
        except Unreadable as error:
            found = several.convert(line, id)
            if not found:
                yield SkippedRecord(source.path, str(error), number)
        for (article, notes), own in found:
            told = (*decoder.notes(), *notes)
            yield LocatedRecord(article, source.path, number, RawLine(own, wide), told)


def _is_one_value(stream: BinaryIO) -> bool:
    """Return whether a file begins with a list, or with an object of several lines."""
    head = peek(stream).translate(None, b"\0\xff\xfe\xef\xbb\xbf").lstrip()
    return _begins_list(head) if head.startswith(b"[") else bool(_OPEN.match(head))


def _begins_list(head: bytes) -> bool:
    """Return whether a list goes on after its first line; else that line is a bad record."""
    first, _, rest = head.partition(b"\n")
    first, rest = first.strip(), rest.lstrip()
    if first == b"[":
        second, _, behind = rest.partition(b"\n")
        is_record = second.startswith(b"{") and second.rstrip().endswith(b"}")
        return not is_record or behind.lstrip().startswith((b",", b"]"))
    return not rest or first.endswith((b",", b"{")) or rest.startswith((b",", b"]"))


def _read_values(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read a file of JSON values; each record is written as a line."""
    for record in read_json(stream, source, fields):
        if isinstance(record, LocatedRecord):
            record = record._replace(raw=RawLine(b" ".join(record.raw.splitlines()), ""))
        yield record


class _SeveralValues:
    """Reads lines that are no record: several values, a list, or an object with a list."""

    def __init__(self, fields: Fields, decoder: Decoder, most: int) -> None:
        self._fields, self._decoder = fields, decoder
        self._cutter = JsonCutter(fields, decoder, most)

    def convert(self, line: bytes, id: str) -> list[tuple[Converted, bytes]]:
        """Return the articles of a line with their bytes; none if one is no article."""
        try:
            values = list(self._cutter.cut(BytesIO(line)))
            if [one.raw for one in values] == [line.strip()]:
                return []
            return [
                (convert(self._parse(one.raw), self._fields, one.key or f"{id}.{at}"), one.raw)
                for at, one in enumerate(values, 1)
            ]
        except Unreadable:
            return []

    def _parse(self, raw: bytes) -> dict[str, Any]:
        return _parse(raw, "line", 1, self._decoder)


def _parse(
    raw: bytes, unit: str, line: int, decoder: Decoder, rest: BinaryIO | None = None
) -> dict[str, Any]:
    """Parse a JSON object.

    Raises
    ------
    Unreadable
        If it cannot be decoded, is not JSON or not an object.
    """
    record = parse_value(decoder.decode(raw.rstrip(b"\r\n"), unit, rest), line)
    if not isinstance(record, dict):
        raise Unreadable(f"must be a JSON object, not {kind(record)}")
    return record
