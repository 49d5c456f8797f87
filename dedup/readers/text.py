"""Plain text: a file is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dedup.article import Article
from dedup.readers.records import Fields, Located, Unreadable, decode
from dedup.readers.sources import Source

# Where a binary file shows itself, as git looks for it.
_FIRST_BLOCK = 8000


def read_text(stream: BinaryIO, source: Source, fields: Fields) -> Iterator[Located]:
    """Read the one article of a text file.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of the file.
    source : Source
        The file; its name is the id of the article.
    fields : Fields
        Not looked at, text has no fields.

    Yields
    ------
    Located
        The text without a byte order mark, newlines as they stand in the file.

    Raises
    ------
    Unreadable
        If the file is binary or not UTF-8.
    """
    block = stream.read(_FIRST_BLOCK)
    nul = block.find(b"\0")
    if nul >= 0:
        raise Unreadable(f"a binary file, or text in UTF-16: NUL byte at offset {nul}")
    raw = block + stream.read()
    yield Located(Article(source.name, decode(raw, "file")), source.path, None)
