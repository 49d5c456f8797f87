"""Result of a look-up of postings: the bucket of each key."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Buckets(NamedTuple):
    """The buckets of some keys.

    Parameters
    ----------
    ranges : ndarray of int64, shape (n_keys, 2)
        Half-open range of entries of each bucket.
    n_absent : ndarray of int64, shape (n_keys,)
        Entries left out of the middle of each bucket because no query needs them.
    articles : ndarray of uint32, shape (n_entries,)
        Articles, ascending in each bucket.
    places : ndarray of uint32, shape (n_entries,)
        Token of the article at which the key occurs; 0 for bands.
    """

    ranges: NDArray[np.int64]
    n_absent: NDArray[np.int64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]
