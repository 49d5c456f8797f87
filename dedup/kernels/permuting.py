"""Shingle hashes to signatures by affine permutations of 32 bits, those of datasketch 2.0.

Slot `i` is the minimum of ``a[i] * fmix32(h) + b[i]`` modulo 2**32 over the lower halves `h` of
the shingle hashes. With `a` odd each slot sees a permutation of all 32-bit values.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.comparing import EMPTY
from dedup.kernels.compiling import kernel

# Multipliers of fmix32, the finalizer of MurmurHash3 (x86, 32 bits).
_FMIX_1 = np.uint32(0x85EBCA6B)
_FMIX_2 = np.uint32(0xC2B2AE35)
# Shingles that one pass over the slots takes: enough that loading and storing a slot costs
# little beside the arithmetic. More of them measured no faster.
_STEP = 4


def draw_permutations(n_perm: int, seed: int) -> NDArray[np.uint32]:
    """Draw the permutations of a seed, the same as datasketch draws.

    Parameters
    ----------
    n_perm : int
        How many.
    seed : int
        0 to 2**32 - 1.

    Returns
    -------
    ndarray of uint32, shape (2, n_perm)
        Multipliers, all odd, then increments.

    Notes
    -----
    numpy keeps the stream of ``RandomState`` as it is (NEP 19), so a seed means the same
    permutations for good.
    """
    generator = np.random.RandomState(seed)
    multipliers = generator.randint(0, 1 << 31, n_perm, dtype=np.uint32) * np.uint32(2)
    increments = generator.randint(0, 1 << 32, n_perm, dtype=np.uint32)
    return np.stack([multipliers + np.uint32(1), increments])


@njit(inline="always")
def fmix32(value: np.uint32) -> np.uint32:
    """Finalize a uint32 as MurmurHash3 does, a bijection."""
    # numba widens uint32 to uint64: without the casts nothing would wrap, or vectorize.
    value = np.uint32((value ^ (value >> np.uint32(16))) * _FMIX_1)
    value = np.uint32((value ^ (value >> np.uint32(13))) * _FMIX_2)
    return np.uint32(value ^ (value >> np.uint32(16)))


@kernel
def fill_affine_signature(
    shingles: NDArray[np.uint64],
    permutations: NDArray[np.uint32],
    signature: NDArray[np.uint32],
) -> None:
    """Fill one signature.

    Parameters
    ----------
    shingles : ndarray of uint64, shape (n,)
        Shingle hashes, at least one; the lower 32 bits of each are used.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers and increments.
    signature : ndarray of uint32, shape (n_perm,)
        Written.
    """
    signature[:] = EMPTY
    n = len(shingles)
    # Filled up with the first shingle, which changes no minimum.
    mixed = np.empty(-(-n // _STEP) * _STEP, np.uint32)
    for at in range(n):
        mixed[at] = fmix32(np.uint32(shingles[at]))
    mixed[n:] = mixed[:1]
    multipliers, increments = permutations[0], permutations[1]
    for first in range(0, len(mixed), _STEP):
        h0, h1, h2, h3 = mixed[first], mixed[first + 1], mixed[first + 2], mixed[first + 3]
        for slot in range(len(signature)):
            a, b = multipliers[slot], increments[slot]
            left = min(np.uint32(a * h0 + b), np.uint32(a * h1 + b))
            right = min(np.uint32(a * h2 + b), np.uint32(a * h3 + b))
            signature[slot] = min(signature[slot], min(left, right))
