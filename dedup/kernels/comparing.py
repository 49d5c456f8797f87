"""Signatures against one another: in how many slots they agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel

# A slot that nothing fell into; it never counts as equal.
EMPTY = np.uint32(0xFFFFFFFF)

# Rows of either side that are compared with one another before the next are loaded: of 512
# bytes each, both blocks stay in the first cache.
_BLOCK = 32


@kernel
def count_agreements(
    signatures: NDArray[np.uint32], firsts: NDArray[np.int64], seconds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the slots in which pairs of signatures agree.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Signatures.
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Rows to compare.

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
        Slots that agree and are not empty.
    """
    counts = np.zeros(len(firsts), np.int64)
    for pair in range(len(firsts)):
        a, b = signatures[firsts[pair]], signatures[seconds[pair]]
        for slot in range(signatures.shape[1]):
            counts[pair] += (a[slot] == b[slot]) and (a[slot] != EMPTY)
    return counts


@kernel
def fill_jaccards(
    firsts: NDArray[np.uint32], seconds: NDArray[np.uint32], jaccards: NDArray[np.float64]
) -> None:
    """Estimate the resemblance of every row with every other.

    Parameters
    ----------
    firsts, seconds : ndarray of uint32, shapes (n, n_perm) and (m, n_perm)
        Signatures.
    jaccards : ndarray of float64, shape (n, m)
        Written: the share of slots that agree and are not ``EMPTY``.
    """
    n, m = jaccards.shape
    n_perm = firsts.shape[1]
    for top in range(0, n, _BLOCK):
        for left in range(0, m, _BLOCK):
            for row in range(top, min(top + _BLOCK, n)):
                first = firsts[row]
                for column in range(left, min(left + _BLOCK, m)):
                    second = seconds[column]
                    count = np.uint32(0)
                    for slot in range(n_perm):
                        is_equal = (first[slot] == second[slot]) & (first[slot] != EMPTY)
                        count = np.uint32(count + np.uint32(is_equal))
                    jaccards[row, column] = count / n_perm
