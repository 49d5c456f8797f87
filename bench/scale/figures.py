"""What is measured of one size, how it grows from size to size, the table and the record."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bench.scale.collection import Collection
from bench.scale.reading import Reading


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what one process took.

    Parameters
    ----------
    seconds, cpu_seconds : float
        On the clock, and of all processors together.
    peak_bytes : int
        Most memory that was resident.
    output_bytes : int
        Of the report.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """Hold all that is known of one size.

    Parameters
    ----------
    collection : Collection
        What was given.
    n_planted : int
        Passages that are to be found.
    run : Run
        What it took.
    reading : Reading
        What came out.
    """

    collection: Collection
    n_planted: int
    run: Run
    reading: Reading

    @property
    def recall(self) -> float | None:
        """Share of the planted passages that was found."""
        return self.reading.n_found / self.n_planted if self.n_planted else None

    @property
    def story(self) -> float | None:
        """Share of the copies of the story that stand in one family."""
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
        Size and what it took, positive; the sizes differ.

    Returns
    -------
    float
        1 if it grows in proportion; the time of twice as many articles is 2 to this power.

    Examples
    --------
    >>> exponent((10, 3.0), (40, 48.0))
    2.0
    """
    return math.log(after[1] / before[1]) / math.log(after[0] / before[0])


def slope(before: Row, after: Row) -> float:
    """Return the bytes of peak memory that each further article took.

    Parameters
    ----------
    before, after : Row
        Of two sizes.

    Returns
    -------
    float
        Bytes an article.
    """
    n_more = after.collection.n_articles - before.collection.n_articles
    return (after.run.peak_bytes - before.run.peak_bytes) / n_more


def lay_out(rows: Sequence[Row]) -> Iterator[str]:
    """Lay out one line a size.

    Parameters
    ----------
    rows : sequence of Row
        By size.

    Yields
    ------
    str
        At most 104 columns.
    """
    yield (
        f"{'articles':>8}{'MB':>7}{'seconds':>9}{'art/s':>7}{'power':>7}{'x 2':>6}{'peak MB':>9}"
        f"{'B/art':>8}{'cand':>7}{'over':>7}{'chance':>8}{'recall':>7}{'story':>7}{'lines':>7}"
    )
    for number, row in enumerate(rows):
        grown = f"{'':13}"
        held = f"{'':8}"
        if number:
            power = exponent(*(_time(one) for one in rows[number - 1 : number + 1]))
            grown = f"{power:>7.2f}{2**power:>6.2f}"
            held = f"{slope(rows[0], row):>8.0f}"
        reading, own = row.reading, row.collection
        yield (
            f"{own.n_articles:>8}{own.n_bytes / 1e6:>7.1f}{row.run.seconds:>9.1f}{row.rate:>7.0f}"
            f"{grown}{row.run.peak_bytes / 1e6:>9.0f}{held}"
            f"{row.per_article(reading.counts['n_candidates']):>7.2f}"
            f"{row.per_article(reading.n_overlaps):>7.3f}"
            f"{row.per_article(reading.n_by_chance):>8.4f}"
            f"{_show(row.recall)}{_show(row.story)}{row.per_article(reading.n_lines):>7.2f}"
        )


def lay_out_stages(rows: Sequence[Row]) -> Iterator[str]:
    """Lay out the seconds of each stage, and how they grow from the first size to the last.

    Parameters
    ----------
    rows : sequence of Row
        By size; not empty.

    Yields
    ------
    str
        A line a stage, the last one for what no stage counts: start, sums, output.
    """
    yield (
        f"{'seconds of':<14}"
        + "".join(f"{row.collection.n_articles:>10}" for row in rows)
        + (f"{'power':>9}")
    )
    names = dict.fromkeys(name for row in rows for name in row.reading.timings)
    stages = {name: [row.reading.timings.get(name, 0.0) for row in rows] for name in names}
    totals = [sum(row.reading.timings.values()) for row in rows]
    stages["else"] = [row.run.seconds - total for row, total in zip(rows, totals, strict=True)]
    sizes = [row.collection.n_articles for row in rows]
    for name, seconds in stages.items():
        line = f"{name:<14}" + "".join(f"{one:>10.2f}" for one in seconds)
        if len(rows) > 1 and min(seconds[0], seconds[-1]) > 0:
            line += f"{exponent((sizes[0], seconds[0]), (sizes[-1], seconds[-1])):>9.2f}"
        yield line


def record(rows: Sequence[Row], about: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield a line of the record for each size.

    Parameters
    ----------
    rows : sequence of Row
        What was measured.
    about : mapping of str to str
        Said again in every line, such as the commit.

    Yields
    ------
    dict of str to object
        Every figure; stages end in ``_s``.
    """
    for row in rows:
        line: dict[str, object] = asdict(row.collection) | asdict(row.run)
        line |= {"n_planted": row.n_planted, "recall": row.recall, "story": row.story}
        counted = (one.name for one in fields(Reading) if one.name not in ("timings", "counts"))
        line |= {name: getattr(row.reading, name) for name in counted}
        line |= row.reading.counts
        line |= {f"{name}_s": seconds for name, seconds in row.reading.timings.items()}
        yield {
            name: round(value, 5) if isinstance(value, float) else value
            for name, value in line.items()
        } | dict(about)


def write_record(path: Path, lines: Sequence[Mapping[str, object]]) -> None:
    """Write a record.

    Parameters
    ----------
    path : Path
        A file that is replaced; its directory is made.
    lines : sequence of mapping of str to object
        What `record` yields.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for line in lines for name in line)))
        writer.writeheader()
        writer.writerows(lines)


def _time(row: Row) -> tuple[float, float]:
    return row.collection.n_articles, row.run.seconds


def _show(value: float | None) -> str:
    return " " * 7 if value is None else f"{value:>7.3f}"
