"""Articles from Python objects: articles, records and data frames."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from dedup.errors import MissingExtra, ParameterError
from dedup.model.article import Article, ArticleReader, SkippedRecord
from dedup.pattern import lazy_pattern
from dedup.readers import RecordReader
from dedup.readers.notes import Unreadable
from dedup.readers.parquet import find_text, in_microseconds, plain_record, read_rows, to_plain
from dedup.readers.records import Fields, LocatedRecord, convert
from dedup.readers.sources import MAX_TEXT

_log = logging.getLogger(__name__)
# Most code points of an id in a message.
_SHOWN = 80
# What messages call an iterable of records, and the path of the records that are skipped.
_PATH = "articles"
_OPTION = lazy_pattern(r"--(\w+)-field")
_NAME_IT = lazy_pattern(r"name it with --(\w+)-field")


@runtime_checkable
class DataFrame(Protocol):
    """A table with the Arrow interface: of pandas, polars, pyarrow, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return a capsule of the Arrow PyCapsule interface."""


Record = Mapping[str, Any]
Articles = Iterable[Article | Record] | DataFrame
_Found = LocatedRecord | SkippedRecord


def open_articles(source: Articles, *, strict: bool = False) -> ArticleReader:
    """Return a reader of articles; one that reads files is returned as it is.

    Parameters
    ----------
    source : iterable of Article or Mapping, or data frame
        See :func:`to_article` for records. The rows of a data frame are records.
    strict : bool
        Whether a record that cannot be read is an error.

    Raises
    ------
    ParameterError
        If it is no collection or, while iterating, if an item is no article and no record.
    MissingExtra
        If it is a data frame and ``pyarrow`` is not installed.
    """
    if isinstance(source, ArticleReader):
        return source
    if isinstance(source, DataFrame):
        return RecordReader(_read_frame(source), strict)
    if isinstance(source, Article | Mapping):
        first = next(iter(source.values()), None) if isinstance(source, Mapping) else None
        # Hugging Face gives a dict of datasets.
        is_split = hasattr(first, "column_names")
        remedy = f"one of its datasets: {', '.join(map(str, source))}" if is_split else "[article]"
        raise ParameterError(f"articles must be many, not one {_name(source)}; give {remedy}")
    if hasattr(source, "collect"):  # of polars
        raise ParameterError(
            f"articles must be in memory, not {type(source).__name__}; give frame.collect()"
        )
    if isinstance(source, str | bytes) or not isinstance(source, Iterable):
        remedy = "; to read files, give dedup.read(path)" if isinstance(source, str | bytes) else ""
        raise ParameterError(f"articles must be an iterable, not {_name(source)}{remedy}")
    if hasattr(source, "iloc"):  # a column of pandas, or a frame before 2.2
        remedy = "give a data frame of pandas 2.2 or later, or give frame.to_dict('records')"
        raise ParameterError(f"this {_name(source)} is not read as a table; {remedy}")
    return RecordReader(_read_items(source), strict)


def to_article(value: Article | Record, default_id: str | None = None, **names: str) -> Article:
    """Return an article, or that of a record; log a warning of each field that is left out.

    Parameters
    ----------
    value : Article or Mapping
        A record has the fields of :class:`Article`, under their own or other usual names.
    default_id : str or None
        Id of a record that has none; None if that is an error.
    **names : str
        Names of fields, as of :func:`dedup.read`: ``text_field="body"``.

    Raises
    ------
    ParameterError
        If it is neither, has no text or no id, or an option is unknown.
    """
    if isinstance(value, Article):
        return value
    if not isinstance(value, Mapping):
        raise ParameterError(f"an article must be an Article or a dict, not {_name(value)}")
    try:
        article, notes = convert(to_plain(dict(value)), _fields(names), default_id or "")
    except Unreadable as error:
        raise ParameterError(f"record: {_in_python(error)}") from None
    if not article.id and default_id is None:
        present = ", ".join(map(str, list(value)[:12]))
        raise ParameterError(f"record: no id field (present: {present}); {_remedy('id')}")
    for note in notes:
        if note.most > 1:  # others are about all records of a source
            _log.warning("record %r: %s", article.id[:_SHOWN], _in_python(note.message))
    return article


def _fields(names: Mapping[str, str]) -> Fields:
    known = [f"{name}_field" for name in Fields.__slots__]
    for name in names:
        if name not in known:
            raise ParameterError(f"unknown option {name!r}; known: {', '.join(known)}")
    return Fields(**{name.removesuffix("_field"): value for name, value in names.items()})


def _read_frame(frame: DataFrame) -> Iterator[LocatedRecord | SkippedRecord]:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtra("pyarrow", "arrow") from None
    try:
        batches = pyarrow.RecordBatchReader.from_stream(frame)
    except pyarrow.ArrowException as error:
        kind, reason = type(frame).__name__, "; ".join(map(str, error.args))
        raise ParameterError(
            f"this {kind} is not read as a table of articles ({reason}); give a data frame with "
            "columns of id and text, or a list of dict"
        ) from None
    try:
        text = find_text(batches.schema, Fields())
    except Unreadable as error:
        said = _NAME_IT.sub(r"rename the column to \1", str(error))
        raise ParameterError(f"data frame: {said}") from None
    row = 0
    for batch in batches:
        for record in read_rows(in_microseconds(batch), MAX_TEXT):
            row += 1
            yield _convert(record, row, text)


def _read_items(items: Iterable[Any]) -> Iterator[LocatedRecord | SkippedRecord]:
    for number, item in enumerate(items, 1):
        if isinstance(item, Article):
            yield LocatedRecord(item, item.id, None)
        elif isinstance(item, Mapping):
            yield _convert(dict(item), number)
        else:
            what = f"articles: item {number} is {_name(item)}"
            raise ParameterError(f"{what}; give Article, dict or a data frame")


def _convert(record: Record | Unreadable, number: int, text: str = "") -> _Found:
    try:
        values, lost = plain_record(record, text)
        article, own = convert(values, Fields(), f"{_PATH}#{number}")
    except Unreadable as error:
        return SkippedRecord(_PATH, _in_python(error), number)
    notes = tuple(one._replace(message=_in_python(one.message)) for one in lost + own)
    return LocatedRecord(article, _PATH, number, notes=notes)


def _in_python(message: object) -> str:
    """Return a message that names parameters, not options of the command line."""
    said = _NAME_IT.sub(lambda found: _remedy(found[1]), str(message))
    return _OPTION.sub(r"\1_field", said)


def _remedy(field: str) -> str:
    return f"name it with Article.from_dict(record, {field}_field=...)"


def _name(value: object) -> str:
    shown = repr(value)
    if value is None:
        return shown
    return f"{type(value).__name__} {shown}" if len(shown) <= 40 else type(value).__name__
