"""Stretches to verdicts: what each is evidence of, and which of those that compete stands.

Stretches are counted in tokens, shape (n, 4): ``p`` from and to, ``q`` from and to, half-open.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import align_stretch, measure_alignment
from dedup.kernels.boxing import measure_box, split_boxes
from dedup.kernels.compiling import kernel
from dedup.kernels.cutting import cut_stretches
from dedup.kernels.evidence import find_floor, weigh_evidence, weigh_side
from dedup.kernels.pairing import Pair, Stream, matches_within, slice_stream
from dedup.kernels.stretching import (
    Search,
    complete_sentences,
    find_abridged,
    find_chains,
    find_free,
    snap_stretches,
)

# How a stretch was found, in the order in which the explanations are asked; two articles of
# the same words are not searched.
CHAIN, FREE, ABRIDGED, COPY = 0, 1, 2, 3
# What is said of it.
KEPT, SHORT, WEAK, BEATEN, CONTESTED = 0, 1, 2, 3, 4
# Whether every stretch of a pair is wanted, or passages only.
THOROUGH, BRIEF = np.bool_(True), np.bool_(False)
# Times the bits of anchored words that a stretch may share: stop-words add to them.
_UNANCHORED = 1.5
# Words of a run for each content word of it: more are stop-words only in a text that says nothing.
_MAX_CONTENT = 4


class Judged(NamedTuple):
    """All stretches of a pair and what is said of each.

    Tokens, shape (n, 4); how each was found; its score in bits; the verdict; the matches
    ``p << 32 | q`` of its words, counted from its start; and the bits that each needed.
    """

    stretches: NDArray[np.int64]
    origins: NDArray[np.int64]
    scores: NDArray[np.float64]
    verdicts: NDArray[np.int64]
    alignments: list[NDArray[np.int64]]
    floor: float


@kernel
def is_hopeless(
    pair: Pair, order: NDArray[np.int64], bounds: NDArray[np.int64], search: Search, floor: float
) -> bool:
    """Tell whether all that a pair anchors is too little for any passage.

    Parameters
    ----------
    pair : Pair
        Two articles.
    order, bounds : ndarray of int64
        Anchors box by box, as :func:`dedup.kernels.boxing.split_boxes` gives them.
    search : Search
        Scalars.
    floor : float
        Bits that a passage needs.

    Returns
    -------
    bool
        False where the boxes hold more, each word counted once, or one of them
        so many words that they may be a run that needs no score.
    """
    total = 0.0
    for k in range(len(bounds) - 1):
        box = order[bounds[k] : bounds[k + 1]]
        words = np.unique(box >> 32)
        if _MAX_CONTENT * len(words) >= search.min_run:
            return False
        total += pair.side_a.bits[words].sum()
    return _UNANCHORED * total < floor


@kernel
def judge_pair(pair: Pair, search: Search, is_thorough: bool) -> Judged:
    """Find the stretches of a pair and tell which of them are passages.

    Parameters
    ----------
    pair : Pair
        Two articles.
    search : Search
        Scalars.
    is_thorough : bool
        Whether stretches are also looked for where none can be a passage.

    Returns
    -------
    Judged
        Chains first, then free boxes, then abridgements, each sorted. The ends of what is
        kept are trimmed to words that no better passage claims.
    """
    floor = find_floor(len(pair.a.hashes), len(pair.b.hashes), search.min_score, search.slope)
    order, bounds = split_boxes(
        pair.anchors, pair.side_a, pair.side_b, search.max_gap, search.min_stretch
    )
    if not is_thorough and is_hopeless(pair, order, bounds, search, floor):
        order, bounds = order[:0], bounds[:1]
    chains, chain_cores = _complete(pair, find_chains(pair, order, bounds, search, floor), search)
    free, free_cores = _complete(pair, find_free(pair, order, bounds, search, floor), search)
    alignments = [np.empty(0, np.int64)]
    alignments.clear()
    stretches, cores = np.concatenate((chains, free)), np.concatenate((chain_cores, free_cores))
    scores, verdicts = _judge(pair, stretches, cores, search, floor, alignments)
    # An abridgement stands on passages found without it; most pairs have none.
    if (verdicts == KEPT).any():
        thin, thin_cores = _complete(pair, find_abridged(pair, search), search)
        thin_scores, thin_verdicts = _judge(pair, thin, thin_cores, search, floor, alignments)
        stretches = np.concatenate((stretches, thin))
        scores = np.concatenate((scores, thin_scores))
        verdicts = np.concatenate((verdicts, thin_verdicts))
    origins = np.full(len(stretches), ABRIDGED, np.int64)
    origins[: len(chains) + len(free)] = FREE
    origins[: len(chains)] = CHAIN
    judged = Judged(stretches, origins, scores, verdicts, alignments, floor)
    _compete(pair, judged, search.background)
    _settle(pair, judged, search)
    return judged


@kernel
def _complete(
    pair: Pair, stretches: NDArray[np.int64], search: Search
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    stretches = cut_stretches(pair, stretches)
    snapped, cores = snap_stretches(stretches, pair.a.flags, pair.b.flags, search.snap)
    complete_sentences(pair, snapped, search.snap)
    return snapped, cores


@kernel
def _judge(
    pair: Pair,
    stretches: NDArray[np.int64],
    cores: NDArray[np.int64],
    search: Search,
    floor: float,
    alignments: list[NDArray[np.int64]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Align and score each stretch by itself; what it shares in any order it shares in its core."""
    a, b = pair.a, pair.b
    scratch = np.zeros((3, pair.n_stems), np.float32)
    scores = np.empty(len(stretches), np.float64)
    verdicts = np.full(len(stretches), KEPT, np.int64)
    for k in range(len(stretches)):
        p, p_end, q, q_end = stretches[k]
        part_a, part_b = slice_stream(a, p, p_end), slice_stream(b, q, q_end)
        bits_a, bits_b = pair.bits_a[p:p_end], pair.bits_b[q:q_end]
        inside = matches_within(pair.matches, p, p_end, q, q_end)
        aligned = align_stretch(part_a, part_b, bits_a, inside)
        ordered, _, _ = measure_alignment(aligned, part_a, part_b, bits_a, bits_b)
        free, _, _ = measure_box(
            cores[k, 0], cores[k, 1], cores[k, 2], cores[k, 3], pair.side_a, pair.side_b, scratch
        )
        mass_a, mass_b = pair.mass_a[p_end] - pair.mass_a[p], pair.mass_b[q_end] - pair.mass_b[q]
        scores[k] = max(
            weigh_evidence(ordered, mass_a, mass_b, search.background),
            search.disorder * weigh_evidence(free, mass_a, mass_b, search.background),
        )
        chars_a = np.int64(a.ends[p_end - 1]) - np.int64(a.starts[p])
        chars_b = np.int64(b.ends[q_end - 1]) - np.int64(b.starts[q])
        if max(chars_a, chars_b) < search.min_chars:
            verdicts[k] = SHORT
        elif scores[k] < floor and longest_run(aligned, part_a, part_b) < search.min_run:
            verdicts[k] = WEAK
        alignments.append(aligned)
    return scores, verdicts


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
def _compete(pair: Pair, judged: Judged, background: float) -> None:
    """Of explanations of the same words keep the one that explains most.

    A free box stands against the chains that it meets by its score; an abridgement against
    all that it meets by what is explained of its dense side, since it leaves the other thin.
    An abridgement that meets nothing is a common subject.
    """
    stretches, origins, scores, verdicts, _, _ = judged
    scratch = np.zeros((3, pair.n_stems), np.float32)
    for k in range(len(stretches)):
        if verdicts[k] != KEPT or origins[k] == CHAIN:
            continue
        rivals = np.flatnonzero(
            (verdicts == KEPT)
            & (origins < origins[k])
            & (stretches[:, 0] < stretches[k, 1])
            & (stretches[k, 0] < stretches[:, 1])
            & (stretches[:, 2] < stretches[k, 3])
            & (stretches[k, 2] < stretches[:, 3])
        )
        worth = scores[k]
        worths = scores[rivals].sum()
        if origins[k] == ABRIDGED:
            p, p_end, q, q_end = stretches[k]
            is_a = pair.mass_a[p_end] - pair.mass_a[p] < pair.mass_b[q_end] - pair.mass_b[q]
            worth = _explain(pair, stretches[k], is_a, background, scratch)
            worths = 0.0
            for rival in rivals:
                worths += _explain(pair, stretches[rival], is_a, background, scratch)
        is_alone = len(rivals) == 0
        if is_alone and origins[k] == ABRIDGED:
            verdicts[k] = WEAK
        elif not is_alone and worth <= worths:
            verdicts[k] = BEATEN
        else:
            verdicts[rivals] = BEATEN


