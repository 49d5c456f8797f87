"""One pair of articles to all that decided on it: anchors, boxes, and every stretch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.boxing import split_boxes, sum_anchors
from dedup.kernels.compiling import kernel
from dedup.kernels.cutting import cuts_within
from dedup.kernels.editing import KEPT as EDIT_KEPT
from dedup.kernels.judging import COPY, KEPT, THOROUGH, Judged, judge_pair, longest_run
from dedup.kernels.pairing import Pair, Stream, number_pair, slice_stream, to_array
from dedup.kernels.passages import append_copy, append_stretch, is_copy
from dedup.kernels.stretching import Search

# Boxes are told of that are too little to be looked at.
_ANY_BITS = np.float64(0.0)


class Explained(NamedTuple):
    """What was found of a pair, and what was said of it.

    Parameters
    ----------
    n_anchors : int
        Words of both articles that correspond.
    boxes : ndarray of float64, shape (n_boxes,)
        Bits of the anchors of each box.
    floor : float
        Bits that a passage needs; none if both have the same words.
    stretches : ndarray of int64, shape (n, 5)
        ``p`` from and to, ``q`` from and to, and one past the last edit.
    figures : ndarray of float64, shape (n, 3)
        Columns as those of :func:`dedup.kernels.passages.align_pairs`.
    edits : ndarray of int64, shape (n_edits, 5)
        As those of :func:`dedup.kernels.editing.append_edits`.
    origins, verdicts : ndarray of int64, shape (n,)
        Codes of :mod:`dedup.kernels.judging`.
    longest, chars : ndarray of int64, shape (n,)
        Words of the longest aligned run, and code points of the longer side.
    claimed : ndarray of float64, shape (n,)
        Part of a stretch, on the side where it is more, that better passages claim.
    """

    n_anchors: int
    boxes: NDArray[np.float64]
    floor: float
    stretches: NDArray[np.int64]
    figures: NDArray[np.float64]
    edits: NDArray[np.int64]
    origins: NDArray[np.int64]
    verdicts: NDArray[np.int64]
    longest: NDArray[np.int64]
    chars: NDArray[np.int64]
    claimed: NDArray[np.float64]


@kernel
def explain_pair(
    first: int,
    second: int,
    offsets: NDArray[np.int64],
    cuts: NDArray[np.int64],
    tokens: Stream,
    idf: NDArray[np.uint8],
    search: Search,
) -> Explained:
    """Align a pair and keep what is said of every stretch.

    Parameters
    ----------
    first, second : int
        Articles ``a`` and ``b``, of at least one token each.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    cuts : ndarray of int64, shape (n_cuts,)
        Tokens before which something is masked, increasing.
    tokens : Stream
        Tokens of all articles.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    search : Search
        Scalars.

    Returns
    -------
    Explained
        What is kept of its stretches are the passages of the pair, in the same order.
    """
    a = slice_stream(tokens, offsets[first], offsets[first + 1])
    b = slice_stream(tokens, offsets[second], offsets[second + 1])
    cuts_a = cuts_within(cuts, offsets[first], offsets[first + 1])
    cuts_b = cuts_within(cuts, offsets[second], offsets[second + 1])
    pair = number_pair(a, b, cuts_a, cuts_b, idf, search.window)
    order, bounds = split_boxes(pair.anchors, pair.side_a, pair.side_b, search.max_gap, _ANY_BITS)
    boxes = np.empty(len(bounds) - 1, np.float64)
    for k in range(len(boxes)):
        boxes[k] = sum_anchors(order[bounds[k] : bounds[k + 1]], pair.side_a, pair.side_b)
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    figures = [(0.0, 0.0, 0.0)]
    edits = [(EDIT_KEPT, np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    if is_copy(pair):
        append_copy(pair, found, figures, edits)
        floor = 0.0
        origins, verdicts = np.full(1, COPY, np.int64), np.full(1, KEPT, np.int64)
        longest, claimed = np.full(1, len(a.hashes), np.int64), np.zeros(1, np.float64)
    else:
        judged = judge_pair(pair, search, THOROUGH)
        for number in range(len(judged.verdicts)):
            append_stretch(pair, judged, number, found, figures, edits)
        floor, origins, verdicts = judged.floor, judged.origins, judged.verdicts
        longest, claimed = _measure_runs(pair, judged), _measure_claims(pair, judged)
    stretches = to_array(found)
    return Explained(
        len(pair.anchors),
        boxes,
        floor,
        stretches,
        to_array(figures),
        to_array(edits),
        origins,
        verdicts,
        longest,
        _measure_chars(pair, stretches),
        claimed,
    )


@kernel
def _measure_runs(pair: Pair, judged: Judged) -> NDArray[np.int64]:
    longest = np.empty(len(judged.verdicts), np.int64)
    for k in range(len(longest)):
        p, p_end, q, q_end = judged.stretches[k]
        part_a, part_b = slice_stream(pair.a, p, p_end), slice_stream(pair.b, q, q_end)
        longest[k] = longest_run(judged.alignments[k], part_a, part_b)
    return longest


@kernel
def _measure_chars(pair: Pair, stretches: NDArray[np.int64]) -> NDArray[np.int64]:
    chars = np.empty(len(stretches), np.int64)
    for k in range(len(stretches)):
        p, p_end, q, q_end, _ = stretches[k]
        chars_a = np.int64(pair.a.ends[p_end - 1]) - np.int64(pair.a.starts[p])
        chars_b = np.int64(pair.b.ends[q_end - 1]) - np.int64(pair.b.starts[q])
        chars[k] = max(chars_a, chars_b)
    return chars


@kernel
def _measure_claims(pair: Pair, judged: Judged) -> NDArray[np.float64]:
    """Tell what each stretch found claimed when its turn came, the best first."""
    claimed = np.zeros(len(judged.verdicts), np.float64)
    is_claimed_a = np.zeros(len(pair.a.hashes), np.bool_)
    is_claimed_b = np.zeros(len(pair.b.hashes), np.bool_)
    for k in np.argsort(-judged.scores, kind="mergesort"):
        p, p_end, q, q_end = judged.stretches[k]
        if judged.verdicts[k] == KEPT:
            is_claimed_a[p:p_end] = True
            is_claimed_b[q:q_end] = True
            continue
        bits_a, bits_b = pair.bits_a[p:p_end], pair.bits_b[q:q_end]
        claimed[k] = max(
            (bits_a * is_claimed_a[p:p_end]).sum() / bits_a.sum(),
            (bits_b * is_claimed_b[q:q_end]).sum() / bits_b.sum(),
        )
    return claimed
