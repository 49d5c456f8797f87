"""Anchors, runs and information by looking at everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import log2

MAX_REPEATS = 12
MIN_PLACES = 32


def pairs(stems: Sequence[int], window: int) -> list[tuple[int, int]]:
    """Places of two different stems, both known to the other article, within a window."""
    return [
        (left, right)
        for left, right in combinations(range(len(stems)), 2)
        if right - left < window
        and stems[left] != stems[right]
        and min(stems[left], stems[right]) >= 0
    ]


def anchors(a: Sequence[int], b: Sequence[int], window: int) -> list[tuple[int, int]]:
    """Join equal unordered pairs of stems, unless they occur too often to locate anything."""
    pairs_a, pairs_b = pairs(a, window), pairs(b, window)
    count_a = Counter(frozenset((a[i], a[j])) for i, j in pairs_a)
    count_b = Counter(frozenset((b[i], b[j])) for i, j in pairs_b)
    found = set()
    for left_a, right_a in pairs_a:
        for left_b, right_b in pairs_b:
            key = frozenset((a[left_a], a[right_a]))
            if key != {b[left_b], b[right_b]} or count_a[key] * count_b[key] > MAX_REPEATS:
                continue
            found |= {(i, j) for i in (left_a, right_a) for j in (left_b, right_b) if a[i] == b[j]}
    return sorted(found)


def runs(
    hashes_a: Sequence[int],
    hashes_b: Sequence[int],
    spans_a: Sequence[tuple[int, int]],
    min_chars: int,
) -> list[tuple[int, int, int, int]]:
    """All maximal runs of equal words, however short, that span enough code points."""
    found = []
    for p in range(len(hashes_a)):
        for q in range(len(hashes_b)):
            if p and q and hashes_a[p - 1] == hashes_b[q - 1]:
                continue
            n = 0
            while (
                p + n < len(hashes_a)
                and q + n < len(hashes_b)
                and hashes_a[p + n] == hashes_b[q + n]
            ):
                n += 1
            if n and spans_a[p + n - 1][1] - spans_a[p][0] >= min_chars:
                found.append((p, p + n, q, q + n))
    return sorted(found)


def local_bits(idf_bits: Sequence[float], own: Sequence[int], other: Sequence[int]) -> list[float]:
    """At most -log2 of the larger of both frequencies of a stem, smoothed by 32 places."""
    count_own, count_other = Counter(own), Counter(other)
    places_own, places_other = len(own) + MIN_PLACES, len(other) + MIN_PLACES
    found = []
    for bits, stem in zip(idf_bits, own, strict=True):
        share = max(count_own[stem] / places_own, count_other[stem] / places_other)
        found.append(min(bits, -log2(share)))
    return found
