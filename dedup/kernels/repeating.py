"""What the articles of one outlet repeat: shingles by the articles they are in.

The shingles are the runs of ``k`` tokens, across sentences, since real texts have lost line
breaks and full stops; and each sentence or line of fewer tokens as a whole.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.comparing import EMPTY
from dedup.kernels.compiling import kernel
from dedup.kernels.hashing import avalanche, combine
from dedup.kernels.tokenizing import STARTS_SENTENCE

# Articles with a shingle that are looked at to tell how many of them are unrelated.
_MAX_LOOKED = 64


@kernel
def find_repeats(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    min_articles: int,
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the shingles that many articles have.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle.
    min_articles : int
        Different articles that must have it.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64, ndarray of int64)
        Key, first token, tokens and article of every occurrence, by key and then by first
        token.
    """
    size = np.int64(16)
    while size < len(hashes):
        size *= 2
    # Articles counted by slot: never too few, and too many only where two keys meet.
    last, counts = np.full(size, -1, np.int32), np.zeros(size, np.int32)
    n_found = 0
    keys, firsts = np.empty(0, np.uint64), np.empty(0, np.int64)
    widths, owners = np.empty(0, np.int64), np.empty(0, np.int64)
    for turn in range(3):
        if turn == 2:
            keys, firsts = np.empty(n_found, np.uint64), np.empty(n_found, np.int64)
            widths, owners = np.empty(n_found, np.int64), np.empty(n_found, np.int64)
        n_found = 0
        for article in range(len(offsets) - 1):
            low, high = offsets[article], offsets[article + 1]
            for first in range(low, high):
                for is_short in range(2):
                    width = _find_width(flags, first, low, high, k, is_short)
                    if width == 0:
                        continue
                    key = hash_tokens(hashes, first, width)
                    slot = np.int64(key & np.uint64(size - 1))
                    if turn == 0:
                        counts[slot] += last[slot] != article
                        last[slot] = article
                    elif counts[slot] >= min_articles:
                        if turn == 2:
                            keys[n_found], firsts[n_found] = key, first
                            widths[n_found], owners[n_found] = width, article
                        n_found += 1
    order = np.argsort(keys, kind="mergesort")
    keys, firsts, widths, owners = keys[order], firsts[order], widths[order], owners[order]
    kept = np.zeros(n_found, np.bool_)
    low = 0
    while low < n_found:
        high, n_articles = low, 0
        while high < n_found and keys[high] == keys[low]:
            n_articles += high == low or owners[high] != owners[high - 1]
            high += 1
        kept[low:high] = n_articles >= min_articles
        low = high
    return keys[kept], firsts[kept], widths[kept], owners[kept]


@njit(inline="always")
def _find_width(
    flags: NDArray[np.uint8], first: int, low: int, high: int, k: int, is_short: int
) -> np.int64:
    """Return the tokens of the shingle that starts at a token, or of its shorter sentence, or 0."""
    if not is_short:
        return np.int64(k) if first + k <= high else np.int64(0)
    width = _unit_length(flags, first, low, high, k)
    return np.int64(0) if width == k else width


@njit(inline="always")
def _unit_length(flags: NDArray[np.uint8], first: int, low: int, high: int, k: int) -> np.int64:
    """Return the tokens of the sentence that starts at a token, at most k; 0 if none does."""
    if first > low and not flags[first] & STARTS_SENTENCE:
        return np.int64(0)
    length = np.int64(1)
    while length < k and first + length < high and not flags[first + length] & STARTS_SENTENCE:
        length += 1
    return length


@njit(inline="always")
def hash_tokens(hashes: NDArray[np.uint64], first: int, width: int) -> np.uint64:
    """Return one hash of some tokens in their order.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes.
    first, width : int
        The first of them, and how many.

    Returns
    -------
    uint64
        The hash.
    """
    value = np.uint64(width)
    for token in range(first, first + width):
        value = combine(value, hashes[token])
    return avalanche(value)


