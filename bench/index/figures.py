"""What is measured of a contender at one size, the line of the table and of the record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """Hold what is known of one contender at one size.

    Parameters
    ----------
    name : str
        The contender.
    n_articles : int
        That were loaded at once.
    missing : str
        Why nothing was measured, if so.
    load_s : float
        Seconds of the load.
    add_ms, query_ms, open_ms : sequence of float
        Milliseconds of each call, in the order in which they came; of opening there may be none.
    n_stored : int
        Articles after the adds, to which the bytes belong.
    n_bytes, text_bytes : int
        Of what is kept, and of the texts as UTF-8.
    held_bytes : int
        Of memory, with nothing to do.
    n_planted, n_found : int
        Passages of the articles that were added one by one or looked up.
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
        """Share of the planted passages that was found."""
        return self.n_found / self.n_planted if self.n_planted else None


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return the least of the values that a share `q` of them does not pass.

    Parameters
    ----------
    values : sequence of float
        In any order.
    q : float
        In (0, 1].

    Returns
    -------
    float or None
        None of no values.

    Examples
    --------
    >>> quantile([4.0, 1.0, 3.0, 2.0], 0.5), quantile([4.0, 1.0, 3.0, 2.0], 0.99)
    (2.0, 4.0)
    """
    return sorted(values)[math.ceil(q * len(values)) - 1] if values else None


def lay_out_head() -> str:
    """Lay out the heads of the columns."""
    return (
        f"{'articles':>8}  {'contender':<22}{'load/s':>7}{'add p50':>8}{'p99':>8}{'max':>8}"
        f"{'query':>8}{'p99':>8}{'B/art':>7}{'x text':>7}{'open':>7}{'MB':>7}{'recall':>8}"
    )


def lay_out(row: Row) -> str:
    """Lay out one row.

    Parameters
    ----------
    row : Row
        What was measured.

    Returns
    -------
    str
        A line below `lay_out_head`.
    """
    line = f"{row.n_articles:>8}  {row.name:<22}"
    if row.missing:
        return f"{line} not measured: {row.missing}"
    figures = _figures(row)
    shown = (
        ("load_rate", 7, 0),
        ("add_p50_ms", 8, 2),
        ("add_p99_ms", 8, 2),
        ("add_max_ms", 8, 1),
        ("query_p50_ms", 8, 2),
        ("query_p99_ms", 8, 2),
        ("bytes_per_article", 7, 0),
        ("bytes_per_text_byte", 7, 2),
        ("open_ms", 7, 1),
        ("held_mb", 7, 0),
        ("recall", 8, 3),
    )
    return line + "".join(
        " " * width if figures[name] is None else f"{figures[name]:>{width}.{digits}f}"
        for name, width, digits in shown
    )


def record(rows: Sequence[Row], about: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield a line of the record for each row.

    Parameters
    ----------
    rows : sequence of Row
        What was measured.
    about : mapping of str to str
        Said again in every line, such as the commit.

    Yields
    ------
    dict of str to object
        Every figure.
    """
    for row in rows:
        line: dict[str, object] = {"articles": row.n_articles, "contender": row.name}
        line |= {"missing": row.missing}
        if not row.missing:
            line |= {
                name: round(value, 4) if isinstance(value, float) else value
                for name, value in _figures(row).items()
            }
        yield line | dict(about)


def _figures(row: Row) -> dict[str, Any]:
    return {
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
