"""Find candidates: pairs of articles that share enough bands or seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import local
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.candidates.buckets import Buckets
from dedup.params import CandidateParams, Params, find_surplus
from dedup.sketches.seed import Seeds, slice_seeds

# Share of the extra evidence for large collections (find_surplus) that seeds must have. Less than
# 1, because seeds are a sample, and a short passage may have few.
_SURPLUS_SHARE = 0.5
# Queries per call of the core.
_PART = 128


class Scratch(NamedTuple):
    """Sums and counts by article, shape (n_articles,); all zeros between calls of the core."""

    totals: NDArray[np.float32]
    counts: NDArray[np.int64]


class BucketLookup(Protocol):
    """Look-up of the articles that share a key."""

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key."""


class PostingsLookup(Protocol):
    """Postings of all articles, in memory or on disk."""

    def narrow(
        self, keys: NDArray[np.uint64], first: int, last: int, max_bucket: int
    ) -> BucketLookup:
        """Return a look-up of some keys for the query articles `first` to `last`."""


class QueryBlock(NamedTuple):
    """Keys of a block of query articles.

    Parameters
    ----------
    bands : ndarray of uint64, shape (n_articles, n_bands)
        Band keys of each article.
    """

    first: int
    bands: NDArray[np.uint64]
    seeds: Seeds


class Candidates(NamedTuple):
    """Pairs to align.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        The earlier and the later article of each pair; sorted, unique.
    capped : ndarray of bool, shape (n_pairs,)
        Whether limits removed other pairs of the later article.
    """

    pairs: NDArray[np.int64]
    capped: NDArray[np.bool_]
    n_capped: int


def find_candidates(
    blocks: Iterable[QueryBlock],
    by_band: PostingsLookup,
    by_seed: PostingsLookup,
    search: PairSearch,
    pool: ThreadPoolExecutor | None = None,
) -> Candidates:
    """Find pairs of a query article and an earlier article that share enough bands or seeds."""
    pairs, capped, n_capped = [np.empty(0, np.int64)], [np.empty(0, np.bool_)], 0
    for block in blocks:
        last = block.first + len(block.bands)
        span = block.first, last, search.params.max_bucket
        bands = _call(pool, by_band.narrow, block.bands.reshape(-1), *span)
        seeds = _call(pool, by_seed.narrow, block.seeds.keys, *span)
        run = partial(search.run, block, bands, seeds)
        for rows, n in (pool.map if pool else map)(run, range(0, len(block.bands), _PART)):
            pairs.append(rows[:, 0] << 32 | rows[:, 1])
            capped.append(rows[:, 2].astype(np.bool_))
            n_capped += n
    return _join(np.concatenate(pairs), np.concatenate(capped), n_capped)


def _call(
    pool: ThreadPoolExecutor | None, function: Callable[..., BucketLookup], *arguments: object
) -> BucketLookup:
    """Call in a thread, because Ctrl-C interrupts a wait but not the core."""
    return pool.submit(function, *arguments).result() if pool else function(*arguments)


def find_min_bits(params: CandidateParams, n_articles: int) -> float:
    """Return the minimum bits of shared seeds for a candidate pair of short articles."""
    return params.min_bits + _SURPLUS_SHARE * find_surplus(n_articles)


def _join(pairs: NDArray[np.int64], capped: NDArray[np.bool_], n_capped: int) -> Candidates:
    """Sort and deduplicate pairs; a pair found by bands and seeds is capped if either was."""
    order = np.argsort(pairs, kind="stable")
    pairs, capped = pairs[order], capped[order]
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    if len(firsts):
        capped = np.logical_or.reduceat(capped, firsts)
    both = np.stack([pairs[firsts] >> 32, pairs[firsts] & 0xFFFFFFFF], axis=1)
    return Candidates(both, capped, n_capped)


class PairSearch:
    """Search for the candidates of a part of a block, with scratch arrays per thread.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    """

    def __init__(self, lengths: NDArray[np.int64], params: Params) -> None:
        self.lengths = lengths
        self.n_articles = len(lengths)
        self.params, self.slope = params.candidate, params.align.slope
        self._local = local()

    def run(
        self, block: QueryBlock, by_band: BucketLookup, by_seed: BucketLookup, low: int
    ) -> tuple[NDArray[np.int64], int]:
        """Return rows of pairs, and the number of pairs and entries that limits removed."""
        high = min(low + _PART, len(block.bands))
        queries, bands = np.arange(block.first + low, block.first + high), block.bands[low:high]
        if len(getattr(self._local, "counts", ())) < len(self.lengths):
            # The collection may grow before the next call: allocate half as much again.
            n = len(self.lengths) * 3 // 2
            self._local.counts = np.zeros(n, np.int32)
            self._local.sums = Scratch(np.zeros(n, np.float32), np.zeros(n, np.int64))
        params = self.params
        limits = params.max_bucket, max_sources(params)
        banded, n_banded = _core.count_bands(
            queries,
            *by_band.look_up(bands.reshape(-1)),
            self._local.counts,
            bands.shape[1],
            params.min_hits,
            *limits,
        )
        seeds = slice_seeds(block.seeds, low, high)
        sums: Scratch = self._local.sums
        seeded, n_seeded = _core.add_seeds(
            queries,
            seeds.positions,
            seeds.words,
            seeds.evidence,
            seeds.offsets,
            *by_seed.look_up(seeds.keys),
            self.lengths,
            *sums,
            params.window,
            find_min_bits(params, self.n_articles),
            self.slope,
            *limits,
        )
        return np.concatenate([banded, seeded]), n_banded + n_seeded


def max_sources(params: CandidateParams) -> int:
    """Return the maximum number of earlier articles per article, from `max_pairs_per_family`.

    n articles make n * (n - 1) / 2 pairs; the last article is in n - 1 of them.
    """
    return (1 + math.isqrt(1 + 8 * params.max_pairs_per_family)) // 2 - 1
