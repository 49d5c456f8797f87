"""Shared seeds of a query to its sources: who shares enough, and whom better ones explain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel


@kernel
def find_sources(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    worths: NDArray[np.float32],
    window: int,
    min_bits: float,
) -> NDArray[np.int64]:
    """List the first hit of each article that shares enough within a window.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        An article, a seed of the query, and its place in the article; grouped by article,
        sorted by seed in each.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed in the query, not decreasing.
    worths : ndarray of float32, shape (n_seeds,)
        Bits of each seed.
    window : int
        Tokens on either side.
    min_bits : float
        Least sum of bits.

    Returns
    -------
    ndarray of int64, shape (n_sources,)
        Rows of `hits`, ascending.
    """
    sources = np.empty(len(hits), np.int64)
    n_sources = first = 0
    while first < len(hits):
        last = first
        while last < len(hits) and hits[last, 0] == hits[first, 0]:
            last += 1
        if fill_window(hits[first:last], positions, worths, window, min_bits) >= min_bits:
            sources[n_sources] = first
            n_sources += 1
        first = last
    return sources[:n_sources]


@kernel
def choose_sources(
    hits: NDArray[np.int64],
    sources: NDArray[np.int64],
    worths: NDArray[np.float32],
    n_cut: NDArray[np.int64],
    min_bits: float,
    max_sources: int,
) -> NDArray[np.int64]:
    """Leave out sources of stretches that better sources explain already, best first.

    Parameters
    ----------
    hits, worths
        As :func:`find_sources` takes them.
    sources : ndarray of int64, shape (n_sources,)
        As :func:`find_sources` returns them.
    n_cut : ndarray of int64, shape (n_seeds,)
        Entries of each seed that were left aside.
    min_bits : float
        Least sum of bits of what no better source explains.
    max_sources : int
        Sources of one stretch that are all kept.

    Returns
    -------
    ndarray of int64, shape (n_kept,)
        Those of `sources` that are kept, in their order.
    """
    if len(sources) <= max_sources:
        return sources
    n_carriers = np.zeros(len(worths), np.int64)
    n_kept_carriers = np.zeros(len(worths), np.int64)
    seen = np.full(len(worths), -1, np.int64)
    totals = np.zeros(len(sources), np.float64)
    for k in range(len(sources)):
        at = sources[k]
        while at < len(hits) and hits[at, 0] == hits[sources[k], 0]:
            if seen[hits[at, 1]] != k:
                seen[hits[at, 1]] = k
                n_carriers[hits[at, 1]] += 1
                totals[k] += worths[hits[at, 1]]
            at += 1
    kept = np.zeros(len(sources), np.bool_)
    seen[:] = -1
    for k in np.argsort(-totals, kind="mergesort"):
        fresh = 0.0
        for turn in range(2):
            at = sources[k]
            while at < len(hits) and hits[at, 0] == hits[sources[k], 0]:
                seed = hits[at, 1]
                n_all = n_carriers[seed] + n_cut[seed]
                limit = max_sources if n_all <= max_sources else 1
                if turn == 0 and seen[seed] != k:
                    seen[seed] = k
                    fresh += worths[seed] if n_kept_carriers[seed] < limit else 0.0
                elif turn == 1 and seen[seed] == k:
                    seen[seed] = -1
                    n_kept_carriers[seed] += 1
                at += 1
            if fresh < min_bits:
                break
            kept[k] = True
    return sources[kept]


@kernel
def fill_window(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    worths: NDArray[np.float32],
    window: int,
    enough: float,
) -> float:
    """Return the most that a square of two texts holds.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        An article, a seed of the query, and its place in the article; sorted by seed.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed in the query, not decreasing.
    worths : ndarray of float32, shape (n_seeds,)
        Bits of each seed.
    window : int
        Tokens on either side.
    enough : float
        Bits from which no fuller square is looked for.

    Returns
    -------
    float
        Bits.
    """
    most = np.float32(0.0)
    last = 0
    for first in range(len(hits)):
        end = np.int64(positions[hits[first, 1]]) + window
        while last < len(hits) and positions[hits[last, 1]] < end:
            last += 1
        # The square starts at this hit along one text, and at some hit along the other.
        for corner in range(first, last):
            total = np.float32(0.0)
            for other in range(first, last):
                if 0 <= hits[other, 2] - hits[corner, 2] < window:
                    total += worths[hits[other, 1]]
            most = max(most, total)
            if most >= enough:
                return most
    return most
