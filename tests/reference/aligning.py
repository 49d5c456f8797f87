"""Chains and alignments by textbook dynamic programming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise


def chain_weight(matches: Sequence[tuple[int, int]], weights: Sequence[float]) -> float:
    """Weight of the heaviest chain that increases strictly on both sides, in O(n^2)."""
    best: list[float] = []
    for at, (p, q) in enumerate(matches):
        before = [best[k] for k in range(at) if matches[k][0] < p and matches[k][1] < q]
        best.append(weights[at] + max(before, default=0.0))
    return max(best, default=0.0)


def common_weight(a: Sequence[int], weights: Sequence[float], b: Sequence[int]) -> float:
    """Weight of the heaviest common subsequence."""

    @cache
    def best(p: int, q: int) -> float:
        if p == len(a) or q == len(b):
            return 0.0
        skipped = max(best(p + 1, q), best(p, q + 1))
        return max(skipped, best(p + 1, q + 1) + weights[p]) if a[p] == b[q] else skipped

    return best(0, 0)


def increases(matches: Sequence[tuple[int, int]]) -> bool:
    """Tell whether matches increase strictly on both sides."""
    steps = pairwise(matches)
    return all(left[0] < right[0] and left[1] < right[1] for left, right in steps)


def snap(boundaries: set[int], n: int, low: int, high: int, most: int) -> tuple[int, int]:
    """Move each end to the nearest boundary outwards, if it is near enough."""
    boundaries = boundaries | {0, n}
    starts = [at for at in boundaries if low - most <= at <= low]
    ends = [at for at in boundaries if high <= at <= high + most]
    return max(starts, default=low), min(ends, default=high)


def moved(
    aligned: Sequence[tuple[int, int]],
    a: Sequence[int],
    b: Sequence[int],
    is_content: Callable[[int], bool],
) -> list[tuple[int, int]]:
    """Match each content word left over in a with the first equal one left over in b.

    Equal words that are left over beside such a match, on both sides, go with it.
    """
    free_a = set(range(len(a))) - {p for p, _ in aligned}
    free_b = set(range(len(b))) - {q for _, q in aligned}
    found: list[tuple[int, int]] = []

    def take(p: int, q: int) -> None:
        found.append((p, q))
        free_a.remove(p)
        free_b.remove(q)

    for p in sorted(free_a):
        equal = [q for q in sorted(free_b) if a[p] == b[q]]
        if is_content(a[p]) and equal:
            take(p, equal[0])
    for p, q in tuple(found):
        for step in (1, -1):
            n = step
            while p + n in free_a and q + n in free_b and a[p + n] == b[q + n]:
                take(p + n, q + n)
                n += step
    return sorted(found)
