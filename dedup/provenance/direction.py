"""Estimate which article of a pair copied from the other.

There are three cases: ``b`` copied from ``a``, ``a`` from ``b``, or both from elsewhere. A
conditional logistic model (McFadden 1974) gives their probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.group.places import SharedPassages
from dedup.group.story import Pairs
from dedup.model import Ground
from dedup.model.census import Census
from dedup.provenance.clues import SourceClues, find_lags

# Weight of each feature, as log-odds against a common origin. Fitted by `python -m
# bench.stories.fit` on generated spreads with even seeds, measured on odd ones.
FEATURES = ("lag", "credit", "link", "head")
WEIGHTS = np.array([0.83, 5.29, 4.67, 0.73])
BIAS, BOTH_CREDIT = -1.69, -2.15

GROUNDS: tuple[Ground, ...] = ("credit", "link")
_AT_GROUNDS = [FEATURES.index(ground) for ground in GROUNDS]

_HALF_HOUR = 1800.0
# The other article is the head of this one if this one shares at least _MIN_HEAD up to its last
# passage, but less than _MAX_WHOLE of all its text.
_MIN_HEAD, _MAX_WHOLE = 0.8, 0.9


class Directions(NamedTuple):
    """Directions of copying between pairs of articles.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each pair.
    chances : ndarray of float64, shape (n, 2)
        Probability that ``b`` copied from ``a``, and ``a`` from ``b``, directly or not.
    grounds : ndarray of float64, shape (n, 2)
        Log-odds for ``a`` as the source from each of `GROUNDS`; negative for ``b``. All 0 unless
        `Census.is_naming_trusted`.
    """

    articles: NDArray[np.int64]
    chances: NDArray[np.float64]
    grounds: NDArray[np.float64]


def weigh_directions(
    articles: NDArray[np.int64], features: NDArray[np.float64], census: Census
) -> Directions:
    """Compute directions from features.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each pair.
    features : ndarray of float64, shape (n, n_features + 1)
        Result of :func:`find_features`.
    """
    weighed = features[:, :-1] * WEIGHTS
    logits = weighed.sum(axis=1)
    common = BIAS + BOTH_CREDIT * features[:, -1]
    odds = np.exp(np.stack([common + logits, common - logits], axis=1))
    chances = odds / (1 + odds.sum(axis=1, keepdims=True))
    grounds = weighed[:, _AT_GROUNDS]
    if not census.is_naming_trusted:
        grounds = np.zeros_like(grounds)
    return Directions(articles, chances, grounds)


def count_naming(articles: NDArray[np.int64], features: NDArray[np.float64]) -> tuple[int, int]:
    """Count the articles of pairs, and those that name another one of their pairs.

    The arguments are those of :func:`weigh_directions`.
    """
    net = (features[:, :-1] * WEIGHTS)[:, _AT_GROUNDS].sum(axis=1)
    copies = np.where(net > 0, articles[:, 1], articles[:, 0])
    return len(np.unique(articles)), len(np.unique(copies[net != 0]))


def find_features(
    pairs: Pairs,
    shared: SharedPassages,
    dates: NDArray[np.float64],
    clues: Sequence[SourceClues | None],
) -> NDArray[np.float64]:
    """Compute the features of pairs.

    Parameters
    ----------
    dates : ndarray of float64, shape (n_articles, 4)
        Result of :func:`dedup.provenance.clues.find_dates`.

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_features + 1)
        A column for each of `FEATURES`, positive if ``a`` is the likely source, negative if ``b``
        is; then a column that is 1 if both credit the same third party.
    """
    a, b = pairs.articles.T
    lags = np.tanh(find_lags(dates[a], dates[b]) / _HALF_HOUR)
    heads = _find_heads(pairs, shared)
    told = [_compare_clues(clues[one], clues[other]) for one, other in pairs.articles.tolist()]
    credits, links, common = np.array(told, np.float64).reshape(-1, 3).T
    return np.stack([lags, credits, links, heads, common], axis=1)


def _find_heads(pairs: Pairs, shared: SharedPassages) -> NDArray[np.float64]:
    """Return 1 if ``b`` is the head of ``a``, -1 if ``a`` is that of ``b``, else 0."""
    heads = np.zeros((len(pairs.counts), 2))
    has = np.flatnonzero(pairs.counts)
    starts = (np.cumsum(pairs.counts) - pairs.counts)[has]
    for side, column in ((0, 0), (1, 2)) if len(has) else ():
        low, high = shared.chars[:, column], shared.chars[:, column + 1]
        end = np.maximum.reduceat(high, starts)
        filled = np.add.reduceat(high - low, starts) / end
        is_cut = (filled >= _MIN_HEAD) & (pairs.coverages[has, side] < _MAX_WHOLE)
        heads[has, side] = is_cut
    difference: NDArray[np.float64] = heads[:, 0] - heads[:, 1]
    return difference


def _compare_clues(a: SourceClues | None, b: SourceClues | None) -> tuple[int, int, bool]:
    """Return features of credits and links, and whether both credit a third party."""
    if a is None or b is None:
        return 0, 0, False
    credit = bool(b.credits & a.names) - bool(a.credits & b.names)
    link = bool(b.hosts & a.names) - bool(a.hosts & b.names)
    return credit, link, bool((a.credits & b.credits) - a.names - b.names)
