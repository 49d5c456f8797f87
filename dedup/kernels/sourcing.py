"""Shared seeds of a query to its sources: who shares enough, and whom better ones explain.

What a text says again and again, and what its topic makes it say, is one thing said: of every
stem that hits of a window match only the one that says most counts, and a seed that many
articles have says little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel
from dedup.kernels.evidence import find_floor

# Numbers that a stem may have.
_N_NUMBERS = 1 << 16


class Query(NamedTuple):
    """Seeds of the article that asks.

    Parameters
    ----------
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits that a match of each says.
    """

    positions: NDArray[np.uint32]
    words: NDArray[np.uint16]
    worths: NDArray[np.float32]


class Floors(NamedTuple):
    """What a pair needs: tokens of all articles, the one that asks, and the scalars.

    See :func:`dedup.kernels.evidence.find_floor`.
    """

    lengths: NDArray[np.int64]
    query: int
    min_bits: float
    slope: float


class Tally(NamedTuple):
    """What each stem said so far, by its number; of another turn than the last it is void."""

    most: NDArray[np.float32]
    turns: NDArray[np.int64]
    turn: NDArray[np.int64]


@kernel
def make_tally() -> Tally:
    """Make one that nothing has said yet."""
    turns = np.zeros(_N_NUMBERS, np.int64)
    return Tally(np.empty(_N_NUMBERS, np.float32), turns, np.zeros(1, np.int64))


@kernel
def find_sources(
    hits: NDArray[np.int64], query: Query, floors: Floors, window: int, tally: Tally
) -> NDArray[np.int64]:
    """List the first hit of each article that shares enough within a window.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        An article, a seed of the query, and its place in the article; grouped by article,
        sorted by seed in each.
    query : Query
        Its seeds.
    floors : Floors
        Least sum of bits.
    window : int
        Tokens on either side.
    tally : Tally
        Scratch.

    Returns
    -------
    ndarray of int64, shape (n_sources,)
        Rows of `hits`, ascending.
    """
    sources = np.empty(len(hits), np.int64)
    n_sources = first = 0
    while first < len(hits):
        last = first
        while last < len(hits) and hits[last, 0] == hits[first, 0]:
            last += 1
        if _say_enough(hits[first:last], query, floors, window, tally):
            sources[n_sources] = first
            n_sources += 1
        first = last
    return sources[:n_sources]


@kernel
def _say_enough(
    hits: NDArray[np.int64], query: Query, floors: Floors, window: int, tally: Tally
) -> bool:
    """Tell whether the hits of one article say within a window what a pair needs."""
    floor = find_floor(
        floors.lengths[floors.query],
        floors.lengths[hits[0, 0]],
        floors.min_bits,
        floors.slope,
    )
    # Most articles do not say enough even without a window, which is soon known.
    _begin(tally)
    everything = np.float32(0.0)
    for k in range(len(hits)):
        everything += _add(query, hits[k, 1], tally)
    return everything >= floor and fill_window(hits, query, window, floor, tally) >= floor


@kernel
def choose_sources(
    hits: NDArray[np.int64],
    sources: NDArray[np.int64],
    n_cut: NDArray[np.int64],
    query: Query,
    floors: Floors,
    window: int,
    max_sources: int,
    tally: Tally,
) -> NDArray[np.int64]:
    """Leave out sources of stretches that better sources explain already, best first.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        As :func:`find_sources` takes them.
    sources : ndarray of int64, shape (n_sources,)
        As :func:`find_sources` returns them.
    n_cut : ndarray of int64, shape (n_seeds,)
        Entries of each seed that were left aside.
    query, floors, window
        As :func:`find_sources` takes them; what no better source explains has to be enough
        by itself.
    max_sources : int
        Sources of one stretch that are all kept.
    tally : Tally
        Scratch.

    Returns
    -------
    ndarray of int64, shape (n_kept,)
        Those of `sources` that are kept, in their order.
    """
    if len(sources) <= max_sources:
        return sources
    n_seeds = len(query.positions)
    n_carriers = np.zeros(n_seeds, np.int64)
    n_kept_carriers = np.zeros(n_seeds, np.int64)
    totals = np.zeros(len(sources), np.float64)
    ends = np.empty(len(sources), np.int64)
    for k in range(len(sources)):
        at = sources[k]
        while at < len(hits) and hits[at, 0] == hits[sources[k], 0]:
            if _is_first(hits, at, sources[k]):
                n_carriers[hits[at, 1]] += 1
                totals[k] += query.worths[hits[at, 1], 0] + query.worths[hits[at, 1], 1]
            at += 1
        ends[k] = at
    kept = np.zeros(len(sources), np.bool_)
    for k in np.argsort(-totals, kind="mergesort"):
        fresh = np.empty((ends[k] - sources[k], 3), np.int64)
        n_fresh = 0
        for at in range(sources[k], ends[k]):
            n_all = n_carriers[hits[at, 1]] + n_cut[hits[at, 1]]
            limit = max_sources if n_all <= max_sources else 1
            if n_kept_carriers[hits[at, 1]] < limit:
                fresh[n_fresh] = hits[at]
                n_fresh += 1
        if n_fresh > 0 and _say_enough(fresh[:n_fresh], query, floors, window, tally):
            kept[k] = True
            for at in range(sources[k], ends[k]):
                n_kept_carriers[hits[at, 1]] += _is_first(hits, at, sources[k])
    return sources[kept]


@kernel
def _is_first(hits: NDArray[np.int64], at: int, first: int) -> bool:
    """Tell whether this is the first hit of its seed; those of one article are sorted by seed."""
    return at == first or hits[at - 1, 1] != hits[at, 1]


@kernel
def fill_window(
    hits: NDArray[np.int64], query: Query, window: int, enough: float, tally: Tally
) -> float:
    """Return the most that a square of two texts holds.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        An article, a seed of the query, and its place in the article; sorted by seed.
    query : Query
        Its seeds.
    window : int
        Tokens on either side.
    enough : float
        Bits from which no fuller square is looked for.
    tally : Tally
        Scratch.

    Returns
    -------
    float
        Bits.
    """
    most = np.float32(0.0)
    last = 0
    for first in range(len(hits)):
        end = np.int64(query.positions[hits[first, 1]]) + window
        while last < len(hits) and query.positions[hits[last, 1]] < end:
            last += 1
        # The square starts at this hit along one text, and at some hit along the other.
        for corner in range(first, last):
            _begin(tally)
            total = np.float32(0.0)
            for other in range(first, last):
                if 0 <= hits[other, 2] - hits[corner, 2] < window:
                    total += _add(query, hits[other, 1], tally)
            most = max(most, total)
            if most >= enough:
                return most
    return most


@kernel
def _begin(tally: Tally) -> None:
    tally.turn[0] += 1


@kernel
def _add(query: Query, seed: int, tally: Tally) -> np.float32:
    """Let a seed speak, and return what it says beyond what was said."""
    fresh = np.float32(0.0)
    for side in range(2):
        word, worth = query.words[seed, side], query.worths[seed, side]
        said = tally.most[word] if tally.turns[word] == tally.turn[0] else np.float32(0.0)
        if worth > said or tally.turns[word] != tally.turn[0]:
            tally.most[word], tally.turns[word] = worth, tally.turn[0]
            fresh += worth - said
    return fresh
