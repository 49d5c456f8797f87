"""Anchors to boxes: where, on both sides, the same information stands together.

Anchors that lie near one another on both sides make a box, and a box is narrowed on each
side to the segment that shares most. Nothing here depends on the order of words inside a
box, so that swapped clauses survive. ``i`` and ``j`` count content words of ``a`` and ``b``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.anchoring import Side
from dedup.kernels.compiling import kernel
from dedup.kernels.segmenting import find_segments

# Splits along one side or the other: a text is never that deep, a made-up one may be.
_MAX_ROUNDS = 16
# Boxes looked at, in the order of a, for one to merge with.
_MERGE_AHEAD = 16


class Limits(NamedTuple):
    """Scalars of the search, see ``dedup.params.SearchParams``."""

    max_gap: int
    mismatch: float
    elsewhere: float
    x_drop: float
    min_segment: float
    max_merge: int
    min_types: int
    min_bits: float
    min_cosine: float


@kernel
def split_boxes(
    anchors: NDArray[np.int64], a: Side, b: Side, max_gap: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group anchors that lie near one another on both sides.

    Splits at gaps along ``a``, then along ``b``, in turn, until nothing splits.

    Parameters
    ----------
    anchors : ndarray of int64, shape (n_anchors,)
        As :func:`find_anchors` gives them.
    a, b : Side
        Content words.
    max_gap : int
        Tokens between two neighboring anchors of a box, on either side.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64)
        The anchors reordered so that each box is contiguous, and the boxes' first
        indices and one past the last, shape (n_boxes + 1,).
    """
    n = len(anchors)
    order = anchors.copy()
    bounds = np.zeros(n + 1, np.int64)
    starts = [np.int64(0)]
    if n == 0:
        return order, bounds[:1]
    # A group that one side could not split and the other could not either is a box.
    stack = [(np.int64(0), np.int64(n), 0, 0)]
    starts.clear()
    while len(stack) > 0:
        low, high, n_stable, n_rounds = stack.pop()
        if n_stable == 2 or n_rounds == _MAX_ROUNDS:
            starts.append(low)
            continue
        along_b = n_rounds % 2 == 1
        group = order[low:high]
        if along_b:
            group = np.sort((group & 0xFFFFFFFF) << 32 | group >> 32)
        else:
            group = np.sort(group)
        tokens = b.tokens if along_b else a.tokens
        first = low
        n_groups = 0
        for at in range(low, high):
            swapped = group[at - low]
            order[at] = (swapped & 0xFFFFFFFF) << 32 | swapped >> 32 if along_b else swapped
            if at > low:
                gap = tokens[swapped >> 32] - tokens[group[at - low - 1] >> 32]
                if gap > max_gap:
                    stack.append((first, np.int64(at), 1, n_rounds + 1))
                    first = np.int64(at)
                    n_groups += 1
        n_stable = n_stable + 1 if n_groups == 0 else 1
        stack.append((first, high, n_stable, n_rounds + 1))
    ordered = np.sort(np.array(starts))
    bounds[: len(ordered)] = ordered
    bounds[len(ordered)] = n
    return order, bounds[: len(ordered) + 1]


@kernel
def sum_anchors(anchors: NDArray[np.int64], a: Side, b: Side) -> float:
    """Add up the information of anchors: a cheap bound that spares most boxes a search.

    Parameters
    ----------
    anchors : ndarray of int64, shape (n_anchors,)
        ``i << 32 | j``.
    a, b : Side
        Content words.

    Returns
    -------
    float
        Bits.
    """
    total = 0.0
    for anchor in anchors:
        total += min(a.bits[anchor >> 32], b.bits[anchor & 0xFFFFFFFF])
    return total


