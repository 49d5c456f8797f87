"""Figures as PNG files for papers, on white."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from dedup.errors import MissingExtra
from dedup.render.figures import Figure, Mark

# CSS pixels per inch, and dots per inch for print.
_PER_INCH = 96
_DPI = 300
# Colors of the page's light theme.
_COLORS = {
    "ink": "#1a1a1a", "quiet": "#5a5f66", "grid": "#e4e6e9", "all": "#c9cdd2",
    "tone-0": "#f5f5f2", "tone-1": "#f6dfe0", "tone-2": "#e7b3b7", "tone-3": "#b8505c",
    "tone-4": "#9c2c3b", "tone-5": "#7c1424", "on-light small": "#1a1a1a",
    "on-dark small": "#ffffff",
}  # fmt: skip
_SIZES = {"quiet": 9.0, "on-light small": 8.25, "on-dark small": 8.25}
_SIZE = 9.75
# Shipped with matplotlib, so that pictures are the same everywhere.
_FONT = "DejaVu Sans"


def picture(figure: Figure) -> bytes:
    """Draw a figure.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas
    except ImportError:
        raise MissingExtra("matplotlib", "plots") from None
    size = (figure.width / _PER_INCH, figure.height / _PER_INCH)
    canvas = Canvas(figsize=size, dpi=_DPI, facecolor="white")
    FigureCanvasAgg(canvas)
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, figure.width)
    axes.set_ylim(figure.height, 0)
    for mark in figure.marks:
        _draw(axes, mark)
    stream = BytesIO()
    canvas.savefig(stream, format="png", metadata={"Title": figure.title, "Software": None})
    return stream.getvalue()


def _draw(axes: Any, mark: Mark) -> None:
    from matplotlib.patches import Rectangle

    color = _COLORS[mark.tone]
    if mark.shape == "rect":
        size = (mark.x, mark.y), mark.width, mark.height
        axes.add_patch(Rectangle(*size, facecolor=color, linewidth=0))
        return
    axes.text(
        mark.x,
        mark.y,
        mark.text,
        color=color,
        size=_SIZES.get(mark.tone, _SIZE),
        ha={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        va="baseline",
        rotation=90 if mark.is_upright else 0,
        rotation_mode="anchor",
        family=_FONT,
        parse_math=False,
    )
