"""Two stretches of tokens to an alignment: which words correspond, in order.

Content words are chained first (heaviest increasing chain), then the gaps between them are
filled by a weighted longest common subsequence over all words. ``p`` and ``q`` count all
tokens of ``a`` and ``b``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.evidence import find_price
from dedup.kernels.pairing import Stream
from dedup.kernels.segmenting import find_segments
from dedup.tables.kinds import IS_CONTENT, IS_QUOTED, STARTS_CLAUSE, STARTS_SENTENCE

# Cells of one gap that are compared; a larger gap holds no chained word and stays open.
_MAX_CELLS = 1 << 16
# What it costs, in bits, to go on into another sentence where words are missing in between.
_BREAK_BITS = np.float32(2.0)


@kernel
def chain_matches(
    p: NDArray[np.int32], q: NDArray[np.int32], bits: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Find the heaviest chain of matches that increases strictly on both sides.

    Parameters
    ----------
    p, q : ndarray of int32, shape (n,)
        Positions of each match, sorted by (p, q), none of ``q`` far from the others.
    bits : ndarray of float32, shape (n,)
        Their weights, positive.

    Returns
    -------
    ndarray of int64, shape (n_chained,)
        Indices of the chained matches, increasing. Of two ways that weigh the same to come to
        a match, it is the one whose last match stands nearer in ``q``, then in ``p``.

    References
    ----------
    Heaviest increasing subsequence; Jacobson and Vo 1992, with a Fenwick tree of maxima.
    """
    n = len(p)
    low, high = np.int64(0), np.int64(-1)
    for k in range(n):
        low = np.int64(q[k]) if k == 0 else min(low, np.int64(q[k]))
        high = max(high, np.int64(q[k]))
    # Matches lie close enough for the tree to be over places, not over ranks.
    size = high - low + 1
    best = np.zeros(size + 1, np.float64)
    best_end = np.full(size + 1, -1, np.int64)
    total = np.empty(n, np.float64)
    before = np.empty(n, np.int64)
    top = -1
    first = 0
    while first < n:
        # Matches of one p are scored before any of them is entered: they exclude each other.
        last = first
        while last < n and p[last] == p[first]:
            rank = q[last] - low
            weight, end = 0.0, np.int64(-1)
            while rank > 0:
                if _is_better(best[rank], best_end[rank], weight, end, q):
                    weight, end = best[rank], best_end[rank]
                rank -= rank & -rank
            total[last], before[last] = weight + bits[last], end
            if top < 0 or total[last] > total[top]:
                top = last
            last += 1
        for k in range(first, last):
            rank = q[k] - low + 1
            while rank <= size:
                if _is_better(total[k], np.int64(k), best[rank], best_end[rank], q):
                    best[rank], best_end[rank] = total[k], k
                rank += rank & -rank
        first = last
    chain = np.empty(n, np.int64)
    n_chained = 0
    while top >= 0:
        chain[n_chained] = top
        n_chained += 1
        top = before[top]
    return chain[:n_chained][::-1].copy()


@njit(inline="always")
def _is_better(total: float, end: int, other: float, other_end: int, q: NDArray[np.int32]) -> bool:
    """Tell whether a chain is heavier than another, or ends nearer; the tree knows no other."""
    if total != other or end < 0 or other_end < 0:
        return total > other
    return q[end] > q[other_end] or (q[end] == q[other_end] and end > other_end)


