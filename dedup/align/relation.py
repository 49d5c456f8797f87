"""Find the relation of two articles from the words that they share and from their facts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.agreement import Disagreement, FactComparer
from dedup.align.table import AlignedTexts, PassageTable
from dedup.model import OPS, RELATIONS
from dedup.model.passage import FURNITURE
from dedup.params import OverlapParams
from dedup.runtime.bounds import add_up

_DUPLICATE, _CONTAINS, _CONTAINED, _SHARES, _NONE = range(len(RELATIONS))
# By whether most of a is in b, and most of b in a.
_NAMED = {(True, True): _DUPLICATE, (True, False): _CONTAINED, (False, True): _CONTAINS}
_SAME_NEWS = Disagreement(0, 0)
_IS_EQUAL = np.array([op in ("kept", "moved") for op in OPS])
# Words of a run that repeats a shared one: text that an article has twice is shared twice.
_RUN = 5
# Odd, so that every word of a run changes its hash.
_FACTORS = np.array([0x9E3779B97F4A7C15**k % 2**64 for k in range(_RUN)], np.uint64)


class _SharedWords(NamedTuple):
    """Which words of each side are equal words of a passage; sides are numbered a, b, a, b...

    Parameters
    ----------
    is_shared : ndarray of bool, shape (n_tokens,)
        For the tokens of all sides.
    is_text : ndarray of bool, shape (n_tokens,)
        Which of them are no furniture.
    bounds : ndarray of int64, shape (n_sides + 1,)
        Number of tokens before each side.
    """

    is_shared: NDArray[np.bool_]
    is_text: NDArray[np.bool_]
    bounds: NDArray[np.int64]

    def of_side(self, side: int) -> NDArray[np.bool_]:
        return self.is_shared[self.bounds[side] : self.bounds[side + 1]]

    def settled(self, side: int) -> NDArray[np.bool_]:
        """Return the words of a side that say nothing of its own."""
        part = slice(*self.bounds[side : side + 2].tolist())
        return self.is_shared[part] | ~self.is_text[part]

    def shares(self) -> NDArray[np.float64]:
        """Return the share of the words of each pair's sides, shape (n_pairs, 2)."""
        n_shared = add_up(self.is_shared & self.is_text)[self.bounds]
        n_text = add_up(self.is_text)[self.bounds]
        return (np.diff(n_shared) / np.maximum(np.diff(n_text), 1)).reshape(-1, 2)


class Relations(NamedTuple):
    """The shared words and the relation of each pair.

    Parameters
    ----------
    shared : ndarray of float64, shape (n_pairs, 2)
        Share of each article's words, without furniture, that are equal words of a
        passage.
    named : ndarray of int64, shape (n_pairs,)
        Indices into ``dedup.model.RELATIONS``.
    disagreements : dict of int to Disagreement
        By pair, for the pairs with an article that is mostly in the other.
    """

    shared: NDArray[np.float64]
    named: NDArray[np.int64]
    disagreements: dict[int, Disagreement]

    def take(self, pairs: NDArray[np.int64]) -> Relations:
        """Return the relations of some pairs."""
        found = {
            at: self.disagreements[pair]
            for at, pair in enumerate(pairs.tolist())
            if pair in self.disagreements
        }
        return Relations(self.shared[pairs], self.named[pairs], found)


def relate(
    passages: PassageTable,
    source: AlignedTexts,
    jaccards: NDArray[np.float64],
    params: OverlapParams,
) -> Relations:
    """Find the shared words and the relation of each pair.

    Parameters
    ----------
    jaccards : ndarray of float64, shape (n_pairs,)
        Estimated Jaccard similarity of each pair.
    """
    disagreements: dict[int, Disagreement] = {}
    shared = np.zeros((len(passages.pairs), 2))
    relations = np.full(len(passages.pairs), _NONE)
    rows = np.flatnonzero(passages.counts)
    pairs = passages.pairs[rows]
    words = _find_shared(passages, pairs, passages.counts[rows], source)
    own = words.shares()
    is_half = (_is_mostly(own, params).sum(axis=1) == 1) & _is_mostly(jaccards[rows], params)
    for at in np.flatnonzero(is_half).tolist():
        side = int(own[at].argmin())
        hashes = _hashes_of(source, int(pairs[at, side]))
        _add_repeats(words.of_side(2 * at + side), hashes)
    shared[rows] = own = words.shares() if is_half.any() else own
    relations[rows] = _SHARES
    most = np.flatnonzero(_is_mostly(own, params).any(axis=1))
    comparer = FactComparer(source, params.max_changed, pairs[most])
    for row, at in enumerate(most.tolist()):
        settled = words.settled(2 * at), words.settled(2 * at + 1)
        in_b, in_a = _is_mostly(own[at], params).tolist()
        found = _SAME_NEWS
        # An article that is in the other word for word changes no fact.
        if params.max_changed < 1 and not any(one.all() for one in settled):
            part = passages.edits.bounds[passages.bounds[rows[at] : rows[at] + 2]].tolist()
            found = comparer.compare(row, settled, passages.edits, slice(*part))
            if in_a and in_b and found.is_same_news:
                found = found._replace(has_own_news=comparer.has_own_news(row, settled))
        disagreements[int(rows[at])] = found
        if found.is_same_news and not found.has_own_news:
            relations[rows[at]] = _NAMED[in_b, in_a]
    return Relations(shared, relations, disagreements)


def _is_mostly(shared: NDArray[np.float64], params: OverlapParams) -> NDArray[np.bool_]:
    """Return which articles are almost all in the other."""
    return shared >= params.min_contained


def _find_shared(
    passages: PassageTable,
    pairs: NDArray[np.int64],
    n_passages: NDArray[np.int64],
    source: AlignedTexts,
) -> _SharedWords:
    """Find the equal words of each side of pairs with passages."""
    sides = pairs.reshape(-1)
    bounds = add_up(source.tokens.counts[sides])
    table = passages.edits
    n_edits = np.diff(table.bounds)
    owners = np.repeat(np.repeat(np.arange(len(pairs)), n_passages), n_edits)
    equal = np.flatnonzero(_IS_EQUAL[table.ops])
    firsts = bounds[:-1].reshape(-1, 2)[owners[equal]]
    ends = (table.tokens[equal].reshape(-1, 2, 2) + firsts[:, :, None]).reshape(-1, 2)
    n = int(bounds[-1]) + 1
    depth = np.bincount(ends[:, 0], minlength=n) - np.bincount(ends[:, 1], minlength=n)
    is_text = np.ones(bounds[-1], np.bool_)
    if source.tokens.roles.any():
        is_text = source.tokens.roles[source.tokens.places(sides)] != FURNITURE
    return _SharedWords(np.cumsum(depth)[:-1] > 0, is_text, bounds)


def _hashes_of(source: AlignedTexts, number: int) -> NDArray[np.uint64]:
    low, high = source.tokens.offsets[number : number + 2]
    return source.tokens.hashes[low:high]


def _add_repeats(is_shared: NDArray[np.bool_], hashes: NDArray[np.uint64]) -> None:
    """Mark the runs of an article that repeat its shared runs, in place."""
    n = len(hashes) - _RUN + 1
    if n < 1:
        return
    windows = np.lib.stride_tricks.sliding_window_view(hashes, _RUN)
    runs = (windows * _FACTORS).sum(axis=1, dtype=np.uint64)
    is_whole = np.lib.stride_tricks.sliding_window_view(is_shared, _RUN).all(axis=1)
    repeats = np.flatnonzero(np.isin(runs, runs[is_whole]))
    for step in range(_RUN):
        is_shared[repeats + step] = True
