"""What is measured of accuracy, one row a setting: the table that people read, and the record."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bench.accuracy.spans import Tally


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the figures of one setting; None is what it does not measure.

    Parameters
    ----------
    part : str
        What it belongs to: sweep, gold, background, PAN or METER.
    name : str
        The setting.
    share : float or None
        Share of words edited.
    n_pairs, n_planted : int or None
        Pairs of texts, and passages that are there.
    recall : float or None
        Share of these that was found; in PAN and METER, of their characters.
    iou : float or None
        Mean intersection over union of what was found.
    precision : float or None
        Share of the found characters that are reused.
    f1 : float or None
        Of precision and recall; in PAN, plagdet.
    false_rate, astray_rate : float or None
        Passages for each pair that meet no known span, and that meet one on one side only.
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
        """The setting with its share, as floors name it."""
        share = "" if self.share is None else f" {self.share:.0%}"
        return f"{self.name}{share}"

    @property
    def clean(self) -> float | None:
        """What is left of 1 without the false passages of a pair: more is better."""
        return None if self.false_rate is None else 1 - self.false_rate


def read_tally(part: str, name: str, tally: Tally, share: float | None = None) -> Row:
    """Make a row of a tally.

    Parameters
    ----------
    part, name : str
        See `Row`.
    tally : Tally
        What was counted.
    share : float or None
        Share of words edited.

    Returns
    -------
    Row
        With all that a tally tells.
    """
    return Row(
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


def lay_out(rows: Sequence[Row]) -> Iterator[str]:
    """Lay out one line a row, with a blank line between parts.

    Parameters
    ----------
    rows : sequence of Row
        In the order of their parts.

    Returns
    -------
    iterator of str
        Under a heading.
    """
    yield (
        f"{'part':<12}{'setting':<20}{'words':>6}{'pairs':>7}{'there':>7}{'recall':>8}{'IoU':>7}"
        f"{'prec.':>7}{'F1':>7}{'false':>9}{'astray':>9}"
    )
    part = rows[0].part if rows else ""
    for row in rows:
        if row.part != part:
            yield ""
        part = row.part
        share = "" if row.share is None else f"{row.share:.0%}"
        yield (
            f"{row.part:<12}{row.name:<20}{share:>6}"
            f"{_show(row.n_pairs, 7)}{_show(row.n_planted, 7)}{_show(row.recall, 8)}"
            f"{_show(row.iou, 7)}{_show(row.precision, 7)}{_show(row.f1, 7)}"
            f"{_show(row.false_rate, 9, 4)}{_show(row.astray_rate, 9, 4)}"
        ).rstrip()


def write_record(path: Path, rows: Sequence[Row], about: Mapping[str, str]) -> None:
    """Write one line a row.

    Parameters
    ----------
    path : Path
        A file that is replaced; its directory is made.
    rows : sequence of Row
        What was measured.
    about : mapping of str to str
        Said again in every line, such as the commit.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)] + [*about])
        writer.writeheader()
        for row in rows:
            figures = {
                name: round(value, 5) if isinstance(value, float) else value
                for name, value in asdict(row).items()
            }
            writer.writerow(figures | dict(about))


def _show(value: float | None, width: int, n_digits: int = 3) -> str:
    if value is None:
        return " " * width
    return f"{value:>{width}}" if isinstance(value, int) else f"{value:>{width}.{n_digits}f}"
