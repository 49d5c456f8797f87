"""Pairs of articles to stretches: where reuse may stand, and from where to where.

Two kinds of evidence make a stretch: words in the same order (a chain of matches that is
split where going on stops paying), and words in any order inside a box.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.aligning import Stream, align_stretch, snap, split_alignment, weigh
from dedup.kernels.anchoring import Side, find_anchors, number_stems
from dedup.kernels.boxing import (
    Limits,
    find_boxes,
    measure_box,
    merge_boxes,
    split_boxes,
    sum_anchors,
)
from dedup.kernels.compiling import kernel
from dedup.kernels.tokenizing import STARTS_SENTENCE

# Times that a box is chained anew without the words that are already in a chain.
_MAX_MOVES = 3
# Two stretches in order are one passage if together they score at least this part of the sum.
_MIN_WORTH = 0.95
# Cosine from which the rest of a sentence belongs to what is reused of it.
_MIN_ALIKE = 0.25


class Acceptance(NamedTuple):
    """Scalars that decide what is reported, see ``dedup.params.AcceptParams``."""

    window: int
    is_ordered: bool
    chain_mismatch: float
    chain_drop: float
    min_chain: float
    disorder: float
    min_wording: int
    min_run: int
    min_score: float
    min_chars: int
    snap: int
    verbatim_chars: int
    abridge_ratio: float


class Pair(NamedTuple):
    """Two articles, numbered together: tokens, content words, weights, and matches."""

    a: Stream
    b: Stream
    side_a: Side
    side_b: Side
    bits_a: NDArray[np.float32]
    bits_b: NDArray[np.float32]
    n_stems: int
    anchors: NDArray[np.int64]
    matches: NDArray[np.int64]


@kernel
def number_pair(a: Stream, b: Stream, idf: NDArray[np.uint8], window: int) -> Pair:
    """Prepare two articles for the search.

    Parameters
    ----------
    a, b : Stream
        Their tokens.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    window : int
        Content words among which two make a pair.

    Returns
    -------
    Pair
        With anchors ``i << 32 | j`` in content words, and the same as matches
        ``p << 32 | q`` in tokens, both sorted.
    """
    side_a, side_b, n_stems = number_stems(a.stems, a.flags, b.stems, b.flags, idf)
    anchors = find_anchors(side_a, side_b, window)
    matches = np.empty(len(anchors), np.int64)
    for k in range(len(anchors)):
        i, j = anchors[k] >> 32, anchors[k] & 0xFFFFFFFF
        matches[k] = np.int64(side_a.tokens[i]) << 32 | np.int64(side_b.tokens[j])
    bits_a, bits_b = weigh(side_a, len(a.hashes)), weigh(side_b, len(b.hashes))
    return Pair(a, b, side_a, side_b, bits_a, bits_b, n_stems, anchors, matches)


@kernel
def find_chains(
    pair: Pair,
    order: NDArray[np.int64],
    bounds: NDArray[np.int64],
    max_merge: int,
    accept: Acceptance,
) -> NDArray[np.int64]:
    """Find the stretches whose words stand in the same order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`dedup.kernels.boxing.split_boxes` gives them.
    max_merge : int
        Tokens between two stretches, on both sides, that are bridged.
    accept : Acceptance
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n, 4)
        ``p`` from and to, ``q`` from and to, half-open, sorted. A clause that moved
        is joined to what it moved past, or a stretch of its own.
    """
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    for k in range(len(bounds) - 1):
        if (
            sum_anchors(order[bounds[k] : bounds[k + 1]], pair.side_a, pair.side_b)
            < accept.min_chain
        ):
            continue
        i, j = order[bounds[k] : bounds[k + 1]] >> 32, order[bounds[k] : bounds[k + 1]] & 0xFFFFFFFF
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
                aligned,
                bits_a,
                bits_b,
                part_a.flags,
                part_b.flags,
                accept.chain_mismatch,
                accept.chain_drop,
                accept.min_chain,
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
    rows = found[1:]
    rows.sort()
    scratch = np.zeros((3, pair.n_stems), np.float32)
    merge_boxes(rows, max_merge, _MIN_WORTH, pair.side_a, pair.side_b, scratch)
    return to_array(found[:1] + rows)


@kernel
def find_free(
    pair: Pair,
    order: NDArray[np.int64],
    bounds: NDArray[np.int64],
    limits: Limits,
    wide: Limits,
    abridge_ratio: float,
) -> NDArray[np.int64]:
    """Find the stretches that share words in any order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`dedup.kernels.boxing.split_boxes` gives them.
    limits, wide : Limits
        Scalars of the search, and those for an abridgement.
    abridge_ratio : float
        How many times longer one side must be to be an abridgement; 0 for never.

    Returns
    -------
    ndarray of int64, shape (n, 4)
        As :func:`find_chains`; only the abridgement, if there is one.
    """
    a, b, n_stems = pair.side_a, pair.side_b, pair.n_stems
    boxes = find_boxes(order, bounds, a, b, n_stems, limits)
    if abridge_ratio > 0:
        order, bounds = split_boxes(pair.anchors, a, b, wide.max_gap)
        for box in find_boxes(order, bounds, a, b, n_stems, wide):
            len_a, len_b = box[1] - box[0], box[3] - box[2]
            if max(len_a, len_b) >= abridge_ratio * min(len_a, len_b):
                boxes = box.copy().reshape(1, 4)
                break
    return boxes


@kernel
def score_free(
    pair: Pair, stretches: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Score stretches by the words that both sides share in any order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    stretches : ndarray of int64, shape (n, 4)
        Tokens.

    Returns
    -------
    tuple of (ndarray of float64, ndarray of int64)
        Shared bits times their cosine, shape (n,); and how many different words are
        shared that are neither names nor numbers.
    """
    scratch = np.zeros((3, pair.n_stems), np.float32)
    scores = np.empty(len(stretches), np.float64)
    n_types = np.empty(len(stretches), np.int64)
    for k in range(len(stretches)):
        p_low, p_high, q_low, q_high = stretches[k]
        bits, cosine, n_types[k] = measure_box(
            p_low, p_high, q_low, q_high, pair.side_a, pair.side_b, scratch
        )
        scores[k] = bits * cosine
    return scores, n_types


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


@njit(inline="always")
def slice_stream(stream: Stream, low: int, high: int) -> Stream:
    """Return the tokens `low` to `high`, as views."""
    return Stream(
        stream.hashes[low:high],
        stream.stems[low:high],
        stream.starts[low:high],
        stream.ends[low:high],
        stream.flags[low:high],
    )


@kernel
def matches_within(
    matches: NDArray[np.int64], p_low: int, p_high: int, q_low: int, q_high: int
) -> NDArray[np.int64]:
    """Take the matches inside a stretch, counted from its start."""
    first = np.searchsorted(matches, np.int64(p_low) << 32)
    last = np.searchsorted(matches, np.int64(p_high) << 32)
    inside = matches[first:last]
    q = inside & 0xFFFFFFFF
    return inside[(q >= q_low) & (q < q_high)] - (np.int64(p_low) << 32 | q_low)


@kernel
def to_array(rows):  # type: ignore[no-untyped-def]
    """Pack tuples into an array, without the first, which only tells their type."""
    array = np.full((len(rows) - 1, len(rows[0])), rows[0][0])
    for k in range(1, len(rows)):
        for column in range(len(rows[0])):
            array[k - 1, column] = rows[k][column]
    return array
