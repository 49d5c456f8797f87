"""Article summaries of a report, loaded on access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from dedup.model import ArticleSummary
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection

# Articles to load together.
_STEP = 2048


class Summaries(Sequence[ArticleSummary]):
    """Article summaries of a report, loaded on access."""

    def __init__(
        self, collection: Collection, coverages: NDArray[np.float64], reader: ClueReader
    ) -> None:
        self._collection, self._coverages, self._reader = collection, coverages, reader

    def __len__(self) -> int:
        return len(self._collection)

    @overload
    def __getitem__(self, at: int) -> ArticleSummary: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ArticleSummary]: ...
    def __getitem__(self, at: int | slice) -> ArticleSummary | Sequence[ArticleSummary]:
        if isinstance(at, slice):
            return self._load(np.arange(*at.indices(len(self))))
        return self._load(np.array([range(len(self))[at]]))[0]

    def __iter__(self) -> Iterator[ArticleSummary]:
        for first in range(0, len(self), _STEP):
            yield from self[first : first + _STEP]

    def _load(self, numbers: NDArray[np.int64]) -> list[ArticleSummary]:
        coverages = self._coverages[numbers].tolist()
        articles = self._collection.load_articles(numbers)
        credits = self._reader.find_credits(numbers, articles)
        return list(map(ArticleSummary, articles, coverages, credits))
