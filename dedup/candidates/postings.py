"""Build postings article by article, in memory or, if they are too many, in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.memory import MemoryPostings
from dedup.candidates.spilled import SpilledPostings
from dedup.runtime.spill import MemoryBudget

# Key, article and place, twice: as added, and sorted.
_BYTES = 2 * (8 + 4 + 4)

_Chunk = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]
_NO_KEYS = np.empty(0, np.uint64)
# Divisor of the memory limit: a group of ranges read from the file may take a fourth of it.
_SHARE = 4


class PostingsBuilder:
    """Collects postings in the order of the articles."""

    def __init__(self, memory: MemoryBudget) -> None:
        self._memory = memory
        self._chunks: list[_Chunk] = []
        self._spilled: SpilledPostings | None = None
        self._held = 0

    def add(
        self,
        keys: NDArray[np.uint64],
        articles: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        """Add postings of later articles; arguments as for :class:`MemoryPostings`."""
        if self._spilled is None and not self._memory.take(_BYTES * len(keys)):
            self._memory.give_back(self._held)
            self._spilled = SpilledPostings(self._memory.limit // _SHARE)
            for chunk in self._chunks:
                self._spilled.add(*chunk)
            self._chunks.clear()
        if self._spilled is not None:
            self._spilled.add(keys, articles, places)
            return
        self._held += _BYTES * len(keys)
        self._chunks.append((keys, articles, places))

    def build(self) -> MemoryPostings | SpilledPostings:
        """Return the look-up; call it last."""
        if self._spilled is not None:
            return self._spilled
        keys = np.concatenate([np.empty(0, np.uint64), *(chunk[0] for chunk in self._chunks)])
        self._chunks = [(_NO_KEYS, *chunk[1:]) for chunk in self._chunks]
        others = [
            np.concatenate([np.empty(0, np.uint32), *(chunk[column] for chunk in self._chunks)])
            for column in (1, 2)
        ]
        self._chunks.clear()
        return MemoryPostings(keys, *others)
