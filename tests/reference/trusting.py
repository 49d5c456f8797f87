"""Slow, obvious twin of dedup/provenance/trust.py: trees as lists, firsts one by one."""

from __future__ import annotations

from dedup.provenance.trust import PRIOR, USUAL


def find_trust(pairs, published):
    """Tell how far dates are to be trusted.

    `pairs` are (a, b, weight), a < b; `published` seconds by article, None if not to the second.
    """
    neighbors = {}
    for a, b, _ in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if published[a] is None or published[b] is None or b in reach(neighbors, a):
            continue
        neighbors.setdefault(a, []).append(b)
        neighbors.setdefault(b, []).append(a)
    n_trees = len({min(reach(neighbors, one)) for one in neighbors})
    n_firsts = sum(
        all(published[other] >= published[one] for other in others)
        for one, others in neighbors.items()
    )
    by_chance = sum(1 / (1 + len(others)) for others in neighbors.values())
    spared = by_chance - n_firsts + PRIOR * USUAL
    return max(0.0, spared) / (by_chance - n_trees + PRIOR)


def reach(neighbors, start):
    """Return all that is connected with an article."""
    met, waiting = {start}, [start]
    while waiting:
        for other in neighbors.get(waiting.pop(), []):
            if other not in met:
                met.add(other)
                waiting.append(other)
    return met
