"""Maximal scoring segments restated with slices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def segments(scores: Sequence[float], x_drop: float, min_score: float) -> list[tuple[int, int]]:
    """From each start, the best prefix of what comes before the sum is used up or drops.

    The next start is the end of a segment, or where the sum gave up if it was too poor.
    """
    found = []
    start = 0
    while start < len(scores):
        totals = list(accumulate(scores[start:]))
        n = 0
        while n < len(totals) and totals[n] > 0 and max(totals[: n + 1]) - totals[n] <= x_drop:
            n += 1
        best = max(totals[:n], default=0.0)
        if n and best >= min_score:
            found.append((start, start + totals.index(best) + 1))
            start = found[-1][1]
        else:
            start += n + 1
    return found
