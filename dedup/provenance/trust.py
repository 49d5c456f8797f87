"""How far the dates of a collection are to be trusted, told by its texts alone.

A story that spreads is a tree: each copy was made of one article that was there before. Articles
that share most are joined to such a tree without a look at dates. If dates are right, each tree
has one article that is earlier than all its neighbors; each error makes a second one likely. Of
such firsts too many as chance would make, dates are trusted by the share that is not there.
"""

from __future__ import annotations

from math import log1p

import numpy as np
from numpy.typing import NDArray

from dedup.group.story import find_root

# Of a few trees little is to be learned: they count beside a usual collection, in which as many
# firsts too many as `PRIOR` were to be expected by chance, and dates spared `USUAL` of them. In
# generated spreads of even seeds it is about that; .4 to .5 where clocks are exact, .2 if noisy.
PRIOR, USUAL = 10.0, 0.32


def find_trust(
    articles: NDArray[np.int64], weights: NDArray[np.float64], dates: NDArray[np.float64]
) -> float:
    """Tell how far dates are to be trusted.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Numbers of both articles of each pair that is of one story. An article that carries several
        has several sources, and should not be there.
    weights : ndarray of float64, shape (n,)
        How much they share, in words, edited ones less.
    dates : ndarray of float64, shape (n_articles, 2)
        When each may have been published, in seconds: from and to, NaN if not known. Of dates
        without a time nothing is told here.

    Returns
    -------
    float
        From 0, no better than drawn at random, to nearly 1; `USUAL` if nothing is to be learned.
    """
    is_exact = dates[:, 1] == dates[:, 0]
    kept = is_exact[articles].all(axis=1)
    tree = span_trees(articles[kept], weights[kept], len(dates))
    ends = np.concatenate([tree, tree[:, ::-1]])
    nodes, at, n_neighbors = np.unique(ends[:, 0], return_inverse=True, return_counts=True)
    is_earlier = dates[ends[:, 1], 0] < dates[ends[:, 0], 0]
    n_firsts = int((np.bincount(at, is_earlier, len(nodes)) == 0).sum())
    # Of a node and its neighbors, each is the first equally often by chance.
    by_chance = float((1 / (1 + n_neighbors)).sum())
    n_trees = len(nodes) - len(tree)
    spared = max(0.0, by_chance - n_firsts + PRIOR * USUAL)
    return spared / (by_chance - n_trees + PRIOR)


def weigh_trust(trust: float) -> float:
    """Return by how much the log-odds that a date is right are above those of a usual collection.

    Of what is not drawn at random all is right, of the rest half. It is 0 below, where a weight
    that fits the usual does no harm.
    """
    usual = log1p(USUAL) - log1p(-USUAL)
    return max(0.0, log1p(trust) - log1p(-trust) - usual)


def span_trees(
    articles: NDArray[np.int64], weights: NDArray[np.float64], n: int
) -> NDArray[np.int64]:
    """Keep of pairs those that connect as much with the greatest weights (Kruskal 1956).

    Parameters
    ----------
    articles : ndarray of int64, shape (n_pairs, 2)
        Numbers of both articles.
    weights : ndarray of float64, shape (n_pairs,)
        Of equal ones the pair with lower numbers is kept.
    n : int
        Articles that there are.

    Returns
    -------
    ndarray of int64, shape (n_kept, 2)
        Pairs without a cycle.
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
