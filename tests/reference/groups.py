"""What spans are the same and which lie in others, each with each."""

from __future__ import annotations

Span = tuple[int, int]


def shared(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def same(one: Span, other: Span) -> float:
    return shared(one, other) / (max(one[1], other[1]) - min(one[0], other[0]))


def group_spans(spans: list[Span], min_same: float) -> list[int]:
    groups: list[int] = []
    for at, span in enumerate(spans):
        firsts = [first for first in sorted(set(groups)) if same(spans[first], span) >= min_same]
        groups.append(max(firsts, key=lambda first: same(spans[first], span), default=at))
    return groups


def find_nested(spans: list[Span], min_same: float) -> list[tuple[int, int]]:
    return [
        (outer, inner)
        for outer, long in enumerate(spans)
        for inner, short in enumerate(spans)
        if long[1] - long[0] > short[1] - short[0]
        and 0 < shared(long, short) >= min_same * (short[1] - short[0])
    ]


def fold_spans(families: list[int], spans: list[Span], identities: list[float]) -> list[bool]:
    kept: list[int] = []
    for at in sorted(range(len(spans)), key=lambda at: -identities[at]):
        rivals = [other for other in kept if families[other] == families[at]]
        shorter = [min(spans[at][1] - spans[at][0], spans[o][1] - spans[o][0]) for o in rivals]
        if all(
            2 * shared(spans[at], spans[other]) < length
            for other, length in zip(rivals, shorter, strict=True)
        ):
            kept.append(at)
    return [at in kept for at in range(len(spans))]
