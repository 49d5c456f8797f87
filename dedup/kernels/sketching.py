"""Shingle hashes to signatures by Fast Similarity Sketching.

A shingle is `k` consecutive tokens; its hash is the finalized polynomial of their hashes,
so that no joined string is ever built. A slot of a signature is uint32: six bits of round,
then 26 bits of hash, so that the minimum prefers the earlier round.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.hashing import PRIME_1, PRIME_5, avalanche, combine

# Rounds that throw all shingles at once; then each slot still empty is filled on its own.
N_ROUNDS = 60
_VALUE_BITS = np.uint32(26)
_VALUE_MASK = np.uint64((1 << 26) - 1)
EMPTY = np.uint32(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def hash_shingles(hashes: NDArray[np.uint64], k: int) -> NDArray[np.uint64]:
    """Hash every run of `k` tokens.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Token hashes of one article.
    k : int
        Tokens in a shingle. An article with fewer has one shingle, of all it has.

    Returns
    -------
    ndarray of uint64, shape (max(n - k + 1, min(n, 1)),)
        Shingle hashes.
    """
    n = len(hashes)
    width = min(k, n)
    shingles = np.empty(n - width + 1 if n > 0 else 0, np.uint64)
    for first in range(len(shingles)):
        value = np.uint64(width)
        for at in range(first, first + width):
            value = combine(value, hashes[at])
        shingles[first] = avalanche(value)
    return shingles


@njit(inline="always")
def round_salt(number: int) -> np.uint64:
    """Return what a round, or past ``N_ROUNDS`` a slot, mixes into its hashes."""
    return avalanche(np.uint64(number + 1) * PRIME_1 + PRIME_5)


@njit(cache=True, nogil=True)
def fill_signature(shingles: NDArray[np.uint64], signature: NDArray[np.uint32]) -> None:
    """Fill one signature.

    Parameters
    ----------
    shingles : ndarray of uint64, shape (n,)
        Shingle hashes, at least one.
    signature : ndarray of uint32, shape (n_perm,), a power of two
        Written.

    References
    ----------
    Dahlgaard, Knudsen and Thorup 2017, "Fast Similarity Sketching", section 2, with the
    second half of its rounds replaced by one exact minimum for each slot that is empty.
    """
    n_perm = len(signature)
    bin_shift = np.uint64(64)
    while (1 << (64 - np.int64(bin_shift))) < n_perm:
        bin_shift -= np.uint64(1)
    signature[:] = EMPTY
    n_empty = n_perm
    for number in range(N_ROUNDS):
        salt = round_salt(number)
        prefix = np.uint32(number) << _VALUE_BITS
        for shingle in shingles:
            value = avalanche(shingle ^ salt)
            slot = value >> bin_shift if n_perm > 1 else np.uint64(0)
            if signature[slot] == EMPTY:
                n_empty -= 1
            signature[slot] = min(signature[slot], prefix | np.uint32(value & _VALUE_MASK))
        if n_empty == 0:
            return
    prefix = np.uint32(N_ROUNDS) << _VALUE_BITS
    for slot in range(n_perm):
        if signature[slot] == EMPTY:
            salt = round_salt(N_ROUNDS + slot)
            for shingle in shingles:
                value = np.uint32(avalanche(shingle ^ salt) & _VALUE_MASK)
                signature[slot] = min(signature[slot], prefix | value)


@njit(cache=True, nogil=True)
def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    signatures: NDArray[np.uint32],
) -> None:
    """Sketch a batch of articles.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written, row by row; the row of an article without tokens is all ``EMPTY``.
    """
    for article in range(len(offsets) - 1):
        shingles = hash_shingles(hashes[offsets[article] : offsets[article + 1]], k)
        if len(shingles) == 0:
            signatures[article] = EMPTY
        else:
            fill_signature(shingles, signatures[article])


@njit(cache=True, nogil=True)
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
