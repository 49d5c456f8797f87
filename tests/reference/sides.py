"""Makes the arrays that the kernels of a pair take, from plain lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.kernels.anchoring import Side


def side(
    stems: Sequence[int],
    bits: Sequence[float] | None = None,
    tokens: Sequence[int] | None = None,
    is_fact: Sequence[bool] | None = None,
) -> Side:
    """Content words, one bit each and without gaps unless told otherwise."""
    n = len(stems)
    return Side(
        np.array(range(n) if tokens is None else tokens, np.int32),
        np.array(stems, np.int32),
        np.array([1.0] * n if bits is None else bits, np.float32),
        np.array([False] * n if is_fact is None else is_fact, np.bool_),
    )


def pack(matches: Sequence[tuple[int, int]]) -> np.ndarray:
    """Matches as the kernels pass them: one in the upper half, one in the lower."""
    return np.array([left << 32 | right for left, right in matches], np.int64)


def unpack(matches: np.ndarray) -> list[tuple[int, int]]:
    return [(match >> 32, match & 0xFFFFFFFF) for match in matches.tolist()]
