"""Anchors and information by looking at everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product
from math import log2

MAX_FEW = 2
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
    """Join equal unordered pairs of stems: each with each, or in turn if they are frequent.

    Pairs that both sides have often are left out, unless there is no other.
    """
    places_a, places_b = _places(a, window), _places(b, window)
    found: dict[bool, set[tuple[int, int]]] = {False: set(), True: set()}
    for key in places_a.keys() & places_b.keys():
        joined = list(product(places_a[key], places_b[key]))
        is_common = False
        if len(joined) > MAX_REPEATS:
            joined = list(zip(places_a[key], places_b[key], strict=False))
            is_common = len(joined) > MAX_FEW
        for left, right in joined:
            found[is_common] |= {(i, j) for i in left for j in right if a[i] == b[j]}
    return sorted(found[False] or found[True])


def _places(stems: Sequence[int], window: int) -> dict[frozenset[int], list[tuple[int, int]]]:
    places: dict[frozenset[int], list[tuple[int, int]]] = {}
    for i, j in sorted(pairs(stems, window)):
        places.setdefault(frozenset((stems[i], stems[j])), []).append((i, j))
    return places


def local_bits(idf_bits: Sequence[float], own: Sequence[int], other: Sequence[int]) -> list[float]:
    """At most -log2 of the larger of both frequencies of a stem, smoothed by 32 places."""
    count_own, count_other = Counter(own), Counter(other)
    places_own, places_other = len(own) + MIN_PLACES, len(other) + MIN_PLACES
    found = []
    for bits, stem in zip(idf_bits, own, strict=True):
        share = max(count_own[stem] / places_own, count_other[stem] / places_other)
        found.append(min(bits, -log2(share)))
    return found
