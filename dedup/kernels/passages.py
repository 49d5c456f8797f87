"""Pairs of articles to passages, for many pairs in one call.

Passages are counted in tokens here; ``dedup.stages.align`` turns them into code points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import measure_alignment
from dedup.kernels.compiling import kernel
from dedup.kernels.cutting import cuts_within
from dedup.kernels.editing import KEPT as EDIT_KEPT
from dedup.kernels.editing import append_edits
from dedup.kernels.judging import BRIEF, KEPT, Judged, judge_pair
from dedup.kernels.pairing import Pair, Stream, number_pair, slice_stream, to_array
from dedup.kernels.stretching import Search
from dedup.tables.kinds import IS_QUOTED

# Columns of the figures that align_pairs gives for each passage.
SCORE, IDENTITY, QUOTED = 0, 1, 2


@kernel
def align_pairs(
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    offsets: NDArray[np.int64],
    cuts: NDArray[np.int64],
    tokens: Stream,
    idf: NDArray[np.uint8],
    search: Search,
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
    search : Search
        Scalars.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64, ndarray of int64)
        Passages before each pair, shape (n_pairs + 1,); the passages, shape (n, 5): ``p``
        from and to, ``q`` from and to, half-open, counted from the start of the article,
        and one past the last edit; their score, identity and quoted share, shape (n, 3);
        and edits, shape (n_edits, 5), see :func:`dedup.kernels.editing.append_edits`.
    """
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    figures = [(0.0, 0.0, 0.0)]
    edits = [(EDIT_KEPT, np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    bounds = np.zeros(len(firsts) + 1, np.int64)
    for k in range(len(firsts)):
        a = slice_stream(tokens, offsets[firsts[k]], offsets[firsts[k] + 1])
        b = slice_stream(tokens, offsets[seconds[k]], offsets[seconds[k] + 1])
        if len(a.hashes) > 0 and len(b.hashes) > 0:
            cuts_a = cuts_within(cuts, offsets[firsts[k]], offsets[firsts[k] + 1])
            cuts_b = cuts_within(cuts, offsets[seconds[k]], offsets[seconds[k] + 1])
            pair = number_pair(a, b, cuts_a, cuts_b, idf, search.window)
            if is_copy(pair):
                append_copy(pair, found, figures, edits)
            else:
                judged = judge_pair(pair, search, BRIEF)
                for number in np.flatnonzero(judged.verdicts == KEPT):
                    append_stretch(pair, judged, number, found, figures, edits)
        bounds[k + 1] = len(found) - 1
    return bounds, to_array(found), to_array(figures), to_array(edits)


@kernel
def is_copy(pair: Pair) -> bool:
    """Tell whether two articles have the same words, and nothing masked among them."""
    is_whole = len(pair.cuts_a) == 0 and len(pair.cuts_b) == 0
    return is_whole and np.array_equal(pair.a.hashes, pair.b.hashes)


@kernel
def append_copy(
    pair: Pair,
    found: list[tuple[int, int, int, int, int]],
    figures: list[tuple[float, float, float]],
    edits: list[tuple[int, int, int, int, int]],
) -> None:
    """Append two articles of the same words as one passage, see :func:`align_pairs`."""
    n = np.int64(len(pair.a.hashes))
    edits.append((EDIT_KEPT, np.int64(0), n, np.int64(0), n))
    found.append((np.int64(0), n, np.int64(0), n, np.int64(len(edits) - 1)))
    figures.append((np.float64(pair.bits_a.sum()), 1.0, _quoted(pair.a, pair.b)))


@kernel
def append_stretch(
    pair: Pair,
    judged: Judged,
    number: int,
    found: list[tuple[int, int, int, int, int]],
    figures: list[tuple[float, float, float]],
    edits: list[tuple[int, int, int, int, int]],
) -> None:
    """Append a stretch as the passage that it is or would be, see :func:`align_pairs`."""
    p, p_end, q, q_end = judged.stretches[number]
    part_a, part_b = slice_stream(pair.a, p, p_end), slice_stream(pair.b, q, q_end)
    aligned = judged.alignments[number]
    _, identity, quoted = measure_alignment(
        aligned, part_a, part_b, pair.bits_a[p:p_end], pair.bits_b[q:q_end]
    )
    append_edits(aligned, part_a, part_b, p, q, edits)
    found.append((p, p_end, q, q_end, np.int64(len(edits) - 1)))
    figures.append((judged.scores[number], identity, quoted))


@kernel
def _quoted(a: Stream, b: Stream) -> float:
    n_a = n_b = 0
    for p in range(len(a.flags)):
        n_a += (a.flags[p] & IS_QUOTED) != 0
        n_b += (b.flags[p] & IS_QUOTED) != 0
    return max(n_a, n_b) / len(a.flags)
