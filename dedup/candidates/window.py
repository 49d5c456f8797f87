"""Windows of days: which articles are near enough in time to be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DAY = 86_400.0


def find_lows(published: NDArray[np.float64], n_old: int, days: float) -> NDArray[np.int64]:
    """Return the first article that each may be compared with.

    Parameters
    ----------
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970: the old articles, then the others, each ascending with NaN (unknown)
        last.
    days : float
        Maximum distance; 0 for any.

    Returns
    -------
    ndarray of int64, shape (n_articles,)
        All 0 for undated articles, which are compared with all.
    """
    if not days:
        return np.zeros(len(published), np.int64)
    least = published - days * _DAY
    old, new = published[:n_old], published[n_old:]
    dated_old, dated = old[~np.isnan(old)], new[~np.isnan(new)]
    lows = np.searchsorted(dated_old, least)
    if len(dated_old) == n_old:
        # No old article is left: the window begins among the new ones.
        is_past = lows == n_old
        lows[is_past] += np.searchsorted(dated, least[is_past])
    return np.where(np.isnan(published), 0, np.minimum(lows, np.arange(len(lows))))


def are_near(
    one: NDArray[np.float64], other: NDArray[np.float64], days: float
) -> NDArray[np.bool_]:
    """Return which dates are at most some days apart; unknown ones (NaN) are near any date.

    Parameters
    ----------
    one, other : ndarray of float64
        Seconds since 1970, of shapes that broadcast.
    days : float
        Maximum distance; 0 for any.
    """
    if not days:
        return np.ones(np.broadcast_shapes(one.shape, other.shape), np.bool_)
    return ~(np.abs(one - other) > days * _DAY)


def find_span(published: NDArray[np.float64], days: float) -> tuple[float, float]:
    """Return the earliest and the latest date that is near one of some known dates."""
    return float(published.min() - days * _DAY), float(published.max() + days * _DAY)
