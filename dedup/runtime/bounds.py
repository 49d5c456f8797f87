"""Bounds of the parts of an array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def add_up(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Return the number of elements before each part, and of all parts.

    Parameters
    ----------
    counts : ndarray of bool or int, shape (n,)
        Number of elements of each part.

    Returns
    -------
    ndarray of int64, shape (n + 1,)
        Starts with 0.
    """
    # Without the steps of `np.append`, which take longer than the sums of a look-up.
    bounds = np.zeros(len(counts) + 1, np.int64)
    counts.cumsum(out=bounds[1:])
    return bounds
