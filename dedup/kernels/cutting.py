"""Stretches cut where masked text stood between two of their words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import align_stretch
from dedup.kernels.compiling import kernel
from dedup.kernels.pairing import Pair, matches_within, slice_stream, to_array


@kernel
def cut_stretches(pair: Pair, stretches: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut stretches, so that none goes over masked text on either side.

    Parameters
    ----------
    pair : Pair
        Two articles, without what is masked.
    stretches : ndarray of int64, shape (n, 4)
        ``p`` from and to, ``q`` from and to, half-open, sorted.

    Returns
    -------
    ndarray of int64, shape (m, 4)
        Sorted. A stretch without a cut stays; of any other, the aligned words that no cut
        parts make one each.
    """
    cuts_a, cuts_b = pair.cuts_a, pair.cuts_b
    if len(cuts_a) == 0 and len(cuts_b) == 0:
        return stretches
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    for p_low, p_high, q_low, q_high in stretches:
        first_a, last_a = np.searchsorted(cuts_a, p_low + 1), np.searchsorted(cuts_a, p_high)
        first_b, last_b = np.searchsorted(cuts_b, q_low + 1), np.searchsorted(cuts_b, q_high)
        if first_a == last_a and first_b == last_b:
            found.append((p_low, p_high, q_low, q_high))
            continue
        part_a, part_b = slice_stream(pair.a, p_low, p_high), slice_stream(pair.b, q_low, q_high)
        inside = matches_within(pair.matches, p_low, p_high, q_low, q_high)
        aligned = align_stretch(part_a, part_b, pair.bits_a[p_low:p_high], inside)
        at_a = at_b = np.int64(-1)
        for match in aligned:
            p, q = p_low + (match >> 32), q_low + (match & 0xFFFFFFFF)
            n_a = np.searchsorted(cuts_a, p, side="right")
            n_b = np.searchsorted(cuts_b, q, side="right")
            if n_a == at_a and n_b == at_b:
                first = found.pop()
                found.append((first[0], p + 1, first[2], q + 1))
            else:
                found.append((p, p + 1, q, q + 1))
            at_a, at_b = n_a, n_b
    rows = found[1:]
    rows.sort()
    return to_array(found[:1] + rows)


@kernel
def cuts_within(cuts: NDArray[np.int64], low: int, high: int) -> NDArray[np.int64]:
    """Take the cuts inside an article, counted from its start.

    Parameters
    ----------
    cuts : ndarray of int64, shape (n_cuts,)
        Increasing.
    low, high : int
        First token of the article, and one past its last.

    Returns
    -------
    ndarray of int64
        None of them before its first token.
    """
    first, last = np.searchsorted(cuts, low + 1), np.searchsorted(cuts, high)
    return cuts[first:last] - low
