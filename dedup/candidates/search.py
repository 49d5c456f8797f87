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
from dedup.candidates.columns import Readers
from dedup.model.census import Census
from dedup.params import CandidateParams, Params, find_surplus
from dedup.sketches.seed import Seeds, slice_seeds

# Share of the extra evidence for large collections (find_surplus) that seeds must have. Less than
# 1, because seeds are a sample, and a short passage may have few.
_SURPLUS_SHARE = 0.5
# Seeds of each window that are read whatever the budget; four by decision 29.
N_RAREST = 4
# More than any bucket has.
ALL_ENTRIES = 1 << 62
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

    def narrow(self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int) -> BucketLookup:
        """Return a look-up of some keys for some query articles."""


class QueryBlock(NamedTuple):
    """Keys of a block of query articles.

    Parameters
    ----------
    bands : ndarray of uint64, shape (n_articles, n_bands)
        Band keys of each article.
    lows : ndarray of int64, shape (n_articles,)
        First article that each may read.
    """

    first: int
    bands: NDArray[np.uint64]
    seeds: Seeds
    lows: NDArray[np.int64]

    def take(self, run: slice) -> QueryBlock:
        """Return a run of the articles."""
        seeds = slice_seeds(self.seeds, run.start, run.stop)
        return QueryBlock(self.first + run.start, self.bands[run], seeds, self.lows[run])


class Candidates(NamedTuple):
    """Pairs to align.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles of each pair, ascending; sorted, unique.
    capped : ndarray of bool, shape (n_pairs,)
        Whether limits removed other pairs of the later article.
    n_capped, n_read : int
        Pairs and entries of postings that limits removed, and entries read.
    """

    pairs: NDArray[np.int64]
    capped: NDArray[np.bool_]
    n_capped: int
    n_read: int


def find_candidates(
    blocks: Iterable[QueryBlock],
    by_band: PostingsLookup,
    by_seed: PostingsLookup,
    search: PairSearch,
    pool: ThreadPoolExecutor | None = None,
) -> Candidates:
    """Find pairs of a query article and an earlier article that share enough bands or seeds."""
    found: list[PartFound] = []
    for block in blocks:
        readers = Readers(
            int(block.lows.min(initial=block.first)), block.first, block.first + len(block.bands)
        )
        # The middle of a bucket may be the end of a window.
        most = ALL_ENTRIES if block.lows.any() else search.params.max_bucket
        bands = _call(pool, by_band.narrow, block.bands.reshape(-1), readers, most)
        seeds = _call(pool, by_seed.narrow, block.seeds.keys, readers, most)
        run = partial(search.run, block, bands, seeds)
        found += (pool.map if pool else map)(run, range(0, len(block.bands), _PART))
    return join_found(found)


def _call(
    pool: ThreadPoolExecutor | None, function: Callable[..., BucketLookup], *arguments: object
) -> BucketLookup:
    """Call in a thread, because Ctrl-C interrupts a wait but not the core."""
    return pool.submit(function, *arguments).result() if pool else function(*arguments)


def find_min_bits(params: CandidateParams, n_articles: int) -> float:
    """Return the minimum bits of shared seeds for a candidate pair of short articles."""
    return params.min_bits + _SURPLUS_SHARE * find_surplus(n_articles)


def pack_pairs(
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]], capped: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """Return a number for each pair, which sorts as the pair does; its last bit is `capped`.

    Parameters
    ----------
    pairs : tuple of two ndarrays of int64, shape (n_pairs,)
        Articles of each pair, less than 2**31.
    """
    a, b, mark = (one.astype(np.uint64) for one in (*pairs, capped))
    return a << np.uint64(33) | b << np.uint64(1) | mark


def unpack_pairs(packed: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the pairs, shape (n_pairs, 2), and marks that :func:`pack_pairs` packed."""
    pairs = np.empty((len(packed), 2), np.int64)
    pairs[:, 0] = packed >> 33
    pairs[:, 1] = packed >> 1 & 0xFFFFFFFF
    return pairs, (packed & 1).astype(np.bool_)


def join_found(found: list[PartFound]) -> Candidates:
    """Sort and deduplicate pairs; a pair found by bands and seeds is capped if either was."""
    packed = np.concatenate([np.empty(0, np.uint64), *(one.packed for one in found)])
    packed.sort()
    is_last = np.ones(len(packed), np.bool_)
    np.greater(packed[1:] ^ packed[:-1], 1, out=is_last[:-1])
    packed = packed[is_last]
    n_capped, n_read = sum(one.n_capped for one in found), sum(one.n_read for one in found)
    return Candidates(*unpack_pairs(packed), n_capped, n_read)


class PartFound(NamedTuple):
    """Packed pairs, and the counts of :class:`Candidates`."""

    packed: NDArray[np.uint64]
    n_capped: int
    n_read: int


class PairSearch:
    """Search for the candidates of a part of a block, with scratch arrays per thread.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    """

    def __init__(self, lengths: NDArray[np.int64], census: Census, params: Params) -> None:
        self.lengths = lengths
        self.census = census
        self.params, self.slope = params.candidate, params.align.slope
        self._local = local()

    def run(
        self, block: QueryBlock, by_band: BucketLookup, by_seed: BucketLookup, low: int
    ) -> PartFound:
        """Return the pairs of a part of a block."""
        part = slice(low, min(low + _PART, len(block.bands)))
        queries = np.arange(block.first + part.start, block.first + part.stop)
        lows = block.lows[part]
        if len(getattr(self._local, "hits", ())) < len(self.lengths):
            # The collection may grow before the next call: allocate half as much again.
            n = len(self.lengths) * 3 // 2
            self._local.hits = np.zeros(n, np.int32)
            self._local.sums = Scratch(np.zeros(n, np.float32), np.zeros(n, np.int64))
        params, n_articles = self.params, self.census.n_articles
        sums: Scratch = self._local.sums
        limits = params.max_bucket, max_sources(params)
        bands = block.bands[part]
        buckets = by_band.look_up(bands.reshape(-1))
        banded = _core.count_bands(
            queries, lows, *buckets, self._local.hits, bands.shape[1], params.min_hits, *limits
        )
        seeds = slice_seeds(block.seeds, part.start, part.stop)
        seeded = _core.add_seeds(
            queries, lows, seeds.positions, seeds.words, seeds.evidence, seeds.offsets,
            *by_seed.look_up(seeds.keys), self.lengths, *sums, n_articles, params.window,
            find_min_bits(params, n_articles), self.slope,
            *limits, N_RAREST, params.max_entries,
        )  # fmt: skip
        a, b, capped = np.concatenate([banded[0], seeded[0]]).T
        packed = pack_pairs((a, b), capped.astype(np.bool_))
        return PartFound(packed, banded[1] + seeded[1], banded[2] + seeded[2])


def max_sources(params: CandidateParams) -> int:
    """Return the maximum number of earlier articles per article, from `max_pairs_per_family`.

    n articles make n * (n - 1) / 2 pairs; the last article is in n - 1 of them.
    """
    return (1 + math.isqrt(1 + 8 * params.max_pairs_per_family)) // 2 - 1
