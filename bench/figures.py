"""Table and record of speed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.cases import Case
from bench.measure import Measurement
from bench.table import Column, lay_out_head, lay_out_line

Row = tuple[Case, Measurement]

_CASE: tuple[Column, ...] = (
    ("kind", "case", "<15"),
    ("engine", "engine", "<12"),
    ("threads", "thr", ">3"),
)
_COLUMNS: tuple[Column, ...] = (
    *_CASE,
    ("n_texts", "texts", ">7"),
    ("megabytes_per_s", "MB/s", ">9.2f"),
    ("spread", "+-%", ">5.0f"),
    ("texts_per_s", "texts/s", ">9.0f"),
    ("ours_over_it", "ours/it", ">9.2f"),
    ("peak_megabytes", "peak MB", ">9.1f"),
    ("rmse_over_theory", "RMSE", ">6.2f"),
    ("recall", "recall", ">8.2f"),
    ("shifted_recall", "shifted", ">8.2f"),
)


def lay_out(rows: Sequence[Row]) -> Iterator[str]:
    """Format a line per case; cases with wrong answers come last.

    Parameters
    ----------
    rows : sequence of (Case, Measurement)
        In the order of the cases.

    Yields
    ------
    str
        A line of at most 100 columns.
    """
    yield lay_out_head(_COLUMNS)
    name = ""
    apart = []
    for row, figures in zip(rows, record(rows), strict=True):
        line, definition = _lay_out_one(row, figures), row[0].definition
        if row[0].engine in definition.apart:
            apart.append(line)
            continue
        if name and definition.name != name:
            yield ""
        name = definition.name
        yield line
    if apart:
        yield "\nSeparate, because these answers violate the definition:"
        yield from apart
    for _, found in rows:
        if found.formula is not None and found.rmse is not None:
            yield (
                f"\nRMSE: worst over theory, 1 is right. recall, shifted: formula says"
                f" {found.formula:.2f}, {found.shifted_formula:.2f}."
            )
            break


def record(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield every figure of each case, by name."""
    ours = _rates_of_ours(rows)
    for case, found in rows:
        seconds = sorted(found.seconds)
        rate = found.rate
        yield {
            "case": case.definition.name,
            "engine": case.engine,
            "version": found.version,
            "given": case.definition.given,
            "threads": case.threads,
            "texts": case.texts,
            "n_texts": found.n_articles,
            "megabytes": found.megabytes,
            "rounds": len(seconds),
            "median_s": found.megabytes / rate if rate else None,
            "min_s": seconds[0] if seconds else None,
            "max_s": seconds[-1] if seconds else None,
            "megabytes_per_s": rate,
            "texts_per_s": rate and rate * found.n_articles / found.megabytes,
            "ours_over_it": _compare(case, found, ours),
            "peak_megabytes": found.peak_megabytes if seconds else None,
            "rmse_over_theory": found.rmse,
            "recall": found.recall,
            "recall_formula": found.formula,
            "shifted_recall": found.shifted,
            "shifted_formula": found.shifted_formula,
            "fault": found.fault,
        }


def _lay_out_one(row: Row, figures: Mapping[str, Any]) -> str:
    case, found = row
    figures = {**figures, "kind": figures["case"] if case.texts == "articles" else case.texts}
    if found.spread is None:
        return f"{lay_out_line(_CASE, figures)}  {found.fault}"[:100]
    return lay_out_line(_COLUMNS, {**figures, "spread": 100 * found.spread})


def _rates_of_ours(rows: Sequence[Row]) -> dict[Any, float]:
    return {
        (case.definition.task, case.texts, case.threads): found.rate
        for case, found in rows
        if case.engine == "ours" and found.rate
    }


def _compare(case: Case, found: Measurement, ours: Mapping[Any, float]) -> float | None:
    """Return our speed-up from raw text, with equal threads."""
    task = "sketch" if case.definition.task == "pass" else case.definition.task
    ours_rate = ours.get((task, case.texts, case.threads))
    return ours_rate / found.rate if ours_rate and found.rate else None
