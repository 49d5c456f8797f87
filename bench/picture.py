"""Draw panels side by side in one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def drawn(n_panels: int, path: Path) -> Iterator[tuple[Any, Any]]:
    """Yield a figure and its panels, then write the picture.

    Parameters
    ----------
    n_panels : int
        Two or more.
    path : Path
        Output file; overwritten.

    Raises
    ------
    ImportError
        If matplotlib is not installed; it is in the extra ``bench``.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, n_panels, figsize=(12, 4.3), layout="constrained")
    yield figure, panels
    for panel in panels:
        panel.grid(color="#E4E4E4", linewidth=0.7)
        panel.set_axisbelow(True)
        panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150, metadata={"Software": None})
    pyplot.close(figure)


def draw_line(
    panel: Any, points: Sequence[tuple[float, Any]], style: tuple[str, str], label: str
) -> None:
    """Draw the points with a value, in a color and with a marker."""
    known = [point for point in points if point[1] is not None]
    if known:
        color, marker = style
        x, y = zip(*known, strict=True)
        panel.plot(x, y, color=color, marker=marker, markersize=5, label=label)
