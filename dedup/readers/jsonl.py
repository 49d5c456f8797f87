"""JSON Lines: each line is an object, each object an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.model.article import SkippedRecord
from dedup.readers.encoding import Decoder, open_text
from dedup.readers.lines import RAW, TooLong, describe_size, read_lines
from dedup.readers.notes import Unreadable
from dedup.readers.records import Fields, LocatedRecord, convert, parse
from dedup.readers.rewrite import RawLine
from dedup.readers.sources import InputFile


def read_jsonl(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON Lines file, one line in memory at a time."""
    how = source.how
    stream, wide = open_text(stream, how.encoding, may_have_nul=True)
    decoder = Decoder(None if wide else how.encoding)
    for number, line in enumerate(read_lines(stream, RAW * how.max_text), 1):
        if isinstance(line, TooLong):
            reason = describe_size("record", line.n_bytes, how.max_text)
            yield SkippedRecord(source.path, reason, number)
            continue
        if line.isspace():
            continue
        try:
            record = parse(line, "line", number, decoder, stream)
            article, notes = convert(record, fields, f"{source.name}#{number}")
            raw = RawLine(line, wide)
            yield LocatedRecord(article, source.path, number, raw, (*decoder.notes(), *notes))
        except Unreadable as error:
            yield SkippedRecord(source.path, str(error), number)
