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
