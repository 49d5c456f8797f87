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

# Alignment: dedup/core/bind_align.cpp

def align_pairs(
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    offsets: NDArray[np.int64],
    cuts: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    idf: NDArray[np.uint8],
    search: tuple[float, ...],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Find the passages of many pairs of articles.

    Parameters
    ----------
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Articles ``a`` and ``b`` of each pair.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    cuts : ndarray of int64, shape (n_cuts,)
        Tokens before which something is masked, increasing.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles, see :class:`dedup.stages.tokenize.Tokens`.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    search : tuple
        Fields of :class:`dedup.blocks.AlignParams`, in order.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64, ndarray of int64)
        Passages before each pair, shape (n_pairs + 1,). The passages, shape (n, 5): ``p`` from
        and to, ``q`` from and to, half-open, in tokens of the article, and one past the last
        edit. Their score in bits, identity and quoted share, shape (n, 3). Edits, shape
        (n_edits, 5): the operation by its place in ``dedup.model.OPS``, ``p`` from and to, ``q``
        from and to.
    """

def explain_pair(
    first: int,
    second: int,
    offsets: NDArray[np.int64],
    cuts: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    idf: NDArray[np.uint8],
    search: tuple[float, ...],
) -> tuple[
    int,
    NDArray[np.float64],
    float,
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.float64],
]:
    """Align a pair of articles, of a token each at least, and keep all that decided on it.

    Returns
    -------
    tuple
        Anchors; bits of each anchor cluster; bits that a passage needs, 0 for a copy;
        candidates, figures and edits as of :func:`align_pairs`; and of each candidate its origin
        and verdict by code, the words of its longest aligned run, the code points of its longer
        side, and the part that better passages cover.
    """

def mark_edits(
    edits: NDArray[np.int64],
    firsts: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    denials: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    max_words: int,
) -> NDArray[np.uint8]:
    """Mark the edits that may change a fact: few do, and text is slow to look at.

    Parameters
    ----------
    edits : ndarray of int64, shape (n, 5)
        As :func:`align_pairs` gives them.
    firsts : ndarray of int64, shape (n, 2)
        Tokens before the articles ``a`` and ``b`` of each.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles.
    denials, numbers : ndarray of uint64
        Hashes of words that deny, and of words that are numbers, sorted.
    max_words : int
        Tokens of an edit that are looked at, on either side.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Bits: 1 a number may go on at an end, 2 a negation, 4 a number or a name on both sides;
        0 of what is kept, inflected or moved.
    """

# Families.

# Text and sketches. A variant is a name of find_variants(); the best of the processor if None.
PADDING: int
BLOCK: int
FOREIGN: int
SCRATCH: int
N_ROUNDS: int

class Folding:
    def __init__(
        self,
        pages: NDArray[np.uint16],
        kinds: NDArray[np.uint8],
        folds: NDArray[np.uint32],
        runs: NDArray[np.uint32],
    ) -> None: ...

def find_variants() -> list[str]: ...
def hash_bytes(data: NDArray[np.uint8], n_bytes: int) -> int: ...
def hash_short(head: int, tail: int, size: int) -> int: ...
def avalanche(value: int) -> int: ...
def combine(left: int, right: int) -> int: ...
def slot_salt(slot: int) -> int: ...
def fmix32(value: int) -> int: ...
def stem_length(ending: int, n: int) -> int: ...
def find_edges(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    edges: NDArray[np.int64],
    variant: str | None = None,
) -> int: ...
def find_words(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    folding: Folding,
    edges: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    points: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    scratch: NDArray[np.uint8],
    is_described: bool,
    variant: str | None = None,
) -> tuple[int, bool]: ...
def hash_words(
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    variant: str | None = None,
) -> None: ...
def mark_articles(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    stops: NDArray[np.uint64],
    variant: str | None = None,
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint32],
    NDArray[np.uint8],
    NDArray[np.int64],
]: ...
def hash_shingles(
    hashes: NDArray[np.uint64], k: int, variant: str | None = None
) -> NDArray[np.uint64]: ...
def fill_signature(
    shingles: NDArray[np.uint64], signature: NDArray[np.uint32], variant: str | None = None
) -> None: ...
def fill_affine_signature(
    shingles: NDArray[np.uint64],
    permutations: NDArray[np.uint32],
    signature: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def sketch_texts(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def hash_bands(signatures: NDArray[np.uint32], n_bands: int, n_rows: int) -> NDArray[np.uint64]: ...
def count_agreements(
    signatures: NDArray[np.uint32],
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    variant: str | None = None,
) -> NDArray[np.int64]: ...
def fill_jaccards(
    firsts: NDArray[np.uint32],
    seconds: NDArray[np.uint32],
    jaccards: NDArray[np.float64],
    variant: str | None = None,
) -> None: ...
