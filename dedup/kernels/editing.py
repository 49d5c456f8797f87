"""An alignment to an edit script: what became of every word of a passage.

Each token of ``a`` and each of ``b`` stands in exactly one edit. ``p`` and ``q`` count
tokens of ``a`` and ``b``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.pairing import Stream
from dedup.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_DIGIT

# What an edit does, in the order of ``dedup.model.Op``.
KEPT, INFLECTED, SUBSTITUTED = np.int64(0), np.int64(1), np.int64(2)
INSERTED, DELETED, MOVED = np.int64(3), np.int64(4), np.int64(5)

# What the stage must look at in the text: a number that may go on at an end of the edit, a
# negation, and a number or a name on both sides.
MAY_JOIN, MAY_DENY, MAY_NAME = np.uint8(1), np.uint8(2), np.uint8(4)


@kernel
def append_edits(
    aligned: NDArray[np.int64],
    a: Stream,
    b: Stream,
    p_low: int,
    q_low: int,
    edits: list[tuple[int, int, int, int, int]],
) -> None:
    """Append the edits that make one side of a passage of the other.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q`` within the passage, strictly increasing on both sides.
    a, b : Stream
        Tokens of the passage on both sides.
    p_low, q_low : int
        Where it starts in its articles.
    edits : list of tuple
        Appended to, in the order of ``a``: what the edit does, ``p`` from and to, ``q`` from
        and to, half-open, counted from the start of the article. ``KEPT`` and ``MOVED`` are
        runs of equal words, ``INFLECTED`` one of words with equal stems; what moved is out of
        the order that the others keep on both sides. ``INSERTED`` is empty on ``a``,
        ``DELETED`` on ``b``. Between two words that are aligned, what is left over on both
        sides is substituted, the k-th stretch of ``a`` by the k-th of ``b``, but for equal
        words at their ends: too little to align by, they are kept nevertheless.
    """
    # The token on the other side, or -1; and whether it is one that moved.
    to_b, to_a = np.full(len(a.hashes), -1, np.int64), np.full(len(b.hashes), -1, np.int64)
    moved_a, moved_b = np.zeros(len(a.hashes), np.bool_), np.zeros(len(b.hashes), np.bool_)
    for match in aligned:
        to_b[match >> 32], to_a[match & 0xFFFFFFFF] = match & 0xFFFFFFFF, match >> 32
    for match in match_moved(aligned, a, b):
        to_b[match >> 32], to_a[match & 0xFFFFFFFF] = match & 0xFFFFFFFF, match >> 32
        moved_a[match >> 32] = moved_b[match & 0xFFFFFFFF] = True
    p = q = np.int64(0)
    while p < len(to_b) or q < len(to_a):
        is_moved = p < len(to_b) and moved_a[p]
        while q < len(to_a) and moved_b[q]:
            q += 1
        p_end, q_end = p, q
        while p_end < len(to_b) and to_b[p_end] < 0:
            p_end += 1
        while q_end < len(to_a) and to_a[q_end] < 0 and not is_moved:
            q_end += 1
        if p_end > p or q_end > q:
            _append_change(a, b, (p, p_end, q, q_end), p_low, q_low, edits)
            p, q = p_end, q_end
        elif p < len(to_b):
            op, step = _op_of(a, b, to_b, moved_a, p), to_b[p] - p
            while p_end < len(to_b) and to_b[p_end] == p_end + step:
                if _op_of(a, b, to_b, moved_a, p_end) != op:
                    break
                p_end += 1
            edits.append((op, p_low + p, p_low + p_end, q_low + p + step, q_low + p_end + step))
            p, q = p_end, q if is_moved else p_end + step


@kernel
def _append_change(
    a: Stream,
    b: Stream,
    stretch: tuple[int, int, int, int],
    p_low: int,
    q_low: int,
    edits: list[tuple[int, int, int, int, int]],
) -> None:
    """Append what became of words that are not aligned."""
    p, p_end, q, q_end = stretch
    first, last = p, p_end
    while p < p_end and q < q_end and a.hashes[p] == b.hashes[q]:
        p, q = p + 1, q + 1
    while p < p_end and q < q_end and a.hashes[p_end - 1] == b.hashes[q_end - 1]:
        p_end, q_end = p_end - 1, q_end - 1
    n_before, n_behind = p - first, last - p_end
    p, p_end, q, q_end = p_low + p, p_low + p_end, q_low + q, q_low + q_end
    if n_before > 0:
        edits.append((KEPT, p - n_before, p, q - n_before, q))
    if p_end > p or q_end > q:
        op = SUBSTITUTED if p_end > p and q_end > q else DELETED if p_end > p else INSERTED
        edits.append((op, p, p_end, q, q_end))
    if n_behind > 0:
        edits.append((KEPT, p_end, p_end + n_behind, q_end, q_end + n_behind))


@kernel
def _op_of(
    a: Stream, b: Stream, to_b: NDArray[np.int64], moved_a: NDArray[np.bool_], p: int
) -> int:
    if moved_a[p]:
        return MOVED
    return KEPT if a.hashes[p] == b.hashes[to_b[p]] else INFLECTED


@kernel
def match_moved(aligned: NDArray[np.int64], a: Stream, b: Stream) -> NDArray[np.int64]:
    """Match equal words that an alignment left over because they moved.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    a, b : Stream
        Tokens of the stretch on both sides.

    Returns
    -------
    ndarray of int64, shape (n_moved,)
        ``p << 32 | q``; each token once. Of several equal content words the first left
        over of ``a`` goes with the first left over of ``b``; function words go with the
        words they stand beside.
    """
    free_a, free_b = np.ones(len(a.hashes), np.bool_), np.ones(len(b.hashes), np.bool_)
    for match in aligned:
        free_a[match >> 32] = free_b[match & 0xFFFFFFFF] = False
    left = np.flatnonzero(free_b & ((b.flags & IS_CONTENT) != 0))
    order = left[np.argsort(b.hashes[left], kind="mergesort")]
    hashes = b.hashes[order]
    n_used = np.zeros(len(order), np.int64)
    moved = np.empty(len(a.hashes), np.int64)
    n_moved = 0
    for p in np.flatnonzero(free_a & ((a.flags & IS_CONTENT) != 0)):
        first = np.searchsorted(hashes, a.hashes[p])
        at = first + n_used[first] if first < len(hashes) else first
        if at < len(hashes) and hashes[at] == a.hashes[p]:
            moved[n_moved] = np.int64(p) << 32 | order[at]
            n_moved += 1
            n_used[first] += 1
            free_a[p] = free_b[order[at]] = False
    for k in range(n_moved):
        for step in (1, -1):
            p, q = (moved[k] >> 32) + step, (moved[k] & 0xFFFFFFFF) + step
            while 0 <= p < len(free_a) and 0 <= q < len(free_b) and free_a[p] and free_b[q]:
                if a.hashes[p] != b.hashes[q]:
                    break
                moved[n_moved] = p << 32 | q
                n_moved += 1
                free_a[p] = free_b[q] = False
                p, q = p + step, q + step
    return moved[:n_moved]


@kernel
def mark_edits(
    edits: NDArray[np.int64],
    firsts: NDArray[np.int64],
    tokens: Stream,
    denials: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    max_words: int,
) -> NDArray[np.uint8]:
    """Mark the edits that may change a fact: few do, and text is slow to look at.

    Parameters
    ----------
    edits : ndarray of int64, shape (n, 5)
        As :func:`append_edits` appends them.
    firsts : ndarray of int64, shape (n, 2)
        Tokens before the articles ``a`` and ``b`` of each.
    tokens : Stream
        Tokens of all articles.
    denials, numbers : ndarray of uint64
        Hashes of words that deny, and of words that are numbers, sorted.
    max_words : int
        Tokens of an edit that are looked at, on either side.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Bits ``MAY_JOIN``, ``MAY_DENY``, ``MAY_NAME``; 0 of what is kept, inflected or moved.
    """
    marks = np.zeros(len(edits), np.uint8)
    for k in range(len(edits)):
        op = edits[k, 0]
        if op != SUBSTITUTED and op != INSERTED and op != DELETED:
            continue
        n_named = 0
        for side in range(2):
            low = firsts[k, side] + edits[k, 1 + 2 * side]
            high = firsts[k, side] + edits[k, 2 + 2 * side]
            is_named = False
            for token in range(low, min(high, low + max_words)):
                value = tokens.hashes[token]
                is_named |= (tokens.flags[token] & (IS_CAPITAL | IS_DIGIT)) != 0
                is_named |= _holds(numbers, value)
                if _holds(denials, value):
                    marks[k] |= MAY_DENY
            n_named += is_named
            if low < high and (_meet(tokens, low) or _meet(tokens, high)):
                marks[k] |= MAY_JOIN
        if n_named == 2:
            marks[k] |= MAY_NAME
    return marks


@kernel
def _holds(ordered: NDArray[np.uint64], value: np.uint64) -> bool:
    at = np.searchsorted(ordered, value)
    return at < len(ordered) and ordered[at] == value


@kernel
def _meet(tokens: Stream, at: int) -> bool:
    """Tell whether a token and the one before it are numbers, one code point apart."""
    if at == 0 or at == len(tokens.flags):
        return False
    is_number = tokens.flags[at] & tokens.flags[at - 1] & IS_DIGIT
    return is_number != 0 and tokens.starts[at] == tokens.ends[at - 1] + np.uint32(1)
