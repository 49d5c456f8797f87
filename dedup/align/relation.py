"""Find the relation of two articles from the words that they share and from their facts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.agreement import Disagreement, FactComparer
from dedup.align.table import AlignedTexts, PassageTable
from dedup.model import RELATIONS
from dedup.params import OverlapParams

_DUPLICATE, _CONTAINS, _CONTAINED, _SHARES, _NONE = range(len(RELATIONS))
# By whether most of a is in b, and most of b in a.
_NAMED = {(True, True): _DUPLICATE, (True, False): _CONTAINED, (False, True): _CONTAINS}
_SAME_NEWS = Disagreement(0, 0)
# Words of a run that repeats a shared one: text that an article has twice is shared twice.
_RUN = 5
# Odd, so that every word of a run changes its hash.
_FACTORS = np.array([0x9E3779B97F4A7C15**k % 2**64 for k in range(_RUN)], np.uint64)


class SharedWords(NamedTuple):
    """Which words of each side are equal words of a passage; sides are numbered a, b, a, b...

    Parameters
    ----------
    shares : ndarray of float64, shape (n_pairs, 2)
        Share of the words of each side, without furniture.
    bounds : ndarray of int64, shape (n_sides + 1,)
        Number of words before each side; the sides of a pair without passages that count have none.
    is_shared, is_text : ndarray of bool, shape (n_words,)
        Which words are shared, and which are no furniture.
    """

    shares: NDArray[np.float64]
    bounds: NDArray[np.int64]
    is_shared: NDArray[np.bool_]
    is_text: NDArray[np.bool_]

    def part(self, side: int) -> slice:
        """Return the words of a side."""
        return slice(*self.bounds[side : side + 2].tolist())

    def settled(self, pair: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the words of both sides that say nothing of their own."""
        a, b = self.part(2 * pair), self.part(2 * pair + 1)
        return self.is_shared[a] | ~self.is_text[a], self.is_shared[b] | ~self.is_text[b]

    def add_repeats(self, pair: int, side: int, hashes: NDArray[np.uint64]) -> None:
        """Mark the runs of an article that repeat its shared runs, in place."""
        part = self.part(2 * pair + side)
        is_shared, is_text = self.is_shared[part], self.is_text[part]
        _add_repeats(is_shared, hashes)
        n_shared, n_text = int((is_shared & is_text).sum()), int(is_text.sum())
        self.shares[pair, side] = n_shared / max(n_text, 1)


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
    words: SharedWords,
    source: AlignedTexts,
    jaccards: NDArray[np.float64],
    params: OverlapParams,
) -> Relations:
    """Find the relation of each pair.

    Parameters
    ----------
    words : SharedWords
        Changed in place: text that an article has twice is shared twice.
    jaccards : ndarray of float64, shape (n_pairs,)
        Estimated Jaccard similarity of each pair.
    """
    tokens, pairs, shares = source.tokens, passages.pairs, words.shares
    has_text = words.bounds[2::2] > words.bounds[:-1:2]
    is_half = (_is_mostly(shares, params).sum(axis=1) == 1) & _is_mostly(jaccards, params)
    for pair in np.flatnonzero(is_half & has_text).tolist():
        side = int(shares[pair].argmin())
        low, high = tokens.offsets[pairs[pair, side] :][:2].tolist()
        words.add_repeats(pair, side, tokens.hashes[low:high])
    relations = np.where(has_text, _SHARES, _NONE)
    is_most = _is_mostly(shares, params)
    most = np.flatnonzero(is_most.any(axis=1) & has_text)
    disagreements = dict.fromkeys(most.tolist(), _SAME_NEWS)
    # An article that is in the other word for word changes no fact.
    settled = {pair: words.settled(pair) for pair in most.tolist() if params.max_changed < 1}
    doubtful = [pair for pair, own in settled.items() if not (own[0].all() or own[1].all())]
    if doubtful:
        text = passages.select_counted()
        comparer = FactComparer(source, params.max_changed, pairs[doubtful])
        for row, pair in enumerate(doubtful):
            part = text.edits.bounds[text.bounds[pair : pair + 2]].tolist()
            found = comparer.compare(row, settled[pair], text.edits, slice(*part))
            if is_most[pair].all() and found.is_same_news:
                found = found._replace(has_own_news=comparer.has_own_news(row, settled[pair]))
            disagreements[pair] = found
    for pair, found in disagreements.items():
        if found.is_same_news and not found.has_own_news:
            in_b, in_a = is_most[pair].tolist()
            relations[pair] = _NAMED[in_b, in_a]
    return Relations(shares, relations, disagreements)


def _is_mostly(shared: NDArray[np.float64], params: OverlapParams) -> NDArray[np.bool_]:
    """Return which articles are almost all in the other."""
    return shared >= params.min_contained


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
