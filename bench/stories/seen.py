"""Results of the engine on generated spreads, with the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import dedup
from bench.stories.spreads import USUAL, Habits, Spreads, spread
from dedup.group.places import SharedPassages
from dedup.group.story import Pairs
from dedup.model import Report
from dedup.model.census import Census
from dedup.pipeline import report as detector
from dedup.pipeline import stories
from dedup.pipeline.stories import Traces
from dedup.provenance.direction import Directions, weigh_directions
from dedup.provenance.source import SourceModel

# Directions of a pair: the second copied from the first, the reverse, neither.
FORTH, BACK, COMMON = range(3)


class SearchedSpreads(NamedTuple):
    """A collection: the truth, the report, and its inputs."""

    spreads: Spreads
    report: Report
    traces: Traces
    census: Census
    directions: Directions
    model: SourceModel
    ids: list[str]
    found: tuple[Pairs, SharedPassages]
    lengths: NDArray[np.int64]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the rows of pairs of one story, and their directions."""
        told: dict[str, set[str]] = {}
        for article, story in self.spreads.parents:
            told.setdefault(article, set()).add(story)
        for row, numbers in enumerate(self.traces.articles.tolist()):
            a, b = (self.ids[number] for number in numbers)
            both = told.get(a, set()) & told.get(b, set())
            if both:
                yield row, self._direct(a, b, both)

    def _direct(self, a: str, b: str, both: set[str]) -> int:
        if any(self.spreads.is_ancestor(a, b, story) for story in both):
            return FORTH
        if any(self.spreads.is_ancestor(b, a, story) for story in both):
            return BACK
        return COMMON

    def find_story(self, members: list[str]) -> str | None:
        """Return the story of most members."""
        told = Counter(story for one in members for story in sorted(self.spreads.stories[one]))
        return told.most_common(1)[0][0] if told else None


def see(seed: int, habits: Habits = USUAL) -> SearchedSpreads:
    """Generate spreads and search them.

    Parameters
    ----------
    seed : int
        Seed of the spreads.
    habits : Habits
        Habits of the outlets.

    Returns
    -------
    SearchedSpreads
        The searched collection.
    """
    spreads = spread(seed, habits=habits)
    calls: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def watch(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            result = function(*given)
            calls[function.__name__] = given, result
            return result

        return call

    with (
        patch.object(detector, "trace", watch(stories.trace)),
        patch.object(stories, "weigh_directions", watch(weigh_directions)),
        patch.object(stories, "SourceModel", watch(SourceModel)),
    ):
        report = dedup.find_overlaps(spreads.articles)
    (collection, found, *_), traces = calls["trace"]
    (*_, census), directions = calls["weigh_directions"]
    model = calls["SourceModel"][1]
    ids, lengths = collection.ids, collection.tokens.lengths
    return SearchedSpreads(spreads, report, traces, census, directions, model, ids, found, lengths)
