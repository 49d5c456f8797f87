"""Families by following links with sets and lists, and stretches carried word by word."""

from __future__ import annotations

from collections.abc import Callable

Matches = list[tuple[int, int]]


def match_stems(a: list[int], b: list[int]) -> Matches:
    """Match what both lists have equally often; both hold content stems at their places."""
    matches = []
    for stem in set(a) & set(b):
        of_a = [p for p, other in enumerate(a) if other == stem]
        of_b = [q for q, other in enumerate(b) if other == stem]
        if len(of_a) == len(of_b):
            matches += zip(of_a, of_b, strict=True)
    return sorted(matches)


def carry(aligned: Matches, low: int, high: int, size: int) -> tuple[int, int] | None:
    inside = [(p, q) for p, q in aligned if low <= p < high]
    if not inside or 2 * len(inside) < high - low:
        return None
    start, end = inside[0][1], inside[-1][1] + 1
    if 2 * len(inside) < end - start:
        return None
    taken = {q for _, q in aligned}
    for _ in range(inside[0][0] - low):
        start -= start > 0 and start - 1 not in taken
    for _ in range(high - 1 - inside[-1][0]):
        end += end < size and end not in taken
    return start, end


def gather_families(
    order: list[int],
    links: list[tuple[int, int]],
    n_passages: int,
    identity: Callable[[int, int], float],
    min_alike: float,
) -> list[dict[int, float]]:
    """Families as members with their identities; the first `n_passages` links are passages."""
    left = list(range(len(links)))
    followed: set[int] = set()
    families = []
    for rep in order:
        if not any(rep in links[number] for number in left if number < n_passages):
            continue
        family = {rep: 1.0}
        for place in (queue := [rep]):
            if place in followed and place != rep:
                continue
            followed.add(place)
            for number in [number for number in left if place in links[number]]:
                other = sum(links[number]) - place
                alike = identity(rep, other)
                is_direct = number < n_passages and family[place] == 1.0
                if other not in family and alike < min_alike and not is_direct:
                    continue
                if other not in family:
                    family[other] = alike
                    queue.append(other)
                left.remove(number)
        families.append(family)
    return families
