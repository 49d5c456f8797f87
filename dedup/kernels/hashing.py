"""XXH64, its finalizer and the shingle combiner.

All arithmetic is modulo 2**64 on uint64. The functions are a published contract: token
hashes equal what the reference XXH64 with seed 0 gives for the folded token's UTF-8.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.intrinsics import load_word

# Primes of the XXH64 specification, section "XXH64 algorithm description".
PRIME_1 = np.uint64(0x9E3779B185EBCA87)
PRIME_2 = np.uint64(0xC2B2AE3D27D4EB4F)
PRIME_3 = np.uint64(0x165667B19E3779F9)
PRIME_4 = np.uint64(0x85EBCA77C2B2AE63)
PRIME_5 = np.uint64(0x27D4EB2F165667C5)


@njit(inline="always")
def rotate_left(value: np.uint64, n_bits: int) -> np.uint64:
    """Rotate a uint64 left by `n_bits`, 0 < n_bits < 64."""
    return (value << np.uint64(n_bits)) | (value >> np.uint64(64 - n_bits))


@njit(inline="always")
def avalanche(value: np.uint64) -> np.uint64:
    """Finalize a uint64: the last step of XXH64, a bijection."""
    value ^= value >> np.uint64(33)
    value *= PRIME_2
    value ^= value >> np.uint64(29)
    value *= PRIME_3
    return value ^ (value >> np.uint64(32))


@njit(inline="always")
def combine(left: np.uint64, right: np.uint64) -> np.uint64:
    """Append a uint64 to the polynomial `left`, not finalized; order matters."""
    return left * PRIME_1 + right


@njit(inline="always")
def _load_half(data: NDArray[np.uint8], start: int) -> np.uint64:
    value = np.uint64(0)
    for i in range(4):
        value |= np.uint64(data[start + i]) << np.uint64(8 * i)
    return value


@njit(inline="always")
def _round(accumulator: np.uint64, lane: np.uint64) -> np.uint64:
    return rotate_left(accumulator + lane * PRIME_2, 31) * PRIME_1


@kernel
def xxh64(data: NDArray[np.uint8], n_bytes: int) -> np.uint64:
    """Hash the first `n_bytes` of `data` with XXH64, seed 0.

    Parameters
    ----------
    data : ndarray of uint8, shape (at least n_bytes,)
        The bytes.
    n_bytes : int
        How many of them.

    Returns
    -------
    uint64
        The hash.

    References
    ----------
    XXH64 specification, xxHash repository, ``doc/xxhash_spec.md``.
    """
    position = 0
    value = PRIME_5
    if n_bytes >= 32:
        lane_1, lane_2 = PRIME_1 + PRIME_2, PRIME_2
        lane_3, lane_4 = np.uint64(0), np.uint64(0) - PRIME_1
        while position + 32 <= n_bytes:
            lane_1 = _round(lane_1, load_word(data, position))
            lane_2 = _round(lane_2, load_word(data, position + 8))
            lane_3 = _round(lane_3, load_word(data, position + 16))
            lane_4 = _round(lane_4, load_word(data, position + 24))
            position += 32
        value = rotate_left(lane_1, 1) + rotate_left(lane_2, 7)
        value += rotate_left(lane_3, 12) + rotate_left(lane_4, 18)
        for lane in (lane_1, lane_2, lane_3, lane_4):
            value = (value ^ _round(np.uint64(0), lane)) * PRIME_1 + PRIME_4
    value += np.uint64(n_bytes)
    while position + 8 <= n_bytes:
        value ^= _round(np.uint64(0), load_word(data, position))
        value = rotate_left(value, 27) * PRIME_1 + PRIME_4
        position += 8
    if position + 4 <= n_bytes:
        value ^= _load_half(data, position) * PRIME_1
        value = rotate_left(value, 23) * PRIME_2 + PRIME_3
        position += 4
    while position < n_bytes:
        value ^= np.uint64(data[position]) * PRIME_5
        value = rotate_left(value, 11) * PRIME_1
        position += 1
    return avalanche(value)
