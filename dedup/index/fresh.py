"""Unflushed postings: sorted runs in memory, each about twice as long as the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates import columns
from dedup.candidates.columns import Narrowed, Postings
from dedup.index.segments import SegmentInput, join_sources


class WriteBuffer:
    """Unflushed postings of one kind, in order of arrival."""

    def __init__(self) -> None:
        self._runs: list[Postings] = []

    def __len__(self) -> int:
        return sum(len(run.keys) for run in self._runs)

    def add(self, source: SegmentInput) -> None:
        """Add the postings of later articles."""
        # Like the digits of a binary counter: each posting is sorted again O(log n) times.
        while self._runs and len(self._runs[-1].keys) < 2 * len(source.keys):
            source = join_sources([_unsorted(self._runs.pop()), source])
        self._runs.append(columns.sort_postings(*source))

    def narrow(
        self, keys: NDArray[np.uint64], max_bucket: int, is_dead: NDArray[np.bool_]
    ) -> list[Narrowed]:
        """Return the buckets of some keys, run by run, as :meth:`Segment.narrow` does."""
        return [run.narrow_live(keys, max_bucket, is_dead) for run in self._runs]

    def to_source(self) -> SegmentInput:
        """Return all postings, sorted by key and then by article."""
        return join_sources([_unsorted(run) for run in self._runs])


def _unsorted(run: Postings) -> SegmentInput:
    return SegmentInput(run.keys, run.articles, run.places)
