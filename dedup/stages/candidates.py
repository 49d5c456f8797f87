"""Sketches and seeds to candidates: which pairs of articles are worth aligning."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.blocks import CandidateParams
from dedup.kernels import joining
from dedup.kernels.joining import Buckets
from dedup.params import find_surplus
from dedup.stages.seed import Seeds, slice_seeds

# Queries that one call of the kernel takes.
_PART = 512


class BucketLookup(Protocol):
    """Where the articles are that share a key: in memory or on disk."""

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key."""


class Candidates(NamedTuple):
    """Pairs to align.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        The earlier article and the later, each pair once, sorted.
    is_cut : ndarray of bool, shape (n_pairs,)
        Whether the later article was paired with less than all that share something.
    n_left : int
        Pairs and entries of buckets that were left aside.
    """

    pairs: NDArray[np.int64]
    is_cut: NDArray[np.bool_]
    n_left: int


def find_candidates(
    bands: NDArray[np.uint64],
    band_lookup: BucketLookup,
    seeds: Seeds,
    seed_lookup: BucketLookup,
    lengths: NDArray[np.int64],
    params: CandidateParams,
    pool: ThreadPoolExecutor | None = None,
) -> Candidates:
    """Find the pairs of which one article comes before the other and both share enough.

    Parameters
    ----------
    bands : ndarray of uint64, shape (n_articles, n_bands)
        Band keys.
    band_lookup : BucketLookup
        Articles by band key.
    seeds : Seeds
        Seeds of the same articles.
    seed_lookup : BucketLookup
        Articles by seed key.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    params : CandidateParams
        What is enough.
    pool : ThreadPoolExecutor or None
        Threads to use.

    Returns
    -------
    Candidates
        The same for any pool.
    """

    def run(first: int) -> list[tuple[NDArray[np.int64], int]]:
        last = min(first + _PART, len(bands))
        queries = np.arange(first, last)
        return [
            _by_bands(queries, bands[first:last], band_lookup, params),
            _by_seeds(queries, seeds, seed_lookup, lengths, params),
        ]

    parts = (pool.map if pool else map)(run, range(0, len(bands), _PART))
    found = [one for part in parts for one in part]
    rows = np.concatenate([np.empty((0, 3), np.int64), *(rows for rows, _ in found)])
    # A pair may come both ways; sorted, a cut bucket comes last and is what is kept.
    rows = rows[np.lexsort(rows.T[::-1])]
    is_last = np.append(np.any(rows[1:, :2] != rows[:-1, :2], axis=1), True)[: len(rows)]
    n_left = sum(n_left for _, n_left in found)
    return Candidates(rows[is_last, :2], rows[is_last, 2].astype(np.bool_), n_left)


def _by_bands(
    queries: NDArray[np.int64],
    bands: NDArray[np.uint64],
    lookup: BucketLookup,
    params: CandidateParams,
) -> tuple[NDArray[np.int64], int]:
    buckets = lookup.look_up(bands.reshape(-1))
    return joining.count_bands(
        queries,
        buckets.ranges,
        buckets.articles,
        bands.shape[1],
        params.min_hits,
        params.max_bucket,
        _max_sources(params),
    )


def _by_seeds(
    queries: NDArray[np.int64],
    seeds: Seeds,
    lookup: BucketLookup,
    lengths: NDArray[np.int64],
    params: CandidateParams,
) -> tuple[NDArray[np.int64], int]:
    own = slice_seeds(seeds, int(queries[0]), int(queries[-1]) + 1)
    return joining.add_seeds(
        queries,
        own,
        lookup.look_up(own.keys),
        lengths,
        params.window,
        params.min_bits + find_surplus(len(lengths)),
        params.slope,
        params.max_bucket,
        _max_sources(params),
    )


def _max_sources(params: CandidateParams) -> int:
    """Return how many articles may come before one, for all to make few enough pairs.

    n articles make n * (n - 1) / 2 pairs, of which the last has n - 1.
    """
    return (1 + math.isqrt(1 + 8 * params.max_pairs_per_family)) // 2 - 1
