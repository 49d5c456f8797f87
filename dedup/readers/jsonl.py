"""JSON Lines: each line is an object, each object an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.model.article import SkippedRecord
from dedup.readers.records import Fields, LocatedRecord, Unreadable, parse, to_article
from dedup.readers.sources import InputFile


def read_jsonl(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON Lines file, one line in memory at a time."""
    for number, line in enumerate(stream, 1):
        if line.isspace():
            continue
        try:
            article = to_article(parse(line, "line", number), fields, f"{source.name}#{number}")
            yield LocatedRecord(article, source.path, number, line)
        except Unreadable as error:
            yield SkippedRecord(source.path, str(error), number)
