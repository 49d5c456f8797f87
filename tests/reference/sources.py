"""Shared seeds of two articles, looked at through every window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Hit(NamedTuple):
    """A seed at a token of either article, with its words and what each says, in bits."""

    position: int
    place: int
    words: tuple[int, int]
    worths: tuple[float, float]


def say(hits: Sequence[Hit]) -> float:
    """Each word once, at the most that any hit gives it."""
    most: dict[int, float] = {}
    for hit in hits:
        for word, worth in zip(hit.words, hit.worths, strict=True):
            most[word] = max(most.get(word, 0.0), worth)
    return sum(most.values())


def most_in_window(hits: Sequence[Hit], window: int) -> float:
    """The most that hits say which lie within one window of either article."""
    return max(
        (
            say(
                [
                    hit
                    for hit in hits
                    if 0 <= hit.position - p < window and 0 <= hit.place - q < window
                ]
            )
            for p in {hit.position for hit in hits}
            for q in {hit.place for hit in hits}
        ),
        default=0.0,
    )


def choose(
    sources: Sequence[Sequence[tuple[int, Hit]]],
    floors: Sequence[float],
    n_cut: Sequence[int],
    window: int,
    max_sources: int,
) -> list[int]:
    """Sources of which enough is left that better ones do not explain; hits come with a seed.

    A seed that few carry may be explained by all of them, one that many carry by one only.
    """
    if len(sources) <= max_sources:
        return list(range(len(sources)))
    seeds = [{seed: sum(hit.worths) for seed, hit in hits} for hits in sources]
    n_carriers = Counter(seed for one in seeds for seed in one)
    explained: Counter[int] = Counter()
    kept = []
    for at in sorted(range(len(sources)), key=lambda at: -sum(seeds[at].values())):
        fresh = [
            hit
            for seed, hit in sources[at]
            if explained[seed]
            < (max_sources if n_carriers[seed] + n_cut[seed] <= max_sources else 1)
        ]
        if fresh and most_in_window(fresh, window) >= floors[at]:
            kept.append(at)
            explained.update(seeds[at].keys())
    return sorted(kept)
