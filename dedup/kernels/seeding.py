"""Content stems to seeds: sampled pair-shingles, the index keys of passages.

A pair-shingle is two content stems at most ``window - 1`` content words apart, in either
order. Sampling by hash makes the seeds of a stretch a FracMinHash of it, whatever the rest
of the article says.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.anchoring import MAX_CAPITALS, MIN_PLACES, find_share, information
from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import avalanche, combine
from dedup.kernels.tokenizing import IS_CAPITAL, IS_CONTENT

# Evidence is kept in steps of so much of a bit, as the table of frequencies has it.
EVIDENCE_STEP = np.float32(0.125)
_MOST = np.float32(255.0)


class Seeds(NamedTuple):
    """Seeds of some articles, one article after the other.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_seeds,)
        Hash of the unordered pair of stems.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of the later word, from the start of the article, not decreasing in an article.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of the two stems among those of the article, modulo 65,536.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        What a match of each of the two words says, in eighths of a bit.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Seeds before each article.
    """

    keys: NDArray[np.uint64]
    positions: NDArray[np.uint32]
    words: NDArray[np.uint16]
    evidence: NDArray[np.uint8]
    offsets: NDArray[np.int64]


class _Words(NamedTuple):
    """Content words of one article: token, stem, its number, information and evidence."""

    tokens: NDArray[np.int64]
    stems: NDArray[np.uint64]
    numbers: NDArray[np.int64]
    bits: NDArray[np.float32]
    evidence: NDArray[np.uint8]


class _Table(NamedTuple):
    """Counts by key, by open addressing; an entry of another article than the last is free."""

    keys: NDArray[np.uint64]
    values: NDArray[np.int64]
    articles: NDArray[np.int64]


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
) -> Seeds:
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
    Seeds
        In the order of the articles.
    """
    capacity = most = np.int64(0)
    for article in range(len(offsets) - 1):
        n_words = np.int64(0)
        for token in range(offsets[article], offsets[article + 1]):
            n_words += (flags[token] & IS_CONTENT) != 0
        most = max(most, n_words)
        capacity += n_words * (window - 1)
    of_pairs, of_stems = _make_table(most * (window - 1)), _make_table(most)
    keys, positions = np.empty(capacity, np.uint64), np.empty(capacity, np.uint32)
    pairs, evidence = np.empty((capacity, 2), np.uint16), np.empty((capacity, 2), np.uint8)
    bounds = np.zeros(len(offsets), np.int64)
    n_seeds = np.int64(0)
    for article in range(len(offsets) - 1):
        low, high = offsets[article], offsets[article + 1]
        words = _weigh_words(stems[low:high], flags[low:high], idf, of_stems, article)
        for at in range(len(words.tokens)):
            for other in range(at - 1, max(at - window, -1), -1):
                left, right = words.stems[other], words.stems[at]
                if left == right or words.bits[other] + words.bits[at] < min_bits:
                    continue
                key = avalanche(combine(min(left, right), max(left, right)))
                if key % np.uint64(sample) != 0 or _count(of_pairs, key, article) > max_repeats:
                    continue
                keys[n_seeds], positions[n_seeds] = key, words.tokens[at]
                pairs[n_seeds, 0], pairs[n_seeds, 1] = words.numbers[other], words.numbers[at]
                evidence[n_seeds, 0] = words.evidence[other]
                evidence[n_seeds, 1] = words.evidence[at]
                n_seeds += 1
        bounds[article + 1] = n_seeds
    return Seeds(
        keys[:n_seeds].copy(),
        positions[:n_seeds].copy(),
        pairs[:n_seeds].copy(),
        evidence[:n_seeds].copy(),
        bounds,
    )


@kernel
def _weigh_words(
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    idf: NDArray[np.uint8],
    table: _Table,
    article: int,
) -> _Words:
    """List the content words, each with what :func:`dedup.kernels.anchoring.localize` leaves."""
    tokens = np.flatnonzero((flags & IS_CONTENT) != 0)
    n = len(tokens)
    words = _Words(
        tokens, stems[tokens], np.empty(n, np.int64), np.empty(n, np.float32), np.empty(n, np.uint8)
    )
    counts = np.empty(n, np.int64)
    n_stems = n_capitals = np.int64(0)
    for k in range(n):
        n_capitals += (flags[tokens[k]] & IS_CAPITAL) != 0
        slot = _find_slot(table, words.stems[k], article)
        if table.articles[slot] != article:
            table.articles[slot], table.keys[slot] = article, words.stems[k]
            table.values[slot] = n_stems
            counts[n_stems] = 0
            n_stems += 1
        words.numbers[k] = table.values[slot]
        counts[words.numbers[k]] += 1
    has_case = n_capitals < MAX_CAPITALS * n
    for k in range(n):
        words.bits[k] = information(words.stems[k], flags[tokens[k]], idf)
        local = -np.log2(counts[words.numbers[k]] / (n + MIN_PLACES))
        bits = min(np.float64(words.bits[k]), local) * find_share(flags, tokens[k], has_case)
        words.evidence[k] = np.uint8(min(np.float32(bits) / EVIDENCE_STEP, _MOST))
    return words


@kernel
def _make_table(n: int) -> _Table:
    size = 16
    while size < 2 * n:
        size *= 2
    return _Table(np.empty(size, np.uint64), np.empty(size, np.int64), np.full(size, -1, np.int64))


@kernel
def _find_slot(table: _Table, key: np.uint64, article: int) -> int:
    mask = len(table.keys) - 1
    slot = np.int64(key >> np.uint64(8)) & mask
    while table.articles[slot] == article and table.keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@kernel
def _count(table: _Table, key: np.uint64, article: int) -> int:
    """Count a key, and return how often the article has it so far."""
    slot = _find_slot(table, key, article)
    if table.articles[slot] != article:
        table.articles[slot], table.keys[slot], table.values[slot] = article, key, 0
    table.values[slot] += 1
    return table.values[slot]
