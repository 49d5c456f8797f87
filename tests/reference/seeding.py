"""Pair-shingles of one article by looking at all pairs of its content words."""

from __future__ import annotations

from collections.abc import Sequence

from tests.reference.hashing import hash_sequence


def seeds(
    content: Sequence[tuple[int, int, float]],
    window: int,
    min_bits: float,
    sample: int,
    max_repeats: int,
) -> list[tuple[int, int, float]]:
    """Return (token of the later word, key, bits), sorted; `content` is (token, stem, bits).

    Of the occurrences of a key the first ones count: by the later word, then nearest first.
    """
    found: list[tuple[int, int, float]] = []
    for later, right in enumerate(content):
        for left in content[max(0, later - window + 1) : later][::-1]:
            bits = left[2] + right[2]
            low, high = sorted((left[1], right[1]))
            key = hash_sequence(low, [high])
            n_before = sum(one[1] == key for one in found)
            if low != high and bits >= min_bits and key % sample == 0 and n_before < max_repeats:
                found.append((right[0], key, bits))
    return sorted(found)
