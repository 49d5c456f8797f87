"""Attribute the text of an article to its sources, and measure how much others share."""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.overlap import Pieces
from dedup.group.places import SharedPassages
from dedup.model.dates import TIE
from dedup.provenance.clues import find_gaps

# Least code points to report as borrowed: edges of passages differ by this much.
_MIN_TAKEN = 20


class BorrowedText(NamedTuple):
    """Text that an article took from another."""

    article: int
    coverage: float
    n_edits: int


class PassageSide(NamedTuple):
    """One side of a passage: the other article, span, and edits per character."""

    other: int
    start: int
    end: int
    edits: float


class Sides:
    """Passages by article."""

    def __init__(
        self, shared: SharedPassages, articles: NDArray[np.int64], n_articles: int
    ) -> None:
        """Sort the passages of some articles; the others get none."""
        is_wanted = np.zeros(n_articles, np.bool_)
        is_wanted[articles] = True
        n_words = np.maximum(
            shared.tokens[:, 1] - shared.tokens[:, 0], shared.tokens[:, 3] - shared.tokens[:, 2]
        )
        n_edits = n_words * (1 - shared.identities)
        owners, others = shared.articles.T.reshape(-1), shared.articles[:, ::-1].T.reshape(-1)
        spans = np.concatenate([shared.chars[:, :2], shared.chars[:, 2:]])
        edits = np.tile(n_edits, 2) / np.maximum(spans[:, 1] - spans[:, 0], 1)
        kept = np.flatnonzero(is_wanted[owners])
        order = kept[np.lexsort((spans[kept, 0], others[kept], owners[kept]))]
        self._bounds = np.searchsorted(owners[order], np.arange(n_articles + 1))
        self._others, self._spans, self._edits = others[order], spans[order], edits[order]

    def get(self, article: int) -> list[PassageSide]:
        """Return the passages of an article, sorted by other article and position."""
        own = slice(self._bounds[article], self._bounds[article + 1])
        return [
            PassageSide(other, start, end, edits)
            for other, (start, end), edits in zip(
                self._others[own].tolist(),
                self._spans[own].tolist(),
                self._edits[own].tolist(),
                strict=True,
            )
        ]


def find_shares(
    sides: list[PassageSide], pieces: Pieces, at: int, may_give: NDArray[np.bool_]
) -> tuple[BorrowedText, ...]:
    """Attribute an article's text to sources, greedily: the largest remaining share first.

    Parameters
    ----------
    may_give : ndarray of bool, shape (n_sides,)
        Whether the other article may be the source of each passage.
    """
    given: dict[int, list[PassageSide]] = defaultdict(list)
    for side, may in zip(sides, may_give.tolist(), strict=True):
        if may:
            given[side.other].append(side)
    is_free, total = _paint(pieces, at)
    # Counts only shrink, and none is above the length of the passages: a source that still has the
    # largest after a count is the best.
    heap = [(-sum(side.end - side.start for side in own), other) for other, own in given.items()]
    heapify(heap)
    found: list[BorrowedText] = []
    n_left = total
    while heap and n_left >= _MIN_TAKEN:
        _, other = heappop(heap)
        n = _count(is_free, given[other])
        if n < _MIN_TAKEN:
            continue
        if heap and (-n, other) > heap[0]:
            heappush(heap, (-n, other))
            continue
        edits = 0.0
        for side in given[other]:
            edits += side.edits * _take(is_free, side)
        found.append(BorrowedText(other, n / total, round(edits)))
        n_left -= n
    return tuple(found)


def find_coverage(sides: list[PassageSide], pieces: Pieces, at: int) -> float:
    """Return the share of an article, in [0, 1], that it has in common with others.

    See :func:`find_shares` for the other arguments.
    """
    is_free, total = _paint(pieces, at)
    n = sum(_take(is_free, side) for side in sides)
    return n / total if total else 0.0


# Bytes, not an array: articles have few passages, so the fixed cost of a step is most of it.
def _paint(pieces: Pieces, at: int) -> tuple[bytearray, int]:
    """Return 1 for each unmasked character, and their number."""
    spans = pieces.spans[pieces.bounds[at] : pieces.bounds[at + 1]].tolist()
    is_free = bytearray(spans[-1][1] if spans else 0)
    for start, end in spans:
        is_free[start:end] = b"\1" * (end - start)
    return is_free, is_free.count(1)


def _take(is_free: bytearray, side: PassageSide) -> int:
    """Take the free characters under a passage, and count them."""
    n = is_free.count(1, side.start, side.end)
    if n:
        end = min(side.end, len(is_free))
        is_free[side.start : end] = bytes(end - side.start)
    return n


def _count(is_free: bytearray, sides: list[PassageSide]) -> int:
    """Count the free characters under the sorted, possibly overlapping passages of a pair."""
    n = end = 0
    for side in sides:
        n += is_free.count(1, max(side.start, end), side.end)
        end = max(end, side.end)
    return n


def is_no_later(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which articles were published before another, or in a tie with it.

    Parameters
    ----------
    one : ndarray of float64, shape (n, 4)
        Dates of the articles, see :func:`dedup.provenance.clues.find_dates`.
    other : ndarray of float64, shape (4,)
        Date of the other article.

    Returns
    -------
    ndarray of bool, shape (n,)
        Also true if a date is missing.
    """
    is_later: NDArray[np.bool_] = find_gaps(other, one) > TIE
    return ~is_later
