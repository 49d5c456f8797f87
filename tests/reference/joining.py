"""Pairs by bands, every article with every earlier one."""

from __future__ import annotations

from collections.abc import Sequence


def count_bands(bands: Sequence[Sequence[int]], min_hits: int) -> list[tuple[int, int]]:
    """Pairs of an earlier article and a later one that agree in so many bands."""
    return [
        (first, second)
        for second in range(len(bands))
        for first in range(second)
        if sum(a == b for a, b in zip(bands[first], bands[second], strict=True)) >= min_hits
    ]


def most_in_window(
    a: Sequence[tuple[int, int]],
    b: Sequence[tuple[int, int]],
    worths: dict[int, float],
    window: int,
) -> float:
    """Most bits of (key, place) that two texts share in one window of each."""
    hits = [(p, q, worths[key]) for key, p in a for other, q in b if key == other]
    return max(
        (
            sum(bits for p, q, bits in hits if p0 <= p < p0 + window and q0 <= q < q0 + window)
            for p0, _, _ in hits
            for _, q0, _ in hits
        ),
        default=0.0,
    )
