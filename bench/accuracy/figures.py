"""Accuracy figures, one row per setting, and their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from bench import table
from bench.accuracy.spans import Tally

_COLUMNS: tuple[table.Column, ...] = (
    ("part", "part", "<12"),
    ("name", "setting", "<20"),
    ("share", "words", ">6.0%"),
    ("n_pairs", "pairs", ">7"),
    ("n_planted", "there", ">7"),
    ("recall", "recall", ">8.3f"),
    ("iou", "IoU", ">7.3f"),
    ("precision", "prec.", ">7.3f"),
    ("f1", "F1", ">7.3f"),
    ("false_rate", "false", ">9.4f"),
    ("astray_rate", "astray", ">9.4f"),
)


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """Figures of one setting; None if not measured.

    Parameters
    ----------
    part : str
        Part of the benchmark: sweep, gold, background, PAN or METER.
    name : str
        The setting.
    share : float or None
        Share of words edited.
    n_pairs, n_planted : int or None
        Pairs of texts, and known passages.
    recall : float or None
        Share of known passages found; in PAN and METER, of their characters.
    iou : float or None
        Mean intersection over union of found passages.
    precision : float or None
        Share of found characters that are reused.
    f1 : float or None
        F1 of precision and recall; in PAN, plagdet.
    false_rate, astray_rate : float or None
        Passages per pair that overlap no known span, and that overlap one on one side only.
    """

    part: str
    name: str
    share: float | None = None
    n_pairs: int | None = None
    n_planted: int | None = None
    recall: float | None = None
    iou: float | None = None
    precision: float | None = None
    f1: float | None = None
    false_rate: float | None = None
    astray_rate: float | None = None

    @property
    def title(self) -> str:
        """Setting and share, as named in the floors."""
        share = "" if self.share is None else f" {self.share:.0%}"
        return f"{self.name}{share}"

    @property
    def clean(self) -> float | None:
        """1 minus the false passages per pair: more is better."""
        return None if self.false_rate is None else 1 - self.false_rate


def read_tally(part: str, name: str, tally: Tally, share: float | None = None) -> AccuracyRow:
    """Convert a tally to a row.

    Parameters
    ----------
    part, name : str
        See `AccuracyRow`.
    tally : Tally
        Counts.
    share : float or None
        Share of words edited.

    Returns
    -------
    AccuracyRow
        Row with the figures of the tally.
    """
    return AccuracyRow(
        part,
        name,
        share,
        n_pairs=tally.n_pairs,
        n_planted=tally.n_planted,
        recall=tally.recall,
        iou=tally.mean_iou,
        false_rate=tally.false_rate,
        astray_rate=tally.astray_rate,
    )


def lay_out(rows: Sequence[AccuracyRow]) -> Iterator[str]:
    """Format a heading and a line per row, with a blank line between parts."""
    yield table.lay_out_head(_COLUMNS)
    part = rows[0].part if rows else ""
    for row in rows:
        if row.part != part:
            yield ""
        part = row.part
        yield table.lay_out_line(_COLUMNS, asdict(row)).rstrip()
