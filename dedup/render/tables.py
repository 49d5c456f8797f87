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
from dedup.model import ArticleSummary, Boilerplate, Family, Overlap, Report, Story

Row = Mapping[str, Any]
Type = Literal["text", "time", "number", "count", "flag"]

_ORIGIN = ("source", "agency", "basis", "confidence", "rivals")
# A spreadsheet runs a cell that starts so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Rows in a Parquet row group.
_N_ROWS = 8192


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: Type
    meaning: str


TABLES: Mapping[str, tuple[Column, ...]] = {
    "run": (
        Column("schema", "count", "version of the format"),
        Column("dedup", "text", "version of the package"),
        Column("n_articles", "count", "articles that were read"),
        Column("n_skipped", "count", "records that could not be read"),
        Column("n_overlaps", "count", "rows of `overlaps`"),
        Column("n_families", "count", "families in `families`"),
        Column("n_stories", "count", "stories in `stories`"),
        Column("n_boilerplate", "count", "rows of `boilerplate`"),
        Column("params", "text", "parameters, as JSON"),
        Column("counts", "text", "counts by stage, as JSON"),
        Column("timings", "text", "seconds by stage, as JSON; with `--timings`"),
        Column("skipped", "text", "what was skipped, as JSON; with `--with-text`"),
        Column(
            "escaped",
            "text",
            "values of Parquet with lone surrogates, as JSON: table, column, row, value",
        ),
    ),
    "articles": (
        Column("id", "text", "id of the article"),
        Column("outlet", "text", "its publisher"),
        Column("published", "time", "its date"),
        Column("date", "text", "its date with its zone, ISO 8601"),
        Column("title", "text", "its title"),
        Column("url", "text", "its address"),
        Column("n_chars", "count", "code points of its text"),
        Column("digest", "text", "digest of its text"),
        Column("coverage", "number", "share of its characters inside passages"),
        Column("credits", "text", "sources that it names, as JSON: span, kind, name"),
        Column("text", "text", "its text; with `--with-text`"),
        Column("extra", "text", "other fields of its record, as JSON; with `--with-text`"),
    ),
    "overlaps": (
        Column("a", "text", "id of one article"),
        Column("b", "text", "id of the other"),
        Column("relation", "text", "duplicate, contains, contained, shares, none or version"),
        Column("version", "flag", "whether both are versions of one article"),
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
        Column("kind", "text", "verbatim, edited or reworded"),
        Column("role", "text", "text, quotation, formula or furniture"),
        Column("quote", "flag", "whether it is a quotation on one side"),
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
        Column("earliest", "text", "id of the article with the first date, if it is one"),
    ),
    "stories": (
        Column("id", "text", "id of the story"),
        Column("headline", "text", "title of its source, else of its first article"),
        Column("source", "text", "id of its source, if the articles name one"),
        Column("agency", "text", "agency that is its source"),
        Column("basis", "text", "reasons for the source, strongest first, as JSON"),
        Column("confidence", "number", "probability that the source is right; 0 without one"),
        Column("rivals", "text", "ids of other possible sources, as JSON"),
        Column("earliest", "text", "id of the member with the first date, if it is one"),
        Column("tied", "text", "ids of the members with the first date if several, as JSON"),
        Column("article", "text", "id of a member"),
        Column("article_source", "text", "id of the member's source"),
        Column("article_agency", "text", "agency that is the member's source"),
        Column("article_basis", "text", "reasons for the source, strongest first, as JSON"),
        Column("article_confidence", "number", "probability that the source is right"),
        Column("article_rivals", "text", "ids of other possible sources, as JSON"),
        Column("is_earliest", "flag", "whether it has the first date, perhaps with others"),
        Column("lag", "number", "seconds after the first date, whole days if either has no time"),
        Column("coverage", "number", "share of its characters shared with other members"),
        Column("credit", "text", "source that it names"),
        Column("taken", "text", "text in common with each member that is not later, as JSON"),
        Column("versions", "text", "ids of other captures of its page, as JSON"),
    ),
    "boilerplate": (
        Column("outlet", "text", "outlet that repeats it"),
        Column("text", "text", "its most frequent wording"),
        Column("n_articles", "count", "number of articles that contain it"),
        Column("basis", "text", "outlet, or spread if outlets are unknown"),
        Column("occurrences", "text", "its articles and spans, as JSON"),
    ),
}


class Writer(Protocol):
    """Writes the rows of one table."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows; missing columns stay empty."""

    def close(self) -> None:
        """Write the remaining rows."""


