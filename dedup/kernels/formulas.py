"""Runs of repeated shingles: what is boilerplate of them, and where articles have what is known.

A run ends where sentences do, if it can; it has a name by its most widespread shingle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.repeating import cover, find_known, hash_tokens
from dedup.kernels.tokenizing import IS_SPACELESS, STARTS_SENTENCE


@kernel
def gather_runs(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    covered: NDArray[np.bool_],
    min_unit: int,
    min_edge: int,
    min_inside: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Gather covered tokens to runs and keep those that can stand for themselves.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    covered : ndarray of bool, shape (n_tokens,)
        Tokens that are repeated.
    min_unit, min_edge, min_inside : int
        Words of a run of whole sentences, of one that begins or ends an article, and of one
        inside a sentence. Of a run that is shorter its whole sentences are kept. An end that
        reaches fewer than `min_edge` tokens over a boundary is moved back to it.
        A character of a script without spaces is half a word.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of uint64)
        Article, first token and one past the last of each run, shape (n_runs, 3), in
        order; and a hash of its tokens, shape (n_runs,).
    """
    n_most = 0
    for article in range(len(offsets) - 1):
        for token in range(offsets[article], offsets[article + 1]):
            n_most += covered[token] and (token == offsets[article] or not covered[token - 1])
    runs, values = np.empty((n_most, 3), np.int64), np.empty(n_most, np.uint64)
    n_runs = 0
    for article in range(len(offsets) - 1):
        low, high = offsets[article], offsets[article + 1]
        end = low
        while end < high:
            start = end
            while end < high and covered[end]:
                end += 1
            stop = end
            if stop == start:
                end += 1
                continue
            # A shingle across a boundary takes in words of what happens to stand there.
            if start > low:
                start = _next_boundary(flags, start, min(start + min_edge, stop))
            if stop < high:
                stop = _last_boundary(flags, stop, max(stop - min_edge, start))
            n_words = _count_words(flags, start, stop)
            is_edge = start == low or stop == high
            if n_words < min_inside and not (is_edge and n_words >= min_edge):
                while start < stop and start > low and not flags[start] & STARTS_SENTENCE:
                    start += 1
                while stop > start and stop < high and not flags[stop] & STARTS_SENTENCE:
                    stop -= 1
                if start == stop or _count_words(flags, start, stop) < min_unit:
                    continue
            runs[n_runs, 0], runs[n_runs, 1], runs[n_runs, 2] = article, start, stop
            values[n_runs] = hash_tokens(hashes, start, stop - start)
            n_runs += 1
    return runs[:n_runs], values[:n_runs]


@kernel
def name_runs(
    runs: NDArray[np.int64],
    values: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    counts: NDArray[np.int64],
    firsts: NDArray[np.int64],
    widths: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """Name each run by its most widespread shingle: variants of one formula are one unit.

    Parameters
    ----------
    runs : ndarray of int64, shape (n_runs, 3)
        Article, first token and one past the last, in order.
    values : ndarray of uint64, shape (n_runs,)
        What a run is called that holds no whole shingle.
    keys : ndarray of uint64, shape (n_shingles,)
        Shingles, in the order of their first tokens.
    counts : ndarray of int64, shape (n_shingles,)
        How widespread each is; of two that are the same the lesser key is taken.
    firsts, widths : ndarray of int64, shape (n_shingles,)
        First token of each, and tokens.

    Returns
    -------
    ndarray of uint64, shape (n_runs,)
        Names.
    """
    names = values.copy()
    at = 0
    for run in range(len(runs)):
        _, start, end = runs[run]
        best = np.int64(-1)
        while at < len(firsts) and firsts[at] < start:
            at += 1
        while at < len(firsts) and firsts[at] < end:
            if firsts[at] + widths[at] <= end:
                is_better = best < 0 or counts[at] > counts[best]
                if is_better or (counts[at] == counts[best] and keys[at] < keys[best]):
                    best = np.int64(at)
            at += 1
        if best >= 0:
            names[run] = keys[best]
    return names


class Formulas(NamedTuple):
    """What some outlets are known to repeat.

    Parameters
    ----------
    keys, counts : ndarray of uint64, ndarray of int64, shape (n_keys,)
        Shingles of all outlets, ascending in each, and how widespread each is.
    units : ndarray of uint64, shape (n_units,)
        Names of what is boilerplate, ascending in each.
    key_bounds, unit_bounds : ndarray of int64, shape (n_outlets + 1,)
        Shingles and names before each outlet.
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    units: NDArray[np.uint64]
    key_bounds: NDArray[np.int64]
    unit_bounds: NDArray[np.int64]


@kernel
def cover_formulas(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    outlets: NDArray[np.int64],
    formulas: Formulas,
    k: int,
    min_unit: int,
    min_inside: int,
) -> NDArray[np.bool_]:
    """Tell which tokens of articles their outlets are known to repeat.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    outlets : ndarray of int64, shape (n_articles,)
        Which of `formulas` are of the outlet of each; -1 for none.
    formulas : Formulas
        Of the outlets.
    k : int
        Tokens in a shingle.
    min_unit, min_inside : int
        As :func:`gather_runs` takes them.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        What is boilerplate.
    """
    covered = np.zeros(len(hashes), np.bool_)
    for article in range(len(outlets)):
        outlet = outlets[article]
        if outlet < 0 or formulas.key_bounds[outlet] == formulas.key_bounds[outlet + 1]:
            continue
        low, high = offsets[article], offsets[article + 1]
        known = formulas.keys[formulas.key_bounds[outlet] : formulas.key_bounds[outlet + 1]]
        counts = formulas.counts[formulas.key_bounds[outlet] : formulas.key_bounds[outlet + 1]]
        units = formulas.units[formulas.unit_bounds[outlet] : formulas.unit_bounds[outlet + 1]]
        own, marks = hashes[low:high], flags[low:high]
        whole = np.array([np.int64(0), high - low])
        keys, firsts, widths = find_known(own, marks, whole, k, known)
        if len(keys) == 0:
            continue
        repeated = np.zeros(high - low, np.bool_)
        cover(firsts, widths, repeated)
        runs, values = gather_runs(own, marks, whole, repeated, min_unit, k, min_inside)
        spread = counts[np.searchsorted(known, keys)]
        names = name_runs(runs, values, keys, spread, firsts, widths)
        for run in range(len(runs)):
            at = np.searchsorted(units, names[run])
            if at < len(units) and units[at] == names[run]:
                covered[low + runs[run, 1] : low + runs[run, 2]] = True
    return covered


@njit(inline="always")
def _next_boundary(flags: NDArray[np.uint8], at: int, end: int) -> int:
    """Return the first token from `at` and before `end` that starts a sentence, else `at`."""
    for token in range(at, end):
        if flags[token] & STARTS_SENTENCE:
            return token
    return at


@njit(inline="always")
def _last_boundary(flags: NDArray[np.uint8], at: int, end: int) -> int:
    """Return the last token down from `at` and after `end` that starts a sentence, else `at`."""
    for token in range(at, end, -1):
        if flags[token] & STARTS_SENTENCE:
            return token
    return at


@kernel
def _count_words(flags: NDArray[np.uint8], low: int, high: int) -> float:
    n_words = 0.0
    for token in range(low, high):
        n_words += 0.5 if flags[token] & IS_SPACELESS else 1.0
    return n_words
