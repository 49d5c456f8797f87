"""Postings packed for a file, eight bytes each: see dedup/core/packed.hpp."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.candidates.columns import Narrowed, Postings

# Bits of a directory: no fewer, as an entry has only 24 of the 40 that are kept of a key.
_MIN_BITS, _MAX_BITS = 16, 30
# Articles of one file, from the first to the last.
MAX_ARTICLES = 1 << 24
# Entries of a cell, about.
_PER_CELL = 8


class Packed(NamedTuple):
    """Postings as they lie in a file, and what checks them.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of the file.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Blocks that were compared with their sums; changed in place.
    directory_at, n_bounds : int
        Where the entries before each cell stand, uint32, in bytes; cells and one more.
    entries_at, n_entries : int
        Where the entries stand, uint64, in bytes; how many they are.
    first : int
        Number of the article that entries count from.
    """

    file: NDArray[np.uint8]
    sums: NDArray[np.uint64]
    is_checked: NDArray[np.uint8]
    directory_at: int
    n_bounds: int
    entries_at: int
    n_entries: int
    first: int

    def narrow(
        self, keys: NDArray[np.uint64], max_bucket: int, is_dead: NDArray[np.bool_]
    ) -> tuple[Narrowed, int]:
        """Copy the buckets of some keys out of a file.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Ascending, each once.
        max_bucket : int
            Entries of a bucket that are all taken; of more the first and the last are.
        is_dead : ndarray of bool, shape (n_articles,)
            By number, whether an article is gone; its entries are neither taken nor counted.

        Returns
        -------
        tuple of (Narrowed, int)
            The buckets, and the first block that is damaged, or -1.

        Raises
        ------
        ValueError
            If the file was written wrong: its sums fit, and what it says does not.
        """
        found, bad = _core.narrow_packed(*self, keys, max_bucket, is_dead)
        return Narrowed(*found), bad

    def unpack(
        self, low: int, high: int, is_dead: NDArray[np.bool_]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], int]:
        """Unpack some cells, without what belongs to articles that are gone.

        Parameters
        ----------
        low, high : int
            Cells, half-open.
        is_dead : ndarray of bool, shape (n_articles,)
            By number, whether an article is gone.

        Returns
        -------
        tuple of (ndarray of uint64, ndarray of uint32, ndarray of uint32, int)
            Keys, the lowest 24 bits zero; articles; places; and the first block that is
            damaged, or -1.

        Raises
        ------
        ValueError
            As :meth:`narrow`.
        """
        return _core.unpack_range(*self, low, high, is_dead)


def count_bits(n: int) -> int:
    """Return the bits of the directory of so many entries."""
    return min(max((n // _PER_CELL).bit_length() - 1, _MIN_BITS), _MAX_BITS)


def pack_entries(
    postings: Postings, first: int, n_bits: int, counts: NDArray[np.uint32]
) -> NDArray[np.uint64]:
    """Pack sorted postings and count them by cell.

    Parameters
    ----------
    postings : Postings
        Sorted; all of a cell.
    first : int
        Number of the article to count from.
    n_bits : int
        Bits of the directory.
    counts : ndarray of uint32, shape (2**n_bits,)
        Entries of each cell; added to.

    Returns
    -------
    ndarray of uint64, shape (n,)
        Entries.
    """
    keys, articles, places, _ = postings
    return _core.pack_entries(keys, articles, places, first, n_bits, counts)
