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

# Search: seeds, candidates, postings.
def find_seeds(
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    idf: NDArray[np.uint8],
    window: int,
    min_bits: float,
    sample: int,
    max_repeats: int,
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint16],
    NDArray[np.uint8],
    NDArray[np.int64],
]: ...
def count_bands(
    queries: NDArray[np.int64],
    ranges: NDArray[np.int64],
    sizes: NDArray[np.int64],
    n_absent: NDArray[np.int64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    counts: NDArray[np.int32],
    n_bands: int,
    min_hits: int,
    max_bucket: int,
    max_sources: int,
) -> tuple[NDArray[np.int64], int]: ...
def add_seeds(
    queries: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    evidence: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    ranges: NDArray[np.int64],
    sizes: NDArray[np.int64],
    n_absent: NDArray[np.int64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    lengths: NDArray[np.int64],
    totals: NDArray[np.float32],
    counts: NDArray[np.int64],
    window: int,
    min_bits: float,
    slope: float,
    max_bucket: int,
    max_sources: int,
) -> tuple[NDArray[np.int64], int]: ...
def measure_seeds(
    article: int,
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    evidence: NDArray[np.uint8],
    ranges: NDArray[np.int64],
    sizes: NDArray[np.int64],
    n_absent: NDArray[np.int64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    n_articles: int,
    window: int,
    enough: float,
) -> float: ...
def find_sources(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    worths: NDArray[np.float32],
    lengths: NDArray[np.int64],
    query: int,
    min_bits: float,
    slope: float,
    window: int,
) -> NDArray[np.int64]: ...
def choose_sources(
    hits: NDArray[np.int64],
    sources: NDArray[np.int64],
    n_cut: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    worths: NDArray[np.float32],
    lengths: NDArray[np.int64],
    query: int,
    min_bits: float,
    slope: float,
    window: int,
    max_sources: int,
) -> NDArray[np.int64]: ...
def fill_window(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    worths: NDArray[np.float32],
    window: int,
    enough: float,
) -> float: ...

# Postings, sorted and packed: dedup/core/bind_postings.cpp
def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]: ...
def look_up(
    keys: NDArray[np.uint64], directory: NDArray[np.int64], queries: NDArray[np.uint64]
) -> NDArray[np.int64]: ...
def narrow_postings(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    directory: NDArray[np.int64],
    queries: NDArray[np.uint64],
    first: int,
    last: int,
    max_bucket: int,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint32],
    NDArray[np.uint32],
]: ...
def narrow_live(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    directory: NDArray[np.int64],
    queries: NDArray[np.uint64],
    max_bucket: int,
    is_dead: NDArray[np.bool_],
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint32],
    NDArray[np.uint32],
]: ...
def join_narrowed(
    left_bounds: NDArray[np.int64],
    left_sizes: NDArray[np.int64],
    left_n_absent: NDArray[np.int64],
    left_articles: NDArray[np.uint32],
    left_places: NDArray[np.uint32],
    right_bounds: NDArray[np.int64],
    right_sizes: NDArray[np.int64],
    right_n_absent: NDArray[np.int64],
    right_articles: NDArray[np.uint32],
    right_places: NDArray[np.uint32],
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint32],
    NDArray[np.uint32],
]: ...
def pack_entries(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    first: int,
    n_bits: int,
    counts: NDArray[np.uint32],
) -> NDArray[np.uint64]: ...
def unpack_range(
    file: NDArray[np.uint8],
    sums: NDArray[np.uint64],
    is_checked: NDArray[np.uint8],
    directory_at: int,
    n_bounds: int,
    entries_at: int,
    n_entries: int,
    first: int,
    low: int,
    high: int,
    is_dead: NDArray[np.bool_],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], int]: ...
def narrow_packed(
    file: NDArray[np.uint8],
    sums: NDArray[np.uint64],
    is_checked: NDArray[np.uint8],
    directory_at: int,
    n_bounds: int,
    entries_at: int,
    n_entries: int,
    first: int,
    queries: NDArray[np.uint64],
    max_bucket: int,
    is_dead: NDArray[np.bool_],
) -> tuple[
    tuple[
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.uint32],
        NDArray[np.uint32],
    ],
    int,
]: ...
def check_bytes(
    file: NDArray[np.uint8],
    sums: NDArray[np.uint64],
    is_checked: NDArray[np.uint8],
    low: int,
    high: int,
) -> int: ...
def sum_blocks(file: NDArray[np.uint8]) -> NDArray[np.uint64]: ...
