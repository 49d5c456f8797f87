"""Scores to segments: the stretches of a sequence that score most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel


@kernel
def find_segments(
    scores: NDArray[np.float32], x_drop: float, min_score: float
) -> NDArray[np.int64]:
    """Find maximal scoring segments that never drop far below their own maximum.

    Parameters
    ----------
    scores : ndarray of float32, shape (n,)
        Score of each position, positive where it belongs to a segment.
    x_drop : float
        Drop below the running maximum that ends a segment.
    min_score : float
        Least total of a segment.

    Returns
    -------
    ndarray of int64, shape (n_segments, 2)
        Half-open, in order, disjoint.

    References
    ----------
    Karlin and Altschul 1990 for maximal scoring segments; Zhang et al. 2000 for X-drop.
    """
    n = len(scores)
    found = [(np.int64(0), np.int64(0))]
    found.clear()
    at = start = end = 0
    total = best = 0.0
    while start < n:
        if at < n:
            total += scores[at]
            if total > best:
                best, end = total, at + 1
        at += 1
        if at > n or total <= 0 or best - total > x_drop:
            if best > 0 and best >= min_score:
                found.append((np.int64(start), np.int64(end)))
                at = end
            start = end = at
            total = best = 0.0
    segments = np.empty((len(found), 2), np.int64)
    for k in range(len(found)):
        segments[k, 0], segments[k, 1] = found[k]
    return segments
