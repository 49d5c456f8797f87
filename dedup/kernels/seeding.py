"""Content stems to seeds: sampled pair-shingles, the index keys of passages.

A pair-shingle is two content stems at most ``window - 1`` content words apart, in either
order. Sampling by hash makes the seeds of a stretch a FracMinHash of it, whatever the rest
of the article says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.anchoring import information
from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import avalanche, combine
from dedup.kernels.tokenizing import IS_CONTENT


@kernel
def find_seeds(
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    idf: NDArray[np.uint8],
    window: int,
    min_bits: float,
    sample: int,
    max_repeats: int,
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.float32], NDArray[np.int64]]:
    """Find the seeds of a batch of articles.

    Parameters
    ----------
    stems : ndarray of uint64, shape (n_tokens,)
        Stem hashes of all articles.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    window : int
        Content words among which two make a pair.
    min_bits : float
        Least information of a pair.
    sample : int
        One key in `sample` is kept.
    max_repeats : int
        Occurrences of one key in an article that are kept, the first ones.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint32, ndarray of float32, ndarray of int64)
        Keys; positions, in tokens from the start of the article, not decreasing in an
        article; bits; and offsets, shape (n_articles + 1,), seeds before each article.
    """
    capacity = most = 0
    for article in range(len(offsets) - 1):
        n_pairs = 0
        for token in range(offsets[article], offsets[article + 1]):
            n_pairs += (flags[token] & IS_CONTENT) != 0
        most = max(most, n_pairs * (window - 1))
        capacity += n_pairs * (window - 1)
    size = 16
    while size < 2 * most:
        size *= 2
    # How often each key came in the article of the stamp, by open addressing.
    seen_keys, seen_counts = np.empty(size, np.uint64), np.empty(size, np.int64)
    stamps = np.full(size, -1, np.int64)
    keys = np.empty(capacity, np.uint64)
    positions = np.empty(capacity, np.uint32)
    bits = np.empty(capacity, np.float32)
    bounds = np.zeros(len(offsets), np.int64)
    recent_stem = np.empty(window, np.uint64)
    recent_bits = np.empty(window, np.float32)
    n_seeds = 0
    for article in range(len(offsets) - 1):
        n_content = 0
        for token in range(offsets[article], offsets[article + 1]):
            if not flags[token] & IS_CONTENT:
                continue
            stem, weight = stems[token], information(stems[token], flags[token], idf)
            for back in range(1, min(window - 1, n_content) + 1):
                other = recent_stem[(n_content - back) % window]
                both = weight + recent_bits[(n_content - back) % window]
                if other == stem or both < min_bits:
                    continue
                key = avalanche(combine(min(stem, other), max(stem, other)))
                if key % np.uint64(sample) == 0:
                    slot = np.int64(key >> np.uint64(8)) & (size - 1)
                    while stamps[slot] == article and seen_keys[slot] != key:
                        slot = (slot + 1) & (size - 1)
                    if stamps[slot] != article:
                        stamps[slot], seen_keys[slot], seen_counts[slot] = article, key, 0
                    seen_counts[slot] += 1
                    if seen_counts[slot] > max_repeats:
                        continue
                    keys[n_seeds], bits[n_seeds] = key, both
                    positions[n_seeds] = token - offsets[article]
                    n_seeds += 1
            recent_stem[n_content % window], recent_bits[n_content % window] = stem, weight
            n_content += 1
        bounds[article + 1] = n_seeds
    return keys[:n_seeds].copy(), positions[:n_seeds].copy(), bits[:n_seeds].copy(), bounds
