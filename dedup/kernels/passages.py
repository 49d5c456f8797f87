"""Pairs of articles to passages: stretches are found, snapped, aligned and scored.

Two kinds of evidence make a stretch: words in the same order (a chain of matches that is
split where it stops paying), and words in any order inside a box. Where the first finds a
passage, the second adds nothing. Passages are counted in tokens here; ``dedup.stages.align``
turns them into code points.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.aligning import (
    Stream,
    align_stretch,
    measure_alignment,
    snap,
    split_alignment,
    weigh,
)
from dedup.kernels.anchoring import Side, find_anchors, find_runs, number_stems
from dedup.kernels.boxing import Limits, find_boxes, measure_box, merge_boxes, split_boxes
from dedup.kernels.tokenizing import IS_CONTENT, IS_QUOTED, STARTS_SENTENCE

# Columns of the figures that align_pairs gives for each passage.
SCORE, IDENTITY, QUOTED = 0, 1, 2
# Times that a box is chained anew without the words that are already in a chain.
_MAX_MOVES = 3
# Two stretches in order are one passage if together they score at least this part of the sum.
_MIN_WORTH = 0.95


class Acceptance(NamedTuple):
    """Scalars that decide what is reported, see ``dedup.params.AcceptParams``."""

    window: int
    is_ordered: bool
    chain_mismatch: float
    chain_drop: float
    min_chain: float
    disorder: float
    min_wording: int
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


@njit(inline="always")
def _slice(stream: Stream, low: int, high: int) -> Stream:
    return Stream(
        stream.hashes[low:high],
        stream.stems[low:high],
        stream.starts[low:high],
        stream.ends[low:high],
        stream.flags[low:high],
    )


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def find_chains(pair: Pair, max_gap: int, max_merge: int, accept: Acceptance) -> NDArray[np.int64]:
    """Find the stretches whose words stand in the same order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    max_gap : int
        Tokens between two neighboring anchors of a box.
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
    order, bounds = split_boxes(pair.anchors, pair.side_a, pair.side_b, max_gap)
    for k in range(len(bounds) - 1):
        i, j = order[bounds[k] : bounds[k + 1]] >> 32, order[bounds[k] : bounds[k + 1]] & 0xFFFFFFFF
        p_low, p_high = pair.side_a.tokens[i.min()], pair.side_a.tokens[i.max()] + 1
        q_low, q_high = pair.side_b.tokens[j.min()], pair.side_b.tokens[j.max()] + 1
        bits_a, bits_b = pair.bits_a[p_low:p_high], pair.bits_b[q_low:q_high]
        part_a, part_b = _slice(pair.a, p_low, p_high), _slice(pair.b, q_low, q_high)
        inside = _within(pair.matches, p_low, p_high, q_low, q_high)
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
    return _to_array(found[:1] + rows)


@njit(cache=True, nogil=True)
def find_free(pair: Pair, limits: Limits, wide: Limits, abridge_ratio: float) -> NDArray[np.int64]:
    """Find the stretches that share words in any order.

    Parameters
    ----------
    pair : Pair
        Two articles.
    limits, wide : Limits
        Scalars of the search, and those for an abridgement.
    abridge_ratio : float
        How many times longer one side must be to be an abridgement; 0 for never.

    Returns
    -------
    ndarray of int64, shape (n, 4)
        As :func:`find_chains`; only the abridgement, if there is one.
    """
    boxes = find_boxes(pair.anchors, pair.side_a, pair.side_b, pair.n_stems, limits)
    if abridge_ratio > 0:
        for box in find_boxes(pair.anchors, pair.side_a, pair.side_b, pair.n_stems, wide):
            len_a, len_b = box[1] - box[0], box[3] - box[2]
            if max(len_a, len_b) >= abridge_ratio * min(len_a, len_b):
                boxes = box.copy().reshape(1, 4)
                break
    return boxes


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def complete_sentences(pair: Pair, stretches: NDArray[np.int64], max_words: int) -> None:
    """Move both sides of an end to the sentence boundary, if what is added shares a word.

    Parameters
    ----------
    pair : Pair
        Two articles.
    stretches : ndarray of int64, shape (n, 4)
        Tokens; changed in place.
    max_words : int
        Words that an end may move.
    """
    for stretch in stretches:
        p = _sentence_start(pair.a.flags, stretch[0], max_words)
        q = _sentence_start(pair.b.flags, stretch[2], max_words)
        if _share_word(pair, p, stretch[0], q, stretch[2]):
            stretch[0], stretch[2] = p, q
        p = _sentence_end(pair.a.flags, stretch[1], max_words)
        q = _sentence_end(pair.b.flags, stretch[3], max_words)
        if _share_word(pair, stretch[1], p, stretch[3], q):
            stretch[1], stretch[3] = p, q


