"""Bucket look-ups to candidate pairs: bands that agree are counted, seeds are added up.

A query article comes with one bucket a key: a range of an array of articles, ascending. Of
the articles before the query all are taken, or, where they are too many, the first and the
latest, so that a bucket of n articles costs O(n) and not O(n * n).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.sourcing import (
    Floors,
    Query,
    choose_sources,
    fill_window,
    find_sources,
    make_tally,
)

# Texts behind the table of document frequencies; a seed that occurs in `df` articles here
# says at most log2(_N_TEXTS / df) bits, however rare its words are in general.
_N_TEXTS = 72_632.0
# Evidence is kept in steps of so much of a bit, as the table of frequencies has it.
EVIDENCE_STEP = np.float32(0.125)


class Scratch(NamedTuple):
    """Sums and counts by article: zeros, shape (n_articles,), and left so."""

    totals: NDArray[np.float32]
    counts: NDArray[np.int64]


class Buckets(NamedTuple):
    """The buckets of some keys.

    Parameters
    ----------
    ranges : ndarray of int64, shape (n_keys, 2)
        First entry of each bucket and one past its last.
    sizes : ndarray of int64, shape (n_keys,)
        Entries that the bucket has, here or not.
    n_absent : ndarray of int64, shape (n_keys,)
        Entries left out of its middle, which no query that is asked for looks at.
    articles : ndarray of uint32, shape (n_entries,)
        Articles, ascending in each bucket.
    places : ndarray of uint32, shape (n_entries,)
        Token of the article at which the key stands; 0 for bands.
    """

    ranges: NDArray[np.int64]
    sizes: NDArray[np.int64]
    n_absent: NDArray[np.int64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]


@njit(inline="always")
def _heads(
    articles: NDArray[np.uint32], first: int, last: int, query: int, max_bucket: int, n_absent: int
) -> tuple[int, int, int, int]:
    """Return where the earliest of a bucket end, the latest start and end, and how many are cut."""
    end = first + np.searchsorted(articles[first:last], np.uint32(query))
    n_cut = end - first + n_absent - max_bucket
    if n_cut <= 0:
        return end, end, end, np.int64(0)
    return first + (max_bucket + 1) // 2, end - max_bucket // 2, end, np.int64(n_cut)


@kernel
def count_bands(
    queries: NDArray[np.int64],
    buckets: Buckets,
    counts: NDArray[np.int32],
    n_bands: int,
    min_hits: int,
    max_bucket: int,
    max_sources: int,
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs that agree in enough bands.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Articles.
    buckets : Buckets
        Of each query's band keys, `n_bands` of each.
    counts : ndarray of int32, shape (n_articles,)
        Zeros; left so.
    n_bands : int
        Bands of a signature.
    min_hits : int
        Bands that must agree.
    max_bucket : int
        Articles of a bucket that are all taken.
    max_sources : int
        Articles before the query that are all paired with it; of more only the best is.

    Returns
    -------
    tuple of (ndarray of int64, int)
        Pairs, shape (n_pairs, 3): the earlier article, the query, and whether the query
        was paired with less than all; and how many pairs and entries were left aside.
    """
    ranges, articles = buckets.ranges, buckets.articles
    touched = [np.int64(0)]
    found = [(np.int64(0), np.int64(0), np.int64(0))]
    n_left = 0
    for k in range(len(queries)):
        query = queries[k]
        touched.clear()
        for band in range(k * n_bands, (k + 1) * n_bands):
            first, last = ranges[band, 0], ranges[band, 1]
            if first == last or articles[first] >= query:
                continue
            n_absent = buckets.n_absent[band]
            head, tail, end, n_cut = _heads(articles, first, last, query, max_bucket, n_absent)
            n_left += n_cut
            for step in range(head - first + end - tail):
                at = first + step if first + step < head else tail + step - (head - first)
                other = articles[at]
                if counts[other] == 0:
                    touched.append(np.int64(other))
                counts[other] += 1
        n_enough = 0
        best = np.int64(-1)
        for other in touched:
            n_enough += counts[other] >= min_hits
            is_better = best < 0 or counts[other] > counts[best]
            if is_better or (counts[other] == counts[best] and other < best):
                best = other
        if n_enough > max_sources:
            found.append((best, np.int64(query), np.int64(1)))
            n_left += n_enough - 1
        for other in touched:
            if counts[other] >= min_hits and n_enough <= max_sources:
                found.append((other, np.int64(query), np.int64(0)))
            counts[other] = 0
    return _rows(found), n_left


