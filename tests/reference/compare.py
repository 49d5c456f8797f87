"""Resemblance of signatures, slot by slot."""

from __future__ import annotations

from collections.abc import Sequence

EMPTY = 2**32 - 1


def count_agreements(a: Sequence[int], b: Sequence[int]) -> int:
    """Slots that are equal and not empty."""
    return sum(x == y != EMPTY for x, y in zip(a, b, strict=True))


def jaccard(a: Sequence[int], b: Sequence[int]) -> float:
    """Share of the slots that are equal and not empty."""
    return count_agreements(a, b) / len(a)
