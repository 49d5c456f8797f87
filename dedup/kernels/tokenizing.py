"""UTF-8 to tokens in one pass: spans, hashes, stem hashes and flags.

A token is a run of letters, digits and marks, or one character of a script that is
written without spaces. An apostrophe or a hyphen ends a token. Runs longer than
``MAX_TOKEN`` code points are cut, so that no input makes an unbounded token.

Layout of the output, one entry a token, articles one after the other: ``hashes`` uint64,
XXH64 of the folded token; ``stems`` uint64, the same of its stem; ``starts`` and ``ends``
uint32, half-open, code points of the article's own text; ``flags`` uint8, bits below.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.hashing import avalanche, combine, xxh64

# Kinds of code points; from LETTER on they belong to words. The order is that of fold.npz.
OTHER, SPACE, NEWLINE, FULL_STOP, TERMINATOR, CLAUSE = 0, 1, 2, 3, 4, 5
OPEN_QUOTE, CLOSE_QUOTE, STRAIGHT_QUOTE, APOSTROPHE, IGNORABLE = 6, 7, 8, 9, 10
LETTER, LOWER, UPPER, DIGIT, SPACELESS = 11, 12, 13, 14, 15

# Entry of the folding table for a code point that folds to itself.
SAME = np.uint32(0x7FFFFFFF)

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
_SCRATCH = MAX_TOKEN * 18 * 4

# Sentence boundaries that may lie since the last token, weakest first: a full stop counts if
# white space and no small letter follow, a line break if no small letter does.
_NONE, _STOP, _LINE, _SENTENCE = 0, 1, 2, 3


@njit(inline="always")
def _decode(text: NDArray[np.uint8], at: int, end: int) -> tuple[int, int]:
    """Decode one code point; an invalid byte is U+FFFD, one byte long."""
    byte = np.int64(text[at])
    if byte < 0x80:
        return byte, 1
    if 0xC0 <= byte < 0xE0 and at + 1 < end:
        return (byte & 0x1F) << 6 | (np.int64(text[at + 1]) & 0x3F), 2
    if 0xE0 <= byte < 0xF0 and at + 2 < end:
        middle, last = np.int64(text[at + 1]) & 0x3F, np.int64(text[at + 2]) & 0x3F
        return (byte & 0x0F) << 12 | middle << 6 | last, 3
    if 0xF0 <= byte < 0xF5 and at + 3 < end:
        second, third = np.int64(text[at + 1]) & 0x3F, np.int64(text[at + 2]) & 0x3F
        code = (byte & 0x07) << 18 | second << 12 | third << 6 | (np.int64(text[at + 3]) & 0x3F)
        return min(code, 0x10FFFF), 4
    return 0xFFFD, 1


@njit(inline="always")
def _put(code: int, out: NDArray[np.uint8], n: int) -> int:
    """Write one code point as UTF-8 at out[n:], return the new length."""
    if code < 0x80:
        out[n] = code
        return n + 1
    if code < 0x800:
        out[n], out[n + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
        return n + 2
    if code < 0x10000:
        out[n], out[n + 1], out[n + 2] = (
            0xE0 | code >> 12,
            0x80 | code >> 6 & 0x3F,
            0x80 | code & 0x3F,
        )
        return n + 3
    out[n], out[n + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
    out[n + 2], out[n + 3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
    return n + 4


@njit(inline="always")
def _put_fold(
    code: int, fold: np.uint32, runs: NDArray[np.uint32], out: NDArray[np.uint8], n: int
) -> int:
    if fold == SAME:
        return _put(code, out, n)
    if fold < np.uint32(0x80000000):
        return _put(np.int64(fold), out, n) if fold else n
    first, length = np.int64(fold & np.uint32(0x7FFFFFFF)) >> 8, np.int64(fold & np.uint32(0xFF))
    for i in range(first, first + length):
        n = _put(np.int64(runs[i]), out, n)
    return n


@njit(cache=True)
def stem_length(word: NDArray[np.uint8], n: int) -> int:
    """Return how many bytes of a folded word its stem keeps.

    English inflection only: plural, -ed, -ing, -ly, then a doubled consonant and a final
    -e or -y. At least three bytes stay. Words with a byte that is not ASCII stay whole.

    Parameters
    ----------
    word : ndarray of uint8, shape (at least n,)
        A folded token.
    n : int
        Its length in bytes.

    Returns
    -------
    int
        Length of the stem in bytes.
    """
    for i in range(n):
        if word[i] >= 0x80:
            return n
    if (
        n > 3 and word[n - 1] == 0x73 and word[n - 2] not in (0x73, 0x75, 0x69)
    ):  # -s, no -ss -us -is
        n -= 1
        if n > 4 and word[n - 1] == 0x65 and word[n - 2] == 0x69:  # -ie(s)
            n -= 1
    stripped = False
    if n > 5 and word[n - 3] == 0x69 and word[n - 2] == 0x6E and word[n - 1] == 0x67:  # -ing
        n -= 3
        stripped = True
    elif n > 4 and word[n - 2] == 0x65 and word[n - 1] == 0x64:  # -ed
        n -= 2
        stripped = True
    elif n > 5 and word[n - 2] == 0x6C and word[n - 1] == 0x79:  # -ly
        n -= 2
    if stripped and n > 3 and word[n - 1] == word[n - 2] and word[n - 1] not in (0x6C, 0x73):
        n -= 1
    if n > 3 and word[n - 1] in (0x65, 0x79, 0x69):  # -e -y -i
        n -= 1
    return n


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


@njit(cache=True, nogil=True)
def tokenize(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    pages: NDArray[np.uint16],
    kinds: NDArray[np.uint8],
    folds: NDArray[np.uint32],
    runs: NDArray[np.uint32],
    stops: NDArray[np.uint64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    counts: NDArray[np.int64],
) -> int:
    """Tokenize a batch of articles.

    Parameters
    ----------
    text : ndarray of uint8, shape (offsets[-1],)
        The articles' UTF-8, one after the other; surrogates may stand as three bytes.
    offsets : ndarray of int64, shape (n + 1,)
        Bytes before each article.
    pages, kinds, folds, runs : ndarray
        The frozen folding table, see ``dedup/tables/make_fold.py``.
    stops : ndarray of uint64, power-of-two shape
        Open-addressing table of the hashes of stop-words, 0 where free.
    hashes, stems, starts, ends, flags : ndarray, shape (at least offsets[-1] // 2 + n,)
        Written; see the head of this module.
    counts : ndarray of int64, shape (n,)
        Written: tokens of each article.

    Returns
    -------
    int
        Tokens written.
    """
    scratch = np.empty(_SCRATCH, np.uint8)
    n_tokens = 0
    for article in range(len(offsets) - 1):
        first_token = n_tokens
        at, end = offsets[article], offsets[article + 1]
        position = 0  # code points read
        length = 0  # bytes of the open token in scratch
        n_points = 0  # code points of the open token, 0 if none is open
        first_kind = 0
        has_digit = False
        boundary = _SENTENCE
        is_clause = False  # whether a clause mark or a quotation mark came since the last token
        n_lines = 0  # line breaks since the last token
        spaced = True  # whether white space follows the last full stop
        previous_kind = NEWLINE
        in_double = False
        in_single = False
        short_capital = False  # whether the last token looks like "Mr" or an initial
        token_start = 0
        token_flags = np.uint8(0)
        while True:
            if at < end:
                code, width = _decode(text, at, end)
                block = np.int64(pages[code >> 8]) << 8
                kind = np.int64(kinds[block + (code & 0xFF)])
            else:
                code, width, block, kind = 0, 1, 0, NEWLINE

            if kind == IGNORABLE:
                if n_points == 0 and n_tokens > first_token and previous_kind == SPACELESS:
                    ends[n_tokens - 1] = position + 1
                at += width
                position += 1
                continue

            # Close the open token.
            is_word = kind >= LETTER
            if n_points > 0 and (not is_word or kind == SPACELESS or n_points == MAX_TOKEN):
                value = xxh64(scratch, length)
                if has_digit:
                    token_flags |= IS_DIGIT
                stem = value
                if _contains(stops, value):
                    token_flags |= IS_STOP
                elif n_points > 2 or has_digit:
                    token_flags |= IS_CONTENT
                    kept = stem_length(scratch, length)
                    if kept < length:
                        stem = xxh64(scratch, kept)
                hashes[n_tokens], stems[n_tokens] = value, stem
                starts[n_tokens], ends[n_tokens] = token_start, position
                flags[n_tokens] = token_flags
                n_tokens += 1
                short_capital = first_kind == UPPER and n_points <= 3
                n_points = 0
                boundary, is_clause, n_lines, spaced = _NONE, False, 0, False
            if at >= end:
                break

            if is_word:
                if n_points == 0:
                    token_start, length, has_digit, first_kind = position, 0, False, kind
                    token_flags = np.uint8(0)
                    if kind == UPPER:
                        token_flags |= IS_CAPITAL
                    if in_double or in_single:
                        token_flags |= IS_QUOTED
                    if boundary == _SENTENCE or (
                        kind != LOWER
                        and (
                            boundary == _LINE
                            or (boundary == _STOP and spaced and not short_capital)
                        )
                    ):
                        token_flags |= STARTS_SENTENCE | STARTS_CLAUSE
                    elif is_clause:
                        token_flags |= STARTS_CLAUSE
                if kind == SPACELESS:
                    length = _put_fold(code, folds[block + (code & 0xFF)], runs, scratch, 0)
                    value = xxh64(scratch, length)
                    stem = value
                    if previous_kind == SPACELESS and n_tokens > first_token:
                        stem = avalanche(combine(hashes[n_tokens - 1], value))
                    hashes[n_tokens], stems[n_tokens] = value, stem
                    starts[n_tokens], ends[n_tokens] = position, position + 1
                    flags[n_tokens] = token_flags | IS_SPACELESS | IS_CONTENT
                    n_tokens += 1
                    boundary, is_clause, n_lines = _NONE, False, 0
                    spaced, short_capital = True, False
                else:
                    n_points += 1
                    has_digit |= kind == DIGIT
                    length = _put_fold(code, folds[block + (code & 0xFF)], runs, scratch, length)
            else:
                # Between tokens: what boundary lies here, and whether a quotation is open.
                if kind == SPACE:
                    spaced = True
                elif kind == NEWLINE:
                    n_lines += 1
                    boundary = _SENTENCE if n_lines > 1 else max(boundary, _LINE)
                    spaced, in_double, in_single = True, False, False
                elif kind == TERMINATOR:
                    boundary = _SENTENCE
                elif kind == FULL_STOP:
                    boundary, spaced = max(boundary, _STOP), False
                elif kind == CLAUSE:
                    is_clause = True
                elif kind == OPEN_QUOTE:
                    is_clause, in_double = True, True
                elif kind == CLOSE_QUOTE:
                    is_clause, in_double = True, False
                elif kind == STRAIGHT_QUOTE:
                    # Tight on both sides it may be either: then it is the other of the last.
                    if _next_kind(text, at + width, end, pages, kinds) in (SPACE, NEWLINE):
                        in_double = False
                    else:
                        in_double = previous_kind in (SPACE, NEWLINE) or not in_double
                    is_clause = True
                elif kind == APOSTROPHE:
                    next_kind = _next_kind(text, at + width, end, pages, kinds)
                    if previous_kind < FULL_STOP:
                        # '90s opens no quotation.
                        opens = next_kind >= LETTER and next_kind != DIGIT
                        in_single |= opens
                        is_clause |= opens
                    elif in_single and next_kind < LETTER:
                        is_clause, in_single = True, False
            previous_kind = kind
            at += width
            position += 1
        counts[article] = n_tokens - first_token
    return n_tokens


@njit(inline="always")
def _next_kind(
    text: NDArray[np.uint8],
    at: int,
    end: int,
    pages: NDArray[np.uint16],
    kinds: NDArray[np.uint8],
) -> int:
    if at >= end:
        return NEWLINE
    code, _ = _decode(text, at, end)
    return np.int64(kinds[(np.int64(pages[code >> 8]) << 8) + (code & 0xFF)])
