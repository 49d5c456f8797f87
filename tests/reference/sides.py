"""Makes the arrays that the core takes of a pair, from plain lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dedup import _core
from dedup.text import tables
from dedup.text.tables.kinds import IS_CONTENT
from dedup.text.tokenize import tokenize

NOTHING = np.empty(0, np.int64)


class Stream(NamedTuple):
    """Tokens of one article."""

    hashes: np.ndarray
    stems: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    flags: np.ndarray


class Side(NamedTuple):
    """Content words: token, number of the stem or -1, bits, and whether it is a fact."""

    tokens: np.ndarray
    stems: np.ndarray
    bits: np.ndarray
    is_fact: np.ndarray


class Pair(NamedTuple):
    """Two articles; cuts are tokens before which something is masked."""

    a: Stream
    b: Stream
    side_a: Side
    side_b: Side
    cuts_a: np.ndarray = NOTHING
    cuts_b: np.ndarray = NOTHING
    anchors: np.ndarray = NOTHING


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
        places + np.uint32(1),
        np.array([IS_CONTENT] * len(hashes) if flags is None else flags, np.uint8),
    )


def pair_of(
    a: Side,
    b: Side,
    anchors: Sequence[tuple[int, int]] = (),
    n_tokens: tuple[int, int] | None = None,
) -> Pair:
    """Content words, and of other tokens only that there are some: each is a word by itself."""
    n_a, n_b = n_tokens or (max(one.tokens.tolist(), default=-1) + 1 for one in (a, b))
    streams = stream(range(n_a), [0] * n_a), stream(range(n_a, n_a + n_b), [0] * n_b)
    for one, words in zip(streams, (a, b), strict=True):
        one.flags[words.tokens] = IS_CONTENT
        is_common = words.stems >= 0
        one.stems[words.tokens[is_common]] = words.stems[is_common].astype(np.uint64) + 2**32
    return Pair(*streams, a, b, anchors=pack(anchors))


def pair(
    stems_a: Sequence[int],
    stems_b: Sequence[int],
    bits: Mapping[int, float] | None = None,
    anchors: Sequence[tuple[int, int]] = (),
) -> Pair:
    """Two articles of content words alone; a stem carries the same bits everywhere, or one."""
    a, b = ([(bits or {}).get(stem, 1.0) for stem in stems] for stems in (stems_a, stems_b))
    return pair_of(side(stems_a, a), side(stems_b, b), anchors)


def streams(texts: tuple[str, str]) -> tuple[Stream, Stream]:
    """Tokens of two articles."""
    tokens = tokenize(texts)
    low, middle, high = tokens.offsets
    first, second = (
        Stream(*(column[part].copy() for column in tokens.columns))
        for part in (slice(low, middle), slice(middle, high))
    )
    return first, second


def arrange(tokens: Sequence[tuple[int, int, int]]) -> Stream:
    """Tokens of (hash, stem, flags) of six characters each; the stems differ in their top bits,
    so that a table of frequencies can tell them apart."""
    columns = list(zip(*tokens, strict=True)) or [(), (), ()]
    starts = np.arange(0, 7 * len(tokens), 7, dtype=np.uint32)
    return Stream(
        np.array(columns[0], np.uint64),
        np.array(columns[1], np.uint64) << np.uint64(44),
        starts,
        starts + np.uint32(6),
        np.array(columns[2], np.uint8),
    )


def number_streams(a: Stream, b: Stream, idf: np.ndarray, window: int = 4) -> Pair:
    """Two articles as the search sees them."""
    side_a, side_b, _ = _core.number_pair(a, b, idf)
    anchors = _core.find_anchors(side_a, side_b, window)
    return Pair(a, b, Side(*side_a), Side(*side_b), anchors=anchors)


def number(texts: tuple[str, str], window: int = 4) -> Pair:
    """Two articles as the search sees them."""
    return number_streams(*streams(texts), tables.idf(), window)


def bag(words: Side, number: int) -> list[tuple[int, float]]:
    """Stem and bits of each word; of one that the other side lacks, a number that is not there."""
    stems = words.stems.tolist()
    own = [stem if stem >= 0 else -2 * at - number - 1 for at, stem in enumerate(stems)]
    return list(zip(own, words.bits.tolist(), strict=True))


def pack(matches: Sequence[tuple[int, int]]) -> np.ndarray:
    """Matches as the core passes them: one in the upper half, one in the lower."""
    return np.array([left << 32 | right for left, right in matches], np.int64)


def unpack(matches: np.ndarray) -> list[tuple[int, int]]:
    return [(match >> 32, match & 0xFFFFFFFF) for match in matches.tolist()]


def rows(stretches: Sequence[Sequence[int]]) -> np.ndarray:
    """Stretches as the core passes them."""
    return np.array(stretches, np.int64).reshape(-1, 4)