@kernel
def narrow_box(
    anchors: NDArray[np.int64], a: Side, b: Side, scratch: NDArray[np.float32], limits: Limits
) -> NDArray[np.int64]:
    """Narrow one box to the parts where both sides share most.

    On each side a word scores its information if it is an anchor, a part of it if its stem
    stands elsewhere in the other side's box, and minus a part of it otherwise; the maximal
    segments of ``a`` are kept, those of ``b`` within each, and those of ``a`` within these.

    Parameters
    ----------
    anchors : ndarray of int64, shape (n_anchors,)
        ``i << 32 | j`` of one box, in any order.
    a, b : Side
        Content words.
    scratch : ndarray of float32, shape (3, n_stems)
        Zeros but for the last row; left so.
    limits : Limits
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n_boxes, 4)
        ``i`` from and to, ``j`` from and to, half-open.
    """
    by_a = np.sort(anchors)
    by_b = np.sort((anchors & 0xFFFFFFFF) << 32 | anchors >> 32)
    i_low, i_high = by_a[0] >> 32, (by_a[-1] >> 32) + 1
    j_low, j_high = by_b[0] >> 32, (by_b[-1] >> 32) + 1
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    found.clear()
    for outer in _segments(by_a, i_low, i_high, j_low, j_high, a, b, scratch, limits):
        inside = _within(by_a, outer[0], outer[1], np.int64(0), np.int64(1 << 31))
        inside = np.sort((inside & 0xFFFFFFFF) << 32 | inside >> 32)
        if len(inside) == 0:
            continue
        for other in _segments(inside, j_low, j_high, outer[0], outer[1], b, a, scratch, limits):
            final = _within(by_a, outer[0], outer[1], other[0], other[1])
            if len(final) == 0:
                continue
            for inner in _segments(
                final, outer[0], outer[1], other[0], other[1], a, b, scratch, limits
            ):
                found.append((inner[0], inner[1], other[0], other[1]))
    boxes = np.empty((len(found), 4), np.int64)
    for k in range(len(found)):
        boxes[k, 0], boxes[k, 1], boxes[k, 2], boxes[k, 3] = found[k]
    return boxes


@njit(inline="always")
def _within(
    anchors: NDArray[np.int64], i_low: int, i_high: int, j_low: int, j_high: int
) -> NDArray[np.int64]:
    i, j = anchors >> 32, anchors & 0xFFFFFFFF
    return anchors[(i >= i_low) & (i < i_high) & (j >= j_low) & (j < j_high)]


@kernel
def _segments(
    anchors: NDArray[np.int64],
    low: int,
    high: int,
    other_low: int,
    other_high: int,
    side: Side,
    other: Side,
    scratch: NDArray[np.float32],
    limits: Limits,
) -> NDArray[np.int64]:
    """Score the words ``low`` to ``high`` of one side, return its segments."""
    is_there = scratch[0]
    for k in range(other_low, other_high):
        if other.stems[k] >= 0:
            is_there[other.stems[k]] = 1
    scores = np.empty(high - low, np.float32)
    for k in range(low, high):
        if side.stems[k] >= 0 and is_there[side.stems[k]]:
            scores[k - low] = side.bits[k] * limits.elsewhere
        else:
            scores[k - low] = -side.bits[k] * limits.mismatch
    for anchor in anchors:
        k = anchor >> 32
        scores[k - low] = side.bits[k]
    for k in range(other_low, other_high):
        if other.stems[k] >= 0:
            is_there[other.stems[k]] = 0
    return find_segments(scores, limits.x_drop, limits.min_segment) + low


@kernel
def measure_box(
    p_low: int,
    p_high: int,
    q_low: int,
    q_high: int,
    a: Side,
    b: Side,
    scratch: NDArray[np.float32],
) -> tuple[float, float, int]:
    """Measure what two stretches share, order ignored.

    Parameters
    ----------
    p_low, p_high, q_low, q_high : int
        Tokens of both sides, half-open.
    a, b : Side
        Content words.
    scratch : ndarray of float32, shape (3, n_stems)
        Zeros but for the last row; left so.

    Returns
    -------
    tuple of (float, float, int)
        Shared information in bits, counting a stem as often as both sides have it; the
        same over the geometric mean of both sides' information; and the number of
        different stems shared that are neither names nor numbers.
    """
    i_low, i_high = np.searchsorted(a.tokens, p_low), np.searchsorted(a.tokens, p_high)
    j_low, j_high = np.searchsorted(b.tokens, q_low), np.searchsorted(b.tokens, q_high)
    left, seen, least = scratch[0], scratch[1], scratch[2]
    mass_a = mass_b = shared = 0.0
    n_types = 0
    for i in range(i_low, i_high):
        mass_a += a.bits[i]
        stem = a.stems[i]
        if stem >= 0:
            least[stem] = min(least[stem], a.bits[i]) if left[stem] > 0 else a.bits[i]
            left[stem] += 1
    for j in range(j_low, j_high):
        mass_b += b.bits[j]
        stem = b.stems[j]
        if left[stem] > 0:
            left[stem] -= 1
            shared += min(b.bits[j], least[stem])
            n_types += seen[stem] == 0 and not b.is_fact[j]
            seen[stem] = 1
    for i in range(i_low, i_high):
        if a.stems[i] >= 0:
            left[a.stems[i]] = seen[a.stems[i]] = 0
    if mass_a <= 0 or mass_b <= 0:
        return 0.0, 0.0, 0
    return shared, shared / np.sqrt(mass_a * mass_b), n_types