@kernel
def add_seeds(
    queries: NDArray[np.int64],
    seeds: Any,
    buckets: Buckets,
    lengths: NDArray[np.int64],
    scratch: Scratch,
    window: int,
    min_bits: float,
    slope: float,
    max_bucket: int,
    max_sources: int,
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs that share enough seeds within a window.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Articles.
    seeds : Seeds
        Their seeds; `offsets` has shape (n_queries + 1,).
    buckets : Buckets
        Of the seeds.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of every article behind the buckets.
    scratch : Scratch
        Zeros; left so.
    window : int
        Tokens on either side within which seeds are added up.
    min_bits, slope : float
        Least sum, as :func:`dedup.kernels.evidence.find_floor` takes them.
    max_bucket : int
        Entries of a bucket that are all taken.
    max_sources : int
        Articles before the query that may all share one stretch of it; of more only the
        best is paired with it on account of that stretch.

    Returns
    -------
    tuple of (ndarray of int64, int)
        As :func:`count_bands` returns them.
    """
    tally = make_tally()
    found = [(np.int64(0), np.int64(0), np.int64(0))]
    n_left = 0
    for k in range(len(queries)):
        first, last = seeds.offsets[k], seeds.offsets[k + 1]
        worths = _weigh_seeds(seeds.evidence[first:last], buckets.sizes[first:last], len(lengths))
        sums = worths[:, 0] + worths[:, 1]
        query = Query(seeds.positions[first:last], seeds.words[first:last], worths)
        entries, n_cut = _entries(buckets, first, last, queries[k], max_bucket)
        n_left += n_cut.sum()
        hits = _gather(entries, sums, buckets, scratch.totals, scratch.counts, min_bits)
        floors = Floors(lengths, queries[k], min_bits, slope)
        sources = find_sources(hits, query, floors, window, tally)
        kept = choose_sources(hits, sources, n_cut, query, floors, window, max_sources, tally)
        n_left += len(sources) - len(kept)
        is_cut = len(kept) < len(sources) or n_cut.any()
        for source in kept:
            found.append((hits[source, 0], np.int64(queries[k]), np.int64(is_cut)))
    return _rows(found), n_left


@kernel
def _weigh_seeds(
    evidence: NDArray[np.uint8], sizes: NDArray[np.int64], n_articles: int
) -> NDArray[np.float32]:
    """Return what each word of a seed says, both together at most what the seed can."""
    worths = np.empty(evidence.shape, np.float32)
    for seed in range(len(evidence)):
        df = np.float64(max(sizes[seed], 1))
        limit = np.float32(max(np.log2(max(_N_TEXTS, np.float64(n_articles)) / df), 0.0))
        left = np.float32(evidence[seed, 0]) * EVIDENCE_STEP
        right = np.float32(evidence[seed, 1]) * EVIDENCE_STEP
        share = limit / (left + right) if left + right > limit else np.float32(1.0)
        worths[seed, 0], worths[seed, 1] = left * share, right * share
    return worths


@kernel
def _entries(
    buckets: Buckets, low: int, high: int, query: int, max_bucket: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the entries before the query, shape (n, 2): seed of the query, and entry.

    Also return how many entries of each seed were left aside.
    """
    n_cut = np.zeros(high - low, np.int64)
    n_entries = 0
    for turn in range(2):
        if turn == 1:
            entries = np.empty((n_entries, 2), np.int64)
            n_entries = 0
        for seed in range(low, high):
            first, last = buckets.ranges[seed, 0], buckets.ranges[seed, 1]
            head, tail, end, cut = _heads(
                buckets.articles, first, last, query, max_bucket, buckets.n_absent[seed]
            )
            if turn == 0:
                n_entries += (head - first) + (end - tail)
                n_cut[seed - low] = cut
                continue
            for step in range(head - first + end - tail):
                at = first + step if first + step < head else tail + step - (head - first)
                entries[n_entries, 0], entries[n_entries, 1] = seed - low, at
                n_entries += 1
    return entries, n_cut


@kernel
def _gather(
    entries: NDArray[np.int64],
    worths: NDArray[np.float32],
    buckets: Buckets,
    totals: NDArray[np.float32],
    counts: NDArray[np.int64],
    min_bits: float,
) -> NDArray[np.int64]:
    """List the hits of the articles that may reach the sum, grouped by article.

    Rows are article, seed of the query, and place in the article; `totals` and `counts` are
    zeros by article, and left so.
    """
    for seed, at in entries:
        totals[buckets.articles[at]] += worths[seed]
        counts[buckets.articles[at]] += 1
    n_hits = 0
    for _, at in entries:
        article = buckets.articles[at]
        # The first entry of an article reserves its rows; later ones find the mark.
        if counts[article] > 0:
            n_rows = counts[article]
            counts[article] = -(n_hits + 1) if totals[article] >= min_bits else 0
            n_hits += n_rows if totals[article] >= min_bits else 0
    hits = np.empty((n_hits, 3), np.int64)
    for seed, at in entries:
        article = buckets.articles[at]
        if counts[article] < 0:
            row = -counts[article] - 1
            hits[row, 0], hits[row, 1], hits[row, 2] = article, seed, buckets.places[at]
            counts[article] -= 1
    for _, at in entries:
        counts[buckets.articles[at]] = 0
        totals[buckets.articles[at]] = 0
    return hits


@kernel
def measure_seeds(
    article: int,
    seeds: Any,
    buckets: Buckets,
    n_articles: int,
    window: int,
    enough: float,
) -> float:
    """Return the most bits of seeds that a query and one article share within a window.

    Parameters
    ----------
    article : int
        The other article.
    seeds : Seeds
        Seeds of the query, no others.
    buckets : Buckets
        Of the seeds; of none is anything left aside.
    n_articles : int
        Articles behind the buckets.
    window : int
        Tokens on either side.
    enough : float
        Bits from which no fuller window is looked for.

    Returns
    -------
    float
        What :func:`add_seeds` holds against its `min_bits`.
    """
    hits = [(np.int64(0), np.int64(0), np.int64(0))]
    for seed in range(len(seeds.positions)):
        first, last = buckets.ranges[seed, 0], buckets.ranges[seed, 1]
        at = first + np.searchsorted(buckets.articles[first:last], np.uint32(article))
        while at < last and buckets.articles[at] == article:
            hits.append((np.int64(article), np.int64(seed), np.int64(buckets.places[at])))
            at += 1
    worths = _weigh_seeds(seeds.evidence, buckets.sizes, n_articles)
    query = Query(seeds.positions, seeds.words, worths)
    return fill_window(_rows(hits), query, window, enough, make_tally())


@kernel
def _rows(found: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    """Pack tuples into an array, without the first, which only tells their type."""
    rows = np.empty((len(found) - 1, 3), np.int64)
    for k in range(1, len(found)):
        rows[k - 1, 0], rows[k - 1, 1], rows[k - 1, 2] = found[k]
    return rows
