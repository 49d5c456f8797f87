"""Readers of articles: one module per file format.

A format is a function ``(stream, source, fields)``, and `FORMATS` has its module. It yields a
`LocatedRecord` or a `SkippedRecord` for each record, or raises `Unreadable` if it cannot read the
whole file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from dedup.errors import ParameterError, ReadError
from dedup.model.article import Article, ArticleReader, Location, SkippedRecord
from dedup.readers.encoding import check_encoding
from dedup.readers.lines import describe_size
from dedup.readers.notes import FaultLog, Unreadable
from dedup.readers.records import Fields, LocatedRecord
from dedup.readers.sources import (
    DEFAULTS,
    MAX_TEXT,
    InputFile,
    ReadOptions,
    check_end,
    find_sources,
)

__all__ = ["FORMATS", "RecordReader", "find_inputs", "read", "read_inputs", "read_source"]

# Modules by suffix: a run imports few of them.
FORMATS = {
    **dict.fromkeys((".txt", ".md"), "text"),
    **dict.fromkeys((".html", ".htm"), "html"),
    **dict.fromkeys((".jsonl", ".ndjson", ".jl", ".jsonlines"), "jsonl"),
    ".json": "json",
    **dict.fromkeys((".csv", ".tsv"), "table"),
    ".parquet": "parquet",
    **dict.fromkeys((".warc", ".wet"), "warc"),
}
_Format = Callable[[BinaryIO, InputFile, Fields], Iterator[LocatedRecord | SkippedRecord]]

_logger = logging.getLogger(__name__)


class RecordReader(ArticleReader):
    """Iterator of articles that collects skipped records."""

    def __init__(
        self,
        records: Iterator[LocatedRecord | SkippedRecord],
        strict: bool = False,
        is_silent: bool = False,
    ) -> None:
        super().__init__()
        self.record: LocatedRecord
        self._log = FaultLog(_logger)
        self._is_silent = is_silent
        self._records = records
        self._strict = strict

    def __next__(self) -> Article:
        for record in self._records:
            if isinstance(record, LocatedRecord):
                self.record = record
                self.location = Location(record.path, record.line)
                for note in () if self._is_silent else record.notes:
                    self._log.add(self.location, note)
                return record.article
            if self._strict:
                raise ReadError(record.path, record.reason, record.line)
            self.skipped.append(record)
            if not self._is_silent:
                self._log.skip(record)
        self._log.close()
        raise StopIteration


def read(  # noqa: PLR0913 - the fields of a record, as the command line names them
    *paths: str | os.PathLike[str],
    strict: bool = False,
    id_field: str | None = None,
    text_field: str | None = None,
    outlet_field: str | None = None,
    published_field: str | None = None,
    title_field: str | None = None,
    url_field: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    max_text: int = MAX_TEXT,
    input_format: str | None = None,
) -> RecordReader:
    """Read articles from files and directories, lazily.

    Parameters
    ----------
    *paths : str or path-like
        Files (``.txt``, ``.md``, ``.html``, ``.htm``, ``.jsonl``, ``.ndjson``, ``.jl``,
        ``.jsonlines``, ``.json``, ``.csv``, ``.tsv``, ``.parquet``, ``.warc``, ``.wet``, each also
        ``.gz``, ``.zst``, ``.bz2``, ``.xz``), directories, which are walked in order of names, or
        ``-`` for JSON Lines on standard input.
    strict : bool
        Raise at the first unreadable record instead of skipping it.
    id_field, text_field, outlet_field, published_field, title_field, url_field : str or None
        Keys of the fields; None for the usual names, ``docs/input.md`` lists them. A key with dots
        leads into objects; ``none`` leaves a field out. Without an id, the id of a record is
        ``path#line``; that of a text file is its path relative to the given directory. A date that
        is not understood, or whose day and month could be confused, is left out.
    encoding : str or None
        Encoding of text; None for UTF-8 or, if it is not, a guess.
    delimiter : str or None
        Delimiter of tables; None to find it.
    max_text : int
        Bytes of the longest text; a longer one is skipped.
    input_format : str or None
        Format of all files, such as ``"jsonl"``; None for that of each suffix.

    Returns
    -------
    RecordReader
        An iterator of articles; its ``skipped`` lists unreadable records with reasons.

    Raises
    ------
    ReadError
        While iterating, if `strict` and a record cannot be read.
    ParameterError
        If an encoding or a format is unknown, or a delimiter is not one character.
    MissingExtra
        While iterating, if a file needs a library that is not installed.

    Examples
    --------
    >>> articles = read("corpus/no-such-file.txt")
    >>> list(articles)
    []
    >>> print(articles.skipped[0])
    corpus/no-such-file.txt: No such file or directory
    """
    fields = Fields(id_field, text_field, outlet_field, published_field, title_field, url_field)
    names = [os.fspath(path) for path in paths]
    how = make_options(encoding, delimiter, max_text, input_format)
    return RecordReader(read_inputs(find_inputs(names, how), names, fields), strict)


def make_options(
    encoding: str | None = None,
    delimiter: str | None = None,
    max_text: int = MAX_TEXT,
    input_format: str | None = None,
) -> ReadOptions:
    """Check how files are to be read, see :func:`read`."""
    check_encoding(encoding)
    if delimiter in ("tab", "\\t"):
        delimiter = "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise ParameterError(f"delimiter must be one character or 'tab', not {delimiter!r}")
    suffix = f".{input_format.lower().removeprefix('.')}" if input_format else None
    if suffix is not None and suffix not in FORMATS:
        formats = ", ".join(name[1:] for name in FORMATS)
        raise ParameterError(f"input_format must be one of {formats}, not {input_format!r}")
    return ReadOptions(encoding, delimiter, max_text, suffix)


def find_inputs(
    paths: Sequence[str], how: ReadOptions = DEFAULTS
) -> Iterator[tuple[str, InputFile | SkippedRecord]]:
    """Find the files under paths and give each a unique name."""
    names: set[str] = set()
    for path in paths:
        for source in find_sources(path, FORMATS, how):
            if isinstance(source, InputFile):
                # Two directories may hold files of one name: use the full path for the second.
                source = source if source.name not in names else replace(source, name=source.path)
                names.add(source.name)
            yield path, source


def read_inputs(
    found: Iterable[tuple[str, InputFile | SkippedRecord]], paths: Sequence[str], fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the records of files."""
    empty = dict.fromkeys(paths)
    for path, source in found:
        for record in read_source(source, fields) if isinstance(source, InputFile) else [source]:
            empty.pop(path, None)
            yield record
    for path in empty:
        looked = f" (expected {', '.join(FORMATS)})" if Path(path).is_dir() else ""
        yield SkippedRecord(path, f"contains no article{looked}")


def find_format(suffix: str) -> _Format:
    """Return the reader of files with a suffix."""
    name = FORMATS[suffix]
    found: _Format = getattr(import_module(f"dedup.readers.{name}"), f"read_{name}")
    return found


def read_source(source: InputFile, fields: Fields) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the records of one file."""
    try:
        with source.open() as stream:
            for record in find_format(source.suffix)(stream, source, fields):
                yield _bounded(record, source.how.max_text)
            check_end(stream)
    except Unreadable as error:
        yield SkippedRecord(source.path, str(error))
    except OSError as error:
        yield SkippedRecord(source.path, error.strerror or str(error))


def _bounded(record: LocatedRecord | SkippedRecord, most: int) -> LocatedRecord | SkippedRecord:
    if isinstance(record, SkippedRecord) or len(record.article.text) <= most:
        return record
    reason = describe_size("text", len(record.article.text), most)
    return SkippedRecord(record.path, reason, record.line)