class _TableRows:
    """Turns a report into the rows of its tables."""

    def __init__(self, writers: Mapping[str, Writer]) -> None:
        self._writers = writers
        self._n_rows = dict.fromkeys(TABLES, 0)
        self._escaped: list[list[Any]] = []

    def _write(self, name: str, rows: Iterable[Row]) -> None:
        for row in rows:
            for column in TABLES[name]:
                value = row.get(column.name)
                if isinstance(value, str) and _escape(value) != value:
                    self._escaped.append([name, column.name, self._n_rows[name], value])
            self._n_rows[name] += 1
            self._writers[name].write([row])

    def add_overlap(self, overlap: Overlap) -> None:
        """Write an overlap and its passages."""
        row = overlap.to_dict()
        passages = row.pop("passages")
        marks = {"capped": overlap.capped, "version": overlap.version}
        self._write("overlaps", [row | marks | {"n_passages": len(passages)}])
        both = {"a": overlap.a, "b": overlap.b}
        rows = (
            passage | _bounds("a_", passage["a"]) | _bounds("b_", passage["b"]) | both
            for passage in passages
        )
        self._write("passages", rows)

    def add_article(self, article: ArticleSummary, *, with_text: bool = False) -> None:
        """Write an article."""
        row = article.to_dict(with_text=with_text)
        self._write("articles", [row | {"date": row["published"]}])

    def add_family(self, family: Family) -> None:
        """Write the occurrences of a family."""
        self._write("families", _family_rows(family))

    def add_story(self, story: Story) -> None:
        """Write the members of a story."""
        self._write("stories", _story_rows(story))

    def add_boilerplate(self, boilerplate: Boilerplate) -> None:
        """Write a text that an outlet repeats."""
        self._write("boilerplate", [boilerplate.to_dict()])

    def add_rest(
        self, report: Report, version: str, *, timings: bool = False, with_text: bool = False
    ) -> None:
        """Write all tables except overlaps and passages."""
        for article in report.articles:
            self.add_article(article, with_text=with_text)
        for family in report.families:
            self.add_family(family)
        for story in report.stories:
            self.add_story(story)
        for one in report.boilerplate:
            self.add_boilerplate(one)
        run = report.to_dict(n_overlaps=self._n_rows["overlaps"], with_text=with_text)
        run |= {"dedup": version}
        self.add_run(run | {"timings": dict(report.timings)} if timings else run)

    def add_run(self, run: Row) -> None:
        """Write what is known of the whole run; call it last."""
        self._write("run", [{**run, "escaped": self._escaped}])


class Tables(_TableRows):
    """Writes the tables of a report to a directory, row by row.

    Raises
    ------
    MissingExtra
        If the format is Parquet and ``pyarrow`` is not installed.
    """

    def __init__(self, folder: Path, format: str) -> None:
        start = WRITERS[format]
        self._paths = {name: folder / f"{name}.{format}" for name in TABLES}
        super().__init__({name: start(self._paths[name], TABLES[name]) for name in TABLES})

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._writers.items():
            writer.close()
            if kind and not self._n_rows[name]:  # of an interrupted run
                self._paths[name].unlink()


class ArrowTables(_TableRows):
    """Collects the tables of a report as Arrow tables.

    Raises
    ------
    MissingExtra
        If ``pyarrow`` is not installed.
    """

    def __init__(self) -> None:
        self._tables = {name: _Arrow(TABLES[name]) for name in TABLES}
        super().__init__(self._tables)

    def table(self, name: str) -> Any:
        """Return a table."""
        return self._tables[name].table()


def to_arrow(report: Report) -> dict[str, Any]:
    """Return the tables of a report but `run`, as Arrow tables; see `Report.to_arrow`."""
    from dedup import __version__

    rows = ArrowTables()
    for overlap in report.overlaps:
        rows.add_overlap(overlap)
    rows.add_rest(report, __version__, with_text=True)
    return {name: rows.table(name) for name in TABLES if name != "run"}


def _family_rows(family: Family) -> Iterator[Row]:
    row = family.to_dict()
    for occurrence in row["occurrences"]:
        yield {**row, **occurrence, **_bounds("", occurrence["span"])}


def _story_rows(story: Story) -> Iterator[Row]:
    row = story.to_dict()
    of_story = {name: row[name] for name in ("id", "headline", *_ORIGIN, "earliest", "tied")}
    for member in row["provenance"]:
        of_article = {f"article_{name}": member[name] for name in _ORIGIN}
        is_earliest = {"is_earliest": member["article"] in story.earliest}
        yield {**member, **of_story, **of_article, **is_earliest}


def _bounds(prefix: str, span: list[int]) -> Row:
    return {f"{prefix}start": span[0], f"{prefix}end": span[1]}


def _value(column: Column, row: Row) -> Any:
    value = row.get(column.name)
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return _escape(value) if isinstance(value, str) else value


def _escape(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8 form; in JSON this changes nothing."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


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


class _Arrow:
    """Collects the rows of one table as an Arrow table."""

    extra = "arrow"

    def __init__(self, columns: tuple[Column, ...]) -> None:
        try:
            import pyarrow
        except ImportError:
            raise MissingExtra("pyarrow", self.extra) from None
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
        self._rows: list[dict[str, Any]] = []

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows.append({column.name: _typed(column, row) for column in self._columns})

    def close(self) -> None:
        """Do nothing: the rows stay in memory."""

    def table(self) -> Any:
        return self._make(self._rows, schema=self._schema)


class _Parquet(_Arrow):
    extra = "parquet"

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        super().__init__(columns)
        import pyarrow.parquet

        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema)

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            super().write([row])
            if len(self._rows) == _N_ROWS:
                self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self.table())
            self._rows = []


def _typed(column: Column, row: Row) -> Any:
    value = _value(column, row)
    return datetime.fromisoformat(value) if column.type == "time" and value else value


WRITERS: Mapping[str, Callable[[Path, tuple[Column, ...]], Writer]] = {
    "csv": _Csv,
    "parquet": _Parquet,
}
