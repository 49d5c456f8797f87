"""Pairs by bands and by seeds, every article with every earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from tests.reference.sources import Hit, most_in_window

N_TEXTS = 72_632


class Seed(NamedTuple):
    """A key at a token of an article, with its words and what each says, in bits."""

    position: int
    key: int
    words: tuple[int, int]
    bits: tuple[float, float]


def count_bands(bands: Sequence[Sequence[int]], min_hits: int) -> list[tuple[int, int]]:
    """Pairs of an earlier article and a later one that agree in so many bands."""
    return [
        (first, second)
        for second in range(len(bands))
        for first in range(second)
        if sum(a == b for a, b in zip(bands[first], bands[second], strict=True)) >= min_hits
    ]


def shared_bits(
    articles: Sequence[Sequence[Seed]], first: int, second: int, window: int, low: int = 0
) -> float:
    """Most bits of the second of two articles that the first has, in one window of each.

    What many articles before the second have says at most how rare it is there.
    """
    n_texts = max(N_TEXTS, len(articles))
    hits = []
    for one in articles[second]:
        earlier = (other.key for article in articles[low:second] for other in article)
        df = 1 + sum(key == one.key for key in earlier)
        share = min(1.0, log2(n_texts / df) / sum(one.bits)) if sum(one.bits) else 1.0
        worths = (one.bits[0] * share, one.bits[1] * share)
        hits += [
            Hit(one.position, other.position, one.words, worths)
            for other in articles[first]
            if other.key == one.key
        ]
    return most_in_window(hits, window)
