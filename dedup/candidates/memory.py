"""Postings in memory, as three sorted columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.buckets import Buckets
from dedup.candidates.columns import Readers, sort_postings


class MemoryPostings:
    """Look-up of articles by key, in memory.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_postings,)
        Keys in the order of the articles.
    articles : ndarray of uint32, shape (n_postings,)
        Article of each key, non-decreasing.
    places : ndarray of uint32, shape (n_postings,)
        Token of the article at which the key occurs, non-decreasing in each article.
    """

    def __init__(
        self,
        keys: NDArray[np.uint64],
        articles: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        self._postings = sort_postings(keys, articles, places)

    def narrow(self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int) -> MemoryPostings:
        """Return these postings: everything is in memory already, see :class:`SpilledPostings`."""
        return self

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Keys, in any order.
        """
        postings = self._postings
        ranges = postings.look_up(keys)
        n_absent = np.zeros(len(ranges), np.int64)
        return Buckets(ranges, n_absent, postings.articles, postings.places)