@kernel
def find_known(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    known: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the shingles that are known.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle.
    known : ndarray of uint64, shape (n_known,)
        Keys as :func:`find_repeats` gives them, ascending.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64)
        Key, first token and tokens of every occurrence, in the order of the tokens.
    """
    keys, firsts = np.empty(2 * len(hashes), np.uint64), np.empty(2 * len(hashes), np.int64)
    widths = np.empty(2 * len(hashes), np.int64)
    n_found = 0
    for article in range(len(offsets) - 1):
        low, high = offsets[article], offsets[article + 1]
        for first in range(low, high):
            for is_short in range(2):
                width = _find_width(flags, first, low, high, k, is_short)
                if width == 0:
                    continue
                key = hash_tokens(hashes, first, width)
                at = np.searchsorted(known, key)
                if at < len(known) and known[at] == key:
                    keys[n_found], firsts[n_found], widths[n_found] = key, first, width
                    n_found += 1
    return keys[:n_found], firsts[:n_found], widths[:n_found]


@kernel
def cover(firsts: NDArray[np.int64], widths: NDArray[np.int64], covered: NDArray[np.bool_]) -> None:
    """Set what shingles cover.

    Parameters
    ----------
    firsts, widths : ndarray of int64, shape (n,)
        First token of each, and tokens.
    covered : ndarray of bool, shape (n_tokens,)
        Set in place.
    """
    for k in range(len(firsts)):
        covered[firsts[k] : firsts[k] + widths[k]] = True


@kernel
def keep_spread(
    keys: NDArray[np.uint64],
    owners: NDArray[np.int64],
    days: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    is_own: NDArray[np.bool_],
    max_resemblance: float,
    min_stories: int,
    min_days: int,
) -> NDArray[np.bool_]:
    """Tell the shingles that stand in unrelated articles from those of one running story.

    Parameters
    ----------
    keys, owners : ndarray of shape (n,)
        As :func:`find_repeats` gives them.
    days : ndarray of int64, shape (n_articles,)
        Day of each article, negative where it is not known.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Of what each article says apart from what is repeated; one that says too little is
        all ``EMPTY`` and tells no story.
    is_own : ndarray of bool, shape (n_articles,)
        Whether this is most of it. An article that mostly repeats tells of its day only, if
        that is known: it may be one of many copies or variants of one text.
    max_resemblance : float
        Share of equal slots up to which two articles are unrelated.
    min_stories : int
        Articles, no two of them related, that make a shingle spread;
    min_days : int
        or the days that such articles must be of.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which occurrences are of a spread shingle. Of the articles that have it, at most
        ``_MAX_LOOKED`` are looked at, in equal steps; each tells a story of its own if it is
        unrelated to all that did before it.
    """
    kept = np.zeros(len(keys), np.bool_)
    max_slots = max_resemblance * signatures.shape[1]
    stories, articles = np.empty(_MAX_LOOKED, np.int64), np.empty(len(days), np.int64)
    low = 0
    while low < len(keys):
        high, n_articles = low, 0
        while high < len(keys) and keys[high] == keys[low]:
            if high == low or owners[high] != owners[high - 1]:
                articles[n_articles] = owners[high]
                n_articles += 1
            high += 1
        n_looked = min(n_articles, _MAX_LOOKED)
        n_leaders = n_stories = n_days = 0
        for look in range(n_looked):
            article = articles[look * n_articles // n_looked]
            if signatures[article, 0] == EMPTY:
                continue
            is_new, is_new_day = True, days[article] >= 0
            for story in stories[:n_leaders]:
                n_equal = 0
                for slot in range(signatures.shape[1]):
                    n_equal += signatures[story, slot] == signatures[article, slot]
                is_new &= n_equal <= max_slots
                is_new_day &= days[story] != days[article]
            if is_new:
                stories[n_leaders] = article
                n_leaders += 1
                n_stories += is_own[article]
                n_days += is_new_day
            if n_stories >= min_stories or n_days >= min_days:
                kept[low:high] = True
                break
        low = high
    return kept
