"""The table that people read, and the lines that a record keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.cases import Case
from bench.measure import Measurement

Row = tuple[Case, Measurement]

_HEAD = (
    f"{'case':<15}{'engine':<12}{'thr':>3}{'texts':>7}{'MB/s':>9}{'+-%':>5}{'texts/s':>9}"
    f"{'ours/it':>9}{'peak MB':>9}{'RMSE':>6}{'recall':>8}{'shifted':>8}"
)
COLUMNS = (
    "case",
    "engine",
    "version",
    "given",
    "threads",
    "texts",
    "n_texts",
    "megabytes",
    "rounds",
    "median_s",
    "min_s",
    "max_s",
    "megabytes_per_s",
    "texts_per_s",
    "ours_over_it",
    "peak_megabytes",
    "rmse_over_theory",
    "recall",
    "recall_formula",
    "shifted_recall",
    "shifted_formula",
    "fault",
)


def lay_out(rows: Sequence[Row]) -> Iterator[str]:
    """Lay out a line a case, those that are listed apart at the end.

    Parameters
    ----------
    rows : sequence of (Case, Measurement)
        In the order of the cases.

    Yields
    ------
    str
        A line of at most 100 columns.
    """
    yield _HEAD
    ours = _rates_of_ours(rows)
    name = ""
    for case, found in rows:
        if case.engine in case.definition.apart:
            continue
        if name and case.definition.name != name:
            yield ""
        name = case.definition.name
        yield _lay_out_one(case, found, ours)
    apart = [row for row in rows if row[0].engine in row[0].definition.apart]
    if apart:
        yield "\nApart, for its answers are wrong by the definition:"
        yield from (_lay_out_one(*row, ours) for row in apart)
    for _, found in rows:
        if found.formula is not None and found.rmse is not None:
            yield (
                f"\nRMSE: worst over theory, 1 is right. recall, shifted: formula says"
                f" {found.formula:.2f}, {found.shifted_formula:.2f}."
            )
            break


def record(rows: Sequence[Row], machine: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a line of the record for each case.

    Parameters
    ----------
    rows : sequence of (Case, Measurement)
        What was measured.
    machine : mapping of str to str
        Said again in every line.

    Yields
    ------
    dict of str to object
        ``COLUMNS`` and those of the machine.
    """
    ours = _rates_of_ours(rows)
    for case, found in rows:
        seconds = sorted(found.seconds)
        rate = found.rate
        values = (
            case.definition.name,
            case.engine,
            found.version,
            case.definition.given,
            case.threads,
            case.texts,
            found.n_articles,
            _round(found.megabytes),
            len(seconds),
            _round(found.megabytes / rate) if rate else None,
            *((_round(seconds[0]), _round(seconds[-1])) if seconds else (None, None)),
            _round(rate),
            _round(rate and rate * found.n_articles / found.megabytes),
            _round(_compare(case, found, ours)),
            _round(found.peak_megabytes) if seconds else None,
            *map(_round, (found.rmse, found.recall, found.formula)),
            *map(_round, (found.shifted, found.shifted_formula)),
            found.fault,
        )
        yield dict(zip(COLUMNS, values, strict=True)) | dict(machine)


def _lay_out_one(case: Case, found: Measurement, ours: Mapping[Any, float]) -> str:
    kind = case.definition.name if case.texts == "articles" else case.texts
    start = f"{kind:<15}{case.engine:<12}{case.threads:>3}"
    rate, spread = found.rate, found.spread
    if rate is None or spread is None:
        return f"{start}  {found.fault}"[:100]
    per_second = rate * found.n_articles / found.megabytes
    ratio = _compare(case, found, ours)
    return (
        f"{start}{found.n_articles:>7}{rate:>9.2f}{100 * spread:>5.0f}{per_second:>9.0f}"
        f"{_show(ratio, 9)}{found.peak_megabytes:>9.1f}{_show(found.rmse, 6)}"
        f"{_show(found.recall, 8)}{_show(found.shifted, 8)}"
    )


def _rates_of_ours(rows: Sequence[Row]) -> dict[Any, float]:
    return {
        (case.definition.task, case.texts, case.threads): found.rate
        for case, found in rows
        if case.engine == "ours" and found.rate
    }


def _compare(case: Case, found: Measurement, ours: Mapping[Any, float]) -> float | None:
    """Return how many times faster ours is from raw text, on the same threads."""
    task = "sketch" if case.definition.task == "pass" else case.definition.task
    ours_rate = ours.get((task, case.texts, case.threads))
    return ours_rate / found.rate if ours_rate and found.rate else None


def _show(value: float | None, width: int) -> str:
    return " " * width if value is None or value != value else f"{value:>{width}.2f}"


def _round(value: float | None) -> float | None:
    return None if value is None or value != value else float(f"{value:.5g}")
