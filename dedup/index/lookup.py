"""Look-ups over segments, unflushed postings and the postings of a block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.columns import Narrowed, sort_postings
from dedup.candidates.spilled import NarrowedPostings
from dedup.index.fresh import WriteBuffer
from dedup.index.segments import Segment, SegmentInput


class IndexPostings:
    """Articles by key, for one kind of postings.

    Parameters
    ----------
    kind : {"bands", "seeds"}
        The kind.
    segments : sequence of Segment
        In order of their articles.
    fresh : WriteBuffer
        Unflushed postings, of later articles.
    is_dead : ndarray of bool, shape (at least n_articles,)
        Whether the article of a number was removed.
    own : SegmentInput
        Postings of the querying articles, the latest.
    """

    def __init__(
        self,
        kind: str,
        segments: Sequence[Segment],
        fresh: WriteBuffer,
        is_dead: NDArray[np.bool_],
        own: SegmentInput,
    ) -> None:
        self._kind = kind
        self._segments = segments
        self._fresh = fresh
        self._is_dead = is_dead
        self._own = own

    def narrow(
        self, keys: NDArray[np.uint64], first: int, last: int, max_bucket: int
    ) -> NarrowedPostings:
        """Return the postings of some keys; see ``SpilledPostings``."""
        keys = np.unique(keys)
        parts = [
            segment.narrow(self._kind, keys, max_bucket, self._is_dead)
            for segment in self._segments
        ]
        parts += self._fresh.narrow(keys, max_bucket, self._is_dead)
        parts.append(sort_postings(*self._own).narrow(keys, first, last, max_bucket))
        return NarrowedPostings(keys, [reduce(Narrowed.join, parts)])
