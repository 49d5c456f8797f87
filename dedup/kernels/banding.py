"""Signatures to band keys: articles that share a key agree in a whole band."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import avalanche, combine


@kernel
def hash_bands(signatures: NDArray[np.uint32], n_bands: int, n_rows: int) -> NDArray[np.uint64]:
    """Hash every band of every signature.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Signatures; n_perm is at least n_bands * n_rows.
    n_bands, n_rows : int
        Bands of a signature, and slots in a band.

    Returns
    -------
    ndarray of uint64, shape (n_articles, n_bands)
        Keys; the number of the band is part of the key.
    """
    keys = np.empty((len(signatures), n_bands), np.uint64)
    for article in range(len(signatures)):
        for band in range(n_bands):
            value = np.uint64(band + 1)
            for row in range(n_rows):
                value = combine(value, np.uint64(signatures[article, band * n_rows + row]))
            keys[article, band] = avalanche(value)
    return keys
