"""Postings packed for a file: eight bytes each, in cells of a directory by the top of the key.

A key is cut to its top 40 bits. The directory tells the first of them, at least 16; an entry
holds the other 24, then 24 bits of the article, counted from the first of its file, then 16 of
the place, modulo 65,536: ``rest << 40 | article << 16 | place``. Entries of a cell are ascending.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import xxh64
from dedup.kernels.posting import Narrowed, Postings, look_up

# Bits of a key that are kept, and those of them that an entry has.
KEY_BITS, _REST_BITS = 40, 24
_ARTICLE_BITS, _PLACE_BITS = 24, 16
# Articles of one file, from the first to the last.
MAX_ARTICLES = 1 << _ARTICLE_BITS
# Bytes that are checked at once.
BLOCK = 4096
# Entries of a cell, about, and up to which a cell is ordered by insertion.
_PER_CELL, _MAX_INSERTED = 8, 32

_CUT = np.uint64(64 - KEY_BITS)
_REST = np.uint64((1 << _REST_BITS) - 1)
_REST_AT = np.uint64(_ARTICLE_BITS + _PLACE_BITS)
_ARTICLE = np.uint64((1 << _ARTICLE_BITS) - 1)
_ARTICLE_AT = np.uint64(_PLACE_BITS)
_PLACE = np.uint64((1 << _PLACE_BITS) - 1)
_WHOLE = np.uint64((1 << 32) - 1)


class Packed(NamedTuple):
    """Postings as they lie in a file, and what checks them.

    Parameters
    ----------
    directory : ndarray of uint32, shape (2**bits + 1,)
        Entries in cells before each cell.
    entries : ndarray of uint64, shape (n,)
        See the head of this module.
    first : int
        Number of the article that entries count from.
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    directory_at, entries_at : int
        Where both begin in it, in bytes.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of the file.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Blocks that were compared with their sums; changed in place.
    """

    directory: NDArray[np.uint32]
    entries: NDArray[np.uint64]
    first: np.int64
    file: NDArray[np.uint8]
    directory_at: np.int64
    entries_at: np.int64
    sums: NDArray[np.uint64]
    is_checked: NDArray[np.uint8]


@kernel
def count_bits(n: int) -> int:
    """Return the bits of the directory of so many entries."""
    n_bits = KEY_BITS - _REST_BITS
    while (_PER_CELL << (n_bits + 1)) <= n and n_bits < 30:
        n_bits += 1
    return n_bits


@kernel
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
    entries = np.empty(len(keys), np.uint64)
    shift = np.uint64(64 - n_bits)
    begin = 0
    for at in range(len(keys)):
        cell = keys[at] >> shift
        counts[cell] += np.uint32(1)
        if at > begin and keys[at - 1] >> shift != cell:
            _order(entries[begin:at])
            begin = at
        entries[at] = (
            (keys[at] >> _CUT & _REST) << _REST_AT
            | np.uint64(articles[at] - first) << _ARTICLE_AT
            | (np.uint64(places[at]) & _PLACE)
        )
    _order(entries[begin:])
    return entries


@kernel
def _order(entries: NDArray[np.uint64]) -> None:
    """Sort one cell: keys that only differ below what is kept are one key."""
    if len(entries) > _MAX_INSERTED:
        entries[:] = np.sort(entries)
        return
    for at in range(1, len(entries)):
        entry, to = entries[at], at
        while to > 0 and entries[to - 1] > entry:
            entries[to] = entries[to - 1]
            to -= 1
        entries[to] = entry


@kernel
def unpack_range(
    packed: Packed, low: int, high: int, is_dead: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], int]:
    """Unpack some cells, without what belongs to articles that are gone.

    Parameters
    ----------
    packed : Packed
        Postings of a file.
    low, high : int
        Cells, half-open.
    is_dead : ndarray of bool, shape (n_articles,)
        By number, whether an article is gone.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint32, ndarray of uint32, int)
        Keys, the lowest 24 bits zero; articles; places; and the first block that is damaged,
        or -1.
    """
    nothing = np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.uint32)
    bad = check_bytes(packed, packed.directory_at + 4 * low, packed.directory_at + 4 * high + 4)
    if bad >= 0:
        return *nothing, bad
    begin, end = np.int64(packed.directory[low]), np.int64(packed.directory[high])
    bad = check_bytes(packed, packed.entries_at + 8 * begin, packed.entries_at + 8 * end)
    if bad >= 0:
        return *nothing, bad
    n_bits = _directory_bits(packed)
    keys = np.empty(end - begin, np.uint64)
    articles, places = np.empty(end - begin, np.uint32), np.empty(end - begin, np.uint32)
    n = 0
    for cell in range(low, high):
        top = np.uint64(cell) << np.uint64(64 - n_bits)
        for at in range(packed.directory[cell], packed.directory[cell + 1]):
            entry = packed.entries[at]
            article = packed.first + np.int64(entry >> _ARTICLE_AT & _ARTICLE)
            if not is_dead[article]:
                keys[n] = top | (entry >> _REST_AT) << _CUT
                articles[n], places[n] = article, entry & _PLACE
                n += 1
    return keys[:n], articles[:n], places[:n], np.int64(-1)


@kernel
def _directory_bits(packed: Packed) -> int:
    n_bits = 0
    while (1 << n_bits) < len(packed.directory) - 1:
        n_bits += 1
    return n_bits


@kernel
def narrow_packed(
    packed: Packed, keys: NDArray[np.uint64], max_bucket: int, is_dead: NDArray[np.bool_]
) -> tuple[Narrowed, int]:
    """Copy the buckets of some keys out of a file.

    Parameters
    ----------
    packed : Packed
        Postings of a file.
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
    """
    ranges = np.zeros((len(keys), 2), np.int64)
    bad = _find_ranges(packed, keys, ranges)
    columns = _Columns(packed.entries, packed.entries, packed.first, _ARTICLE_AT, _ARTICLE, _PLACE)
    return _narrow(columns, ranges, max_bucket, is_dead), bad


@kernel
def narrow_live(
    postings: Postings, keys: NDArray[np.uint64], max_bucket: int, is_dead: NDArray[np.bool_]
) -> Narrowed:
    """Copy the buckets of some keys out of sorted postings, as :func:`narrow_packed` does.

    Parameters
    ----------
    postings : Postings
        Sorted, of earlier articles than those that ask.
    keys : ndarray of uint64, shape (n_keys,)
        Ascending, each once.
    max_bucket : int
        Entries of a bucket that are all taken; of more the first and the last are.
    is_dead : ndarray of bool, shape (n_articles,)
        By number, whether an article is gone.

    Returns
    -------
    Narrowed
        The buckets.
    """
    ranges = look_up(postings.keys, postings.directory, keys)
    columns = _Columns(
        postings.articles, postings.places, np.int64(0), np.uint64(0), _WHOLE, _WHOLE
    )
    return _narrow(columns, ranges, max_bucket, is_dead)


class _Columns(NamedTuple):
    """Where to read an article, ``first + (articles[at] >> shift & mask)``, and a place."""

    articles: NDArray[np.unsignedinteger[Any]]
    places: NDArray[np.unsignedinteger[Any]]
    first: np.int64
    shift: np.uint64
    mask: np.uint64
    place_mask: np.uint64


@kernel
def _narrow(
    columns: _Columns, ranges: NDArray[np.int64], max_bucket: int, is_dead: NDArray[np.bool_]
) -> Narrowed:
    """Copy what is alive; where something is left out, as much as `max_bucket` is there.

    Nothing that is gone counts, so that what is found is the same before and after a merge.
    """
    first, shift, mask = columns.first, columns.shift, columns.mask
    sizes, n_absent = np.empty(len(ranges), np.int64), np.zeros(len(ranges), np.int64)
    bounds = np.zeros(len(ranges) + 1, np.int64)
    most = np.int64(0)
    for k in range(len(ranges)):
        sizes[k] = ranges[k, 1] - ranges[k, 0]
        most += min(sizes[k], max_bucket)
    articles, places = np.empty(most, np.uint32), np.empty(most, np.uint32)
    n = np.int64(0)
    for k in range(len(ranges)):
        low, high = ranges[k, 0], ranges[k, 1]
        # A tail of so many live entries begins here, unless the head reaches as far.
        tail, n_tail = high, np.int64(0)
        while tail > low and sizes[k] > max_bucket and n_tail < max_bucket // 2:
            tail -= 1
            n_tail += not is_dead[first + np.int64(columns.articles[tail] >> shift & mask)]
        at = low
        while at < high:
            if sizes[k] > max_bucket and at < tail and n - bounds[k] == (max_bucket + 1) // 2:
                for left in range(at, tail):
                    absent = first + np.int64(columns.articles[left] >> shift & mask)
                    n_absent[k] += not is_dead[absent]
                at = tail
                continue
            article = first + np.int64(columns.articles[at] >> shift & mask)
            if not is_dead[article]:
                articles[n], places[n] = article, columns.places[at] & columns.place_mask
                n += 1
            at += 1
        bounds[k + 1] = n
        sizes[k] = n - bounds[k] + n_absent[k]
    return Narrowed(bounds, sizes, n_absent, articles[:n], places[:n])


@kernel
def _find_ranges(packed: Packed, keys: NDArray[np.uint64], ranges: NDArray[np.int64]) -> int:
    """Write the entries of each key; of a damaged file none, and return the damaged block."""
    shift = np.uint64(64 - _directory_bits(packed))
    directory, entries = packed.directory, packed.entries
    for k in range(len(keys)):
        cell = np.int64(keys[k] >> shift)
        at = packed.directory_at + 4 * cell
        bad = check_bytes(packed, at, at + 8)
        if bad < 0:
            low, end = np.int64(directory[cell]), np.int64(directory[cell + 1])
            at = packed.entries_at
            bad = check_bytes(packed, at + 8 * low, at + 8 * end)
        if bad >= 0:
            ranges[:] = 0
            return bad
        least = (keys[k] >> _CUT & _REST) << _REST_AT
        if end - low > _MAX_INSERTED:
            low += np.searchsorted(entries[low:end], least)
        while low < end and entries[low] < least:
            low += 1
        high = low
        if end - low > _MAX_INSERTED:
            high += np.searchsorted(entries[low:end], least + (np.uint64(1) << _REST_AT))
        while high < end and entries[high] >> _REST_AT == least >> _REST_AT:
            high += 1
        ranges[k, 0], ranges[k, 1] = low, high
    return np.int64(-1)


@kernel
def check_bytes(packed: Packed, low: int, high: int) -> int:
    """Compare the blocks that hold some bytes with their sums, each once.

    Parameters
    ----------
    packed : Packed
        Postings of a file.
    low, high : int
        Bytes of the file, half-open.

    Returns
    -------
    int
        The first block that is damaged, or -1.
    """
    if low >= high:
        return np.int64(-1)
    for block in range(low // BLOCK, (high - 1) // BLOCK + 1):
        if packed.is_checked[block]:
            continue
        part = packed.file[block * BLOCK : (block + 1) * BLOCK]
        if xxh64(part, len(part)) != packed.sums[block]:
            return np.int64(block)
        packed.is_checked[block] = 1
    return np.int64(-1)


@kernel
def sum_blocks(file: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the XXH64 of each block of a file, shape (n_blocks,)."""
    n = (len(file) + BLOCK - 1) // BLOCK
    sums = np.empty(n, np.uint64)
    for block in range(n):
        part = file[block * BLOCK : (block + 1) * BLOCK]
        sums[block] = xxh64(part, len(part))
    return sums


@kernel
def join_narrowed(left: Narrowed, right: Narrowed) -> Narrowed:
    """Join the buckets of the same keys, those of earlier articles first.

    Parameters
    ----------
    left, right : Narrowed
        Every article of the first comes before every one of the second.

    Returns
    -------
    Narrowed
        Of both.
    """
    bounds = left.bounds + right.bounds
    articles, places = np.empty(bounds[-1], np.uint32), np.empty(bounds[-1], np.uint32)
    for k in range(len(bounds) - 1):
        at = bounds[k]
        for part in (left, right):
            for entry in range(part.bounds[k], part.bounds[k + 1]):
                articles[at], places[at] = part.articles[entry], part.places[entry]
                at += 1
    return Narrowed(
        bounds, left.sizes + right.sizes, left.n_absent + right.n_absent, articles, places
    )
