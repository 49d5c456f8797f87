"""Buckets of keys, as the index finds them and a search looks at them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


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
