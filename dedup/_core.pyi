"""Hot loops of dedup: flat arrays in, flat arrays out.

A door raises TypeError for another dtype, layout or number of dimensions, and ValueError for
offsets or indices that do not fit.
"""

import numpy as np
from numpy.typing import NDArray

# Families and boilerplate: dedup/core/bind_families.cpp

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
        What counts as the text: half-open, sorted, disjoint.
    piece_bounds : ndarray of int64, shape (n_texts + 1,)
        Pieces before each text.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
        In [0, 1]; 0 for a text without pieces.
    """

def group_spans(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Group spans that are the same but for their edges.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted.
    min_same : float
        Least intersection over union with the first span of a group.

    Returns
    -------
    ndarray of int64, shape (n,)
        Index of the first span of each one's group.
    """

def find_nested(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Find which spans lie in which others.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted, one for each group of :func:`group_spans`.
    min_same : float
        Least share of a span that must lie in a longer one.

    Returns
    -------
    ndarray of int64, shape (n_pairs, 2)
        Outer and inner span, sorted.
    """

def fold_spans(
    families: NDArray[np.int64], spans: NDArray[np.int64], identities: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Choose of the spans of a family that overlap the one that is most alike.

    Parameters
    ----------
    families : ndarray of int64, shape (n,)
        Family of each span, sorted.
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted within a family.
    identities : ndarray of float64, shape (n,)
        How much each is like the representative, which has more than any other.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which to keep: no two that share half of the shorter one, the most alike first.
    """
