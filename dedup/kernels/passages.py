"""Stretches to passages: aligned, scored and accepted, for many pairs in one call.

Where words in order make a passage, words in any order add nothing. Passages are counted
in tokens here; ``dedup.stages.align`` turns them into code points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import Stream, align_stretch, measure_alignment
from dedup.kernels.anchoring import find_runs
from dedup.kernels.boxing import Limits, split_boxes
from dedup.kernels.compiling import kernel
from dedup.kernels.stretching import (
    Acceptance,
    Pair,
    complete_sentences,
    find_chains,
    find_free,
    matches_within,
    number_pair,
    score_free,
    slice_stream,
    snap_stretches,
    to_array,
)
from dedup.kernels.tokenizing import IS_CONTENT, IS_QUOTED

# Columns of the figures that align_pairs gives for each passage.
SCORE, IDENTITY, QUOTED = 0, 1, 2
# What accept_stretches is told; written out, numba would compile it for each.
_EXACT, _WEIGHED = np.bool_(True), np.bool_(False)


@kernel
def accept_stretches(
    pair: Pair,
    stretches: NDArray[np.int64],
    is_exact: bool,
    accept: Acceptance,
    found: list[tuple[int, int, int, int, int]],
    figures: list[tuple[float, float, float]],
    runs: list[tuple[int, int, int]],
) -> None:
    """Snap, align and score stretches, and append those that are passages.

    Parameters
    ----------
    pair : Pair
        Two articles.
    stretches : ndarray of int64, shape (n, 4)
        Sorted.
    is_exact : bool
        Whether they are exact runs, which are neither moved nor weighed.
    accept : Acceptance
        What is reported.
    found, figures, runs : list of tuple
        Appended to, see :func:`align_pairs`. A stretch that meets, on both sides, a
        passage already in `found` is left out.
    """
    a, b = pair.a, pair.b
    n_before = len(found)
    cores = stretches
    if not is_exact:
        stretches, cores = snap_stretches(stretches, a.flags, b.flags, accept.snap)
        complete_sentences(pair, stretches, accept.snap)
    scores, n_types = score_free(pair, cores)
    for k in range(len(stretches)):
        p_low, p_high, q_low, q_high = stretches[k]
        chars_a = np.int64(a.ends[p_high - 1]) - np.int64(a.starts[p_low])
        chars_b = np.int64(b.ends[q_high - 1]) - np.int64(b.starts[q_low])
        if max(chars_a, chars_b) < accept.min_chars:
            continue
        is_met = False
        for other in found[:n_before]:
            is_met |= (
                p_low < other[1] and other[0] < p_high and q_low < other[3] and other[2] < q_high
            )
        if is_met:
            continue
        part_a, part_b = slice_stream(a, p_low, p_high), slice_stream(b, q_low, q_high)
        inside = matches_within(pair.matches, p_low, p_high, q_low, q_high)
        bits_a, bits_b = pair.bits_a[p_low:p_high], pair.bits_b[q_low:q_high]
        aligned = align_stretch(part_a, part_b, bits_a, inside)
        score, identity, quoted = measure_alignment(aligned, part_a, part_b, bits_a, bits_b)
        score = max(score, accept.disorder * scores[k])
        says_enough = n_types[k] >= accept.min_wording and score >= accept.min_score
        if accept.min_run > 0 and not says_enough:
            says_enough = longest_run(aligned, part_a, part_b) >= accept.min_run
        if is_exact or says_enough:
            placed = np.concatenate((aligned, match_moved(aligned, part_a, part_b)))
            _append_runs(np.sort(placed), part_a, part_b, p_low, q_low, runs)
            found.append((p_low, p_high, q_low, q_high, np.int64(len(runs) - 1)))
            figures.append((score, identity, quoted))


@kernel
def align_pairs(
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    offsets: NDArray[np.int64],
    tokens: Stream,
    idf: NDArray[np.uint8],
    limits: Limits,
    wide: Limits,
    accept: Acceptance,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Find the passages of many pairs of articles.

    Parameters
    ----------
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Articles ``a`` and ``b`` of each pair.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    tokens : Stream
        Tokens of all articles.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    limits, wide : Limits
        Scalars of the search, and those for an abridgement.
    accept : Acceptance
        What is reported.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64, ndarray of int64)
        Passages before each pair, shape (n_pairs + 1,); the passages, shape (n, 5): ``p``
        from and to, ``q`` from and to, half-open, counted from the start of the article,
        and one past the last run; their score, identity and quoted share, shape (n, 3);
        and runs of equal words, shape (n_runs, 3): ``p``, ``q`` and length, in the order
        of ``a``, where a word that moved is a run out of the order of ``b``.
    """
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    figures = [(0.0, 0.0, 0.0)]
    runs = [(np.int64(0), np.int64(0), np.int64(0))]
    bounds = np.zeros(len(firsts) + 1, np.int64)
    for k in range(len(firsts)):
        own, own_figures = found[:0], figures[:0]
        a = slice_stream(tokens, offsets[firsts[k]], offsets[firsts[k] + 1])
        b = slice_stream(tokens, offsets[seconds[k]], offsets[seconds[k] + 1])
        if len(a.hashes) > 0 and len(b.hashes) > 0:
            align_pair(
                number_pair(a, b, idf, accept.window), limits, wide, accept, own, own_figures, runs
            )
        found.extend(own)
        figures.extend(own_figures)
        bounds[k + 1] = len(found) - 1
    return bounds, to_array(found), to_array(figures), to_array(runs)


