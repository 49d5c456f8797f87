"""Plain text and Markdown source: each file is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.model.article import Article
from dedup.readers.encoding import Decoder, open_text
from dedup.readers.lines import RAW, describe_size
from dedup.readers.notes import Unreadable
from dedup.readers.records import Fields, LocatedRecord
from dedup.readers.sources import InputFile, read_whole


def read_text(stream: BinaryIO, source: InputFile, fields: Fields) -> Iterator[LocatedRecord]:
    """Read the one article of a text file.

    Raises
    ------
    Unreadable
        If the file is binary, too long or cannot be decoded.
    """
    how = source.how
    stream, wide = open_text(stream, how.encoding)
    raw = read_whole(stream, RAW * how.max_text + 1)
    if len(raw) > RAW * how.max_text:
        raise Unreadable(describe_size("text", len(raw), how.max_text))
    decoder = Decoder(None if wide else how.encoding)
    article = Article(source.name, decoder.decode(raw, "file"))
    yield LocatedRecord(article, source.path, None, None, decoder.notes())
