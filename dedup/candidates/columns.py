"""Postings sorted by key, and buckets of some keys copied out of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core


class Postings(NamedTuple):
    """Columns sorted by key, equal keys in the order they came in.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Ascending.
    articles, places : ndarray of uint32, shape (n,)
        What belongs to each key.
    directory : ndarray of int64, shape (2**bits + 1,)
        Keys whose top bits are less than the index.
    """

    keys: NDArray[np.uint64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]
    directory: NDArray[np.int64]

    def look_up(self, queries: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the range of each query, shape (n_queries, 2): equal ends where there is none."""
        return _core.look_up(self.keys, self.directory, queries)

    def narrow(
        self, keys: NDArray[np.uint64], first: int, last: int, max_bucket: int
    ) -> NarrowedBuckets:
        """Copy of the buckets of some keys what a range of articles may look at.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Ascending, each once.
        first, last : int
            Query articles, half-open.
        max_bucket : int
            Entries before an article that it looks at all; of more it looks at the first and
            the latest.

        Returns
        -------
        NarrowedBuckets
            At most `max_bucket` entries of a bucket, and those of the query articles.
        """
        return NarrowedBuckets(*_core.narrow_postings(*self, keys, first, last, max_bucket))

    def narrow_live(
        self, keys: NDArray[np.uint64], max_bucket: int, live_docs: NDArray[np.bool_]
    ) -> NarrowedBuckets:
        """Copy the buckets of some keys, as :meth:`dedup.index.segments.Segment.narrow` does."""
        return NarrowedBuckets(*_core.narrow_live(*self, keys, max_bucket, live_docs))


class NarrowedBuckets(NamedTuple):
    """Buckets of some keys, without what nobody looks at.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_keys + 1,)
        Entries before each bucket.
    sizes, n_absent : ndarray of int64, shape (n_keys,)
        Entries that each has in all, and that are left out of its middle.
    articles, places : ndarray of uint32, shape (n_entries,)
        What belongs to each.
    """

    bounds: NDArray[np.int64]
    sizes: NDArray[np.int64]
    n_absent: NDArray[np.int64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]

    def join(self, later: NarrowedBuckets) -> NarrowedBuckets:
        """Join the buckets of the same keys, where all articles of `later` are later ones."""
        return NarrowedBuckets(*_core.join_narrowed(*self, *later))


def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> Postings:
    """Sort postings by key.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Hashes, in any order.
    articles, places : ndarray of uint32, shape (n,)
        What belongs to each.

    Returns
    -------
    Postings
        Copies; the sort is stable.
    """
    return Postings(*_core.sort_postings(keys, articles, places))
