"""Passages to overlaps: how much of each article they cover, and what that makes of the pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.blocks import OverlapParams
from dedup.model import Overlap, Passage, Relation
from dedup.text.tokenize import Tokens


class Pieces(NamedTuple):
    """What of some articles counts as their text.

    Parameters
    ----------
    spans : ndarray of uint32, shape (n_pieces, 2)
        Half-open, in code points, one article after the other, in order.
    bounds : ndarray of int64, shape (n_articles + 1,)
        Pieces before each article.
    """

    spans: NDArray[np.uint32]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Tokens) -> Pieces:
        """From the first word of each article to its last, interrupted where tokens are missing."""
        starts = tokens.offsets[:-1][tokens.counts > 0]
        merged = np.sort(np.concatenate([starts, tokens.cuts]))
        firsts = merged[np.diff(merged, prepend=-1) > 0]
        lasts = np.append(firsts[1:], len(tokens.hashes))[: len(firsts)] - 1
        spans = np.stack([tokens.starts[firsts], tokens.ends[lasts]], axis=1)
        return cls(spans, np.searchsorted(firsts, tokens.offsets))


def cover(
    spans: NDArray[np.int64], owners: NDArray[np.int64], pieces: Pieces
) -> NDArray[np.float64]:
    """Return the share of each article that spans cover together.

    Parameters
    ----------
    spans : ndarray of int64, shape (n_spans, 2)
        In code points, in any order; they may overlap.
    owners : ndarray of int64, shape (n_spans,)
        Number of the article of each.
    pieces : Pieces
        Of all articles.

    Returns
    -------
    ndarray of float64, shape (n_articles,)
        In [0, 1]; 0 for an article without words.
    """
    order = np.lexsort((spans[:, 1], spans[:, 0], owners))
    bounds = np.searchsorted(owners[order], np.arange(len(pieces.bounds)))
    return _core.find_coverages(spans[order], bounds, *pieces)


def make_overlaps(
    ids: Sequence[tuple[str, str]],
    pairs: NDArray[np.int64],
    passages: Sequence[tuple[Passage, ...]],
    pieces: Pieces,
    jaccards: NDArray[np.float64],
    params: OverlapParams,
) -> list[Overlap]:
    """Sum up what pairs of articles share.

    Parameters
    ----------
    ids : sequence of tuple of (str, str)
        Of ``a`` and ``b`` of each pair.
    pairs : ndarray of int64, shape (n_pairs, 2)
        Their numbers in `pieces`.
    passages : sequence of tuple of Passage
        What they share.
    pieces : Pieces
        What counts as the text of each article.
    jaccards : ndarray of float64, shape (n_pairs,)
        Estimated resemblances.
    params : OverlapParams
        From which coverage on an article is contained.

    Returns
    -------
    list of Overlap
        With both coverages and the relation read off them.
    """
    spans = [side for own in passages for side in ([one.a for one in own], [one.b for one in own])]
    owners = np.repeat(np.arange(2 * len(pairs)), [len(side) for side in spans])
    every = np.array([span for side in spans for span in side], np.int64).reshape(-1, 2)
    coverages = cover(every, owners, _take(pieces, pairs.reshape(-1))).reshape(-1, 2).tolist()
    return [
        Overlap(*names, own, jaccard, in_a, in_b, _relation(in_a, in_b, own, params))
        for names, own, jaccard, (in_a, in_b) in zip(
            ids, passages, jaccards.tolist(), coverages, strict=True
        )
    ]


def _take(pieces: Pieces, articles: NDArray[np.int64]) -> Pieces:
    counts = np.diff(pieces.bounds)[articles]
    bounds = np.append(0, np.cumsum(counts))
    at = np.repeat(pieces.bounds[articles] - bounds[:-1], counts) + np.arange(bounds[-1])
    return Pieces(np.ascontiguousarray(pieces.spans[at]), bounds)


def _relation(
    in_a: float, in_b: float, passages: tuple[Passage, ...], params: OverlapParams
) -> Relation:
    a_is_inside, b_is_inside = in_a >= params.min_contained, in_b >= params.min_contained
    if not passages:
        return "none"
    if a_is_inside and b_is_inside:
        return "duplicate"
    if a_is_inside:
        return "contained"
    return "contains" if b_is_inside else "shares"
