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
from dedup.kernels.evidence import find_price
from dedup.kernels.pairing import Pair
from dedup.kernels.segmenting import find_segments

# Splits along one side or the other: a text is never that deep, a made-up one may be.
_MAX_ROUNDS = 16
# Boxes looked at, in the order of a, for one to merge with.
_MERGE_AHEAD = 16
# Keeps boxes without information from a division by zero.
_LEAST = 1e-9


class Limits(NamedTuple):
    """Scalars of the search, in bits.

    Price of a bit that the other side lacks; drop below the running maximum and least score of
    a segment; the background that prices are found with, and the most that a bridge may cost.
    """

    price: float
    x_drop: float
    min_segment: float
    background: float
    max_bridge: float


@kernel
def split_boxes(
    anchors: NDArray[np.int64], a: Side, b: Side, max_gap: int, min_bits: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group anchors that lie near one another on both sides.

    Splits at gaps along ``a``, then along ``b``, in turn, until nothing splits, and goes on
    with what still holds enough.

    Parameters
    ----------
    anchors : ndarray of int64, shape (n_anchors,)
        As :func:`find_anchors` gives them: sorted.
    a, b : Side
        Content words.
    max_gap : int
        Tokens between two neighboring anchors of a box, on either side.
    min_bits : float
        What the anchors of a box add up to at least, see :func:`sum_anchors`.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64)
        The anchors of all boxes, each box contiguous, and the boxes' first indices and one
        past the last, shape (n_boxes + 1,).
    """
    order = anchors.copy()
    boxes = [(np.int64(0), np.int64(0))]
    boxes.clear()
    # A group that one side could not split and the other could not either is a box.
    stack = [(np.int64(0), np.int64(len(anchors)), 0, 0)]
    while len(stack) > 0:
        low, high, n_stable, n_rounds = stack.pop()
        if low == high or sum_anchors(order[low:high], a, b) < min_bits:
            continue
        if n_stable == 2 or n_rounds == _MAX_ROUNDS:
            boxes.append((low, high))
            continue
        along_b = n_rounds % 2 == 1
        tokens = b.tokens if along_b else a.tokens
        group = swap_sides(order[low:high]) if along_b else order[low:high]
        if n_rounds > 0:
            group = np.sort(group)
            order[low:high] = swap_sides(group) if along_b else group
        first = low
        for at in range(low + 1, high):
            if tokens[group[at - low] >> 32] - tokens[group[at - low - 1] >> 32] > max_gap:
                stack.append((first, np.int64(at), 1, n_rounds + 1))
                first = np.int64(at)
        stack.append((first, high, n_stable + 1 if first == low else 1, n_rounds + 1))
    boxes.sort()
    bounds = np.zeros(len(boxes) + 1, np.int64)
    for k in range(len(boxes)):
        low, high = boxes[k]
        bounds[k + 1] = bounds[k] + high - low
        order[bounds[k] : bounds[k + 1]] = order[low:high]
    return order[: bounds[-1]], bounds


@njit(inline="always")
def swap_sides(anchors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn ``i << 32 | j`` into ``j << 32 | i``."""
    return (anchors & 0xFFFFFFFF) << 32 | anchors >> 32


