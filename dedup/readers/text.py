"""Plain text and Markdown source: each file is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.model.article import Article
from dedup.readers.records import FIRST_BLOCK, Fields, LocatedRecord, check_block, decode
from dedup.readers.sources import InputFile


def read_text(stream: BinaryIO, source: InputFile, fields: Fields) -> Iterator[LocatedRecord]:
    """Read the one article of a text file.

    Raises
    ------
    Unreadable
        If the file is binary or not UTF-8.
    """
    block = stream.read(FIRST_BLOCK)
    check_block(block)
    raw = block + stream.read()
    yield LocatedRecord(Article(source.name, decode(raw, "file")), source.path, None)
