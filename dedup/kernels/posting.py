"""Postings sorted by key, and the bucket of a key among them.

Keys are hashes, so their top bits are as good as random: a directory by these says where a
key stands but for a few places. Sorting is one pass that counts, one that moves, and a
little order to make in each cell; a look-up reads the directory and a few keys.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel

# Cells that are put in order by insertion; a larger one, which no honest hash makes unless
# its keys are equal, is sorted.
_MAX_INSERTED = 32


class Postings(NamedTuple):
    """Columns sorted by key, equal keys in the order they came in.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Ascending.
    articles, places : ndarray of uint32, shape (n,)
        What belongs to each key.
    directory : ndarray of int64, shape (2**bits + 1,)
        Keys whose top bits are less than the index.
    """

    keys: NDArray[np.uint64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]
    directory: NDArray[np.int64]


class Narrowed(NamedTuple):
    """Buckets of some keys, without what nobody looks at.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_keys + 1,)
        Entries before each bucket.
    sizes, n_absent : ndarray of int64, shape (n_keys,)
        Entries that each has in all, and that are left out of its middle.
    articles, places : ndarray of uint32, shape (n_entries,)
        What belongs to each.
    """

    bounds: NDArray[np.int64]
    sizes: NDArray[np.int64]
    n_absent: NDArray[np.int64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]


@kernel
def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> Postings:
    """Sort postings by key.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Hashes, in any order.
    articles, places : ndarray of uint32, shape (n,)
        What belongs to each.

    Returns
    -------
    Postings
        Copies; the sort is stable.
    """
    n = len(keys)
    n_bits = 1
    while (np.int64(4) << n_bits) <= n:
        n_bits += 1
    shift = np.uint64(64 - n_bits)
    directory = np.zeros((1 << n_bits) + 1, np.int64)
    for key in keys:
        directory[(key >> shift) + np.uint64(1)] += 1
    for cell in range(1, len(directory)):
        directory[cell] += directory[cell - 1]
    ends = directory[:-1].copy()
    sorted_keys = np.empty(n, np.uint64)
    sorted_articles, sorted_places = np.empty(n, np.uint32), np.empty(n, np.uint32)
    for at in range(n):
        cell = keys[at] >> shift
        to = np.uint64(ends[cell])
        ends[cell] += 1
        sorted_keys[to], sorted_articles[to], sorted_places[to] = keys[at], articles[at], places[at]
    for cell in range(len(directory) - 1):
        first, last = directory[cell], directory[cell + 1]
        _order(sorted_keys[first:last], sorted_articles[first:last], sorted_places[first:last])
    return Postings(sorted_keys, sorted_articles, sorted_places, directory)


@kernel
def _order(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> None:
    """Put one cell in order, in place."""
    n_falls = 0
    for at in range(1, len(keys)):
        n_falls += keys[at] < keys[at - 1]
    if n_falls == 0:
        return
    if len(keys) > _MAX_INSERTED:
        order = np.argsort(keys, kind="mergesort")
        keys[:], articles[:], places[:] = keys[order], articles[order], places[order]
        return
    for at in range(1, len(keys)):
        key, article, place = keys[at], articles[at], places[at]
        to = at
        while to > 0 and keys[to - 1] > key:
            keys[to], articles[to], places[to] = keys[to - 1], articles[to - 1], places[to - 1]
            to -= 1
        keys[to], articles[to], places[to] = key, article, place


@kernel
def look_up(
    keys: NDArray[np.uint64], directory: NDArray[np.int64], queries: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Find the range of each query among sorted keys.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Ascending.
    directory : ndarray of int64, shape (2**bits + 1,)
        As in :class:`Postings`.
    queries : ndarray of uint64, shape (q,)
        Keys to look for.

    Returns
    -------
    ndarray of int64, shape (q, 2)
        First index and one past the last; equal where there is none.
    """
    n_bits = 0
    while (1 << n_bits) < len(directory) - 1:
        n_bits += 1
    shift = np.uint64(64 - n_bits)
    ranges = np.empty((len(queries), 2), np.int64)
    for number in range(len(queries)):
        query = queries[number]
        cell = query >> shift
        low, end = directory[cell], directory[cell + np.uint64(1)]
        if end - low > _MAX_INSERTED:
            low += np.searchsorted(keys[low:end], query)
        while low < end and keys[low] < query:
            low += 1
        # Most buckets are short: doubling steps find the end of one sooner than a search.
        step = 1
        while low + step < end and keys[low + step] == query:
            step *= 2
        high = low + step // 2 if low < end and keys[low] == query else low
        while high < end and keys[high] == query:
            if step > _MAX_INSERTED:
                high += np.searchsorted(keys[high : min(low + step, end)], query, side="right")
                break
            high += 1
        ranges[number, 0], ranges[number, 1] = low, high
    return ranges


@kernel
def narrow_postings(
    postings: Postings,
    keys: NDArray[np.uint64],
    first: int,
    last: int,
    max_bucket: int,
) -> Narrowed:
    """Copy of the buckets of some keys what a range of articles may look at.

    Parameters
    ----------
    postings : Postings
        Sorted.
    keys : ndarray of uint64, shape (n_keys,)
        Ascending, each once.
    first, last : int
        Articles that ask, half-open.
    max_bucket : int
        Entries before an article that it looks at all; of more it looks at the first and
        the latest.

    Returns
    -------
    Narrowed
        At most `max_bucket` entries of a bucket, and those of the articles that ask.
    """
    ranges = look_up(postings.keys, postings.directory, keys)
    n_head, n_tail = (max_bucket + 1) // 2, max_bucket // 2
    bounds = np.zeros(len(keys) + 1, np.int64)
    sizes, n_absent = np.empty(len(keys), np.int64), np.zeros(len(keys), np.int64)
    ends = np.empty((len(keys), 2), np.int64)
    for k in range(len(keys)):
        low, high = ranges[k]
        bucket = postings.articles[low:high]
        before = np.searchsorted(bucket, np.uint32(first))
        sizes[k] = high - low
        ends[k, 0], ends[k, 1] = low + before, low + np.searchsorted(bucket, np.uint32(last))
        n_absent[k] = max(np.int64(before) - n_head - n_tail, np.int64(0))
        bounds[k + 1] = bounds[k] + ends[k, 1] - low - n_absent[k]
    articles = np.empty(bounds[-1], np.uint32)
    places = np.empty(bounds[-1], np.uint32)
    for k in range(len(keys)):
        at = bounds[k]
        low = ranges[k, 0]
        if n_absent[k] > 0:
            articles[at : at + n_head] = postings.articles[low : low + n_head]
            places[at : at + n_head] = postings.places[low : low + n_head]
            at, low = at + n_head, ends[k, 0] - n_tail
        articles[at : bounds[k + 1]] = postings.articles[low : ends[k, 1]]
        places[at : bounds[k + 1]] = postings.places[low : ends[k, 1]]
    return Narrowed(bounds, sizes, n_absent, articles, places)
