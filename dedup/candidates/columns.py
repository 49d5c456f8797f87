"""Postings sorted by key, and copies of some of their buckets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core


class Readers(NamedTuple):
    """Query articles `first` to `last`, and the first article that any of them reads."""

    low: int
    first: int
    last: int


class Postings(NamedTuple):
    """Columns sorted by key; equal keys keep their order.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Ascending.
    articles, places : ndarray of uint32, shape (n,)
        Article, and token in it, of each key.
    directory : ndarray of int64, shape (2**bits + 1,)
        At index i, the number of keys whose top bits are less than i.
    """

    keys: NDArray[np.uint64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]
    directory: NDArray[np.int64]

    def look_up(self, queries: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the range of each query, shape (n_queries, 2); equal ends if it is absent."""
        return _core.look_up(self.keys, self.directory, queries)

    def narrow(
        self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int
    ) -> NarrowedBuckets:
        """Copy the entries of some buckets that a range of query articles may read.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Ascending, unique.
        """
        return NarrowedBuckets(*_core.narrow_postings(*self, keys, *readers, max_bucket))


class NarrowedBuckets(NamedTuple):
    """Buckets of some keys, reduced to the entries that queries may read.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_keys + 1,)
        Number of entries before each bucket.
    n_absent : ndarray of int64, shape (n_keys,)
        Entries left out of the middle of each bucket.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article, and token in it, of each entry.
    """

    bounds: NDArray[np.int64]
    n_absent: NDArray[np.int64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]


def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> Postings:
    """Sort postings by key.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Hashes, in any order.
    articles, places : ndarray of uint32, shape (n,)
        Article, and token in it, of each key.
    """
    return Postings(*_core.sort_postings(keys, articles, places))


def sort_shared(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    n_skipped: int,
    n_bits: int,
) -> Postings:
    """Sort a range of postings by key; keep those of keys that several articles carry.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Hashes, all alike in their first `n_skipped` bits.
    articles, places : ndarray of uint32, shape (n,)
        Article, non-decreasing, and token in it, of each key.
    n_bits : int
        Bits of the directory, which come after the skipped ones.
    """
    return Postings(*_core.sort_shared(keys, articles, places, n_skipped, n_bits))
