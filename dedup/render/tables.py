"""A report as CSV or Parquet tables, with the values of its JSON Lines.

`TABLES` lists all columns and their types. Both writers and ``docs/reference/tables.md`` use it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from dedup.errors import MissingExtra
from dedup.model import Family, Overlap, Report, Story

Row = Mapping[str, Any]
Type = Literal["text", "time", "number", "count", "flag"]

# A spreadsheet runs a cell that starts so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Rows in a Parquet row group.
_N_ROWS = 8192


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: Type
    told: str


TABLES: Mapping[str, tuple[Column, ...]] = {
    "articles": (
        Column("id", "text", "id of the article"),
        Column("outlet", "text", "its publisher"),
        Column("published", "time", "its date"),
        Column("title", "text", "its title"),
        Column("url", "text", "its address"),
        Column("n_chars", "count", "code points of its text"),
        Column("coverage", "number", "share of its characters inside passages"),
        Column("credits", "text", "sources that it names, as JSON: span, kind, name"),
    ),
    "overlaps": (
        Column("a", "text", "id of one article"),
        Column("b", "text", "id of the other"),
        Column("relation", "text", "duplicate, contains, contained, shares or none"),
        Column("similarity", "number", "share of their words that both have, see `Overlap`"),
        Column("jaccard", "number", "estimated Jaccard similarity of the whole texts"),
        Column("coverage_a", "number", "share of `a` inside passages"),
        Column("coverage_b", "number", "share of `b` inside passages"),
        Column("n_passages", "count", "number of their passages"),
        Column("capped", "flag", "whether other pairs with the same text were left out"),
    ),
    "passages": (
        Column("a", "text", "id of one article"),
        Column("b", "text", "id of the other"),
        Column("a_start", "count", "first code point of the passage in `a`"),
        Column("a_end", "count", "end of the passage in `a`"),
        Column("b_start", "count", "first code point of the passage in `b`"),
        Column("b_end", "count", "end of the passage in `b`"),
        Column("kind", "text", "verbatim or edited"),
        Column("quote", "flag", "whether it is a quotation"),
        Column("speaker_a", "text", "speaker in `a`"),
        Column("speaker_b", "text", "speaker in `b`"),
        Column("same_speaker", "flag", "whether the two names agree"),
        Column("identity", "number", "share of kept words"),
        Column("confidence", "number", "probability that an editor calls it reuse"),
        Column("score", "number", "evidence in bits"),
        Column("n_words", "count", "words of the longer side"),
        Column("text_a", "text", "the text in `a`"),
        Column("text_b", "text", "the text in `b`"),
        Column("edits", "text", "edits of all words, as JSON"),
    ),
    "families": (
        Column("id", "text", "id of the family"),
        Column("n_words", "count", "words of its representative"),
        Column("article", "text", "id of an article that contains it"),
        Column("start", "count", "first code point there"),
        Column("end", "count", "end of the passage there"),
        Column("identity", "number", "share of words equal to the representative's"),
    ),
    "stories": (
        Column("id", "text", "id of the story"),
        Column("headline", "text", "title of its source, else of its first article"),
        Column("source", "text", "id of its source, if the articles name one"),
        Column("agency", "text", "agency that is its source"),
        Column("basis", "text", "reasons for the source, strongest first: credit, link, wire"),
        Column("confidence", "number", "probability that the source is right; 0 without one"),
        Column("article", "text", "id of a member"),
        Column("article_source", "text", "id of the member's source"),
        Column("article_agency", "text", "agency that is the member's source"),
        Column("article_basis", "text", "reasons for the source, strongest first"),
        Column("article_confidence", "number", "probability that the source is right"),
        Column("is_earliest", "flag", "whether it has the first date, perhaps with others"),
        Column("lag", "number", "seconds after the first date, whole days if either has no time"),
        Column("coverage", "number", "share of its characters shared with other members"),
        Column("credit", "text", "source that it names"),
        Column("taken", "text", "text in common with each member that is not later, as JSON"),
    ),
}


class Writer(Protocol):
    """Writes the rows of one table."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows; missing columns stay empty."""

    def close(self) -> None:
        """Write the remaining rows."""


