"""Pairs of articles to stretches: where reuse may stand, and from where to where.

Three explanations compete: words in the same order (a chain of matches that is split where
going on stops paying), words in any order inside a box, and an abridgement, where one side
is spread thin over much of the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import Split, align_stretch, snap, split_alignment
from dedup.kernels.boxing import (
    Limits,
    find_boxes,
    measure_box,
    merge_boxes,
    split_boxes,
)
from dedup.kernels.compiling import kernel
from dedup.kernels.pairing import Pair, matches_within, slice_stream
from dedup.tables.kinds import STARTS_SENTENCE

# Times that a box is chained anew without the words that are already in a chain.
_MAX_MOVES = 3
# Cosine from which the rest of a sentence belongs to what is reused of it.
_MIN_ALIKE = 0.25
# An abridgement is thin anywhere: no drop ends it, and no bridge is too long.
_WITHOUT_END = np.float64(np.inf)


class Search(NamedTuple):
    """Scalars of the alignment, see ``dedup.blocks.AlignParams``."""

    window: int
    max_gap: int
    background: float
    order_price: float
    disorder_price: float
    min_stretch: float
    disorder: float
    snap: int
    min_score: float
    slope: float
    min_chars: int
    min_run: int
    max_contested: float
    abridged_gap: int
    abridged_price: float
    abridged_ratio: float
    abridged_cosine: float


@kernel
def find_chains(
    pair: Pair,
    order: NDArray[np.int64],
    bounds: NDArray[np.int64],
    search: Search,
    floor: float,
) -> NDArray[np.int64]:
    """Find the stretches whose words stand in the same order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`dedup.kernels.boxing.split_boxes` gives them.
    search : Search
        Scalars.
    floor : float
        Bits that a passage must score: what a bridge within one may cost.

    Returns
    -------
    ndarray of int64, shape (n, 4)
        ``p`` from and to, ``q`` from and to, half-open, sorted. A clause that moved
        is joined to what it moved past, or a stretch of its own.
    """
    split = Split(search.order_price, floor, search.min_stretch, search.background)
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    found.clear()
    for k in range(len(bounds) - 1):
        _chain_box(pair, order[bounds[k] : bounds[k + 1]], split, found)
    found.sort()
    limits = Limits(search.order_price, floor, search.min_stretch, search.background, floor)
    return merge_boxes(pair, found, np.zeros((3, pair.n_stems), np.float32), limits)


@kernel
def _chain_box(
    pair: Pair,
    box: NDArray[np.int64],
    split: Split,
    found: list[tuple[int, int, int, int]],
) -> None:
    """Append the chains of one box."""
    i, j = box >> 32, box & 0xFFFFFFFF
    p_low, p_high = np.int64(pair.side_a.tokens[i.min()]), pair.side_a.tokens[i.max()] + 1
    q_low, q_high = np.int64(pair.side_b.tokens[j.min()]), pair.side_b.tokens[j.max()] + 1
    bits_a, bits_b = pair.bits_a[p_low:p_high], pair.bits_b[q_low:q_high]
    part_a, part_b = slice_stream(pair.a, p_low, p_high), slice_stream(pair.b, q_low, q_high)
    inside = matches_within(pair.matches, p_low, p_high, q_low, q_high)
    for _ in range(_MAX_MOVES):
        if len(inside) < 2:
            break
        aligned = align_stretch(part_a, part_b, bits_a, inside)
        free = np.ones(len(inside), np.bool_)
        n_before = len(found)
        for first, last in split_alignment(
            aligned, bits_a, bits_b, part_a.flags, part_b.flags, split
        ):
            low, high = aligned[first], aligned[last - 1]
            p, q = low >> 32, low & 0xFFFFFFFF
            p_end, q_end = (high >> 32) + 1, (high & 0xFFFFFFFF) + 1
            found.append((p_low + p, p_low + p_end, q_low + q, q_low + q_end))
            in_a, in_b = inside >> 32, inside & 0xFFFFFFFF
            free &= ((in_a < p) | (in_a >= p_end)) & ((in_b < q) | (in_b >= q_end))
        if len(found) == n_before:
            break
        inside = inside[free]


@kernel
def find_free(
    pair: Pair,
    order: NDArray[np.int64],
    bounds: NDArray[np.int64],
    search: Search,
    floor: float,
) -> NDArray[np.int64]:
    """Find the stretches that share words in any order; see :func:`find_chains`."""
    limits = Limits(search.disorder_price, floor, search.min_stretch, search.background, floor)
    return find_boxes(pair, order, bounds, limits)


@kernel
def find_abridged(pair: Pair, search: Search) -> NDArray[np.int64]:
    """Find the stretches of which one side may abridge the other.

    Parameters
    ----------
    pair : Pair
        Two articles.
    search : Search
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n, 4)
        As :func:`find_chains`.
    """
    if search.abridged_ratio == 0:
        return np.empty((0, 4), np.int64)
    limits = Limits(
        search.abridged_price,
        _WITHOUT_END,
        search.min_stretch,
        search.background,
        _WITHOUT_END,
    )
    order, bounds = split_boxes(
        pair.anchors, pair.side_a, pair.side_b, search.abridged_gap, search.min_stretch
    )
    boxes = find_boxes(pair, order, bounds, limits)
    is_thin = np.zeros(len(boxes), np.bool_)
    scratch = np.zeros((3, pair.n_stems), np.float32)
    for k in range(len(boxes)):
        p, p_end, q, q_end = boxes[k]
        if max(p_end - p, q_end - q) >= search.abridged_ratio * min(p_end - p, q_end - q):
            _, cosine, _ = measure_box(p, p_end, q, q_end, pair.side_a, pair.side_b, scratch)
            is_thin[k] = cosine >= search.abridged_cosine
    return boxes[is_thin]


@kernel
def snap_stretches(
    stretches: NDArray[np.int64],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    max_words: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Snap stretches to boundaries and join those that then overlap on both sides.

    Parameters
    ----------
    stretches : ndarray of int64, shape (n, 4)
        Sorted.
    flags_a, flags_b : ndarray of uint8
        Flags of the tokens of both articles.
    max_words : int
        Words that an end may move.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64)
        The snapped stretches, and the stretches they grew from, joined alike.
    """
    snapped, cores = stretches.copy(), stretches.copy()
    n = 0
    for k in range(len(stretches)):
        low, high = snap(flags_a, stretches[k, 0], stretches[k, 1], max_words)
        other_low, other_high = snap(flags_b, stretches[k, 2], stretches[k, 3], max_words)
        last = snapped[n - 1]
        if n > 0 and low < last[1] and other_low < last[3] and last[2] < other_high:
            last[1], last[2] = max(last[1], high), min(last[2], other_low)
            last[3] = max(last[3], other_high)
            cores[n - 1, 1] = max(cores[n - 1, 1], stretches[k, 1])
            cores[n - 1, 2] = min(cores[n - 1, 2], stretches[k, 2])
            cores[n - 1, 3] = max(cores[n - 1, 3], stretches[k, 3])
        else:
            snapped[n, 0], snapped[n, 1], snapped[n, 2], snapped[n, 3] = (
                low,
                high,
                other_low,
                other_high,
            )
            cores[n] = stretches[k]
            n += 1
    return snapped[:n], cores[:n]


