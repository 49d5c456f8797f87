"""Pair-shingles of one article by looking at all pairs of its content words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tests.reference.hashing import hash_sequence


def seeds(
    content: Sequence[tuple[int, int, float]], window: int, min_bits: float, sample: int
) -> list[tuple[int, int, float]]:
    """Return (token of the later word, key, bits), sorted; `content` is (token, stem, bits)."""
    found = []
    for (at, left), (later, right) in combinations(enumerate(content), 2):
        bits = left[2] + right[2]
        if later - at >= window or left[1] == right[1] or bits < min_bits:
            continue
        low, high = sorted((left[1], right[1]))
        key = hash_sequence(low, [high])
        if key % sample == 0:
            found.append((right[0], key, bits))
    return sorted(found)
