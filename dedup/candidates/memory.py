"""Postings in memory, as three sorted columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.buckets import Buckets
from dedup.candidates.columns import Postings, Readers


class MemoryPostings:
    """Look-up of articles by key, in memory."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

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