@kernel
def complete_sentences(pair: Pair, stretches: NDArray[np.int64], max_words: int) -> None:
    """Move both sides of an end to the sentence boundary, if what is added is alike.

    Parameters
    ----------
    pair : Pair
        Two articles.
    stretches : ndarray of int64, shape (n, 4)
        Tokens; changed in place.
    max_words : int
        Words that an end may move.
    """
    scratch = np.zeros((3, pair.n_stems), np.float32)
    for stretch in stretches:
        p = _sentence_start(pair.a.flags, stretch[0], max_words)
        q = _sentence_start(pair.b.flags, stretch[2], max_words)
        if _is_alike(pair, p, stretch[0], q, stretch[2], scratch):
            stretch[0], stretch[2] = p, q
        p = _sentence_end(pair.a.flags, stretch[1], max_words)
        q = _sentence_end(pair.b.flags, stretch[3], max_words)
        if _is_alike(pair, stretch[1], p, stretch[3], q, scratch):
            stretch[1], stretch[3] = p, q


@kernel
def _sentence_start(flags: NDArray[np.uint8], at: int, max_words: int) -> int:
    for start in range(at, max(at - max_words, 0) - 1, -1):
        if start == 0 or flags[start] & STARTS_SENTENCE:
            return start
    return at


@kernel
def _sentence_end(flags: NDArray[np.uint8], at: int, max_words: int) -> int:
    for end in range(at, min(at + max_words, len(flags)) + 1):
        if end == len(flags) or flags[end] & STARTS_SENTENCE:
            return end
    return at


@kernel
def _is_alike(
    pair: Pair, p: int, p_end: int, q: int, q_end: int, scratch: NDArray[np.float32]
) -> bool:
    _, cosine, n_types = measure_box(p, p_end, q, q_end, pair.side_a, pair.side_b, scratch)
    return n_types > 0 and cosine >= _MIN_ALIKE
