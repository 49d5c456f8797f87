"""The tables of a run in Parquet as the objects of its JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from dedup.errors import MissingExtra, ReadError
from dedup.model.decode import FieldError, decode_count
from dedup.readers.run import AGAIN, RunRecord

# Tables, and their columns that hold JSON.
_JSON: Mapping[str, tuple[str, ...]] = {
    "run": ("params", "counts", "timings", "skipped", "escaped"),
    "articles": ("credits", "extra"),
    "overlaps": (),
    "passages": ("edits",),
    "families": (),
    "stories": ("basis", "rivals", "tied", "article_basis", "article_rivals", "taken", "versions"),
    "boilerplate": ("occurrences",),
}
_ORIGIN = ("source", "agency", "basis", "confidence", "rivals")


def read_tables(folder: str) -> Iterator[RunRecord]:
    """Yield the objects of a run, in the order of its JSON Lines.

    Raises
    ------
    ReadError
        If a table is missing, damaged or of another program.
    MissingExtra
        If ``pyarrow`` is not installed.
    """
    if Path(folder, "run.csv").exists() and not Path(folder, "run.parquet").exists():
        raise ReadError(
            folder,
            "has tables in CSV, which render does not read: name a run in JSON Lines or Parquet",
        )
    run = next(_RunTable(folder, "run").rows(), None)
    if run is None:
        raise ReadError(str(Path(folder, "run.parquet")), f"has no row; {AGAIN}")
    escaped = _decode_escaped(run)
    tables = {name: _RunTable(folder, name, escaped) for name in _JSON}
    value = {key: one for key, one in run.value.items() if one is not None}
    yield run._replace(value={"type": "run", **value})
    for row in tables["articles"].rows():
        yield row._replace(value={**row.value, "type": "article"})
    yield from _overlaps(tables["overlaps"].rows(), tables["passages"].rows())
    for _, rows in groupby(tables["families"].rows(), key=lambda row: row.value["id"]):
        yield _family(list(rows))
    for _, rows in groupby(tables["stories"].rows(), key=lambda row: row.value["id"]):
        yield _story(list(rows))
    for row in tables["boilerplate"].rows():
        yield row._replace(value={**row.value, "type": "boilerplate"})


def _decode_escaped(run: RunRecord) -> list[tuple[str, str, int, str]]:
    """Return the values that Parquet cannot hold: table, column, row, value."""
    values = run.value.pop("escaped") or []
    kinds = (str, str, int, str)
    for one in values if isinstance(values, list) else [None]:
        if not isinstance(one, list) or [type(part) for part in one] != list(kinds):
            reason = f"column 'escaped' must list tables, columns, rows and values; {AGAIN}"
            raise ReadError(run.path, reason, run.line)
    return [tuple(one) for one in values]


def _overlaps(overlaps: Iterable[RunRecord], passages: Iterator[RunRecord]) -> Iterator[RunRecord]:
    for row in overlaps:
        try:
            n = decode_count(row.value.get("n_passages"), "n_passages")
        except FieldError as error:
            raise ReadError(row.path, f"{error}; {AGAIN}", row.line) from None
        own = list(islice(passages, n))
        for one in own:
            if any(one.value.get(side) != row.value.get(side) for side in "ab"):
                raise ReadError(one.path, f"a passage of another pair; {AGAIN}", one.line)
        if len(own) != n:
            raise ReadError(row.path, f"has {len(own)} of {n} passages; {AGAIN}", row.line)
        value = {**row.value, "type": "overlap", "passages": [_passage(one) for one in own]}
        yield row._replace(value=value)
    if rest := next(passages, None):
        raise ReadError(rest.path, f"a passage without an overlap; {AGAIN}", rest.line)


def _passage(row: RunRecord) -> dict[str, Any]:
    return {**row.value, **{side: _span(row.value, f"{side}_") for side in "ab"}}


def _family(rows: list[RunRecord]) -> RunRecord:
    occurrences = [{**row.value, "span": _span(row.value, "")} for row in rows]
    value = {**rows[0].value, "type": "family", "occurrences": occurrences}
    return rows[0]._replace(value=value)


def _story(rows: list[RunRecord]) -> RunRecord:
    members = [
        {**row.value, **{name: row.value.get(f"article_{name}") for name in _ORIGIN}}
        for row in rows
    ]
    return rows[0]._replace(value={**rows[0].value, "type": "story", "provenance": members})


def _span(value: Mapping[str, Any], prefix: str) -> list[Any]:
    return [value.get(f"{prefix}start"), value.get(f"{prefix}end")]


class _RunTable:
    """A table of a run.

    Parameters
    ----------
    escaped : object
        Column ``escaped`` of the run: values that Parquet cannot hold.
    """

    def __init__(self, folder: str, name: str, escaped: Any = None) -> None:
        self._path, self._name = str(Path(folder, f"{name}.parquet")), name
        self._escaped: dict[int, dict[str, str]] = {}
        for one in escaped or ():
            table, column, row, value = one
            if table == name:
                self._escaped.setdefault(row, {})[column] = value

    def rows(self) -> Iterator[RunRecord]:
        """Yield the rows as objects."""
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise MissingExtra("pyarrow", "parquet") from None
        number = 0
        try:
            for batch in self._batches(pyarrow.parquet.ParquetFile):
                if self._name == "articles" and "published" in batch.schema.names:
                    # In UTC it may be outside what Python holds; `date` has it too.
                    batch = batch.drop_columns(["published"])
                for row in batch.to_pylist():
                    yield RunRecord(self._decode(row, number), self._path, number + 1)
                    number += 1
        except FileNotFoundError:
            raise ReadError(self._path, f"missing: no whole run of dedup; {AGAIN}") from None
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            first = next(iter(str(error).splitlines()), type(error).__name__)
            raise ReadError(self._path, f"damaged: {first}; {AGAIN}") from None

    def _batches(self, open_file: Any) -> Iterator[Any]:
        """Yield the batches of a table: of its file or, by Spark, of its files by name."""
        path = Path(self._path)
        for one in sorted(path.glob("part-*.parquet")) if path.is_dir() else [path]:
            with open_file(one) as file:
                yield from file.iter_batches()

    def _decode(self, row: dict[str, Any], number: int) -> dict[str, Any]:
        for column in _JSON[self._name]:
            if column not in row:
                raise ReadError(self._path, f"has no column {column!r}; {AGAIN}")
            try:
                row[column] = None if row[column] is None else json.loads(row[column])
            except (ValueError, TypeError, RecursionError):
                reason = f"column {column!r} is not JSON; {AGAIN}"
                raise ReadError(self._path, reason, number + 1) from None
        row |= self._escaped.get(number, {})
        if self._name == "articles":
            row["published"] = row.get("date")
        return row
