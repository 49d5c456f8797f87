"""Postings in a file, eight bytes each: see dedup/core/packed.hpp."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.candidates.columns import Narrowed, Postings

# Bits of a directory: no fewer, as an entry stores only 24 of the 40 kept bits of a key.
_MIN_BITS, _MAX_BITS = 16, 30
# Size of the number range of a file, from its first article to its last.
MAX_ARTICLES = 1 << 24
# Target number of entries per cell.
_PER_CELL = 8


class Packed(NamedTuple):
    """Postings in a file, with the checksums of its blocks.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Blocks already verified; changed in place.
    directory_at, n_bounds : int
        Byte offset of the directory, uint32, which counts the entries before each cell; number of
        cells plus one.
    entries_at, n_entries : int
        Byte offset of the entries, uint64; number of entries.
    first : int
        Article number that entries are relative to.
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
        """Copy the buckets of some keys from a file.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Ascending, unique.
        max_bucket : int
            Largest bucket that is copied whole; of a larger one the first and last entries are.
        is_dead : ndarray of bool, shape (n_articles,)
            Whether the article of a number was removed; its entries are neither copied nor counted.

        Returns
        -------
        tuple of (Narrowed, int)
            The buckets, and the first damaged block, or -1.

        Raises
        ------
        ValueError
            If the checksums match but the contents are invalid.
        """
        found, bad = _core.narrow_packed(*self, keys, max_bucket, is_dead)
        return Narrowed(*found), bad

    def unpack(
        self, low: int, high: int, is_dead: NDArray[np.bool_]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], int]:
        """Unpack some cells, without removed articles.

        Parameters
        ----------
        low, high : int
            Range of cells, half-open.
        is_dead : ndarray of bool, shape (n_articles,)
            Whether the article of a number was removed.

        Returns
        -------
        tuple of (ndarray of uint64, ndarray of uint32, ndarray of uint32, int)
            Keys with the lowest 24 bits zero; articles; places; and the first damaged block, or
            -1.

        Raises
        ------
        ValueError
            As :meth:`narrow`.
        """
        return _core.unpack_range(*self, low, high, is_dead)


def count_bits(n: int) -> int:
    """Return the directory bits for a number of entries."""
    return min(max((n // _PER_CELL).bit_length() - 1, _MIN_BITS), _MAX_BITS)


def pack_entries(
    postings: Postings, first: int, n_bits: int, counts: NDArray[np.uint32]
) -> NDArray[np.uint64]:
    """Pack sorted postings and count them by cell.

    Parameters
    ----------
    postings : Postings
        Sorted postings with complete cells.
    first : int
        Article number that entries are relative to.
    n_bits : int
        Bits of the directory.
    counts : ndarray of uint32, shape (2**n_bits,)
        Entries per cell; incremented in place.

    Returns
    -------
    ndarray of uint64, shape (n,)
        The entries.
    """
    keys, articles, places, _ = postings
    return _core.pack_entries(keys, articles, places, first, n_bits, counts)
