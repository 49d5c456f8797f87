"""Postings in a file, partitioned by ranges of keys.

Keys are hashes, so that ranges have about equal size. A query for many keys reads the file once,
one group of ranges at a time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.buckets import Buckets
from dedup.candidates.columns import NarrowedBuckets, Readers, sort_postings
from dedup.runtime.bounds import add_up
from dedup.runtime.spill import MemoryBudget, SpillArray

# The top bits of a key select its range.
_N_BITS = 8
# A stored posting: key, article and place.
_POSTING = (np.uint64, np.uint32, np.uint32)
_POSTING_BYTES = 16


class SpilledPostings:
    """Look-up of articles by key, in a temporary file."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        # One record per range and call of `add`.
        self._blocks = SpillArray(_POSTING, MemoryBudget(0))
        self._totals = np.zeros(1 << _N_BITS, np.int64)
        # First and last article of each call of `add`.
        self._articles: list[tuple[int, int]] = []

    def add(
        self,
        keys: NDArray[np.uint64],
        articles: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        """Add postings of later articles.

        Parameters
        ----------
        keys, articles, places : ndarray, shape (n_postings,)
            As for :meth:`dedup.candidates.postings.PostingsBuilder.add`, or sorted stably by
            range of keys.

        Raises
        ------
        OSError
            If the temporary directory is full.
        """
        if not len(keys):
            return
        self._articles.append((int(articles.min()), int(articles.max())))
        of_range = (keys >> np.uint64(64 - _N_BITS)).astype(np.int64)
        order = np.argsort(of_range, kind="stable")
        lengths = np.bincount(of_range, minlength=1 << _N_BITS)
        self._totals += lengths
        self._blocks.append((keys[order], articles[order], places[order]), lengths)

    def narrow(
        self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int
    ) -> NarrowedPostings:
        """Load the buckets of some keys into memory.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Keys of the queries.
        """
        keys = np.unique(keys)
        limit = max(self._memory // (3 * _POSTING_BYTES), 1)
        group_of = np.cumsum(self._totals) // limit
        cuts = np.flatnonzero(np.diff(group_of)) + 1
        parts = []
        for own in np.split(np.arange(1 << _N_BITS), cuts):
            low, high = np.searchsorted(keys >> np.uint64(64 - _N_BITS), [own[0], own[-1] + 1])
            if low < high:
                sorted_ = sort_postings(*self._load(own, readers))
                parts.append(sorted_.narrow(keys[low:high], readers, max_bucket))
        return NarrowedPostings(keys, parts)

    def _load(
        self, own: NDArray[np.int64], readers: Readers
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
        """Read ranges from the file, in the order of the articles.

        Only what queries may read: neither later articles nor those before a window.
        """
        calls = [
            at
            for at, (first, last) in enumerate(self._articles)
            if last >= readers.low and first < readers.last
        ]
        firsts = np.array(calls, np.int64) << _N_BITS
        (keys, articles, places), _ = self._blocks.take((firsts[:, None] + own).reshape(-1))
        return keys, articles, places


class NarrowedPostings:
    """Look-up of some keys in memory, see :meth:`SpilledPostings.narrow`.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_keys,)
        Ascending, unique.
    """

    def __init__(self, keys: NDArray[np.uint64], parts: list[NarrowedBuckets]) -> None:
        self._keys = keys
        self._n_absent = _join([part.n_absent for part in parts], np.int64)
        self._articles = _join([part.articles for part in parts], np.uint32)
        self._places = _join([part.places for part in parts], np.uint32)
        lengths = [np.diff(part.bounds) for part in parts]
        self._bounds = add_up(_join(lengths, np.int64))

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Some of the loaded keys, in any order.
        """
        at = np.searchsorted(self._keys, keys)
        ranges = np.stack([self._bounds[at], self._bounds[at + 1]], axis=1)
        return Buckets(ranges, self._n_absent[at], self._articles, self._places)


def _join(parts: list[NDArray[np.generic]], dtype: type[np.generic]):  # type: ignore[no-untyped-def]
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype), *parts])
