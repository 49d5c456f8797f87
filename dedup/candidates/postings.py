"""Build postings article by article, in memory or, if they are too many, in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.columns import Postings, sort_shared
from dedup.candidates.memory import MemoryPostings
from dedup.candidates.spilled import SpilledPostings, UnsortedPostings
from dedup.runtime.machine import release_memory
from dedup.runtime.spill import MemoryBudget

# Key, article and place, and a fourth for the range that is being sorted.
_BYTES = (8 + 4 + 4) * 5 // 4
# The top bits of a key select its range. Ranges are sorted one by one, so that only one of them is
# in memory twice.
_N_BITS = 4
# Most bits of a directory behind these: the core takes no more.
_MAX_BITS = 25
# Divisor of the memory limit: ranges that are sorted together may take a fourth of it.
_SHARE = 4

_Chunk = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]


class PostingsBuilder:
    """Collects postings in the order of the articles."""

    def __init__(self, memory: MemoryBudget) -> None:
        self._memory = memory
        self._ranges: list[list[_Chunk]] = [[] for _ in range(1 << _N_BITS)]
        self._unsorted: UnsortedPostings | None = None
        self._n = 0

    def add(
        self,
        keys: NDArray[np.uint64],
        articles: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        """Add postings of later articles.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_postings,)
            Keys in the order of the articles.
        articles : ndarray of uint32, shape (n_postings,)
            Article of each key, non-decreasing.
        places : ndarray of uint32, shape (n_postings,)
            Token of the article at which the key occurs, non-decreasing in each article.
        """
        if self._unsorted is None and not self._memory.take(_BYTES * len(keys)):
            self._memory.give_back(_BYTES * self._n)
            self._unsorted = UnsortedPostings(self._memory.limit // _SHARE)
            for parts in zip(*self._ranges, strict=True):
                self._unsorted.add(*_join(parts))
            self._ranges.clear()
        if self._unsorted is not None:
            self._unsorted.add(keys, articles, places)
            return
        self._n += len(keys)
        of_range = (keys >> np.uint64(64 - _N_BITS)).astype(np.uint8)
        order = np.argsort(of_range, kind="stable")
        cuts = np.cumsum(np.bincount(of_range, minlength=1 << _N_BITS))[:-1]
        for number, own in enumerate(np.split(order, cuts)):
            self._ranges[number].append((keys[own], articles[own], places[own]))

    def build(self) -> MemoryPostings | SpilledPostings:
        """Return the look-up; call it last.

        Keys of a single article are left out: a query finds nothing but itself there.
        """
        if self._unsorted is not None:
            unsorted, self._unsorted = self._unsorted, None
            return unsorted.sort()
        # Pages that are not written to take no memory.
        keys, articles, places = _make_room(self._n)
        # Four postings a cell, as all are added.
        n_bits = min(max((self._n >> _N_BITS).bit_length() - 2, 1), _MAX_BITS)
        n, directory = 0, [np.zeros(1, np.int64)]
        while self._ranges:
            found = sort_shared(*_join(self._ranges.pop(0)), _N_BITS, n_bits)
            end = n + len(found.keys)
            keys[n:end], articles[n:end], places[n:end] = found[:3]
            directory.append(found.directory[1:] + n)
            n = end
            release_memory()
        for column in (keys, articles, places):
            column.resize(n, refcheck=False)
        return MemoryPostings(Postings(keys, articles, places, np.concatenate(directory)))


def _join(parts: list[_Chunk] | tuple[_Chunk, ...]) -> _Chunk:
    """Concatenate chunks."""
    keys, articles, places = zip(_make_room(0), *parts, strict=True)
    return np.concatenate(keys), np.concatenate(articles), np.concatenate(places)


def _make_room(n: int) -> _Chunk:
    return np.empty(n, np.uint64), np.empty(n, np.uint32), np.empty(n, np.uint32)
