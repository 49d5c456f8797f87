"""Tokens to what the aligner asks of them: stems, flags, spans in code points.

Layout of the output, one entry a token, articles one after the other: ``hashes`` uint64,
XXH64 of the folded token; ``stems`` uint64, the same of its stem; ``starts`` and ``ends``
uint32, half-open, code points of the article's own text; ``flags`` uint8, bits of
:mod:`dedup.kernels.tokenizing`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import avalanche, combine, hash_short
from dedup.kernels.intrinsics import load_word
from dedup.kernels.stemming import stem_length
from dedup.kernels.tokenizing import (
    APOSTROPHE,
    CLAUSE,
    CLOSE_QUOTE,
    DESCRIBED,
    DIGIT,
    FULL_STOP,
    IGNORABLE,
    IS_CAPITAL,
    IS_CONTENT,
    IS_QUOTED,
    IS_SPACELESS,
    IS_STOP,
    LETTER,
    LONG,
    LOWER,
    NEWLINE,
    OPEN_QUOTE,
    SPACE,
    STARTS_CLAUSE,
    STARTS_SENTENCE,
    STRAIGHT_QUOTE,
    TERMINATOR,
    Folding,
    Words,
    decode,
    find_words,
    hash_words,
    mask_bytes,
)

# Sentence boundaries that may lie since the last token, weakest first: a full stop counts if
# white space and no small letter follow, a line break if no small letter does.
_NONE, _STOP, _LINE, _SENTENCE = 0, 1, 2, 3
_HIGH_BITS = np.uint64(0x8080808080808080)
_MEMORY_MASK = np.uint64((1 << 12) - 1)


class Marked(NamedTuple):
    """Tokens of a batch; see the head of this module."""

    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    flags: NDArray[np.uint8]


class Memory(NamedTuple):
    """What is known of words of this batch, at the low bits of their hashes."""

    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    is_stop: NDArray[np.bool_]


@kernel
def mark_articles(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    stops: NDArray[np.uint64],
    words: Words,
    marked: Marked,
    counts: NDArray[np.int64],
) -> int:
    """Tokenize a batch of articles.

    Parameters
    ----------
    text : ndarray of uint8, shape (at least offsets[-1] + PADDING,)
        The articles' UTF-8, one after the other; surrogates may stand as three bytes.
    offsets : ndarray of int64, shape (n + 1,)
        Bytes before each article.
    folding : Folding
        The frozen folding table.
    stops : ndarray of uint64, power-of-two shape
        Open-addressing table of the hashes of stop-words, 0 where free.
    words : Words
        Room for any one article; what is in it afterwards means nothing.
    marked : Marked
        Written; each array of shape (at least offsets[-1] // 2 + n,).
    counts : ndarray of int64, shape (n,)
        Written: tokens of each article.

    Returns
    -------
    int
        Tokens written.
    """
    n_known = np.int64(_MEMORY_MASK) + 1
    memory = Memory(
        np.zeros(n_known, np.uint64), np.empty(n_known, np.uint64), np.zeros(n_known, np.bool_)
    )
    # An entry that no hash finds: not even 0, which would otherwise be known from the start.
    memory.hashes[0] = 1
    total = 0
    for article in range(len(offsets) - 1):
        first, end = offsets[article], offsets[article + 1]
        n, is_ascii = find_words(text, first, end, folding, words, DESCRIBED)
        hashes = marked.hashes[total : total + n]
        hash_words(words.heads, words.tails, words.sizes, hashes)
        stems, flags = marked.stems[total : total + n], marked.flags[total : total + n]
        _mark_places(text, first, end, folding, words, flags)
        _mark_stems(words, hashes, stops, memory, stems, flags)
        starts, ends = marked.starts[total : total + n], marked.ends[total : total + n]
        _count_points(text, first, is_ascii, words, starts, ends)
        counts[article] = n
        total += n
    return total


@kernel
def _mark_places(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    folding: Folding,
    words: Words,
    flags: NDArray[np.uint8],
) -> None:
    """Set what a token is by itself, and what by what stands before it."""
    in_double = in_single = False
    is_abbreviation = False  # whether the last token looks like "Mr" or an initial
    gap = first
    for word in range(len(flags)):
        start = words.starts[word]
        flag = words.flags[word]
        # One space is by far the most frequent gap, and says nothing.
        if word == 0 or start - gap != 1 or text[gap] != 0x20:
            boundary, is_clause, in_double, in_single = _read_gap(
                text, gap, start, end, folding, word == 0, in_double, in_single
            )
            if boundary == _SENTENCE or (
                (boundary == _LINE or (boundary == _STOP and not is_abbreviation))
                and _kind(text, start, end, folding) != LOWER
            ):
                flag |= STARTS_SENTENCE | STARTS_CLAUSE
            elif is_clause:
                flag |= STARTS_CLAUSE
        if in_double or in_single:
            flag |= IS_QUOTED
        flags[word] = flag
        is_abbreviation = flag & IS_CAPITAL != 0 and words.points[word] <= 3
        gap = words.ends[word]


@njit(inline="always")
def _read_gap(
    text: NDArray[np.uint8],
    at: int,
    stop: int,
    end: int,
    folding: Folding,
    is_first: bool,
    in_double: bool,
    in_single: bool,
) -> tuple[int, bool, bool, bool]:
    """Read what stands between two tokens.

    Return what boundary lies there, whether a clause mark or a quotation mark does, and
    whether a quotation in double and in single marks is open after it.
    """
    boundary = _SENTENCE if is_first else _NONE
    is_clause = False
    n_lines = 0
    is_spaced = True  # whether white space follows the last full stop
    previous = NEWLINE if is_first else LETTER
    while at < stop:
        code, width = decode(load_word(text, at), end - at)
        kind = _kind_of(code, folding.pages, folding.kinds)
        at += width
        if kind == IGNORABLE:
            continue
        if kind == SPACE:
            is_spaced = True
        elif kind == NEWLINE:
            n_lines += 1
            boundary = _SENTENCE if n_lines > 1 else max(boundary, _LINE)
            is_spaced, in_double, in_single = True, False, False
        elif kind == TERMINATOR:
            boundary = _SENTENCE
        elif kind == FULL_STOP:
            boundary, is_spaced = max(boundary, _STOP), False
        elif kind == CLAUSE:
            is_clause = True
        elif kind in (OPEN_QUOTE, CLOSE_QUOTE):
            is_clause, in_double = True, kind == OPEN_QUOTE
        elif kind == STRAIGHT_QUOTE:
            # Tight on both sides it may be either: then it is the other of the last.
            if _kind(text, at, end, folding) in (SPACE, NEWLINE):
                in_double = False
            else:
                in_double = previous in (SPACE, NEWLINE) or not in_double
            is_clause = True
        elif kind == APOSTROPHE:
            following = _kind(text, at, end, folding)
            if previous < FULL_STOP:
                # '90s opens no quotation.
                opens = following >= LETTER and following != DIGIT
                in_single |= opens
                is_clause |= opens
            elif in_single and following < LETTER:
                is_clause, in_single = True, False
        previous = kind
    if boundary == _STOP and not is_spaced:
        boundary = _NONE
    return boundary, is_clause, in_double, in_single


@kernel
def _kind(text: NDArray[np.uint8], at: int, end: int, folding: Folding) -> int:
    if at >= end:
        return NEWLINE
    code, _ = decode(load_word(text, at), end - at)
    return _kind_of(code, folding.pages, folding.kinds)


@kernel
def _kind_of(code: int, pages: NDArray[np.uint16], kinds: NDArray[np.uint8]) -> int:
    return np.int64(kinds[np.int64(pages[code >> 8]) << 8 | code & 0xFF])


@kernel
def _mark_stems(
    words: Words,
    hashes: NDArray[np.uint64],
    stops: NDArray[np.uint64],
    memory: Memory,
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
) -> None:
    """Tell stop-words from content words and hash the stems."""
    for word in range(len(hashes)):
        value, flag = hashes[word], flags[word]
        if flag & IS_SPACELESS:
            stems[word] = value
            if word and flags[word - 1] & IS_SPACELESS:
                if words.starts[word] == words.ends[word - 1]:
                    stems[word] = avalanche(combine(hashes[word - 1], value))
            continue
        # What a word is asked it is asked again: news says most words many times.
        slot = value & _MEMORY_MASK
        if memory.hashes[slot] != value:
            memory.hashes[slot] = value
            memory.is_stop[slot] = _contains(stops, value)
            memory.stems[slot] = _hash_stem(words, word, value)
        is_stop = memory.is_stop[slot]
        flag = flag & ~IS_CONTENT | IS_STOP if is_stop else flag
        flags[word] = flag
        stems[word] = memory.stems[slot] if flag & IS_CONTENT else value


@kernel
def _hash_stem(words: Words, word: int, value: np.uint64) -> np.uint64:
    head, tail = words.heads[word], words.tails[word]
    if words.sizes[word] == LONG:
        return tail
    size = np.int64(words.sizes[word])
    in_head, in_tail = mask_bytes(size)
    if (head & in_head | tail & in_tail) & _HIGH_BITS != np.uint64(0):
        return value
    ending = head << np.uint64(8 * (8 - size) & 63)
    if size > 8:
        ending = tail << np.uint64(8 * (16 - size)) | head >> np.uint64(8 * (size - 8))
    return hash_short(head, tail, np.uint64(stem_length(ending, size)))


@njit(inline="always")
def _contains(table: NDArray[np.uint64], key: np.uint64) -> bool:
    """Look a hash up in an open-addressing table, whose size is a power of two."""
    mask = np.uint64(len(table) - 1)
    slot = key & mask
    while table[slot] != np.uint64(0):
        if table[slot] == key:
            return True
        slot = (slot + np.uint64(1)) & mask
    return False


@kernel
def _count_points(
    text: NDArray[np.uint8],
    first: int,
    is_ascii: bool,
    words: Words,
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
) -> None:
    """Turn spans in bytes of the batch into spans in code points of the article."""
    if is_ascii:
        for word in range(len(starts)):
            starts[word] = words.starts[word] - first
            ends[word] = words.ends[word] - first
        return
    at = first
    n_points = 0
    for word in range(len(starts)):
        while at < words.starts[word]:
            n_points += text[at] & 0xC0 != 0x80
            at += 1
        starts[word] = n_points
        while at < words.ends[word]:
            n_points += text[at] & 0xC0 != 0x80
            at += 1
        ends[word] = n_points