class Tables:
    """Writes the tables of a report to a directory, row by row.

    Raises
    ------
    MissingExtra
        If the format is Parquet and ``pyarrow`` is not installed.
    """

    def __init__(self, folder: Path, format: str) -> None:
        start = WRITERS[format]
        self._paths = {name: folder / f"{name}.{format}" for name in TABLES}
        self._writers = {name: start(self._paths[name], TABLES[name]) for name in TABLES}
        self._with_rows: set[str] = set()

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._writers.items():
            writer.close()
            if kind and name not in self._with_rows:  # of an interrupted run
                self._paths[name].unlink()

    def _write(self, name: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self._with_rows.add(name)
            self._writers[name].write([row])

    def add_overlap(self, overlap: Overlap) -> None:
        """Write an overlap and its passages."""
        told = overlap.to_dict()
        passages = told.pop("passages")
        counted = {"n_passages": len(passages), "capped": overlap.capped}
        self._write("overlaps", [told | counted])
        both = {"a": overlap.a, "b": overlap.b}
        rows = (
            passage | _bounds("a_", passage["a"]) | _bounds("b_", passage["b"]) | both
            for passage in passages
        )
        self._write("passages", rows)

    def add_rest(self, report: Report) -> None:
        """Write all tables except overlaps and passages."""
        self._write("articles", (article.to_dict() for article in report.articles))
        for family in report.families:
            self._write("families", _family_rows(family))
        for story in report.stories:
            self._write("stories", _story_rows(story))


def _family_rows(family: Family) -> Iterator[Row]:
    told = family.to_dict()
    for occurrence in told["occurrences"]:
        yield {**told, **occurrence, **_bounds("", occurrence["span"])}


def _story_rows(story: Story) -> Iterator[Row]:
    told = story.to_dict()
    of_story = {"id": told["id"], "headline": told["headline"], **_origin_of(told)}
    for member in told["provenance"]:
        of_article = {f"article_{name}": value for name, value in _origin_of(member).items()}
        is_earliest = {"is_earliest": member["article"] in story.earliest}
        yield {**member, **of_story, **of_article, **is_earliest}


def _origin_of(told: Row) -> Row:
    origin = {name: told[name] for name in ("source", "agency", "confidence")}
    return {**origin, "basis": ", ".join(told["basis"]) or None}


def _bounds(prefix: str, span: list[int]) -> Row:
    return {f"{prefix}start": span[0], f"{prefix}end": span[1]}


def _value(column: Column, row: Row) -> Any:
    value = row.get(column.name)
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str):  # lone surrogates have no UTF-8 form
        return value.encode(errors="backslashreplace").decode()
    return value


class _Csv:
    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._columns = columns
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._writer.writerow([_cell(column, row) for column in self._columns])

    def close(self) -> None:
        self._file.close()


def _cell(column: Column, row: Row) -> Any:
    value = _value(column, row)
    if column.type == "flag" and value is not None:
        return "true" if value else "false"
    if column.type == "text" and value and value.startswith(_FORMULA):
        return f"'{value}"
    return value


class _Parquet:
    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise MissingExtra("pyarrow", "parquet") from None
        types = {
            "text": pyarrow.string(),
            "time": pyarrow.timestamp("us", "UTC"),
            "number": pyarrow.float64(),
            "count": pyarrow.int64(),
            "flag": pyarrow.bool_(),
        }
        self._columns = columns
        self._schema = pyarrow.schema([(column.name, types[column.type]) for column in columns])
        self._make = pyarrow.Table.from_pylist
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows: list[dict[str, Any]] = []

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows.append({column.name: _typed(column, row) for column in self._columns})
            if len(self._rows) == _N_ROWS:
                self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._make(self._rows, schema=self._schema))
            self._rows = []


def _typed(column: Column, row: Row) -> Any:
    value = _value(column, row)
    return datetime.fromisoformat(value) if column.type == "time" and value else value


WRITERS: Mapping[str, Callable[[Path, tuple[Column, ...]], Writer]] = {
    "csv": _Csv,
    "parquet": _Parquet,
}
