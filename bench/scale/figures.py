"""Figures of one size, their growth, the table and the record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from bench import table
from bench.scale.collection import GeneratedCollection
from bench.scale.reading import OutputReading

_COLUMNS: tuple[table.Column, ...] = (
    ("n_articles", "articles", ">8"),
    ("megabytes", "MB", ">7.1f"),
    ("seconds", "seconds", ">9.1f"),
    ("rate", "art/s", ">7.0f"),
    ("power", "power", ">7.2f"),
    ("twice", "x 2", ">6.2f"),
    ("peak_megabytes", "peak MB", ">9.0f"),
    ("slope", "B/art", ">8.0f"),
    ("candidates", "cand", ">7.2f"),
    ("overlaps", "over", ">7.3f"),
    ("by_chance", "chance", ">8.4f"),
    ("recall", "recall", ">7.3f"),
    ("story", "story", ">7.3f"),
    ("lines", "lines", ">7.2f"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """Resources of one process.

    Parameters
    ----------
    seconds, cpu_seconds : float
        Wall time, and CPU time of all processors.
    peak_bytes : int
        Peak resident memory.
    output_bytes : int
        Size of the report.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output_bytes: int


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """All figures of one size.

    Parameters
    ----------
    collection : GeneratedCollection
        The input.
    n_planted : int
        Number of planted passages.
    run : Run
        Resources used.
    reading : OutputReading
        Contents of the output.
    """

    collection: GeneratedCollection
    n_planted: int
    run: Run
    reading: OutputReading

    @property
    def recall(self) -> float | None:
        """Share of planted passages found."""
        return self.reading.n_found / self.n_planted if self.n_planted else None

    @property
    def story(self) -> float | None:
        """Share of the story's copies in one family."""
        copies = self.collection.n_copies
        return self.reading.n_in_family / copies if copies else None

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.collection.n_articles / self.run.seconds

    def per_article(self, number: float) -> float:
        """Divide by the number of articles."""
        return number / self.collection.n_articles


def exponent(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Measure growth between two points as the exponent of a power.

    Parameters
    ----------
    before, after : tuple of (float, float)
        Size and cost, positive; the sizes differ.

    Returns
    -------
    float
        1 for linear growth; doubling the size multiplies the cost by 2 to this power.

    Examples
    --------
    >>> exponent((10, 3.0), (40, 48.0))
    2.0
    """
    return math.log(after[1] / before[1]) / math.log(after[0] / before[0])


def slope(before: ScaleRow, after: ScaleRow) -> float:
    """Return the peak memory per additional article, in bytes.

    Parameters
    ----------
    before, after : ScaleRow
        Rows of two sizes.

    Returns
    -------
    float
        Bytes an article.
    """
    n_more = after.collection.n_articles - before.collection.n_articles
    return (after.run.peak_bytes - before.run.peak_bytes) / n_more


def lay_out(rows: Sequence[ScaleRow]) -> Iterator[str]:
    """Format a heading and a line per size, at most 104 columns wide."""
    return table.lay_out(_COLUMNS, map(_compare, rows, [None, *rows], [rows[0]] * len(rows)))


def _compare(row: ScaleRow, before: ScaleRow | None, least: ScaleRow) -> dict[str, object]:
    """Return the figures of a size, and their growth from the previous and the smallest size."""
    reading, own = row.reading, row.collection
    power = None if before is None else exponent(_time(before), _time(row))
    return {
        "n_articles": own.n_articles,
        "megabytes": own.n_bytes / 1e6,
        "seconds": row.run.seconds,
        "rate": row.rate,
        "power": power,
        "twice": None if power is None else 2**power,
        "peak_megabytes": row.run.peak_bytes / 1e6,
        "slope": None if before is None else slope(least, row),
        "candidates": row.per_article(reading.counts["n_candidates"]),
        "overlaps": row.per_article(reading.n_overlaps),
        "by_chance": row.per_article(reading.n_by_chance),
        "recall": row.recall,
        "story": row.story,
        "lines": row.per_article(reading.n_lines),
    }


def lay_out_stages(rows: Sequence[ScaleRow]) -> Iterator[str]:
    """Format the seconds of each stage, and their growth from the first size to the last.

    Parameters
    ----------
    rows : sequence of ScaleRow
        By size; not empty.

    Yields
    ------
    str
        A line per stage; the last one is for all else: start, sums, output.
    """
    sizes = [row.collection.n_articles for row in rows]
    heads = [str(size) for size in sizes]
    columns = [("stage", "seconds of", "<14"), *((head, head, ">10.2f") for head in heads)]
    names = dict.fromkeys(name for row in rows for name in row.reading.timings)
    stages = {name: [row.reading.timings.get(name, 0.0) for row in rows] for name in names}
    totals = [sum(row.reading.timings.values()) for row in rows]
    stages["else"] = [row.run.seconds - total for row, total in zip(rows, totals, strict=True)]
    lines: list[dict[str, object]] = []
    for name, seconds in stages.items():
        line: dict[str, object] = {"stage": name} | dict(zip(heads, seconds, strict=True))
        if len(rows) > 1 and min(seconds[0], seconds[-1]) > 0:
            line["power"] = exponent((sizes[0], seconds[0]), (sizes[-1], seconds[-1]))
        lines.append(line)
    return table.lay_out([*columns, ("power", "power", ">9.2f")], lines)


def record(rows: Sequence[ScaleRow]) -> Iterator[dict[str, object]]:
    """Yield every figure of each size; those of stages end in ``_s``."""
    for row in rows:
        line: dict[str, object] = asdict(row.collection) | asdict(row.run)
        line |= {"n_planted": row.n_planted, "recall": row.recall, "story": row.story}
        counted = (
            one.name for one in fields(OutputReading) if one.name not in ("timings", "counts")
        )
        line |= {name: getattr(row.reading, name) for name in counted}
        line |= row.reading.counts
        yield line | {f"{name}_s": seconds for name, seconds in row.reading.timings.items()}


def _time(row: ScaleRow) -> tuple[float, float]:
    return row.collection.n_articles, row.run.seconds
