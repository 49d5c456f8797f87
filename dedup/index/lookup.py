"""Look-ups over segments, unflushed postings and the postings of a block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.candidates import columns
from dedup.candidates.columns import NarrowedBuckets, Postings, Readers
from dedup.candidates.spilled import NarrowedPostings
from dedup.index.segments import Segment, SegmentInput, join_sources


class WriteBuffer:
    """Unflushed postings of one kind: sorted runs, each about twice as long as the next.

    What is added is sorted by the first look-up, and never if a flush comes before.
    """

    def __init__(self) -> None:
        self._runs: list[Postings] = []
        self._added: list[SegmentInput] = []

    def __len__(self) -> int:
        n_sorted = sum(len(run.keys) for run in self._runs)
        return n_sorted + sum(len(part.keys) for part in self._added)

    def add(self, source: SegmentInput) -> None:
        """Add the postings of later articles."""
        self._added.append(source)

    def _sort(self) -> None:
        """Sort what was added since the last look-up."""
        source, self._added = join_sources(self._added), []
        # Like the digits of a binary counter: each posting is sorted again O(log n) times.
        while self._runs and len(self._runs[-1].keys) < 2 * len(source.keys):
            source = join_sources([_unsorted(self._runs.pop()), source])
        self._runs.append(columns.sort_postings(*source))

    def sort(self) -> tuple[Postings, ...]:
        """Return the runs, in the order of the articles."""
        if self._added:
            self._sort()
        return tuple(self._runs)

    def to_source(self) -> SegmentInput:
        """Return all postings; those of one key in the order of the articles."""
        return join_sources([*map(_unsorted, self._runs), *self._added])


class IndexPostings:
    """Articles by key, for one kind of postings.

    Parameters
    ----------
    live_docs : ndarray of bool, shape (at least n_articles,)
        Whether the article of a number is live.
    """

    def __init__(
        self,
        kind: str,
        segments: Sequence[Segment],
        fresh: WriteBuffer,
        live_docs: NDArray[np.bool_],
        own: SegmentInput,
    ) -> None:
        self._kind = kind
        self._segments = segments
        self._fresh = fresh
        self._live_docs = live_docs
        self._own = own

    def narrow(
        self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int
    ) -> NarrowedPostings:
        """Return the postings of some keys; see ``SpilledPostings``."""
        files = tuple(segment.packed[self._kind] for segment in self._segments)
        own = columns.sort_postings(*self._own)
        try:
            unique, found, at, bad = _core.narrow_parts(
                files, self._fresh.sort(), own, keys, *readers, max_bucket, self._live_docs
            )
        except ValueError:
            # One by one, the segment that is invalid names itself.
            for segment in self._segments:
                segment.narrow(self._kind, keys, max_bucket, self._live_docs)
            raise
        if at >= 0:
            raise self._segments[at].name_damage(bad)
        return NarrowedPostings(unique, [NarrowedBuckets(*found)])


def _unsorted(run: Postings) -> SegmentInput:
    return SegmentInput(run.keys, run.articles, run.places)