@kernel
def find_boxes(
    order: NDArray[np.int64],
    bounds: NDArray[np.int64],
    a: Side,
    b: Side,
    n_stems: int,
    limits: Limits,
) -> NDArray[np.int64]:
    """Find the stretches of two articles that share enough, order ignored.

    Parameters
    ----------
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`split_boxes` gives them.
    a, b : Side
        Content words of both articles.
    n_stems : int
        Common stem numbers given.
    limits : Limits
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n_boxes, 4)
        ``p`` from and to, ``q`` from and to in tokens, half-open, sorted.
    """
    scratch = np.zeros((3, n_stems), np.float32)
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    found.clear()
    for k in range(len(bounds) - 1):
        if sum_anchors(order[bounds[k] : bounds[k + 1]], a, b) < limits.min_segment:
            continue
        for i_low, i_high, j_low, j_high in narrow_box(
            order[bounds[k] : bounds[k + 1]], a, b, scratch, limits
        ):
            p, p_end = np.int64(a.tokens[i_low]), np.int64(a.tokens[i_high - 1] + 1)
            q, q_end = np.int64(b.tokens[j_low]), np.int64(b.tokens[j_high - 1] + 1)
            _, cosine, n_types = measure_box(p, p_end, q, q_end, a, b, scratch)
            if n_types >= limits.min_types and cosine >= limits.min_cosine:
                found.append((p, p_end, q, q_end))
    found.sort()
    merge_boxes(found, limits.max_merge, 0.0, a, b, scratch)
    kept = np.empty((len(found), 4), np.int64)
    n_kept = 0
    for p, p_end, q, q_end in found:
        bits, cosine, n_types = measure_box(p, p_end, q, q_end, a, b, scratch)
        if n_types >= limits.min_types and bits >= limits.min_bits and cosine >= limits.min_cosine:
            kept[n_kept, 0], kept[n_kept, 1] = p, p_end
            kept[n_kept, 2], kept[n_kept, 3] = q, q_end
            n_kept += 1
    return kept[:n_kept]


@kernel
def merge_boxes(
    boxes: list[tuple[int, int, int, int]],
    max_merge: int,
    min_worth: float,
    a: Side,
    b: Side,
    scratch: NDArray[np.float32],
) -> None:
    """Join boxes that lie within `max_merge` tokens of one another on both sides.

    Parameters
    ----------
    boxes : list of (int, int, int, int)
        Tokens of both sides, half-open; sorted; changed in place.
    max_merge : int
        Tokens between two boxes that are bridged.
    min_worth : float
        Least score of the joined box, as a fraction of the sum of both scores.
    a, b : Side
        Content words.
    scratch : ndarray of float32, shape (3, n_stems)
        Zeros but for the last row; left so.
    """
    at = 0
    while at + 1 < len(boxes):
        is_merged = False
        left = boxes[at]
        for other in range(at + 1, min(at + 1 + _MERGE_AHEAD, len(boxes))):
            right = boxes[other]
            if (
                max(left[0], right[0]) - min(left[1], right[1]) > max_merge
                or max(left[2], right[2]) - min(left[3], right[3]) > max_merge
            ):
                continue
            joined = (
                min(left[0], right[0]),
                max(left[1], right[1]),
                min(left[2], right[2]),
                max(left[3], right[3]),
            )
            if min_worth > 0:
                parts = _score(left, a, b, scratch) + _score(right, a, b, scratch)
                if _score(joined, a, b, scratch) < min_worth * parts:
                    continue
            boxes[at] = joined
            boxes.pop(other)
            is_merged = True
            break
        # A grown box may now reach one that it did not reach before, on either hand.
        at = max(at - _MERGE_AHEAD, 0) if is_merged else at + 1


@kernel
def _score(box: tuple[int, int, int, int], a: Side, b: Side, scratch: NDArray[np.float32]) -> float:
    bits, cosine, _ = measure_box(box[0], box[1], box[2], box[3], a, b, scratch)
    return bits * cosine