@njit(cache=True, nogil=True)
def _sentence_start(flags: NDArray[np.uint8], at: int, max_words: int) -> int:
    for start in range(at, max(at - max_words, 0) - 1, -1):
        if start == 0 or flags[start] & STARTS_SENTENCE:
            return start
    return at


@njit(cache=True, nogil=True)
def _sentence_end(flags: NDArray[np.uint8], at: int, max_words: int) -> int:
    for end in range(at, min(at + max_words, len(flags)) + 1):
        if end == len(flags) or flags[end] & STARTS_SENTENCE:
            return end
    return at


@njit(cache=True, nogil=True)
def _share_word(pair: Pair, p: int, p_end: int, q: int, q_end: int) -> bool:
    for i in range(p, p_end):
        if pair.a.flags[i] & IS_CONTENT:
            for j in range(q, q_end):
                if pair.a.stems[i] == pair.b.stems[j]:
                    return True
    return False


@njit(cache=True, nogil=True)
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
        if max(chars_a, chars_b) < accept.min_chars or n_types[k] < accept.min_wording:
            continue
        is_met = False
        for other in found[:n_before]:
            is_met |= (
                p_low < other[1] and other[0] < p_high and q_low < other[3] and other[2] < q_high
            )
        if is_met:
            continue
        part_a, part_b = _slice(a, p_low, p_high), _slice(b, q_low, q_high)
        inside = _within(pair.matches, p_low, p_high, q_low, q_high)
        bits_a, bits_b = pair.bits_a[p_low:p_high], pair.bits_b[q_low:q_high]
        aligned = align_stretch(part_a, part_b, bits_a, inside)
        score, identity, quoted = measure_alignment(aligned, part_a, part_b, bits_a, bits_b)
        score = max(score, accept.disorder * scores[k])
        if is_exact or score >= accept.min_score:
            _append_runs(aligned, part_a, part_b, p_low, q_low, runs)
            found.append((p_low, p_high, q_low, q_high, np.int64(len(runs) - 1)))
            figures.append((score, identity, quoted))


@njit(cache=True, nogil=True)
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
        and runs of equal words, shape (n_runs, 3): ``p``, ``q`` and length.
    """
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    figures = [(0.0, 0.0, 0.0)]
    runs = [(np.int64(0), np.int64(0), np.int64(0))]
    bounds = np.zeros(len(firsts) + 1, np.int64)
    for k in range(len(firsts)):
        own, own_figures = found[:0], figures[:0]
        a = _slice(tokens, offsets[firsts[k]], offsets[firsts[k] + 1])
        b = _slice(tokens, offsets[seconds[k]], offsets[seconds[k] + 1])
        if len(a.hashes) > 0 and len(b.hashes) > 0:
            align_pair(
                number_pair(a, b, idf, accept.window), limits, wide, accept, own, own_figures, runs
            )
        found.extend(own)
        figures.extend(own_figures)
        bounds[k + 1] = len(found) - 1
    return bounds, _to_array(found), _to_array(figures), _to_array(runs)


@njit(cache=True, nogil=True)
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
            accept_stretches(pair, exact, True, accept, found, figures, runs)
            return
    if accept.is_ordered:
        chains = find_chains(pair, limits.max_gap, limits.max_merge, accept)
        accept_stretches(pair, chains, False, accept, found, figures, runs)
    free = find_free(pair, limits, wide, accept.abridge_ratio)
    accept_stretches(pair, free, False, accept, found, figures, runs)


@njit(cache=True, nogil=True)
def _to_array(rows):  # type: ignore[no-untyped-def]
    """Pack tuples into an array, without the first, which only tells their type."""
    array = np.full((len(rows) - 1, len(rows[0])), rows[0][0])
    for k in range(1, len(rows)):
        for column in range(len(rows[0])):
            array[k - 1, column] = rows[k][column]
    return array


@njit(cache=True, nogil=True)
def _quoted(a: Stream, b: Stream) -> float:
    n_a = n_b = 0
    for p in range(len(a.flags)):
        n_a += (a.flags[p] & IS_QUOTED) != 0
        n_b += (b.flags[p] & IS_QUOTED) != 0
    return max(n_a, n_b) / len(a.flags)


@njit(cache=True, nogil=True)
def _within(
    matches: NDArray[np.int64], p_low: int, p_high: int, q_low: int, q_high: int
) -> NDArray[np.int64]:
    """Take the matches inside a stretch, counted from its start."""
    first = np.searchsorted(matches, np.int64(p_low) << 32)
    last = np.searchsorted(matches, np.int64(p_high) << 32)
    inside = matches[first:last]
    q = inside & 0xFFFFFFFF
    return inside[(q >= q_low) & (q < q_high)] - (np.int64(p_low) << 32 | q_low)


@njit(cache=True, nogil=True)
def _append_runs(
    aligned: NDArray[np.int64],
    a: Stream,
    b: Stream,
    p_low: int,
    q_low: int,
    runs: list[tuple[int, int, int]],
) -> None:
    """Append the maximal runs of equal words of an alignment."""
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