@kernel
def sum_anchors(anchors: NDArray[np.int64], a: Side, b: Side) -> float:
    """Add up the information of anchors: a cheap bound that spares most groups a search.

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

    On each side a word scores its information if it is an anchor, nothing if its stem stands
    elsewhere in the other side's box, and minus the price of it otherwise; the maximal
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
    by_b = np.sort(swap_sides(anchors))
    i_low, i_high = by_a[0] >> 32, (by_a[-1] >> 32) + 1
    j_low, j_high = by_b[0] >> 32, (by_b[-1] >> 32) + 1
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    found.clear()
    for outer in _segments(by_a, i_low, i_high, j_low, j_high, a, b, scratch, limits):
        inside = _within(by_a, outer[0], outer[1], np.int64(0), np.int64(1 << 31))
        inside = np.sort(swap_sides(inside))
        if len(inside) == 0:
            continue
        # A segment starts and ends with an anchor: nothing beyond them need be scored.
        first, last = inside[0] >> 32, (inside[-1] >> 32) + 1
        for other in _segments(inside, first, last, outer[0], outer[1], b, a, scratch, limits):
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
    """Take the anchors of an area; they are sorted by ``i``."""
    first = np.searchsorted(anchors, np.int64(i_low) << 32)
    last = np.searchsorted(anchors, np.int64(i_high) << 32)
    near = anchors[first:last]
    j = near & 0xFFFFFFFF
    return near[(j >= j_low) & (j < j_high)]


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
            scores[k - low] = 0.0
        else:
            scores[k - low] = -side.bits[k] * limits.price
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
    pair: Pair, order: NDArray[np.int64], bounds: NDArray[np.int64], limits: Limits
) -> NDArray[np.int64]:
    """Find the stretches of two articles that share words in any order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`split_boxes` gives them.
    limits : Limits
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n_boxes, 4)
        ``p`` from and to, ``q`` from and to in tokens, half-open, sorted.
    """
    a, b = pair.side_a, pair.side_b
    scratch = np.zeros((3, pair.n_stems), np.float32)
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    found.clear()
    for k in range(len(bounds) - 1):
        for i_low, i_high, j_low, j_high in narrow_box(
            order[bounds[k] : bounds[k + 1]], a, b, scratch, limits
        ):
            p, p_end = np.int64(a.tokens[i_low]), np.int64(a.tokens[i_high - 1] + 1)
            q, q_end = np.int64(b.tokens[j_low]), np.int64(b.tokens[j_high - 1] + 1)
            found.append((p, p_end, q, q_end))
    found.sort()
    return merge_boxes(pair, found, scratch, limits)


@kernel
def merge_boxes(
    pair: Pair,
    boxes: list[tuple[int, int, int, int]],
    scratch: NDArray[np.float32],
    limits: Limits,
) -> NDArray[np.int64]:
    """Join boxes where the words between them cost less than a passage of its own must score.

    Parameters
    ----------
    pair : Pair
        Two articles.
    boxes : list of (int, int, int, int)
        Tokens of both sides, half-open; sorted; consumed.
    scratch : ndarray of float32, shape (3, n_stems)
        Zeros but for the last row; left so.
    limits : Limits
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n_boxes, 4)
        Sorted.
    """
    shared = [0.0]
    shared.clear()
    for p, p_end, q, q_end in boxes:
        bits, _, _ = measure_box(p, p_end, q, q_end, pair.side_a, pair.side_b, scratch)
        shared.append(bits)
    at = 0
    while at + 1 < len(boxes):
        is_merged = False
        for other in range(at + 1, min(at + 1 + _MERGE_AHEAD, len(boxes))):
            both = shared[at] + shared[other]
            if _bridge(pair, boxes[at], boxes[other], both, limits) > limits.max_bridge:
                continue
            left, right = boxes[at], boxes.pop(other)
            boxes[at] = (
                min(left[0], right[0]),
                max(left[1], right[1]),
                min(left[2], right[2]),
                max(left[3], right[3]),
            )
            shared[at] = both
            shared.pop(other)
            is_merged = True
            break
        # A grown box may now reach one that it did not reach before, on either hand.
        at = max(at - _MERGE_AHEAD, 0) if is_merged else at + 1
    merged = np.empty((len(boxes), 4), np.int64)
    for k in range(len(boxes)):
        merged[k, 0], merged[k, 1], merged[k, 2], merged[k, 3] = boxes[k]
    return merged


@kernel
def _bridge(
    pair: Pair,
    left: tuple[int, int, int, int],
    right: tuple[int, int, int, int],
    shared: float,
    limits: Limits,
) -> float:
    """Return what the words between two boxes cost on the side that has more of them."""
    mass_a, mass_b = pair.mass_a, pair.mass_b
    own_a = mass_a[left[1]] - mass_a[left[0]] + mass_a[right[1]] - mass_a[right[0]]
    own_b = mass_b[left[3]] - mass_b[left[2]] + mass_b[right[3]] - mass_b[right[2]]
    gap_a = mass_a[max(left[0], right[0])] - mass_a[min(left[1], right[1])]
    gap_b = mass_b[max(left[2], right[2])] - mass_b[min(left[3], right[3])]
    price = find_price(shared / np.sqrt(max(own_a * own_b, _LEAST)), limits.background)
    return max(gap_a, gap_b, 0.0) * price