@kernel
def align_pair(
    pair: Pair,
    limits: Limits,
    wide: Limits,
    accept: Acceptance,
    found: list[tuple[int, int, int, int, int]],
    figures: list[tuple[float, float, float]],
    runs: list[tuple[int, int, int]],
) -> None:
    """Append the passages of one pair, see :func:`align_pairs`."""
    a, b = pair.a, pair.b
    if np.array_equal(a.hashes, b.hashes):
        n = np.int64(len(a.hashes))
        runs.append((np.int64(0), np.int64(0), n))
        found.append((np.int64(0), n, np.int64(0), n, np.int64(len(runs) - 1)))
        figures.append((np.float64(pair.bits_a.sum()), 1.0, _quoted(a, b)))
        return
    if accept.verbatim_chars > 0:
        p, q = (pair.matches >> 32).astype(np.int32), (pair.matches & 0xFFFFFFFF).astype(np.int32)
        exact = find_runs(a.hashes, b.hashes, a.starts, a.ends, p, q, accept.verbatim_chars)
        if len(exact) > 0:
            accept_stretches(pair, exact, _EXACT, accept, found, figures, runs)
            return
    order, bounds = split_boxes(pair.anchors, pair.side_a, pair.side_b, limits.max_gap)
    if accept.is_ordered:
        chains = find_chains(pair, order, bounds, limits.max_merge, accept)
        accept_stretches(pair, chains, _WEIGHED, accept, found, figures, runs)
    free = find_free(pair, order, bounds, limits, wide, accept.abridge_ratio)
    accept_stretches(pair, free, _WEIGHED, accept, found, figures, runs)


@kernel
def longest_run(aligned: NDArray[np.int64], a: Stream, b: Stream) -> int:
    """Count the words of the longest run of equal words of an alignment.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    a, b : Stream
        Tokens of the stretch on both sides.

    Returns
    -------
    int
        Words.
    """
    longest = length = 0
    step = np.int64(1) << 32 | 1
    for k in range(len(aligned)):
        if a.hashes[aligned[k] >> 32] != b.hashes[aligned[k] & 0xFFFFFFFF]:
            length = 0
            continue
        follows = length > 0 and aligned[k - 1] + step == aligned[k]
        length = length + 1 if follows else 1
        longest = max(longest, length)
    return longest


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
def _quoted(a: Stream, b: Stream) -> float:
    n_a = n_b = 0
    for p in range(len(a.flags)):
        n_a += (a.flags[p] & IS_QUOTED) != 0
        n_b += (b.flags[p] & IS_QUOTED) != 0
    return max(n_a, n_b) / len(a.flags)


@kernel
def _append_runs(
    aligned: NDArray[np.int64],
    a: Stream,
    b: Stream,
    p_low: int,
    q_low: int,
    runs: list[tuple[int, int, int]],
) -> None:
    """Append the maximal runs of equal words; matches are sorted by ``p``."""
    start = length = np.int64(0)
    step = np.int64(1) << 32 | 1
    for match in aligned:
        if a.hashes[match >> 32] != b.hashes[match & 0xFFFFFFFF]:
            continue
        if length > 0 and match == start + length * step:
            length += 1
            continue
        if length > 0:
            runs.append((p_low + (start >> 32), q_low + (start & 0xFFFFFFFF), length))
        start, length = match, np.int64(1)
    if length > 0:
        runs.append((p_low + (start >> 32), q_low + (start & 0xFFFFFFFF), length))
