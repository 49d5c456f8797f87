"""Look-ups over all that an index has: segments, then what is fresh, then a block of its own."""

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
    """Articles by key, of one kind of postings.

    Parameters
    ----------
    kind : {"bands", "seeds"}
        Which.
    segments : sequence of Segment
        By their articles.
    fresh : WriteBuffer
        Of later articles.
    is_dead : ndarray of bool, shape (at least n_articles,)
        By number, whether an article is gone.
    own : SegmentInput
        Postings of the articles that ask, the latest.
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
        """Return what answers for some keys; see ``SpilledPostings``."""
        keys = np.unique(keys)
        parts = [
            segment.narrow(self._kind, keys, max_bucket, self._is_dead)
            for segment in self._segments
        ]
        parts += self._fresh.narrow(keys, max_bucket, self._is_dead)
        parts.append(sort_postings(*self._own).narrow(keys, first, last, max_bucket))
        return NarrowedPostings(keys, [reduce(Narrowed.join, parts)])
