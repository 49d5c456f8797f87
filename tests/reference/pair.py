"""Two articles numbered together, without arrays."""

from __future__ import annotations

from collections.abc import Sequence


def matches_within(
    matches: Sequence[tuple[int, int]], p: tuple[int, int], q: tuple[int, int]
) -> list[tuple[int, int]]:
    """Those inside both ranges, counted from where these start."""
    return [
        (one - p[0], other - q[0])
        for one, other in matches
        if p[0] <= one < p[1] and q[0] <= other < q[1]
    ]
