"""Postings in a file: collected by ranges of keys, then sorted range by range.

Keys are hashes, so that ranges have about equal size. The sorted file is mapped into memory, and a
block of queries goes through it in the order of its keys.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.candidates.buckets import Buckets
from dedup.candidates.columns import NarrowedBuckets, Postings, Readers, sort_shared
from dedup.runtime.bounds import add_up
from dedup.runtime.spill import MappedRows, MemoryBudget, SpillArray

# The top bits of a key select its range.
_N_BITS = 8
# A stored posting: key, article and place.
_POSTING = (np.uint64, np.uint32, np.uint32)
_POSTING_BYTES = 16
# Postings of a cell of the directory, as all were added, and bytes of a cell.
_CELL, _CELL_BYTES = 16, 8
# Most bits of the directory of a range: the core takes no more.
_MAX_BITS = 25


class UnsortedPostings:
    """Postings in a temporary file, in the order of the articles.

    Parameters
    ----------
    memory : int
        Bytes that ranges may take while they are sorted, and pages while they are read. One range
        of 256 is sorted at least; a directory takes up to a fourth of this besides.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        # One record per range and call of `add`.
        self._blocks = SpillArray(_POSTING, MemoryBudget(0))
        self._totals = np.zeros(1 << _N_BITS, np.int64)

    def add(
        self,
        keys: NDArray[np.uint64],
        articles: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        """Add postings of later articles.

        Parameters
        ----------
        keys, articles, places : ndarray, shape (n_postings,)
            As for :meth:`dedup.candidates.postings.PostingsBuilder.add`, or sorted stably by
            range of keys.

        Raises
        ------
        OSError
            If the temporary directory is full.
        """
        of_range = (keys >> np.uint64(64 - _N_BITS)).astype(np.int64)
        order = np.argsort(of_range, kind="stable")
        lengths = np.bincount(of_range, minlength=1 << _N_BITS)
        self._totals += lengths
        self._blocks.append((keys[order], articles[order], places[order]), lengths)

    def sort(self) -> SpilledPostings:
        """Sort all postings; those of keys of a single article are left out.

        Raises
        ------
        OSError
            If the temporary directory is full.
        """
        n = int(self._totals.sum())
        n_skipped = 0
        # Ranges that are sorted together are in memory three times.
        while n_skipped < _N_BITS and 3 * _POSTING_BYTES * n >> n_skipped > self._memory:
            n_skipped += 1
        n_cells = min(n // _CELL, self._memory // (4 * _CELL_BYTES)) >> n_skipped
        n_bits = min(max(n_cells.bit_length() - 1, 1), _MAX_BITS)
        kept = SpillArray(_POSTING, MemoryBudget(0))
        directory = np.zeros((1 << n_skipped + n_bits) + 1, np.int64)
        n_kept = 0
        for at, own in enumerate(np.arange(1 << _N_BITS).reshape(1 << n_skipped, -1)):
            found = sort_shared(*self._load(own), n_skipped, n_bits)
            kept.append(found[:3], np.array([len(found.keys)]))
            first = at << n_bits
            directory[first : first + len(found.directory)] = found.directory + n_kept
            n_kept += len(found.keys)
        return SpilledPostings(kept.map(), directory, self._memory)

    def _load(
        self, own: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
        """Read ranges from the file, in the order of the articles."""
        firsts = np.arange(0, len(self._blocks), 1 << _N_BITS)
        (keys, articles, places), _ = self._blocks.take((firsts[:, None] + own).reshape(-1))
        return keys, articles, places


class SpilledPostings:
    """Look-up of articles by key, in a temporary file.

    Parameters
    ----------
    rows : MappedRows
        Keys, articles and places, sorted as :class:`Postings` has them.
    directory : ndarray of int64, shape (2**bits + 1,)
        See :class:`Postings`.
    memory : int
        Bytes of pages to read before they are given back.
    """

    def __init__(self, rows: MappedRows, directory: NDArray[np.int64], memory: int) -> None:
        keys, articles, places = rows.columns
        self.directory = directory
        self._postings = Postings(keys, articles, places, directory)
        self._rows = rows
        self._n_parts = 1 + _POSTING_BYTES * len(keys) // max(memory, 1)

    def narrow(
        self, keys: NDArray[np.uint64], readers: Readers, max_bucket: int
    ) -> NarrowedPostings:
        """Load the buckets of some keys into memory.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Keys of the queries.
        """
        keys = np.unique(keys)
        cuts = [(at << 64) // self._n_parts for at in range(1, self._n_parts)]
        parts = []
        for own in np.split(keys, np.searchsorted(keys, np.array(cuts, np.uint64))):
            if len(own):
                parts.append(self._postings.narrow(own, readers, max_bucket))
                self._rows.release()
        return NarrowedPostings(keys, parts)


class NarrowedPostings:
    """Look-up of some keys in memory, see :meth:`SpilledPostings.narrow`.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_keys,)
        Ascending, unique.
    """

    def __init__(self, keys: NDArray[np.uint64], parts: list[NarrowedBuckets]) -> None:
        self._keys = keys
        self._n_absent = _join([part.n_absent for part in parts], np.int64)
        self._articles = _join([part.articles for part in parts], np.uint32)
        self._places = _join([part.places for part in parts], np.uint32)
        lengths = [np.diff(part.bounds) for part in parts]
        self._bounds = add_up(_join(lengths, np.int64))

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Some of the loaded keys, in any order.
        """
        at = np.searchsorted(self._keys, keys)
        ranges = np.stack([self._bounds[at], self._bounds[at + 1]], axis=1)
        return Buckets(ranges, self._n_absent[at], self._articles, self._places)


def _join(parts: list[NDArray[np.generic]], dtype: type[np.generic]):  # type: ignore[no-untyped-def]
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype), *parts])
