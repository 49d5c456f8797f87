"""Two articles to a pair: their tokens, numbered and weighed together, and where they meet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.anchoring import Side, find_anchors, number_stems
from dedup.kernels.compiling import kernel

# What a function word is worth as evidence, in bits: engine measurements put it at .5 to .8.
_STOP_BITS = np.float32(0.6)


class Stream(NamedTuple):
    """Tokens of articles, as :mod:`dedup.tables.kinds` lays them out."""

    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    flags: NDArray[np.uint8]


class Pair(NamedTuple):
    """Two articles, numbered together.

    Tokens and content words of both; the tokens before which something is masked, increasing;
    the bits of all tokens, and their running totals, shape
    (n_tokens + 1,); how many stems have a common number; anchors ``i << 32 | j`` in content
    words, and the same as matches ``p << 32 | q`` in tokens, both sorted.
    """

    a: Stream
    b: Stream
    side_a: Side
    side_b: Side
    cuts_a: NDArray[np.int64]
    cuts_b: NDArray[np.int64]
    bits_a: NDArray[np.float32]
    bits_b: NDArray[np.float32]
    mass_a: NDArray[np.float64]
    mass_b: NDArray[np.float64]
    n_stems: int
    anchors: NDArray[np.int64]
    matches: NDArray[np.int64]


@kernel
def number_pair(
    a: Stream,
    b: Stream,
    cuts_a: NDArray[np.int64],
    cuts_b: NDArray[np.int64],
    idf: NDArray[np.uint8],
    window: int,
) -> Pair:
    """Prepare two articles for the search.

    Parameters
    ----------
    a, b : Stream
        Their tokens.
    cuts_a, cuts_b : ndarray of int64
        Tokens before which something is masked, increasing; no passage goes over one.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    window : int
        Content words among which two make a pair.

    Returns
    -------
    Pair
        Both articles.
    """
    side_a, side_b, n_stems = number_stems(a.stems, a.flags, b.stems, b.flags, idf)
    anchors = find_anchors(side_a, side_b, window)
    matches = np.empty(len(anchors), np.int64)
    for k in range(len(anchors)):
        i, j = anchors[k] >> 32, anchors[k] & 0xFFFFFFFF
        matches[k] = np.int64(side_a.tokens[i]) << 32 | np.int64(side_b.tokens[j])
    bits_a, bits_b = weigh(side_a, len(a.hashes)), weigh(side_b, len(b.hashes))
    mass_a, mass_b = _total(bits_a), _total(bits_b)
    return Pair(
        a,
        b,
        side_a,
        side_b,
        cuts_a,
        cuts_b,
        bits_a,
        bits_b,
        mass_a,
        mass_b,
        n_stems,
        anchors,
        matches,
    )


@kernel
def _total(bits: NDArray[np.float32]) -> NDArray[np.float64]:
    total = np.zeros(len(bits) + 1, np.float64)
    for token in range(len(bits)):
        total[token + 1] = total[token] + bits[token]
    return total


@kernel
def weigh(side: Side, n_tokens: int) -> NDArray[np.float32]:
    """Return what every token is worth as evidence.

    Parameters
    ----------
    side : Side
        Content words of an article.
    n_tokens : int
        Its tokens.

    Returns
    -------
    ndarray of float32, shape (n_tokens,)
        Bits.
    """
    bits = np.full(n_tokens, _STOP_BITS, np.float32)
    for k in range(len(side.tokens)):
        bits[side.tokens[k]] = side.bits[k]
    return bits


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
