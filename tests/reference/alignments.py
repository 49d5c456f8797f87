"""Alignments of two articles, word by word: chained words first, then what lies between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.text.tables.kinds import IS_QUOTED
from tests.reference.chains import chain
from tests.reference.words import Text, is_content

MAX_CELLS = 1 << 16
Matches = list[tuple[int, int]]


def align_gap(a: Sequence[int], weights: Sequence[float], b: Sequence[int]) -> Matches:
    """Heaviest common subsequence, by a table of what all endings share.

    Of those that weigh the same it is the one that takes a match as soon as it can, and goes
    on in a where it can go on in either. Sums are kept with the digits of a float32.
    """
    best: dict[tuple[int, int], float] = {}

    def rest(p: int, q: int) -> float:
        return best.get((p, q), 0.0)

    def take(p: int, q: int) -> float:
        return float(np.float32(rest(p + 1, q + 1) + weights[p])) if a[p] == b[q] else -1.0

    for p in reversed(range(len(a))):
        for q in reversed(range(len(b))):
            best[p, q] = max(rest(p + 1, q), rest(p, q + 1), take(p, q))
    found, p, q = [], 0, 0
    while p < len(a) and q < len(b):
        if take(p, q) == best[p, q]:
            found.append((p, q))
            p, q = p + 1, q + 1
        elif rest(p + 1, q) >= rest(p, q + 1):
            p += 1
        else:
            q += 1
    return found


def align_words(
    a: Sequence[int], weights: Sequence[float], b: Sequence[int], matches: Matches
) -> Matches:
    """Chain some matches; equal words beside chained ones go with them, then gaps are filled.

    A gap of too many words on both sides stays open.
    """
    chained = [matches[k] for k in chain(matches, [weights[p] for p, _ in matches])]
    found: Matches = []
    low_p = low_q = 0
    for p, q in [*chained, (len(a), len(b))]:
        high_p, high_q = p, q
        while low_p < high_p and low_q < high_q and a[low_p] == b[low_q]:
            found.append((low_p, low_q))
            low_p, low_q = low_p + 1, low_q + 1
        while low_p < high_p and low_q < high_q and a[high_p - 1] == b[high_q - 1]:
            high_p, high_q = high_p - 1, high_q - 1
        if (high_p - low_p) * (high_q - low_q) <= MAX_CELLS:
            inside = align_gap(a[low_p:high_p], weights[low_p:high_p], b[low_q:high_q])
            found += [(low_p + one, low_q + other) for one, other in inside]
        found += zip(range(high_p, p), range(high_q, q), strict=True)
        found.append((p, q))
        low_p, low_q = p + 1, q + 1
    return found[:-1]


def align_stretch(a: Text, b: Text, matches: Matches) -> Matches:
    """Align stems; a function word needs an aligned neighbor on both sides at once."""
    stems = ([word.stem for word in one] for one in (a, b))
    every = align_words(next(stems), [word.bits for word in a], next(stems), matches)
    return [
        (p, q)
        for p, q in every
        if is_content(a[p]) or (p - 1, q - 1) in every or (p + 1, q + 1) in every
    ]


def measure(aligned: Matches, a: Text, b: Text) -> tuple[float, float, float]:
    """Bits shared, equal words over those of the longer side, and the share that is quoted."""
    if not aligned:
        return 0.0, 0.0, 0.0
    shared = sum(min(a[p].bits, b[q].bits) for p, q in aligned)
    n_equal = sum(a[p].hash == b[q].hash for p, q in aligned)
    quoted = [sum(bool(word.flags & IS_QUOTED) for word in side)
              for side in ([a[p] for p, _ in aligned], [b[q] for _, q in aligned])]  # fmt: skip
    return shared, n_equal / max(len(a), len(b)), max(quoted) / len(aligned)
