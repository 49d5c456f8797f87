"""Plot the edit sweep: recall, span accuracy and false passages by share of words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.accuracy.figures import AccuracyRow
from bench.accuracy.sweep import GRADED
from bench.picture import draw_line, drawn

LABELS = {
    "substitute": "any word replaced",
    "reword": "content words replaced first",
    "insert": "words put in",
    "delete": "words taken out",
    "truncate": "one end cut off",
}
# Colors of Okabe and Ito, and markers for readers without color vision.
_STYLES = {
    "substitute": ("#0072B2", "o"),
    "reword": ("#D55E00", "s"),
    "insert": ("#009E73", "D"),
    "delete": ("#CC79A7", "^"),
    "truncate": ("#7F7F7F", "v"),
}
# Measure, title, limits, target, and label of the target.
_PANELS = (
    ("recall", "Sentences found", (-0.03, 1.03), 0.9, "aim at 30 %"),
    ("iou", "Intersection over union of found spans", (0.74, 1.01), 0.85, "aim at 30 %"),
    ("false_rate", "False passages for each pair", (-0.002, 0.062), 0.05, "less is the aim"),
)
# The mean of fewer spans is meaningless.
_MIN_FOUND = 10


def draw(rows: Sequence[AccuracyRow], path: Path) -> None:
    """Draw the rows of the sweep as three panels; rows of other parts are left out."""
    with drawn(len(_PANELS), path) as (figure, panels):
        for panel, (measure, title, limits, aim, said) in zip(panels, _PANELS, strict=True):
            for kind in GRADED:
                points = _points([row for row in rows if row.name == kind], measure)
                draw_line(panel, points, _STYLES[kind], LABELS[kind])
            panel.axhline(aim, color="#444444", linewidth=0.8, linestyle=(0, (4, 3)))
            panel.annotate(
                said, (0, aim), (2, -3), textcoords="offset points", va="top", fontsize=9
            )
            panel.set_title(title, fontsize=11, loc="left")
            panel.set_ylim(limits)
            panel.set_xlim(-2, 62)
            panel.set_xlabel("Words changed, % of all words of the sentence")
        figure.legend(
            *panels[0].get_legend_handles_labels(),
            loc="outside lower center",
            ncols=len(GRADED),
            frameon=False,
        )


def _points(rows: Sequence[AccuracyRow], measure: str) -> list[tuple[float, float | None]]:
    return [
        (100 * (row.share or 0), getattr(row, measure))
        for row in rows
        if measure != "iou" or (row.recall or 0) * (row.n_planted or 0) >= _MIN_FOUND
    ]
