"""Random permutations for sketches of the scheme ``affine32``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def draw_permutations(n_perm: int, seed: int) -> NDArray[np.uint32]:
    """Draw the permutations that datasketch draws for the same seed.

    Returns
    -------
    ndarray of uint32, shape (2, n_perm)
        Multipliers, all odd, then increments.

    Notes
    -----
    NumPy guarantees the stream of ``RandomState`` (NEP 19): a seed always gives the same result.
    """
    generator = np.random.RandomState(seed)
    multipliers = generator.randint(0, 1 << 31, n_perm, dtype=np.uint32) * np.uint32(2)
    increments = generator.randint(0, 1 << 32, n_perm, dtype=np.uint32)
    return np.stack([multipliers + np.uint32(1), increments])
