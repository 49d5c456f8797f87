"""Chains and alignments by textbook dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from tests.reference.evidence import penalty
from tests.reference.segments import segments

BREAK_BITS = 2.0


def chain(matches: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[int]:
    """Heaviest chain that increases strictly on both sides, in O(n^2).

    Of two ways that weigh the same the one that ends nearer in q, then in p; of two chains
    that weigh the same the one that ends first.
    """
    best: list[tuple[float, int]] = []
    for at, (p, q) in enumerate(matches):
        ways = [
            (best[k][0], matches[k][1], k)
            for k in range(at)
            if matches[k][0] < p and matches[k][1] < q
        ]
        weight, _, before = max(ways, default=(0.0, -1, -1))
        best.append((weights[at] + weight, before))
    at = max(range(len(best)), key=lambda k: (best[k][0], -k), default=-1)
    chained = []
    while at >= 0:
        chained.append(at)
        at = best[at][1]
    return chained[::-1]


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


def split(
    aligned: Sequence[tuple[int, int]],
    bits: tuple[Sequence[float], Sequence[float]],
    sentences: tuple[set[int], set[int]],
    scalars: tuple[float, float, float, float],
) -> list[tuple[int, int]]:
    """Cut an alignment at a first penalty, and each part at the penalty that it tells itself.

    `sentences` is where they start on either side; `scalars` are the first penalty, the drop, the
    least score and the chance rate.
    """
    first_penalty, x_drop, least, chance_rate = scalars
    gains, losses, breaks = [], [], []
    for (p, q), (next_p, next_q) in pairwise([(-1, -1), *aligned]):
        lost = max(sum(bits[0][p + 1 : next_p]), sum(bits[1][q + 1 : next_q]))
        spans = range(p + 1, next_p + 1), range(q + 1, next_q + 1)
        starts = all(own & set(span) for own, span in zip(sentences, spans, strict=True))
        gains.append(min(bits[0][next_p], bits[1][next_q]))
        losses.append(lost)
        breaks.append(BREAK_BITS if lost and starts else 0.0)

    def cut(low: int, high: int, penalty: float) -> list[tuple[int, int]]:
        scores = []
        for at in range(low, high):
            # As the scores are kept: with the digits of a float32.
            scores += [float(np.float32(-penalty * losses[at] - breaks[at])), gains[at]]
        return [
            (low + first // 2, low + last // 2) for first, last in segments(scores, x_drop, least)
        ]

    found = []
    for low, high in cut(0, len(aligned), first_penalty):
        gain, loss = sum(gains[low:high]), sum(losses[low + 1 : high])
        found += cut(low, high, penalty(gain / (gain + loss), chance_rate))
    return found


def extend_range(boundaries: set[int], n: int, low: int, high: int, most: int) -> tuple[int, int]:
    """Move each end to the nearest boundary outwards, if it is near enough."""
    boundaries = boundaries | {0, n}
    starts = [at for at in boundaries if low - most <= at <= low]
    ends = [at for at in boundaries if high <= at <= high + most]
    return max(starts, default=low), min(ends, default=high)


def moved(
    aligned: Sequence[tuple[int, int]],
    a: Sequence[int],
    b: Sequence[int],
    content: tuple[set[int], set[int]],
) -> list[tuple[int, int]]:
    """Match each content word left over in a with the first equal one left over in b.

    `content` is where content words stand on either side.

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
        equal = [q for q in sorted(free_b & content[1]) if a[p] == b[q]]
        if p in content[0] and equal:
            take(p, equal[0])
    for p, q in tuple(found):
        for step in (1, -1):
            n = step
            while p + n in free_a and q + n in free_b and a[p + n] == b[q + n]:
                take(p + n, q + n)
                n += step
    return sorted(found)
