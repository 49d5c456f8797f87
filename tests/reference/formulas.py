"""What an outlet is known to repeat, in one of its articles, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tests.reference import repeats as repeating
from tests.reference.hash import hash_sequence


def name_run(
    shingles: list[tuple[int, int, int]], counts: Mapping[int, int], low: int, high: int
) -> int | None:
    """Return the most widespread of the shingles (key, first, width) inside; None for none."""
    inside = [
        (-counts[key], key)
        for key, first, width in shingles
        if low <= first and first + width <= high
    ]
    return min(inside)[1] if inside else None


def cover_article(
    article: repeating.Article,
    counts: Mapping[int, int],
    units: Collection[int],
    k: int,
    min_unit: int,
    min_inside: int,
) -> list[bool]:
    """Tell which tokens are of a unit; `counts` tells how widespread each known shingle is."""
    shingles = repeating.known([article], k, counts)
    held = {at for _, first, width in shingles for at in range(first, first + width)}
    repeated = [at in held for at in range(len(article))]
    covered = [False] * len(article)
    for low, high in repeating.runs(article, repeated, min_unit, k, min_inside):
        name = name_run(shingles, counts, low, high)
        if name is None:
            name = hash_sequence(high - low, [value for value, _ in article[low:high]])
        if name in units:
            covered[low:high] = [True] * (high - low)
    return covered
