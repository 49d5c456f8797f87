"""Spans and the text that they cover, in code points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel


@kernel
def find_coverages(
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    pieces: NDArray[np.uint32],
    piece_bounds: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Find the share of each text that spans cover together.

    Parameters
    ----------
    spans : ndarray of int64, shape (n_spans, 2)
        Half-open, of one text after the other, sorted in each; they may overlap.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Spans before each text.
    pieces : ndarray of uint32, shape (n_pieces, 2)
        What counts as the text: half-open, sorted, disjoint. What stands around its words, and
        what was masked, is not part of what could be reused.
    piece_bounds : ndarray of int64, shape (n_texts + 1,)
        Pieces before each text.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
        In [0, 1]; 0 for a text without pieces.
    """
    coverages = np.zeros(len(bounds) - 1, np.float64)
    for text in range(len(bounds) - 1):
        covered = total = np.int64(0)
        at, end = bounds[text], np.int64(0)
        for k in range(piece_bounds[text], piece_bounds[text + 1]):
            start, stop = np.int64(pieces[k, 0]), np.int64(pieces[k, 1])
            total += stop - start
            # A span that reaches beyond this piece may reach into the next.
            while at < bounds[text + 1] and spans[at, 0] < stop:
                low, high = max(spans[at, 0], end, start), min(spans[at, 1], stop)
                covered += max(high - low, 0)
                end = max(end, high)
                if spans[at, 1] > stop:
                    break
                at += 1
        if covered > 0:
            coverages[text] = covered / total
    return coverages