@kernel
def align_gap(
    stems_a: NDArray[np.uint64],
    bits_a: NDArray[np.float32],
    stems_b: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Align two short stretches by their heaviest common subsequence.

    Parameters
    ----------
    stems_a, stems_b : ndarray of uint64, shape (n,) and (m,)
        Stem hashes.
    bits_a : ndarray of float32, shape (n,)
        Weight of each word of the first.

    Returns
    -------
    ndarray of int64, shape (n_matches,)
        ``p << 32 | q``, increasing on both sides.

    References
    ----------
    Wagner and Fischer 1974, weighted, without a gap cost.
    """
    rows, m = _find_shared(stems_a, stems_b), len(stems_b)
    n = len(rows)
    matches = np.empty(min(n, m), np.int64)
    n_matches = 0
    if n == 0:
        return matches
    best = np.zeros((n + 1, m + 1), np.float32)
    for row in range(n - 1, -1, -1):
        stem, bits = stems_a[rows[row]], bits_a[rows[row]]
        for q in range(m - 1, -1, -1):
            value = max(best[row + 1, q], best[row, q + 1])
            if stem == stems_b[q]:
                value = max(value, best[row + 1, q + 1] + bits)
            best[row, q] = value
    row = q = 0
    while row < n and q < m:
        p = rows[row]
        if stems_a[p] == stems_b[q] and best[row, q] == best[row + 1, q + 1] + bits_a[p]:
            matches[n_matches] = np.int64(p) << 32 | q
            n_matches += 1
            row += 1
            q += 1
        elif best[row + 1, q] >= best[row, q + 1]:
            row += 1
        else:
            q += 1
    return matches[:n_matches]


@kernel
def _find_shared(stems_a: NDArray[np.uint64], stems_b: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return which words of the first stand in the second: most of a gap is in one only."""
    rows = np.empty(len(stems_a), np.int64)
    n = 0
    for p in range(len(stems_a)):
        stem, is_there = stems_a[p], False
        for other in stems_b:
            is_there |= other == stem
        rows[n] = p
        n += is_there
    return rows[:n]


@kernel
def align_box(
    stems_a: NDArray[np.uint64],
    bits_a: NDArray[np.float32],
    stems_b: NDArray[np.uint64],
    p: NDArray[np.int32],
    q: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Align two stretches, given matches of content words to chain.

    Parameters
    ----------
    stems_a, stems_b : ndarray of uint64
        Stem hashes of the stretches.
    bits_a : ndarray of float32
        Weights of the words of the first.
    p, q : ndarray of int32, shape (n,)
        Matches to chain, sorted by (p, q), positions within the stretches.

    Returns
    -------
    ndarray of int64, shape (n_matches,)
        ``p << 32 | q``, strictly increasing on both sides.
    """
    chain = chain_matches(p, q, bits_a[p])
    out = np.empty(min(len(stems_a), len(stems_b)), np.int64)
    n_out = 0
    p_low, q_low = np.int64(0), np.int64(0)
    for k in range(len(chain) + 1):
        is_last = k == len(chain)
        p_high = np.int64(len(stems_a) if is_last else p[chain[k]])
        q_high = np.int64(len(stems_b) if is_last else q[chain[k]])
        # Equal words next to a chained one go with it; what is left in between is small.
        while p_low < p_high and q_low < q_high and stems_a[p_low] == stems_b[q_low]:
            out[n_out] = p_low << 32 | q_low
            n_out += 1
            p_low += 1
            q_low += 1
        p_end, q_end = p_high, q_high
        while p_end > p_low and q_end > q_low and stems_a[p_end - 1] == stems_b[q_end - 1]:
            p_end -= 1
            q_end -= 1
        if (p_end - p_low) * (q_end - q_low) <= _MAX_CELLS:
            filled = align_gap(stems_a[p_low:p_end], bits_a[p_low:p_end], stems_b[q_low:q_end])
            for match in filled:
                out[n_out] = match + (p_low << 32 | q_low)
                n_out += 1
        for step in range(p_high - p_end):
            out[n_out] = (p_end + step) << 32 | (q_end + step)
            n_out += 1
        if not is_last:
            out[n_out] = p_high << 32 | q_high
            n_out += 1
        p_low, q_low = p_high + 1, q_high + 1
    return out[:n_out]


class Split(NamedTuple):
    """Scalars that decide where an alignment is cut.

    Price of an unaligned bit at first; drop below the running maximum and least score of a
    segment, in bits; and the background that a segment's own price is found with.
    """

    price: float
    x_drop: float
    min_segment: float
    background: float


@kernel
def split_alignment(
    aligned: NDArray[np.int64],
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    split: Split,
) -> NDArray[np.int64]:
    """Split an alignment where the words in between cost more than what follows earns.

    It is split leniently first. How much each segment shares then tells what an unaligned bit
    costs in it, and with this price it is split once more: a stretch copied word for word ends
    where the copying ends, and a reworded one goes on over words of its own.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    bits_a, bits_b : ndarray of float32
        Weights of the tokens.
    flags_a, flags_b : ndarray of uint8
        Their flags.
    split : Split
        Scalars.

    Returns
    -------
    ndarray of int64, shape (n_segments, 2)
        Half-open ranges of `aligned`, in order, disjoint.
    """
    n = len(aligned)
    gains, losses = np.empty(n, np.float32), np.empty(n, np.float32)
    breaks = np.zeros(n, np.float32)
    p, q = np.int64(-1), np.int64(-1)
    for k in range(n):
        next_p, next_q = aligned[k] >> 32, aligned[k] & 0xFFFFFFFF
        losses[k] = max(bits_a[p + 1 : next_p].sum(), bits_b[q + 1 : next_q].sum())
        if losses[k] > 0 and _holds_break(flags_a, p, next_p) and _holds_break(flags_b, q, next_q):
            breaks[k] = _BREAK_BITS
        gains[k] = min(bits_a[next_p], bits_b[next_q])
        p, q = next_p, next_q
    found = [(np.int64(0), np.int64(0))]
    found.clear()
    for first, last in _cut(gains, losses, breaks, split.price, split):
        gain, loss = gains[first:last].sum(), losses[first + 1 : last].sum()
        price = find_price(np.float64(gain / (gain + loss)), split.background)
        for low, high in _cut(
            gains[first:last], losses[first:last], breaks[first:last], price, split
        ):
            found.append((first + low, first + high))
    segments = np.empty((len(found), 2), np.int64)
    for k in range(len(found)):
        segments[k, 0], segments[k, 1] = found[k]
    return segments


@kernel
def _cut(
    gains: NDArray[np.float32],
    losses: NDArray[np.float32],
    breaks: NDArray[np.float32],
    price: float,
    split: Split,
) -> NDArray[np.int64]:
    # Gaps and matches alternate, so that a segment starts and ends with a match.
    scores = np.empty(2 * len(gains), np.float32)
    scores[0::2] = -price * losses - breaks
    scores[1::2] = gains
    return find_segments(scores, split.x_drop, split.min_segment) // 2


@kernel
def _holds_break(flags: NDArray[np.uint8], before: int, at: int) -> bool:
    """Tell whether a sentence starts after one token and no later than at another."""
    for p in range(before + 1, at + 1):
        if flags[p] & STARTS_SENTENCE:
            return True
    return False


@kernel
def snap(flags: NDArray[np.uint8], low: int, high: int, max_words: int) -> tuple[int, int]:
    """Move both ends of a stretch outwards to the nearest sentence or clause boundary.

    Parameters
    ----------
    flags : ndarray of uint8
        Flags of all tokens of the article.
    low, high : int
        The stretch, half-open.
    max_words : int
        Words that an end may move; it stays where no boundary is that near.

    Returns
    -------
    tuple of (int, int)
        The moved stretch.
    """
    boundary = STARTS_SENTENCE | STARTS_CLAUSE
    for start in range(low, max(low - max_words, 0) - 1, -1):
        if start == 0 or flags[start] & boundary:
            low = start
            break
    for end in range(high, min(high + max_words, len(flags)) + 1):
        if end == len(flags) or flags[end] & boundary:
            high = end
            break
    return low, high


@kernel
def align_stretch(
    a: Stream, b: Stream, bits: NDArray[np.float32], matches: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Align the words of one stretch and leave out stray function words.

    Parameters
    ----------
    a, b : Stream
        Tokens of the stretch on both sides.
    bits : ndarray of float32
        Weights of the tokens of ``a``.
    matches : ndarray of int64
        Matches to chain, ``p << 32 | q`` within the stretch, sorted.

    Returns
    -------
    ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    """
    p, q = (matches >> 32).astype(np.int32), (matches & 0xFFFFFFFF).astype(np.int32)
    aligned = align_box(a.stems, bits, b.stems, p, q)
    keep = np.zeros(len(aligned), np.bool_)
    # A function word says something only beside another word that matches on both sides.
    step = np.int64(1) << 32 | 1
    for k in range(len(aligned)):
        keep[k] = a.flags[aligned[k] >> 32] & IS_CONTENT
        keep[k] |= k > 0 and aligned[k - 1] + step == aligned[k]
        keep[k] |= k + 1 < len(aligned) and aligned[k] + step == aligned[k + 1]
    return aligned[keep]


@kernel
def measure_alignment(
    aligned: NDArray[np.int64],
    a: Stream,
    b: Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
) -> tuple[float, float, float]:
    """Measure an alignment.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    a, b : Stream
        Tokens of the stretch on both sides.
    bits_a, bits_b : ndarray of float32
        Weights of the tokens.

    Returns
    -------
    tuple of (float, float, float)
        Aligned bits; identity: equal words aligned over the words of the longer side; and
        the share of the aligned words that is quoted on one side.
    """
    if len(aligned) == 0:
        return 0.0, 0.0, 0.0
    shared = 0.0
    n_equal = n_quoted_a = n_quoted_b = 0
    for match in aligned:
        p, q = match >> 32, match & 0xFFFFFFFF
        shared += min(bits_a[p], bits_b[q])
        n_equal += a.hashes[p] == b.hashes[q]
        n_quoted_a += (a.flags[p] & IS_QUOTED) != 0
        n_quoted_b += (b.flags[q] & IS_QUOTED) != 0
    identity = n_equal / max(len(a.hashes), len(b.hashes))
    return shared, identity, max(n_quoted_a, n_quoted_b) / len(aligned)
