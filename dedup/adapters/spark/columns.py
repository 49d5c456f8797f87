"""Arrow columns of the exchange: packed arrays, and articles as rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import nan
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import DedupError
from dedup.mask.marks import Marks, apply_marks
from dedup.model.article import Article, Credit, Span
from dedup.render.tables import TABLES
from dedup.text.tokenize import Tokens, tokenize

# Columns of an article after reading; `row` is its place in the first stage.
ARTICLE = (
    "id string, text string, outlet string, published string, seconds double, zone double, "
    "url string, title string, extra string, credits string, n_words long, is_new boolean, "
    "marks binary"
)
# Largest binary column of a batch: its offsets are 32 bits.
MAX_BYTES = 1 << 30


class Binary(NamedTuple):
    """Rows of arrays, and how many belong to each row of a table."""

    rows: NDArray[Any]
    counts: NDArray[np.int64]


def pack(rows: NDArray[Any], counts: NDArray[np.int64]) -> pa.Array:
    """Return a binary column with some rows of an array in each value."""
    width = rows.dtype.itemsize * int(np.prod(rows.shape[1:], dtype=np.int64))
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts * width, out=offsets[1:])
    if offsets[-1] >= 1 << 31:
        raise DedupError(f"{offsets[-1]:,} bytes in one batch; lower the articles of a batch")
    data = pa.py_buffer(np.ascontiguousarray(rows).tobytes())
    return pa.BinaryArray.from_buffers(
        pa.binary(), len(counts), [None, pa.py_buffer(offsets.astype(np.int32)), data]
    )


def unpack(column: Any, dtype: Any, shape: tuple[int, ...] = ()) -> Binary:
    """Return a copy of the rows that :func:`pack` packed, of an inner shape."""
    values = _join(column.cast(pa.large_binary()))  # offsets of all chunks may exceed 32 bits
    n, kind = len(values), np.dtype(dtype)
    width = kind.itemsize * int(np.prod(shape, dtype=np.int64))
    if not n:
        return Binary(np.empty((0, *shape), kind), np.empty(0, np.int64))
    _, where, data = values.buffers()
    offsets = np.frombuffer(where, np.int64, n + 1, values.offset * 8)
    raw = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] if data else b""
    rows = np.frombuffer(bytes(raw), kind).reshape(-1, *shape).copy()
    return Binary(rows, np.diff(offsets) // width)


def numbers(table: Any, name: str, dtype: Any = None) -> NDArray[Any]:
    """Return a copy of a numeric column."""
    values = np.array(_join(table.column(name)).to_numpy(zero_copy_only=False))
    return values if dtype is None else values.astype(dtype)


def _join(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


_TYPES = {
    "text": pa.string(),
    "string": pa.string(),
    "count": pa.int64(),
    "long": pa.int64(),
    "number": pa.float64(),
    "double": pa.float64(),
    "flag": pa.bool_(),
    "boolean": pa.bool_(),
    "binary": pa.binary(),
}
_SPARK = {"text": "string", "time": "timestamp", "number": "double", "count": "bigint"}


def struct_of(name: str) -> str:
    """Return the type of Spark of a row of a table of a report."""
    columns = (f"{one.name}: {_SPARK.get(one.type, 'boolean')}" for one in TABLES[name])
    return f"struct<{', '.join(columns)}>"


def schema_of(name: str) -> str:
    """Return the schema of Spark of a table of a report."""
    return ", ".join(f"{one.name} {_SPARK.get(one.type, 'boolean')}" for one in TABLES[name])


def to_batch(schema: str, columns: Sequence[Any]) -> Any:
    """Return a batch with the names of a schema of Spark."""
    return pa.RecordBatch.from_arrays(list(columns), names=name_columns(schema))


def rows_to_batch(schema: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the batch of some rows with plain columns; missing columns are null."""
    kinds = _columns(schema)
    columns = [pa.array([row.get(name) for row in rows], _TYPES[kind]) for name, kind in kinds]
    return to_batch(schema, columns)


def nest(table: Any, counts: NDArray[np.int64]) -> pa.Array:
    """Return a column of lists of some rows of a table each."""
    rows = pa.StructArray.from_arrays(
        [_join(column) for column in table.columns], names=table.schema.names
    )
    return pa.ListArray.from_arrays(pa.array(np.append(0, np.cumsum(counts)), pa.int32()), rows)


def name_columns(schema: str) -> list[str]:
    """Return the names of the columns of a schema."""
    return [name for name, _ in _columns(schema)]


def _columns(schema: str) -> list[tuple[str, str]]:
    """Return names and types; those of structs have commas of their own."""
    found = []
    for part in re.split(r", (?![^<]*>)", schema):
        name, _, kind = part.partition(" ")
        found.append((name, kind))
    return found


def read_article(row: dict[str, Any]) -> Article:
    """Return the article of a row."""
    published = row["published"] and datetime.fromisoformat(row["published"])
    return Article(
        row["id"],
        row["text"],
        row["outlet"],
        published,
        row["url"],
        row["title"],
        json.loads(row["extra"]),
    )


def write_article(article: Article) -> dict[str, Any]:
    """Return the row of an article, but its words, credits and marks."""
    published = article.published
    zone = published and published.utcoffset()
    return {
        "id": article.id,
        "text": article.text,
        "outlet": article.outlet,
        "published": published.isoformat() if published else None,
        "seconds": published.timestamp() if published else nan,
        "zone": zone.total_seconds() if zone else 0.0,
        "url": article.url,
        "title": article.title,
        "extra": json.dumps(
            dict(article.extra), ensure_ascii=False, separators=(",", ":"), default=str
        ),
    }


def write_credits(credits: Iterable[Credit]) -> str:
    """Return credits as JSON."""
    return json.dumps([one.to_dict() for one in credits], ensure_ascii=False)


def read_credits(text: str) -> tuple[Credit, ...]:
    """Return the credits of :func:`write_credits`."""
    return tuple(Credit(Span(*one["span"]), one["kind"], one["name"]) for one in json.loads(text))


def load_tokens(texts: Sequence[str], marks: Any) -> Tokens:
    """Make the tokens of texts again, as a search sees them."""
    runs, counts = unpack(marks, np.uint32, (3,))
    return apply_marks(tokenize(texts), Marks(runs, np.append(0, np.cumsum(counts))))


def pack_marks(marks: Marks) -> pa.Array:
    """Return marks as a column."""
    return pack(marks.runs, np.diff(marks.bounds))


def read_runs(batches: Iterable[Any], name: str) -> Iterator[Any]:
    """Yield the rows of each value of a column as a table; equal values come together."""
    held: list[Any] = []
    value = None
    for batch in batches:
        values = numbers(batch, name)
        changes = np.flatnonzero(np.diff(values)) + 1
        for low, high in pairwise([0, *changes.tolist(), len(values)] if len(values) else []):
            if held and values[low] != value:
                yield pa.Table.from_batches(held)
                held = []
            held.append(batch.slice(low, high - low))
            value = values[low]
    if held:
        yield pa.Table.from_batches(held)
