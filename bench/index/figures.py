"""Figures of a contender at one size, and their table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.table import Column, lay_out_line

COLUMNS: tuple[Column, ...] = (
    ("articles", "articles", "<10"),
    ("contender", "contender", "<22"),
    ("load_rate", "load/s", ">7.0f"),
    ("add_p50_ms", "add p50", ">8.2f"),
    ("add_p99_ms", "p99", ">8.2f"),
    ("add_max_ms", "max", ">8.1f"),
    ("query_p50_ms", "query", ">8.2f"),
    ("query_p99_ms", "p99", ">8.2f"),
    ("bytes_per_article", "B/art", ">7.0f"),
    ("bytes_per_text_byte", "x text", ">7.2f"),
    ("open_ms", "open", ">7.1f"),
    ("held_mb", "MB", ">7.0f"),
    ("recall", "recall", ">8.3f"),
)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """Figures of one contender at one size.

    Parameters
    ----------
    name : str
        The contender.
    n_articles : int
        Number of articles loaded in bulk.
    missing : str
        Why nothing was measured, or empty.
    load_s : float
        Seconds of the load.
    add_ms, query_ms, open_ms : sequence of float
        Milliseconds of each call, in order; openings may be missing.
    n_stored : int
        Number of articles after the adds; the bytes refer to it.
    n_bytes, text_bytes : int
        Bytes of the index, and of the texts as UTF-8.
    held_bytes : int
        Bytes of resident memory when idle.
    n_planted, n_found : int
        Planted and found passages of articles that were added singly or looked up.
    """

    name: str
    n_articles: int
    missing: str = ""
    load_s: float = 0.0
    add_ms: Sequence[float] = ()
    query_ms: Sequence[float] = ()
    open_ms: Sequence[float] = ()
    n_stored: int = 0
    n_bytes: int = 0
    text_bytes: int = 0
    held_bytes: int = 0
    n_planted: int = 0
    n_found: int = 0

    @property
    def recall(self) -> float | None:
        """Share of planted passages found."""
        return self.n_found / self.n_planted if self.n_planted else None


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return the `q`-quantile of values, one of the values.

    Parameters
    ----------
    values : sequence of float
        In any order.
    q : float
        In (0, 1].

    Returns
    -------
    float or None
        The quantile; None without values.

    Examples
    --------
    >>> quantile([4.0, 1.0, 3.0, 2.0], 0.5), quantile([4.0, 1.0, 3.0, 2.0], 0.99)
    (2.0, 4.0)
    """
    return sorted(values)[math.ceil(q * len(values)) - 1] if values else None


def lay_out(row: IndexRow) -> str:
    """Format one row under the heads of `COLUMNS`."""
    if row.missing:
        return f"{lay_out_line(COLUMNS[:2], _figures(row))} not measured: {row.missing}"
    return lay_out_line(COLUMNS, _figures(row))


def record(rows: Sequence[IndexRow]) -> Iterator[dict[str, object]]:
    """Yield every figure of each row."""
    return map(_figures, rows)


def _figures(row: IndexRow) -> dict[str, object]:
    known = {"articles": row.n_articles, "contender": row.name, "missing": row.missing}
    if row.missing:
        return known
    return known | {
        "load_rate": row.n_articles / row.load_s,
        "n_timed": len(row.add_ms),
        "add_p50_ms": quantile(row.add_ms, 0.5),
        "add_p99_ms": quantile(row.add_ms, 0.99),
        "add_max_ms": quantile(row.add_ms, 1),
        "query_p50_ms": quantile(row.query_ms, 0.5),
        "query_p99_ms": quantile(row.query_ms, 0.99),
        "bytes_per_article": row.n_bytes / row.n_stored,
        "bytes_per_text_byte": row.n_bytes / row.text_bytes,
        "open_ms": quantile(row.open_ms, 0.5),
        "held_mb": row.held_bytes / 1e6,
        "n_planted": row.n_planted,
        "n_found": row.n_found,
        "recall": row.recall,
    }
