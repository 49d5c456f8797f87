"""Draw growth: time, memory and recall against the number of articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.picture import draw_line, drawn
from bench.scale.figures import ScaleRow

# Colors of Okabe and Ito, and markers for readers without color vision.
_BLUE, _ORANGE = ("#0072B2", "o"), ("#D55E00", "s")


def draw(rows: Sequence[ScaleRow], path: Path) -> None:
    """Draw three panels; rows are sorted by size."""
    with drawn(3, path) as (_, panels):
        from matplotlib import ticker

        sizes = [row.collection.n_articles for row in rows]
        time, memory, quality = panels
        _draw_growth(time, sizes, [row.run.seconds for row in rows])
        time.set_title("Seconds", fontsize=11, loc="left")
        _draw_growth(memory, sizes, [row.run.peak_bytes / 1e6 for row in rows])
        memory.set_title("Peak resident memory, MB", fontsize=11, loc="left")
        found = [(row.collection.n_articles, row.recall) for row in rows]
        draw_line(quality, found, _BLUE, "planted passages found")
        in_family = [(row.collection.n_articles, row.story) for row in rows]
        draw_line(quality, in_family, _ORANGE, "copies in one family")
        quality.set_title("Recall", fontsize=11, loc="left")
        quality.set_ylim(-0.03, 1.03)
        for panel in panels:
            panel.set_xscale("log")
            for axis in (panel.xaxis, panel.yaxis)[: 1 if panel is quality else 2]:
                axis.set_major_locator(ticker.LogLocator(subs=(1, 3)))
                axis.set_major_formatter("{x:,.0f}")
                axis.set_minor_formatter(ticker.NullFormatter())
            panel.set_xlabel("Articles")
            panel.legend(frameon=False, fontsize=9)


def _draw_growth(panel: Any, sizes: Sequence[int], taken: Sequence[float]) -> None:
    """Draw measured values, and linear growth from the smallest size."""
    linear = [taken[0] * size / sizes[0] for size in sizes]
    panel.plot(sizes, linear, color="#444444", linewidth=0.8, linestyle=(0, (4, 3)), label="linear")
    draw_line(panel, list(zip(sizes, taken, strict=True)), _BLUE, "measured")
    panel.set_yscale("log")