@kernel
def _explain(
    pair: Pair,
    stretch: NDArray[np.int64],
    is_a: bool,
    background: float,
    scratch: NDArray[np.float32],
) -> float:
    """Weigh one side of a stretch, order ignored."""
    p, p_end, q, q_end = stretch
    shared, _, _ = measure_box(p, p_end, q, q_end, pair.side_a, pair.side_b, scratch)
    mass_a, mass_b = pair.mass_a[p_end] - pair.mass_a[p], pair.mass_b[q_end] - pair.mass_b[q]
    return max(weigh_side(shared, mass_a if is_a else mass_b, background), 0.0)


@kernel
def _settle(pair: Pair, judged: Judged, search: Search) -> None:
    """Let passages claim their words, the best first, and trim the ends of the others."""
    stretches, _, scores, verdicts, alignments, _ = judged
    claimed_a = np.zeros(len(pair.a.hashes), np.bool_)
    claimed_b = np.zeros(len(pair.b.hashes), np.bool_)
    for k in np.argsort(-scores, kind="mergesort"):
        if verdicts[k] != KEPT:
            continue
        p, p_end, q, q_end = stretches[k]
        lost_a = (pair.bits_a[p:p_end] * claimed_a[p:p_end]).sum()
        lost_b = (pair.bits_b[q:q_end] * claimed_b[q:q_end]).sum()
        own_a, own_b = pair.bits_a[p:p_end].sum(), pair.bits_b[q:q_end].sum()
        is_contested = lost_a > search.max_contested * own_a
        is_contested |= lost_b > search.max_contested * own_b
        if is_contested or lost_a >= own_a or lost_b >= own_b:
            verdicts[k] = CONTESTED
            continue
        if lost_a > 0 or lost_b > 0:
            _trim(stretches[k], claimed_a, claimed_b)
            p, p_end, q, q_end = stretches[k]
            alignments[k] = align_stretch(
                slice_stream(pair.a, p, p_end),
                slice_stream(pair.b, q, q_end),
                pair.bits_a[p:p_end],
                matches_within(pair.matches, p, p_end, q, q_end),
            )
        claimed_a[p:p_end] = True
        claimed_b[q:q_end] = True


@kernel
def _trim(
    stretch: NDArray[np.int64], claimed_a: NDArray[np.bool_], claimed_b: NDArray[np.bool_]
) -> None:
    while claimed_a[stretch[0]]:
        stretch[0] += 1
    while claimed_a[stretch[1] - 1]:
        stretch[1] -= 1
    while claimed_b[stretch[2]]:
        stretch[2] += 1
    while claimed_b[stretch[3] - 1]:
        stretch[3] -= 1
