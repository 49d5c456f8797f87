"""JSON Lines: a line is an object, an object is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.model.article import SkippedRecord
from dedup.readers.records import Fields, LocatedRecord, Unreadable, parse, to_article
from dedup.readers.sources import InputFile


def read_jsonl(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the articles of a JSON Lines file, one line in memory at a time.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of the file. Lines end with a line feed; no other character of Unicode
        that some call a line end (U+2028, say) ends one.
    source : InputFile
        The file; articles without an id are named by its name and their line.
    fields : Fields
        Which key of an object is which field of an article.

    Yields
    ------
    LocatedRecord or SkippedRecord
        One for each line that is not blank.
    """
    for number, line in enumerate(stream, 1):
        if line.isspace():
            continue
        try:
            article = to_article(parse(line, "line", number), fields, f"{source.name}#{number}")
            yield LocatedRecord(article, source.path, number, line)
        except Unreadable as error:
            yield SkippedRecord(source.path, str(error), number)
