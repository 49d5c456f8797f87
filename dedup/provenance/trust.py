"""Estimate the trust in the dates of a collection from its texts.

A story spreads as a tree: each copy has one earlier source. Maximum spanning trees of shared text
approximate these trees without dates. If dates are right, each tree has one local minimum, an
article earlier than all its neighbors; wrong dates add more. With the number of minima expected by
chance, trust = (expected - observed) / (expected - number of trees).
"""

from __future__ import annotations

from math import log1p

import numpy as np
from numpy.typing import NDArray

from dedup.group.story import find_root

# Prior for small collections: PRIOR extra minima expected by chance, with trust USUAL. Generated
# spreads with even seeds have about this trust: .4 to .5 with exact clocks, .2 with noisy ones.
PRIOR, USUAL = 10.0, 0.32


def find_trust(
    articles: NDArray[np.int64], weights: NDArray[np.float64], dates: NDArray[np.float64]
) -> float:
    """Estimate the trust in dates.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Pairs of articles of one story. Leave out articles of several stories: they have several
        sources.
    weights : ndarray of float64, shape (n,)
        Shared words of each pair, from :func:`dedup.group.places.weigh_shared`.
    dates : ndarray of float64, shape (n_articles, 4)
        Earliest and latest time in seconds, NaN if unknown, in the first two columns. Dates without
        a time are ignored.
    """
    is_exact = dates[:, 1] == dates[:, 0]
    kept = is_exact[articles].all(axis=1)
    tree = span_trees(articles[kept], weights[kept], len(dates))
    ends = np.concatenate([tree, tree[:, ::-1]])
    nodes, at, n_neighbors = np.unique(ends[:, 0], return_inverse=True, return_counts=True)
    is_earlier = dates[ends[:, 1], 0] < dates[ends[:, 0], 0]
    n_firsts = int((np.bincount(at, is_earlier, len(nodes)) == 0).sum())
    # By chance, a node is earlier than all its n neighbors with probability 1 / (n + 1).
    by_chance = float((1 / (1 + n_neighbors)).sum())
    n_trees = len(nodes) - len(tree)
    spared = max(0.0, by_chance - n_firsts + PRIOR * USUAL)
    return spared / (by_chance - n_trees + PRIOR)


def weigh_trust(trust: float) -> float:
    """Return the log-odds that a date is right, minus those of a usual collection, at least 0.

    Trusted dates are right, random ones half the time. Below the usual trust, the fitted weights
    do no harm.
    """
    usual = log1p(USUAL) - log1p(-USUAL)
    return max(0.0, log1p(trust) - log1p(-trust) - usual)


def span_trees(
    articles: NDArray[np.int64], weights: NDArray[np.float64], n: int
) -> NDArray[np.int64]:
    """Return a maximum spanning forest of pairs (Kruskal 1956).

    Parameters
    ----------
    articles : ndarray of int64, shape (n_pairs, 2)
        Articles of each pair.
    weights : ndarray of float64, shape (n_pairs,)
        Weights; ties go to the pair with lower numbers.

    Returns
    -------
    ndarray of int64, shape (n_kept, 2)
        Pairs of the forest.
    """
    order = np.lexsort((articles[:, 1], articles[:, 0], -weights))
    roots = list(range(n))
    kept = []
    for a, b in articles[order].tolist():
        one, other = find_root(roots, a), find_root(roots, b)
        if one != other:
            roots[max(one, other)] = min(one, other)
            kept.append((a, b))
    return np.array(kept, np.int64).reshape(-1, 2)
