"""Shared and unshared information to evidence of reuse, in bits.

A reused stretch shares a part of its information, its *rate*; any other stretch shares a part
too, the *background*. A bit that is shared then speaks for reuse with ``log(rate / background)``,
a bit that is not against it with ``log((1 - rate) / (1 - background))``. Both are divided by the
first, so that a shared bit counts one and an unshared bit the *price*: little where much is
reworded, more than one where nothing is.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.compiling import kernel

# Rates beyond these would make a price of nothing or without end.
_MIN_ODDS, _MAX_RATE = 1.5, 0.98
# Logarithm to the base 2 of the places at which two articles of 256 words can meet.
_FEW_PLACES = 16.0


@kernel
def find_price(rate: float, background: float) -> float:
    """Return what an unshared bit costs where a given part of all bits is shared.

    Parameters
    ----------
    rate : float
        Part that is shared, in [0, 1].
    background : float
        Part that is shared by chance, in (0, 1).

    Returns
    -------
    float
        Bits for each bit: about .1 where little more than chance is shared, 1.3 where all is.

    References
    ----------
    Log-odds of two Bernoulli models, as in the scores of Karlin and Altschul 1990.
    """
    rate = min(max(rate, _MIN_ODDS * background), _MAX_RATE)
    return np.log((1 - background) / (1 - rate)) / np.log(rate / background)


@kernel
def weigh_evidence(shared: float, mass_a: float, mass_b: float, background: float) -> float:
    """Return the evidence that a stretch is reused: what it shares less the price of the rest.

    Parameters
    ----------
    shared : float
        Bits that both sides share.
    mass_a, mass_b : float
        Bits of either side, at least `shared`.
    background : float
        Part that is shared by chance.

    Returns
    -------
    float
        Bits; the mean of both sides, each at its own price.
    """
    return (weigh_side(shared, mass_a, background) + weigh_side(shared, mass_b, background)) / 2


@kernel
def weigh_side(shared: float, mass: float, background: float) -> float:
    """Return the evidence of one side, see :func:`weigh_evidence`."""
    if mass <= 0:
        return 0.0
    return shared - find_price(shared / mass, background) * max(mass - shared, 0.0)


@kernel
def find_floor(n_a: int, n_b: int, min_score: float, slope: float) -> float:
    """Return the evidence that a passage of two articles needs.

    The more places there are at which two articles can meet, the more chance finds.

    Parameters
    ----------
    n_a, n_b : int
        Words of the articles.
    min_score : float
        Bits needed where both have 256 words or less.
    slope : float
        Bits more for each doubling of the places.

    Returns
    -------
    float
        Bits.

    References
    ----------
    The search space m * n of Karlin and Altschul 1990, equation 1.
    """
    return min_score + slope * max(0.0, np.log2(max(n_a * n_b, 1)) - _FEW_PLACES)
