"""Scalars of the alignment: parameters that a user sets, and constants with their reasons.

The constants were tuned together, on the PAN training pairs and the edit sweep; decision 12 shows
the effect of some.
"""

from __future__ import annotations

from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.params import AlignParams, find_surplus
from dedup.text import tables

# Words without an anchor inside an anchor cluster: a long sentence.
MAX_GAP = 30
# First penalty between words in order, before the rate of a passage is known; it suits a passage
# that shares nearly all. A first penalty of .7 loses a tenth of PAN's reworded passages.
ORDER_PENALTY = 0.15
# Penalty between words in any order, which match by chance more often.
UNORDERED_PENALTY = 0.8
# What starts a candidate passage, as a share of the minimum score: it needs less evidence than a
# passage, because its ends are not yet known.
START_SHARE = 0.85
# Weight of evidence in any order, relative to evidence in order: it is weaker.
UNORDERED_WEIGHT = 0.8
# Words by which boundary extension may move an end: most clauses are shorter.
MAX_EXTENSION = 10
# An abridgement takes words from everywhere: allow larger gaps, at a lower penalty.
ABRIDGED_GAP = 45
ABRIDGED_PENALTY = 0.1


class Scalars(NamedTuple):
    """Scalars of the alignment, in the order of ``Search`` in ``core/scores.hpp``.

    Gaps and extensions are in words, evidence is in bits. A penalty is the cost of an unshared bit.
    """

    window: int
    max_gap: int
    chance_rate: float
    order_penalty: float
    unordered_penalty: float
    min_candidate: float
    x_drop: float
    max_bridge: float
    unordered_weight: float
    max_extension: int
    min_score: float
    slope: float
    min_chars: int
    min_run: int
    max_suppressed: float
    min_shared: float
    abridged_gap: int
    abridged_penalty: float
    abridged_ratio: float
    abridged_cosine: float
    related_share: float
    min_odds: float
    weights: NDArray[np.float64]


def make_scalars(params: AlignParams, n_articles: int = 2) -> Scalars:
    """Return the scalars of the alignment for the core."""
    min_score = find_min_score(params, n_articles)
    return Scalars(
        window=params.window,
        max_gap=MAX_GAP,
        chance_rate=params.chance_rate,
        order_penalty=ORDER_PENALTY,
        unordered_penalty=UNORDERED_PENALTY,
        min_candidate=START_SHARE * min_score,
        x_drop=params.x_drop,
        max_bridge=params.max_bridge,
        unordered_weight=UNORDERED_WEIGHT,
        max_extension=MAX_EXTENSION,
        min_score=min_score,
        slope=params.slope,
        min_chars=params.min_chars,
        min_run=params.min_run,
        max_suppressed=params.max_suppressed,
        min_shared=params.min_shared,
        abridged_gap=ABRIDGED_GAP,
        abridged_penalty=ABRIDGED_PENALTY,
        abridged_ratio=params.abridged_ratio,
        abridged_cosine=params.abridged_cosine,
        related_share=params.related_share,
        min_odds=_find_odds(params.min_confidence),
        weights=tables.second_look(),
    )


def _find_odds(probability: float) -> float:
    """Return the natural log-odds of a probability."""
    return log(probability / (1 - probability)) if probability > 0 else -inf


def find_min_score(params: AlignParams, n_articles: int) -> float:
    """Return the floor of a passage of two short articles."""
    return params.min_score + find_surplus(n_articles)
