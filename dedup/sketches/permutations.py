"""The permutations of a seed, for sketches of the scheme ``affine32``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def draw_permutations(n_perm: int, seed: int) -> NDArray[np.uint32]:
    """Draw the permutations of a seed, the same as datasketch draws.

    Parameters
    ----------
    n_perm : int
        How many.
    seed : int
        0 to 2**32 - 1.

    Returns
    -------
    ndarray of uint32, shape (2, n_perm)
        Multipliers, all odd, then increments.

    Notes
    -----
    numpy keeps the stream of ``RandomState`` as it is (NEP 19), so a seed means the same
    permutations for good.
    """
    generator = np.random.RandomState(seed)
    multipliers = generator.randint(0, 1 << 31, n_perm, dtype=np.uint32) * np.uint32(2)
    increments = generator.randint(0, 1 << 32, n_perm, dtype=np.uint32)
    return np.stack([multipliers + np.uint32(1), increments])
