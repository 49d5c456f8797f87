"""Texts and tokens to signatures, by Fast Similarity Sketching or by permutations.

A shingle is `k` consecutive tokens; its hash is the finalized polynomial of their hashes,
so that no joined string is ever built. A slot of a signature is uint32. Of Fast Similarity
Sketching it is six bits of round, then 26 bits of hash, so that the minimum prefers the
earlier round; for permutations see :mod:`dedup.kernels.permuting`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.comparing import EMPTY
from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import PRIME_1, PRIME_5, avalanche, combine
from dedup.kernels.permuting import fill_affine_signature
from dedup.kernels.tokenizing import BARE, Folding, Words, find_words, hash_words

# Rounds that throw all shingles at once; then each slot still empty is filled on its own.
N_ROUNDS = 60
_VALUE_BITS = np.uint64(26)
_HALF = np.uint64(0xFFFFFFFF)


@kernel
def hash_shingles(hashes: NDArray[np.uint64], k: int, shingles: NDArray[np.uint64]) -> int:
    """Hash every run of `k` tokens.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Token hashes of one article.
    k : int
        Tokens in a shingle. An article with fewer has one shingle, of all it has.
    shingles : ndarray of uint64, shape (at least n,)
        Written: shingle hashes.

    Returns
    -------
    int
        Shingles written, max(n - k + 1, min(n, 1)).
    """
    n = len(hashes)
    if n == 0:
        return 0
    width = min(k, n)
    n_shingles = n - width + 1
    if width == 3:
        # The usual length in one pass, and with others below for any: both run abreast.
        for first in range(n_shingles):
            value = combine(combine(np.uint64(3), hashes[first]), hashes[first + 1])
            shingles[first] = avalanche(combine(value, hashes[first + 2]))
        return n_shingles
    for first in range(n_shingles):
        shingles[first] = np.uint64(width)
    for step in range(width):
        for first in range(n_shingles):
            shingles[first] = combine(shingles[first], hashes[first + step])
    for first in range(n_shingles):
        shingles[first] = avalanche(shingles[first])
    return n_shingles


@njit(inline="always")
def slot_salt(slot: int) -> np.uint64:
    """Return what a slot that no round filled mixes into the hashes."""
    return avalanche(np.uint64(slot + 1) * PRIME_1 + PRIME_5)


@kernel
def fill_signature(shingles: NDArray[np.uint64], signature: NDArray[np.uint32]) -> None:
    """Fill one signature.

    Parameters
    ----------
    shingles : ndarray of uint64, shape (n,)
        Shingle hashes, at least one. Overwritten.
    signature : ndarray of uint32, shape (n_perm,), a power of two
        Written.

    References
    ----------
    Dahlgaard, Knudsen and Thorup 2017, "Fast Similarity Sketching", section 2, with the
    second half of its rounds replaced by one exact minimum for each slot that is empty.
    A round takes 32 bits of hash, so that a 64-bit hash serves for two.
    """
    n_perm = len(signature)
    slot_bits = np.uint64(0)
    while (1 << np.int64(slot_bits)) < n_perm:
        slot_bits += np.uint64(1)
    slot_shift = np.uint64(32) - slot_bits
    signature[:] = EMPTY
    for number in range(N_ROUNDS):
        if number > 0 and number & 1 == 0:
            for at in range(len(shingles)):
                shingles[at] = avalanche(shingles[at] ^ PRIME_5)
        prefix = np.uint64(number) << _VALUE_BITS
        half_shift = np.uint64(0 if number & 1 else 32)
        for shingle in shingles:
            half = shingle >> half_shift & _HALF
            slot = half >> slot_shift
            value = np.uint32(prefix | (half << slot_bits & _HALF) >> np.uint64(6))
            signature[slot] = min(signature[slot], value)
        n_empty = 0
        for slot in range(n_perm):
            n_empty += signature[slot] == EMPTY
        if n_empty == 0:
            return
    last = np.uint64(N_ROUNDS) << _VALUE_BITS
    for slot in range(n_perm):
        if signature[slot] == EMPTY:
            salt = slot_salt(slot)
            for shingle in shingles:
                value = np.uint32(last | avalanche(shingle ^ salt) >> np.uint64(38))
                signature[slot] = min(signature[slot], value)


@kernel
def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
) -> None:
    """Sketch a batch of articles that are tokenized already.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle.
    permutations : ndarray of uint32, shape (2, n_perm), or (2, 0)
        Multipliers and increments; with none, Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written, row by row; the row of an article without tokens is all ``EMPTY``.
    """
    most = 0
    for article in range(len(offsets) - 1):
        most = max(most, offsets[article + 1] - offsets[article])
    shingles = np.empty(most, np.uint64)
    for article in range(len(offsets) - 1):
        tokens = hashes[offsets[article] : offsets[article + 1]]
        _sketch(tokens, k, permutations, shingles, signatures[article])


@kernel
def sketch_texts(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    words: Words,
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
) -> None:
    """Sketch a batch of texts, each while it is in the processor's cache.

    Parameters
    ----------
    text : ndarray of uint8, shape (at least offsets[-1] + PADDING,)
        The articles' UTF-8, one after the other; surrogates may stand as three bytes.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes before each article.
    folding : Folding
        The frozen folding table.
    words : Words
        Room for any one article; what is in it afterwards means nothing.
    k : int
        Tokens in a shingle.
    permutations : ndarray of uint32, shape (2, n_perm), or (2, 0)
        Multipliers and increments; with none, Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written, as by :func:`sketch_articles`.
    """
    for article in range(len(offsets) - 1):
        n, _ = find_words(text, offsets[article], offsets[article + 1], folding, words, BARE)
        hashes = words.hashes[:n]
        hash_words(words.heads, words.tails, words.sizes, hashes)
        _sketch(hashes, k, permutations, words.shingles, signatures[article])


@kernel
def _sketch(
    hashes: NDArray[np.uint64],
    k: int,
    permutations: NDArray[np.uint32],
    shingles: NDArray[np.uint64],
    signature: NDArray[np.uint32],
) -> None:
    n = hash_shingles(hashes, k, shingles)
    if n == 0:
        signature[:] = EMPTY
    elif permutations.shape[1] == 0:
        fill_signature(shingles[:n], signature)
    else:
        fill_affine_signature(shingles[:n], permutations, signature)
