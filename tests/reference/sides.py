"""Makes the arrays that the kernels of a pair take, from plain lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dedup import tables
from dedup.kernels.anchoring import Side
from dedup.kernels.pairing import Pair, Stream, number_pair, slice_stream
from dedup.stages.tokenize import tokenize
from dedup.tables.kinds import IS_CONTENT


def side(
    stems: Sequence[int],
    bits: Sequence[float] | None = None,
    tokens: Sequence[int] | None = None,
    is_fact: Sequence[bool] | None = None,
) -> Side:
    """Content words, one bit each and without gaps unless told otherwise."""
    n = len(stems)
    return Side(
        np.array(range(n) if tokens is None else tokens, np.int32),
        np.array(stems, np.int32),
        np.array([1.0] * n if bits is None else bits, np.float32),
        np.array([False] * n if is_fact is None else is_fact, np.bool_),
    )


def stream(
    hashes: Sequence[int], flags: Sequence[int] | None = None, stems: Sequence[int] | None = None
) -> Stream:
    """Tokens of one character each, content words unless told otherwise."""
    places = np.arange(len(hashes), dtype=np.uint32)
    return Stream(
        np.array(hashes, np.uint64),
        np.array(hashes if stems is None else stems, np.uint64),
        places,
        places + 1,
        np.array([IS_CONTENT] * len(hashes) if flags is None else flags, np.uint8),
    )


def pair(
    stems_a: Sequence[int],
    stems_b: Sequence[int],
    bits: Mapping[int, float] | None = None,
    anchors: Sequence[tuple[int, int]] = (),
) -> Pair:
    """Two articles of content words alone; a stem carries the same bits everywhere, or one."""
    a, b = ([(bits or {}).get(stem, 1.0) for stem in stems] for stems in (stems_a, stems_b))
    totals = (np.concatenate([[0.0], np.cumsum(one)]) for one in (a, b))
    nothing = np.empty(0, np.int64)
    return Pair(
        stream([stem + (1 << 32) for stem in stems_a]),
        stream([stem + (1 << 32) for stem in stems_b]),
        side(stems_a, a),
        side(stems_b, b),
        nothing,
        nothing,
        np.array(a, np.float32),
        np.array(b, np.float32),
        *totals,
        max([*stems_a, *stems_b, -1]) + 1,
        pack(anchors),
        pack(anchors),
    )


def number(texts: tuple[str, str], window: int = 4) -> Pair:
    """Two articles as the search sees them."""
    tokens = tokenize(texts)
    whole = Stream(tokens.hashes, tokens.stems, tokens.starts, tokens.ends, tokens.flags)
    low, middle, high = tokens.offsets
    a, b = slice_stream(whole, low, middle), slice_stream(whole, middle, high)
    nothing = np.empty(0, np.int64)
    return number_pair(a, b, nothing, nothing, tables.idf(), window)


def pack(matches: Sequence[tuple[int, int]]) -> np.ndarray:
    """Matches as the kernels pass them: one in the upper half, one in the lower."""
    return np.array([left << 32 | right for left, right in matches], np.int64)


def unpack(matches: np.ndarray) -> list[tuple[int, int]]:
    return [(match >> 32, match & 0xFFFFFFFF) for match in matches.tolist()]
