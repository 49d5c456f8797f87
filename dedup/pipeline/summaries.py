"""Article summaries of a report, loaded on access."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.model import ArticleSummary
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection
from dedup.runtime.lazy_sequence import LazySequence


class Summaries(LazySequence[ArticleSummary]):
    """Article summaries of a report, loaded on access."""

    def __init__(
        self, collection: Collection, coverages: NDArray[np.float64], reader: ClueReader
    ) -> None:
        self._collection, self._coverages, self._reader = collection, coverages, reader

    def __len__(self) -> int:
        return len(self._collection)

    def load_places(self, places: range) -> list[ArticleSummary]:
        """Return the summaries at some places."""
        numbers = np.array(places, np.int64)
        coverages = self._coverages[numbers].tolist()
        articles = self._collection.load_articles(numbers)
        credits = self._reader.find_credits(numbers, articles)
        return list(map(ArticleSummary, articles, coverages, credits))
