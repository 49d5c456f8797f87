"""Two token streams to anchors: words of both sides that stand in the same company.

Content words of the two articles that have the same stem get a common number; two of them
within a window, in either order, are a pair-shingle; pairs that occur on both sides make
anchors. Positions ``i`` and ``j`` count *content* words of ``a`` and ``b``, ``p`` and ``q``
all their tokens.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_DIGIT, IS_SPACELESS, STARTS_CLAUSE

# Steps of the two sides; written out, numba would compile _number_side for each.
_A, _B = np.int64(-1), np.int64(1)
# Information of one character of a script without spaces, in bits: the table counts words.
_SPACELESS_BITS = np.float32(7.0)
# Occurrences in a times occurrences in b up to which a pair anchors each with each.
_MAX_REPEATS = 12
# Occurrences on the rarer side up to which a more frequent pair is anchored in turn.
_MAX_FEW = 2
# Content words that an article is taken to have at least, so that a brief one says something.
MIN_PLACES = 32
# What a number or a capital word inside a clause carries, as a part of its information,
# and what a capital word does that follows another.
_FACT_SHARE = np.float32(0.5)
_NAME_SHARE = np.float32(0.15)
_WHOLE = np.float32(1.0)
# Where more of the content words are capital than this, capitals do not tell a name:
# headlines, German, text all in capitals.
MAX_CAPITALS = 0.45


class Side(NamedTuple):
    """Content words of one article.

    Token index; common stem number, negative where the other side lacks it; bits; and
    whether the word is a name or a number, which follow from the facts rather than from
    the wording.
    """

    tokens: NDArray[np.int32]
    stems: NDArray[np.int32]
    bits: NDArray[np.float32]
    is_fact: NDArray[np.bool_]


@kernel
def number_stems(
    stems_a: NDArray[np.uint64],
    flags_a: NDArray[np.uint8],
    stems_b: NDArray[np.uint64],
    flags_b: NDArray[np.uint8],
    idf: NDArray[np.uint8],
) -> tuple[Side, Side, int]:
    """Give the content words of two articles common numbers by stem.

    Parameters
    ----------
    stems_a, stems_b : ndarray of uint64
        Stem hashes of all tokens.
    flags_a, flags_b : ndarray of uint8
        Their flags.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.

    Returns
    -------
    tuple of (Side, Side, int)
        Both sides, and how many stems ``b`` has: these are numbered from 0. A word of
        ``a`` that ``b`` lacks has a negative number of its own.
    """
    n_content_a = n_content_b = 0
    for flag in flags_a:
        n_content_a += (flag & IS_CONTENT) != 0
    for flag in flags_b:
        n_content_b += (flag & IS_CONTENT) != 0
    size = 16
    while size < 2 * (n_content_a + n_content_b):
        size *= 2
    keys, numbers = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    side_a, side_b = _empty_side(n_content_a), _empty_side(n_content_b)
    n_stems = _number_side(stems_b, flags_b, idf, keys, numbers, _B, side_b)
    _number_side(stems_a, flags_a, idf, keys, numbers, _A, side_a)
    localize(side_a, flags_a, side_b, flags_b, n_stems)
    return side_a, side_b, n_stems


@kernel
def _number_side(
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    idf: NDArray[np.uint8],
    keys: NDArray[np.uint64],
    numbers: NDArray[np.int32],
    step: int,
    side: Side,
) -> int:
    """Write one side; new stems get 1, 2, ... times `step` in the table, 0 is a free slot.

    A side has numbers from 0 up for the table's positive ones, and negative as they are.
    """
    mask = np.uint64(len(keys) - 1)
    n_new = at = 0
    for token in range(len(stems)):
        if not flags[token] & IS_CONTENT:
            continue
        slot = stems[token] & mask
        while numbers[slot] != 0 and keys[slot] != stems[token]:
            slot = (slot + np.uint64(1)) & mask
        if numbers[slot] == 0:
            n_new += 1
            keys[slot], numbers[slot] = stems[token], n_new * step
        number = numbers[slot]
        side.tokens[at], side.stems[at] = token, number - 1 if number > 0 else number
        side.bits[at] = information(stems[token], flags[token], idf)
        at += 1
    return n_new


@kernel
def localize(
    a: Side, flags_a: NDArray[np.uint8], b: Side, flags_b: NDArray[np.uint8], n_stems: int
) -> None:
    """Reduce information to what a match says beyond the two articles' common topic.

    That two articles on one event share a name says nothing; that they have it in the same
    place does, and all the less the more places there are. So a word carries at most
    ``-log2`` of its frequency in either article. Names and numbers follow from the facts
    rather than from the wording, so they carry a part of that; and a name of several words
    is one choice, so each capital word after a capital word carries still less.

    Parameters
    ----------
    a, b : Side
        Content words; bits and facts are changed in place.
    flags_a, flags_b : ndarray of uint8
        Flags of all tokens.
    n_stems : int
        Common stem numbers given.
    """
    # Counts by number; the negative ones of words that only a has stand at the end.
    counts = np.zeros((2, n_stems + len(a.stems) + 1), np.int64)
    for stem in a.stems:
        counts[0, stem] += 1
    for stem in b.stems:
        counts[1, stem] += 1
    caps_a, caps_b = _find_caps(counts[0], len(a.stems)), _find_caps(counts[1], len(b.stems))
    for turn in range(2):
        side = b if turn else a
        flags = flags_b if turn else flags_a
        n_capitals = 0
        for token in side.tokens:
            n_capitals += (flags[token] & IS_CAPITAL) != 0
        has_case = n_capitals < MAX_CAPITALS * len(side.tokens)
        for k in range(len(side.stems)):
            stem, token = side.stems[k], np.int64(side.tokens[k])
            cap = min(caps_a[counts[0, stem]], caps_b[counts[1, stem]])
            side.bits[k] = min(np.float64(side.bits[k]), cap)
            left = find_share(flags, token, has_case)
            side.bits[k] *= left
            side.is_fact[k] = left < 1


@kernel
def _find_caps(counts: NDArray[np.int64], n_words: int) -> NDArray[np.float64]:
    """Return the most that a word carries which an article has so often, in bits."""
    return -np.log2(np.arange(counts.max() + 1) / (n_words + MIN_PLACES))


@kernel
def find_share(flags: NDArray[np.uint8], token: int, has_case: bool) -> np.float32:
    """Return the part of its information that a word keeps: all, unless it tells a fact.

    Parameters
    ----------
    flags : ndarray of uint8, shape (n_tokens,)
        Flags of an article.
    token : int
        Which word.
    has_case : bool
        Whether its capitals tell names.

    Returns
    -------
    numpy.float32
        Less than 1 for a number or a name.
    """
    if flags[token] & IS_DIGIT:
        return _FACT_SHARE
    if not has_case or not flags[token] & IS_CAPITAL or flags[token] & STARTS_CLAUSE:
        return _WHOLE
    return _NAME_SHARE if token > 0 and flags[token - 1] & IS_CAPITAL else _FACT_SHARE


@njit(inline="always")
def _empty_side(n: int) -> Side:
    tokens, stems = np.empty(n, np.int32), np.empty(n, np.int32)
    return Side(tokens, stems, np.empty(n, np.float32), np.zeros(n, np.bool_))


@njit(inline="always")
def information(stem: np.uint64, flag: np.uint8, idf: NDArray[np.uint8]) -> np.float32:
    """Return the information of a content word, in bits."""
    if flag & IS_SPACELESS:
        return _SPACELESS_BITS
    return np.float32(idf[stem >> np.uint64(44)]) * np.float32(0.125)


@kernel
def find_anchors(a: Side, b: Side, window: int) -> NDArray[np.int64]:
    """Join the pair-shingles of two articles.

    Parameters
    ----------
    a, b : Side
        Content words, numbered together.
    window : int
        Content words among which two make a pair.

    Returns
    -------
    ndarray of int64, shape (n_anchors,)
        ``i << 32 | j``, sorted, each once: word i of ``a`` and word j of ``b`` have the
        same stem and a neighbor in common. Frequent pairs are anchored in turn, the first
        place with the first, if one side has few of them or if there is no other anchor.
    """
    # Most words of two articles stand in one of them only, and a pair of them is never met.
    common = _find_common(a, b)
    n_pairs = 0
    for j in range(len(common)):
        for other in range(j + 1, min(j + window, len(common))):
            n_pairs += _may_meet(common[j], common[other])
    size = 16
    while size < 2 * n_pairs:
        size *= 2
    keys = np.full(size, -1, np.int64)
    count_a = np.zeros(size, np.int32)
    count_b = np.zeros(size, np.int32)
    heads, tails = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    chain = np.full(n_pairs, -1, np.int32)
    firsts = np.empty(n_pairs, np.int32)
    seconds = np.empty(n_pairs, np.int32)
    n_pairs = 0
    for j in range(len(common)):
        for other in range(j + 1, min(j + window, len(common))):
            if _may_meet(common[j], common[other]):
                slot = _find_slot(keys, common[j], common[other])
                keys[slot] = _pair(common[j], common[other])
                count_b[slot] += 1
                firsts[n_pairs], seconds[n_pairs] = j, other
                if heads[slot] < 0:
                    heads[slot] = n_pairs
                else:
                    chain[tails[slot]] = n_pairs
                tails[slot] = n_pairs
                n_pairs += 1
    hits, most = _find_hits(a, window, keys, count_a, count_b)
    anchors = np.empty(most, np.int64)
    n_anchors = 0
    for turn in range(2):
        # A name that both tell often locates nothing, unless there is nothing else.
        if turn == 1 and n_anchors > 0:
            break
        for hit in range(len(hits)):
            i, other, slot = hits[hit]
            is_frequent = count_a[slot] * count_b[slot] > _MAX_REPEATS
            if is_frequent and min(count_a[slot], count_b[slot]) > _MAX_FEW and turn == 0:
                continue
            entry = heads[slot]
            if is_frequent and entry >= 0:
                heads[slot] = chain[entry]
            while entry >= 0:
                first, second = firsts[entry], seconds[entry]
                if b.stems[first] != a.stems[i]:
                    first, second = second, first
                anchors[n_anchors] = np.int64(i) << 32 | first
                anchors[n_anchors + 1] = np.int64(other) << 32 | second
                n_anchors += 2
                entry = -1 if is_frequent else chain[entry]
    return _sort_anchors(anchors[:n_anchors])


@kernel
def _find_hits(
    a: Side,
    window: int,
    keys: NDArray[np.int64],
    count_a: NDArray[np.int32],
    count_b: NDArray[np.int32],
) -> tuple[NDArray[np.int32], int]:
    """Look up the pairs of ``a`` and count them; return both words and the slot of each.

    The second result is the most anchors that they can make.
    """
    hits = np.empty((len(a.stems) * (window - 1), 3), np.int32)
    n_hits = most = 0
    for i in range(len(a.stems)):
        if a.stems[i] < 0:
            continue
        for other in range(i + 1, min(i + window, len(a.stems))):
            if not _may_meet(a.stems[i], a.stems[other]):
                continue
            slot = _find_slot(keys, a.stems[i], a.stems[other])
            if keys[slot] >= 0:
                hits[n_hits, 0], hits[n_hits, 1], hits[n_hits, 2] = i, other, slot
                n_hits += 1
                count_a[slot] += 1
                most += 2 * min(count_b[slot], _MAX_REPEATS)
    return hits[:n_hits], most


@kernel
def _sort_anchors(anchors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort anchors in place and return each once; none is far from where it belongs.

    Those of one pair of words lie among those of the pairs that begin within a window.
    """
    for k in range(1, len(anchors)):
        anchor, at = anchors[k], k
        while at > 0 and anchors[at - 1] > anchor:
            anchors[at] = anchors[at - 1]
            at -= 1
        anchors[at] = anchor
    n = 0
    for anchor in anchors:
        if n == 0 or anchors[n - 1] != anchor:
            anchors[n] = anchor
            n += 1
    return anchors[:n]


@kernel
def _find_common(a: Side, b: Side) -> NDArray[np.int32]:
    """Return the stems of ``b``, negative where ``a`` lacks them."""
    most = np.int32(-1)
    for stem in a.stems:
        most = max(most, stem)
    is_in_a = np.zeros(most + 1, np.bool_)
    for stem in a.stems:
        if stem >= 0:
            is_in_a[stem] = True
    common = np.full(len(b.stems), -1, np.int32)
    for j in range(len(common)):
        if 0 <= b.stems[j] <= most and is_in_a[b.stems[j]]:
            common[j] = b.stems[j]
    return common


@njit(inline="always")
def _may_meet(left: int, right: int) -> bool:
    return left >= 0 and right >= 0 and left != right


@njit(inline="always")
def _pair(left: int, right: int) -> np.int64:
    return np.int64(min(left, right)) << 32 | np.int64(max(left, right))


@njit(inline="always")
def _find_slot(keys: NDArray[np.int64], left: int, right: int) -> np.int64:
    """Find the slot of a pair, or the free one where it belongs."""
    key = _pair(left, right)
    mask = np.int64(len(keys) - 1)
    slot = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while keys[slot] >= 0 and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot
