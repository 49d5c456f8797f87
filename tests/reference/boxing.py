"""Boxes restated without stacks and scratch arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Box = tuple[int, int, int, int]


def split_boxes(
    anchors: Sequence[tuple[int, int]],
    tokens_a: Sequence[int],
    tokens_b: Sequence[int],
    max_gap: int,
) -> list[list[tuple[int, int]]]:
    """Split at the first wide gap on either side, and so on with both halves."""
    for side, tokens in ((0, tokens_a), (1, tokens_b)):
        ordered = sorted(anchors, key=lambda anchor: anchor[side])
        for at in range(1, len(ordered)):
            if tokens[ordered[at][side]] - tokens[ordered[at - 1][side]] > max_gap:
                halves = ordered[:at], ordered[at:]
                return [
                    box for half in halves for box in split_boxes(half, tokens_a, tokens_b, max_gap)
                ]
    return [sorted(anchors)] if anchors else []


def measure(a: Sequence[tuple[int, float]], b: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Bits that two bags of (stem, bits) share, and the same over their geometric mean.

    A stem that both have n times counts n times, with the least bits either side gives it.
    """
    both = Counter(stem for stem, _ in a) & Counter(stem for stem, _ in b)
    least = {stem: min(bits for other, bits in [*a, *b] if other == stem) for stem in both}
    shared = sum(n * least[stem] for stem, n in both.items())
    mass_a, mass_b = sum(bits for _, bits in a), sum(bits for _, bits in b)
    return shared, shared / (mass_a * mass_b) ** 0.5 if mass_a and mass_b else 0.0


def distance(left: Box, right: Box) -> int:
    """The wider of the gaps between two boxes on both sides; negative if they overlap."""
    return max(
        max(left[0], right[0]) - min(left[1], right[1]),
        max(left[2], right[2]) - min(left[3], right[3]),
    )


def merge(boxes: Sequence[Box], max_merge: int) -> list[Box]:
    """Join any two that are near, until no two are."""
    boxes = list(boxes)
    for at, left in enumerate(boxes):
        for right in boxes[at + 1 :]:
            if distance(left, right) <= max_merge:
                joined = (
                    min(left[0], right[0]),
                    max(left[1], right[1]),
                    min(left[2], right[2]),
                    max(left[3], right[3]),
                )
                rest = [box for box in boxes if box is not left and box is not right]
                return merge([joined, *rest], max_merge)
    return sorted(boxes)
