"""Boxes restated without stacks and scratch arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from tests.reference.evidence import penalty
from tests.reference.segments import segments

Box = tuple[int, int, int, int]
Part = tuple[int, int]
Bag = Sequence[tuple[int, float]]
Words = tuple[Bag, Bag]
Anchors = Sequence[tuple[int, int]]
AHEAD = 16


def split_clusters(
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
                    box
                    for half in halves
                    for box in split_clusters(half, tokens_a, tokens_b, max_gap)
                ]
    return [sorted(anchors)] if anchors else []


def measure(a: Bag, b: Bag) -> tuple[float, float]:
    """Bits that two bags of (stem, bits) share, and the same over their geometric mean.

    A stem that both have n times counts n times: its first n words of b, each at the least of
    its own bits and of those that a gives the stem.
    """
    left = Counter(stem for stem, _ in a)
    shared = 0.0
    for stem, bits in b:
        if left[stem] > 0:
            left[stem] -= 1
            shared += min(bits, *(own for other, own in a if other == stem))
    mass_a, mass_b = sum(bits for _, bits in a), sum(bits for _, bits in b)
    return shared, shared / (mass_a * mass_b) ** 0.5 if mass_a and mass_b else 0.0


def narrow(
    anchors: Sequence[tuple[int, int]],
    a: Sequence[tuple[int, float]],
    b: Sequence[tuple[int, float]],
    penalty: float,
    x_drop: float,
    min_segment: float,
) -> list[Box]:
    """The best parts of a, in each of them those of b, and in both those of a once more."""

    def best_of(side: int, anchors: Anchors, low: int, high: int, others: Bag) -> list[Part]:
        words = (a, b)[side]
        known, anchored = {stem for stem, _ in others}, {anchor[side] for anchor in anchors}
        scores = []
        for at in range(low, high):
            stem, bits = words[at]
            scores.append(bits if at in anchored else 0.0 if stem in known else -penalty * bits)
        return [(low + first, low + last) for first, last in segments(scores, x_drop, min_segment)]

    def within(i: Part, j: Part) -> list[tuple[int, int]]:
        return [one for one in anchors if i[0] <= one[0] < i[1] and j[0] <= one[1] < j[1]]

    (i_low, i_high), (j_low, j_high) = (
        (min(places), max(places) + 1) for places in zip(*anchors, strict=True)
    )
    found = []
    for i in best_of(0, anchors, i_low, i_high, b[j_low:j_high]):
        inside = within(i, (j_low, j_high))
        for j in best_of(1, inside, j_low, j_high, a[slice(*i)]):
            if final := within(i, j):
                found += [(*one, *j) for one in best_of(0, final, *i, b[slice(*j)])]
    return found


def join(left: Box, right: Box) -> Box:
    """The least box that holds two."""
    return (
        min(left[0], right[0]),
        max(left[1], right[1]),
        min(left[2], right[2]),
        max(left[3], right[3]),
    )


def bridge(left: Box, right: Box, shared: float, words: Words, chance_rate: float) -> float:
    """What lies between two boxes on the side with more of it, at the penalty of both."""

    def mass(side: int, low: int, high: int) -> float:
        return sum(bits for _, bits in words[side][low:high])

    gaps, own = [0.0], []
    for side in (0, 1):
        (low, low_end), (high, high_end) = sorted(
            box[2 * side : 2 * side + 2] for box in (left, right)
        )
        gaps.append(mass(side, min(low_end, high_end), high))
        own.append(mass(side, low, low_end) + mass(side, high, high_end))
    return max(gaps) * penalty(shared / (own[0] * own[1]) ** 0.5, chance_rate)


def merge(
    boxes: Sequence[Box], words: Words, chance_rate: float, max_bridge: float, ahead: int = AHEAD
) -> list[Box]:
    """Join the first two between which a bridge is cheap, and so on until there are none.

    What a box shares is what those that it was made of share.
    """
    parts = [
        (box, measure(words[0][box[0] : box[1]], words[1][box[2] : box[3]])[0])
        for box in sorted(boxes)
    ]
    while True:
        near = (
            (at, other)
            for at, other in combinations(range(len(parts)), 2)
            if other - at <= ahead
            and bridge(
                parts[at][0],
                parts[other][0],
                parts[at][1] + parts[other][1],
                words,
                chance_rate,
            )
            <= max_bridge
        )
        at, other = next(near, (0, 0))
        if at == other:
            return [box for box, _ in parts]
        (left, bits), (right, more) = parts[at], parts.pop(other)
        parts[at] = join(left, right), bits + more
