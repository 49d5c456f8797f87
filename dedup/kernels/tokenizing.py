"""UTF-8 to tokens: where they stand, their folded bytes, their hashes.

A token is a run of letters, digits and marks, or one character of a script that is
written without spaces. An apostrophe or a hyphen ends a token. Runs longer than
``MAX_TOKEN`` code points are cut, so that no input makes an unbounded token.

Text is cut first into *runs*, of ASCII letters and digits and of bytes that are not ASCII,
64 bytes at a time. A run that is short and ASCII is a token as it stands, and folding it is
setting one bit of each byte. Any other run is read code point by code point. The folded
bytes of a token up to 15 are kept in two uint64, so that tokens are hashed without a branch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import hash_short, xxh64
from dedup.kernels.intrinsics import (
    BLOCK,
    classify_block,
    count_ones,
    count_trailing_zeros,
    load_word,
    store_word,
)
from dedup.kernels.stemming import stem_long

# Kinds of code points; from LETTER on they belong to words. The order is that of fold.npz.
OTHER, SPACE, NEWLINE, FULL_STOP, TERMINATOR, CLAUSE = 0, 1, 2, 3, 4, 5
OPEN_QUOTE, CLOSE_QUOTE, STRAIGHT_QUOTE, APOSTROPHE, IGNORABLE = 6, 7, 8, 9, 10
LETTER, LOWER, UPPER, DIGIT, SPACELESS = 11, 12, 13, 14, 15

# Entry of the folding table for a code point that folds to itself, from U+0800 on, where
# whole pages do; and from which on an entry is a place in the runs. No UTF-8 has a byte FF.
SAME = np.uint32(0xFFFFFFFF)
RUN = np.uint32(0xFF000000)

IS_STOP = np.uint8(1)
IS_CAPITAL = np.uint8(2)
IS_DIGIT = np.uint8(4)
IS_QUOTED = np.uint8(8)
STARTS_SENTENCE = np.uint8(16)
STARTS_CLAUSE = np.uint8(32)
IS_SPACELESS = np.uint8(64)
IS_CONTENT = np.uint8(128)

MAX_TOKEN = 128
# One code point folds to at most 18, of at most four bytes each.
_SCRATCH = MAX_TOKEN * 18 * 4 + 16
# Bytes that must be readable after the last article: a block, and two words of a token.
PADDING = BLOCK + 16

# Folded bytes of a token that two words hold with room to spare; longer ones are ``LONG``.
_MAX_SHORT = np.uint64(15)
LONG = np.uint8(255)
# Whether all of a token is asked for, or what its hash takes. numba compiles a function once
# more for each value written out in a call; for a constant of numpy's it does not.
DESCRIBED, BARE = np.bool_(True), np.bool_(False)
# Bit of an edge; no text is so long.
FOREIGN = np.int64(1 << 62)

_HEAD_MASKS = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(16)], np.uint64)
_TAIL_MASKS = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(16)], np.uint64)
# Set in ASCII letters and not in digits; and in small letters and digits, not in capitals.
_LETTER_BITS = np.uint64(0x4040404040404040)
_SMALL_BITS = np.uint64(0x2020202020202020)


class Folding(NamedTuple):
    """What each code point is and folds to; layout in ``dedup.tables.make_fold``."""

    pages: NDArray[np.uint16]
    kinds: NDArray[np.uint8]
    folds: NDArray[np.uint32]
    runs: NDArray[np.uint32]


class Words(NamedTuple):
    """Room for the tokens of one article, used again for the next.

    Parameters
    ----------
    edges : ndarray of int64
        Byte of `text` at which each run starts and the one past its end, in turn.
    starts, ends : ndarray of int64
        The same for each token.
    heads, tails : ndarray of uint64
        Folded bytes 0 to 7 and 8 to 15 of a token, the first lowest; what is past its size
        is not defined. Of a ``LONG`` one, its hash and the hash of its stem.
    sizes : ndarray of uint8
        Folded bytes, or ``LONG``.
    points : ndarray of uint8
        Code points, those passed over not counted.
    flags : ndarray of uint8
        ``IS_CAPITAL``, ``IS_DIGIT``, ``IS_SPACELESS``; and ``IS_CONTENT`` if it is long
        enough.
    hashes, shingles : ndarray of uint64
        Hashes of the tokens and of what is made of them.
    scratch : ndarray of uint8
        Folded bytes of the token that is being read.
    """

    edges: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    heads: NDArray[np.uint64]
    tails: NDArray[np.uint64]
    sizes: NDArray[np.uint8]
    points: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    hashes: NDArray[np.uint64]
    shingles: NDArray[np.uint64]
    scratch: NDArray[np.uint8]


def make_room(offsets: NDArray[np.int64], words: Words | None = None) -> Words:
    """Make room for the tokens of any one of a batch of articles.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n + 1,)
        Bytes before each article.
    words : Words or None
        Room that there is already.

    Returns
    -------
    Words
        The same if it is large enough, else a larger one; not initialized.
    """
    most = int(np.diff(offsets).max(initial=0))
    if words is not None and len(words.edges) >= most + 2 + BLOCK:
        return words
    # Two tokens are at least one byte apart, or of two bytes at least.
    n = most // 2 + 1
    return Words(
        edges=np.empty(most + 2 + BLOCK, np.int64),
        starts=np.empty(n, np.int64),
        ends=np.empty(n, np.int64),
        heads=np.empty(n, np.uint64),
        tails=np.empty(n, np.uint64),
        sizes=np.empty(n, np.uint8),
        points=np.empty(n, np.uint8),
        flags=np.empty(n, np.uint8),
        hashes=np.empty(n, np.uint64),
        shingles=np.empty(n, np.uint64),
        scratch=np.empty(_SCRATCH, np.uint8),
    )


@kernel
def find_edges(text: NDArray[np.uint8], at: int, end: int, edges: NDArray[np.int64]) -> int:
    """Cut an article into runs of ASCII letters and digits and of bytes that are not ASCII.

    Parameters
    ----------
    text : ndarray of uint8, shape (at least end + PADDING,)
        UTF-8.
    at, end : int
        First byte of the article and one past its last.
    edges : ndarray of int64, shape (at least end - at + 2 + BLOCK,)
        Written: start and end of each run in turn, the start with the bit ``FOREIGN`` if
        the run has a byte that is not ASCII.

    Returns
    -------
    int
        Edges written, an even number.
    """
    n_edges = 0
    before = np.uint64(0)
    while at < end:
        inside, foreign = classify_block(text, at)
        if end - at < BLOCK:
            here = (np.uint64(1) << np.uint64(end - at)) - np.uint64(1)
            inside &= here
            foreign &= here
        changes = inside ^ (inside << np.uint64(1) | before)
        before = inside >> np.uint64(BLOCK - 1)
        n_changes = count_ones(changes)
        left = changes
        # Eight at a time whether or not there are so many: fewer branches to guess.
        for first in range(n_edges, n_edges + n_changes, 8):
            for step in range(8):
                edges[first + step] = at + count_trailing_zeros(left)
                left &= left - np.uint64(1)
        foreign &= ~(foreign << np.uint64(1))
        while foreign != np.uint64(0):
            up_to = foreign ^ (foreign - np.uint64(1))
            edges[n_edges + count_ones(changes & up_to) - 1] |= FOREIGN
            foreign &= foreign - np.uint64(1)
        n_edges += n_changes
        at += BLOCK
    if n_edges & 1:
        edges[n_edges] = end
        n_edges += 1
    return n_edges


@kernel
def find_words(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    folding: Folding,
    words: Words,
    is_described: np.bool_,
) -> tuple[int, bool]:
    """Find the tokens of one article.

    Parameters
    ----------
    text : ndarray of uint8, shape (at least end + PADDING,)
        UTF-8; surrogates may stand as three bytes.
    first, end : int
        First byte of the article and one past its last.
    folding : Folding
        The frozen folding table.
    words : Words
        Written.
    is_described : numpy.bool
        Whether all of `words` is asked for, or only what :func:`hash_words` takes.

    Returns
    -------
    tuple of (int, bool)
        Tokens written, and whether the article is all ASCII.
    """
    pages, kinds, folds, runs = folding.pages, folding.kinds, folding.folds, folding.runs
    edges, starts, ends, points = words.edges, words.starts, words.ends, words.points
    heads, tails, sizes, flags = words.heads, words.tails, words.sizes, words.flags
    scratch = words.scratch
    n_edges = find_edges(text, first, end, edges)
    edge = n_words = np.int64(0)
    is_ascii = True
    while edge < n_edges:
        # Short ASCII runs are tokens as they stand. Unsigned indices spare numba's check
        # whether they count from the end.
        before = edge
        while edge < n_edges:
            at = edges[np.uint64(edge)]
            size = np.uint64(edges[np.uint64(edge + 1)] - at)
            # Also true for a foreign run, whose start is past every end.
            if size > _MAX_SHORT:
                break
            word = np.uint64(n_words + (edge - before >> 1))
            heads[word] = load_word(text, at) | _SMALL_BITS
            tails[word] = load_word(text, at + 8) | _SMALL_BITS
            sizes[word] = size
            edge += 2
        if is_described:
            _describe_runs(text, words, before, edge, n_words)
        n_words += edge - before >> 1
        if edge == n_edges:
            break
        # Any other run is read code point by code point.
        at, stop = edges[np.uint64(edge)], edges[np.uint64(edge + 1)]
        edge += 2
        is_ascii &= at & FOREIGN == 0
        at &= ~FOREIGN
        start = n_points = length = np.int64(0)
        flag = np.uint8(0)
        while at < stop or n_points > 0:
            raw = load_word(text, at)
            # One more letter of two bytes, most of what is neither English nor Chinese. That
            # the width is a constant lets the processor run ahead.
            if raw & np.uint64(0xC0E0) == np.uint64(0x80C0) and (
                0 < n_points < MAX_TOKEN and not flag & IS_SPACELESS
            ):
                code = (raw & np.uint64(0x1F)) << np.uint64(6) | raw >> np.uint64(8) & np.uint64(63)
                page = np.uint64(pages[code >> np.uint64(8)])
                entry = page << np.uint64(8) | code & np.uint64(0xFF)
                fold = folds[entry]
                if np.uint32(0) < fold < RUN and at + 1 < stop and code >= np.uint64(0x80):
                    store_word(scratch, length, np.uint64(fold))
                    length += 1 + np.int64(fold > 0xFF) + np.int64(fold > 0xFFFF)
                    flag |= np.uint8(kinds[entry] == DIGIT) * IS_DIGIT
                    n_points += 1
                    at += 2
                    continue
            code, width = decode(raw, stop - at) if at < stop else (0, 0)
            entry = np.uint64(pages[np.uint64(code >> 8)]) << np.uint64(8) | np.uint64(code & 0xFF)
            kind, fold = kinds[entry], folds[entry]
            folded = raw if fold == SAME else np.uint64(fold)
            size = np.uint64(width) if fold == SAME else _count_bytes(fold)
            if kind == IGNORABLE:
                if n_points == 0 and n_words > 0 and ends[np.uint64(n_words - 1)] == at:
                    ends[np.uint64(n_words - 1)] = at + width
                at += width
                continue
            if n_points > 0 and (
                kind < LETTER or kind == SPACELESS or flag & IS_SPACELESS or n_points == MAX_TOKEN
            ):
                word = np.uint64(n_words)
                starts[word], ends[word], points[word] = start, at, n_points
                is_content = n_points > 2 or flag & (IS_DIGIT | IS_SPACELESS)
                flags[word] = flag | IS_CONTENT if is_content else flag
                heads[word], tails[word], sizes[word] = _take(scratch, length)
                n_words += 1
                n_points = length = 0
            if kind < LETTER:
                at += width
                continue
            if kind == SPACELESS and size <= np.uint64(4):
                word = np.uint64(n_words)
                starts[word], ends[word], points[word] = at, at + width, 1
                flags[word] = IS_SPACELESS | IS_CONTENT
                heads[word], sizes[word] = folded, size
                n_words += 1
                at += width
                continue
            if n_points == 0:
                start, flag = at, IS_CAPITAL if kind == UPPER else np.uint8(0)
                flag |= IS_SPACELESS if kind == SPACELESS else np.uint8(0)
            n_points += 1
            flag |= IS_DIGIT if kind == DIGIT else np.uint8(0)
            if size <= np.uint64(4):
                store_word(scratch, length, folded)
                length += np.int64(size)
            else:
                length = _put_run(fold, runs, scratch, length)
            at += width
    return n_words, is_ascii


@kernel
def _take(scratch: NDArray[np.uint8], length: int) -> tuple[np.uint64, np.uint64, np.uint8]:
    """Return head, tail and size of a token whose folded bytes are in scratch."""
    if length <= np.int64(_MAX_SHORT):
        return load_word(scratch, 0), load_word(scratch, 8), np.uint8(length)
    stem = xxh64(scratch, stem_long(scratch, length))
    return xxh64(scratch, length), stem, LONG


@kernel
def _describe_runs(
    text: NDArray[np.uint8], words: Words, edge: int, last: int, n_words: int
) -> None:
    """Fill in the rest for tokens that are runs."""
    edges, starts, ends, points, flags = (
        words.edges,
        words.starts,
        words.ends,
        words.points,
        words.flags,
    )
    for step in range((last - edge) >> 1):
        word = np.uint64(n_words + step)
        start, end = edges[edge + 2 * step], edges[edge + 2 * step + 1]
        starts[word], ends[word], points[word] = start, end, end - start
        in_head, in_tail = mask_bytes(end - start)
        head, tail = words.heads[word], words.tails[word]
        has_digit = (~head & in_head | ~tail & in_tail) & _LETTER_BITS != np.uint64(0)
        is_capital = text[start] & np.uint8(0x60) == np.uint8(0x40)
        flags[word] = (
            np.uint8(is_capital) * IS_CAPITAL
            | np.uint8(has_digit) * IS_DIGIT
            | np.uint8(has_digit or end - start > 2) * IS_CONTENT
        )


@njit(inline="always")
def mask_bytes(size: int) -> tuple[np.uint64, np.uint64]:
    """Return which bytes of head and tail a token of 0 to 15 bytes has, as masks."""
    return _HEAD_MASKS[np.uint64(size)], _TAIL_MASKS[np.uint64(size)]


@kernel
def hash_words(
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
) -> None:
    """Hash tokens with XXH64, seed 0.

    Parameters
    ----------
    heads, tails, sizes : ndarray, shape (at least n,)
        As in :class:`Words`.
    hashes : ndarray of uint64, shape (n,)
        Written.
    """
    for word in range(len(hashes)):
        is_long = sizes[word] == LONG
        value = hash_short(heads[word], tails[word], np.uint64(sizes[word]))
        hashes[word] = heads[word] if is_long else value


@njit(inline="always")
def decode(raw: np.uint64, left: int) -> tuple[int, int]:
    """Decode the first code point of eight bytes, of which `left` belong to the text.

    A byte that begins no shortest form of a code point is U+FFFD, one byte long.
    """
    bytes_ = np.int64(raw & np.uint64(0xFFFFFFFF))
    first = bytes_ & 0xFF
    if first < 0x80:
        return first, 1
    second = bytes_ >> 8 & 0xFF ^ 0x80
    if 0xC2 <= first < 0xE0 and left > 1 and second < 0x40:
        return (first & 0x1F) << 6 | second, 2
    third = bytes_ >> 16 & 0xFF ^ 0x80
    if 0xE0 <= first < 0xF0 and left > 2 and second | third < 0x40:
        code = (first & 0x0F) << 12 | second << 6 | third
        return (code, 3) if code >= 0x800 else (0xFFFD, 1)
    fourth = bytes_ >> 24 & 0xFF ^ 0x80
    if 0xF0 <= first < 0xF5 and left > 3 and second | third | fourth < 0x40:
        code = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
        return (code, 4) if 0x10000 <= code <= 0x10FFFF else (0xFFFD, 1)
    return 0xFFFD, 1


@njit(inline="always")
def _count_bytes(packed: np.uint32) -> np.uint64:
    """Return how many bytes of UTF-8 are packed in a uint32; more than 4 of a run."""
    n = np.uint64(packed > 0) + np.uint64(packed > 0xFF) + np.uint64(packed > 0xFFFF)
    return n + np.uint64(packed > 0xFFFFFF) + np.uint64(packed >= RUN)


@kernel
def _put_run(fold: np.uint32, runs: NDArray[np.uint32], out: NDArray[np.uint8], n: int) -> int:
    """Write the code points that one folds to at out[n:], return the new length."""
    first = np.int64(fold & np.uint32(0xFFFFFF)) >> 5
    for at in range(first, first + np.int64(fold & np.uint32(31))):
        store_word(out, n, np.uint64(runs[at]))
        n += np.int64(_count_bytes(runs[at]))
    return n
