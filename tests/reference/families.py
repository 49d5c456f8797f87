"""Families by following links with sets and lists, and stretches projected word by word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.reference.alignments import align_words

Matches = list[tuple[int, int]]
Span = tuple[int, int]


class Token(NamedTuple):
    hash: int
    stem: int
    is_content: bool


Place = Sequence[Token]


def match_stems(a: Place, b: Place) -> Matches:
    """Match what both have equally often of content stems, the first with the first."""
    matches: Matches = []
    for stem in {token.stem for token in a} & {token.stem for token in b}:
        of_a, of_b = (
            [at for at, token in enumerate(one) if token.stem == stem and token.is_content]
            for one in (a, b)
        )
        if len(of_a) == len(of_b):
            matches += zip(of_a, of_b, strict=True)
    return sorted(matches)


def align_places(a: Place, b: Place) -> tuple[Matches, float]:
    """Align stems, each worth the same; a function word needs an aligned neighbor."""
    if [token.hash for token in a] == [token.hash for token in b]:
        return [(at, at) for at in range(len(a))], 1.0
    stems = [[token.stem for token in one] for one in (a, b)]
    every = align_words(stems[0], [1.0] * len(a), stems[1], match_stems(a, b))
    aligned = [
        (p, q)
        for p, q in every
        if a[p].is_content or (p - 1, q - 1) in every or (p + 1, q + 1) in every
    ]
    n_equal = sum(a[p].hash == b[q].hash for p, q in aligned)
    return aligned, n_equal / max(len(a), len(b))


def project(aligned: Matches, low: int, high: int, size: int) -> tuple[int, int] | None:
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


def project_inwards(
    tokens: Place, spans: list[Span], families: list[list[int]], nested: list[tuple[int, int]]
) -> list[tuple[int, int, int, int]]:
    """Carry what lies in a member, as far as it does, to the first of its family."""
    found = []
    for number, members in enumerate(families):
        base, end = spans[members[0]]
        for member in members:
            low, high = spans[member]
            aligned, _ = align_places(tokens[low:high], tokens[base:end])
            for inner in [inner for outer, inner in nested if outer == member]:
                first, last = max(spans[inner][0], low), min(spans[inner][1], high)
                projected = project(aligned, first - low, last - low, end - base)
                if projected:
                    found.append((number, inner, base + projected[0], base + projected[1]))
    return found


def project_outwards(
    tokens: Place,
    spans: list[Span],
    families: list[list[int]],
    inner: list[tuple[int, int, int, int]],
    max_carried: int,
) -> tuple[list[tuple[int, int, int]], int]:
    """Carry parts of the first of a family to each member, as long as there is room."""
    room = [max_carried * len(members) for members in families]
    found, n_capped = [], 0
    for number, members in enumerate(families):
        base, end = spans[members[0]]
        for member in members:
            low, high = spans[member]
            aligned, _ = align_places(tokens[base:end], tokens[low:high])
            for family, first, last in [row[1:] for row in inner if row[0] == number]:
                if not room[family]:
                    n_capped += 1
                elif projected := project(aligned, first - base, last - base, high - low):
                    room[family] -= 1
                    found.append((family, low + projected[0], low + projected[1]))
    return found, n_capped


def measure_place(tokens: Place, spans: list[Span], members: list[int], place: Span) -> float:
    """Return how much a place is like the first of a family."""
    return align_places(tokens[slice(*spans[members[0]])], tokens[slice(*place)])[1]
