"""Competing stretches, one word at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

KEPT, SHORT, WEAK, DOMINATED, SUPPRESSED, REVISED, UNLIKELY = range(7)
CHAIN, UNORDERED, ABRIDGED, COPY, RUN, SECOND = range(6)

Stretch = tuple[int, int, int, int]


def meet(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches have words in common on both sides."""
    return all(set(range(*one[at : at + 2])) & set(range(*other[at : at + 2])) for at in (0, 2))


def longest_run(aligned: Sequence[tuple[int, int]], a: Sequence[int], b: Sequence[int]) -> int:
    """Try every length at every place."""
    equal = {(p, q) for p, q in aligned if a[p] == b[q]}
    lengths = [0]
    for p, q in equal:
        n = 0
        while (p + n, q + n) in equal:
            n += 1
        lengths.append(n)
    return max(lengths)


def compete(
    stretches: Sequence[Stretch],
    origins: Sequence[int],
    scores: Sequence[float],
    verdicts: Sequence[int],
    explain: Callable[[Stretch, Stretch], float],
) -> list[int]:
    """Each explanation but chains against those before it that it meets on both sides.

    `explain` weighs a stretch on the dense side of another.
    """
    verdicts = list(verdicts)
    for k, stretch in enumerate(stretches):
        if verdicts[k] != KEPT or origins[k] == CHAIN:
            continue
        rivals = [
            other
            for other, rival in enumerate(stretches)
            if verdicts[other] == KEPT and origins[other] < origins[k] and meet(stretch, rival)
        ]
        if origins[k] == ABRIDGED:
            worth = explain(stretch, stretch)
            worths = sum(explain(stretches[rival], stretch) for rival in rivals)
        else:
            worth, worths = scores[k], sum(scores[rival] for rival in rivals)
        if not rivals:
            verdicts[k] = WEAK if origins[k] == ABRIDGED else KEPT
        elif worth > worths:
            for rival in rivals:
                verdicts[rival] = DOMINATED
        else:
            verdicts[k] = DOMINATED
    return verdicts


def revise(
    stretches: Sequence[Stretch],
    origins: Sequence[int],
    scores: Sequence[float],
    verdicts: Sequence[int],
    whole: Sequence[bool],
) -> list[int]:
    """Each passage, the best first, against those of reused words that it meets on both sides.

    What is whole stays. Reused words are left out where passages have half of them on both sides.
    """
    verdicts = list(verdicts)
    passages = [k for k, origin in enumerate(origins) if origin != SECOND and verdicts[k] == KEPT]
    for k in sorted(passages, key=lambda k: (-scores[k], k)):
        rivals = [
            other
            for other, rival in enumerate(stretches)
            if origins[other] == SECOND and verdicts[other] == KEPT and meet(rival, stretches[k])
        ]
        worth = sum(max(scores[rival], 0.0) for rival in rivals)
        if rivals and worth >= scores[k] and not whole[k]:
            verdicts[k] = REVISED
        else:
            for rival in rivals:
                verdicts[rival] = DOMINATED
    kept = [stretches[k] for k in passages if verdicts[k] == KEPT]
    for k, one in enumerate(stretches):
        if origins[k] == SECOND and verdicts[k] == KEPT:
            halves = [
                2 * len(words & {at for other in kept for at in range(*other[low : low + 2])})
                >= len(words)
                for low in (0, 2)
                for words in [set(range(*one[low : low + 2]))]
            ]
            if all(halves):
                verdicts[k] = SUPPRESSED
    return verdicts


def settle(
    stretches: Sequence[Stretch],
    scores: Sequence[float],
    verdicts: Sequence[int],
    bits: tuple[Sequence[float], Sequence[float]],
    max_suppressed: float,
    has_own: Callable[[int, Stretch], bool],
) -> tuple[list[Stretch], list[int]]:
    """The best first, each without the words at its ends that a better one has.

    What then has a sentence of one side alone is dropped.
    """
    found, verdicts = list(stretches), list(verdicts)
    covered: tuple[set[int], set[int]] = set(), set()
    for k in sorted(range(len(found)), key=lambda k: (-scores[k], k)):
        if verdicts[k] != KEPT:
            continue
        spans = found[k][:2], found[k][2:]
        lost, left, is_trimmed = [], [], False
        for side, span in enumerate(spans):
            words = range(*span)
            free = [at for at in words if at not in covered[side]]
            taken = sum(bits[side][at] for at in words if at in covered[side])
            own = sum(bits[side][at] for at in words)
            lost.append(taken > max_suppressed * own or taken >= own)
            is_trimmed |= taken > 0
            left += [min(free, default=0), max(free, default=0) + 1]
        trimmed = left[0], left[1], left[2], left[3]
        if any(lost):
            verdicts[k] = SUPPRESSED
            continue
        found[k] = trimmed
        if is_trimmed and has_own(k, trimmed):
            verdicts[k] = SUPPRESSED
            continue
        covered[0].update(range(*left[:2]))
        covered[1].update(range(*left[2:]))
    return found, verdicts
