"""Stems of folded words: English inflection, by suffix, and nothing else."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.intrinsics import load_word


@kernel
def stem_length(ending: np.uint64, n: int) -> int:
    """Return how many bytes of a folded ASCII word its stem keeps.

    English inflection only: plural, -ed, -ing, -ly, then a doubled consonant and a final
    -e or -y. At least three bytes stay.

    Parameters
    ----------
    ending : uint64
        The word's last eight bytes, the last one highest; what comes before it, if it is
        shorter, does not matter.
    n : int
        Its length in bytes.

    Returns
    -------
    int
        Length of the stem in bytes.
    """
    cut = 0
    if n > 3 and _last(ending, 0) == 0x73 and _last(ending, 1) not in (0x73, 0x75, 0x69):
        cut = 1  # -s, no -ss -us -is
        if n > 5 and _last(ending, 1) == 0x65 and _last(ending, 2) == 0x69:  # -ie(s)
            cut = 2
    one, two, three = _last(ending, cut), _last(ending, cut + 1), _last(ending, cut + 2)
    stripped = False
    if n - cut > 5 and one == 0x67 and two == 0x6E and three == 0x69:  # -ing
        cut += 3
        stripped = True
    elif n - cut > 4 and one == 0x64 and two == 0x65:  # -ed
        cut += 2
        stripped = True
    elif n - cut > 5 and one == 0x79 and two == 0x6C:  # -ly
        cut += 2
    one, two = _last(ending, cut), _last(ending, cut + 1)
    if stripped and n - cut > 3 and one == two and one not in (0x6C, 0x73):
        cut += 1
    if n - cut > 3 and _last(ending, cut) in (0x65, 0x79, 0x69):  # -e -y -i
        cut += 1
    return n - cut


@njit(inline="always")
def _last(ending: np.uint64, k: int) -> int:
    return np.int64(ending >> np.uint64(56 - 8 * k) & np.uint64(0xFF))


@kernel
def stem_long(word: NDArray[np.uint8], length: int) -> int:
    """Return the same of a word of eight bytes or more, which may be no ASCII."""
    for at in range(length):
        if word[at] >= 0x80:
            return length
    return stem_length(load_word(word, length - 8), length)
