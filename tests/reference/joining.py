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
