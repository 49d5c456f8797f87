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
        Tokens of all articles, see :class:`dedup.text.tokenize.Tokens`.
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
        Bits: 1 a negation, 2 a number or a name on both sides;
        0 of what is kept, inflected or moved.
    """

# Steps of the alignment: dedup/core/bind_steps.cpp, from words to clusters, and bind_stretches.cpp,
# from matches to passages. Positions of two sides are packed, ``p << 32 | q``; a stretch is a row
# of ``p`` from and to, ``q`` from and to.

# Hashes, stems, starts, ends and flags of the tokens of one article.
_Stream = tuple[
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint32],
    NDArray[np.uint8],
]
# Content words: token, number of the stem or -1, bits, and whether it is a name or a number.
_Side = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]]
# Tokens of a and b, their content words, their cuts, and the anchors.
_Pair = tuple[
    _Stream,
    _Stream,
    _Side,
    _Side,
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
]
# Price, drop, least total, background, and most a bridge may cost.
_Limits = tuple[float, float, float, float, float]
# Stretches, origins, scores and verdicts.
_Candidates = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]

def find_price(rate: float, background: float) -> float: ...
def weigh_evidence(shared: float, mass_a: float, mass_b: float, background: float) -> float: ...
def weigh_side(shared: float, mass: float, background: float) -> float: ...
def find_floor(n_a: int, n_b: int, min_score: float, slope: float) -> float:
    """Return the bits that a passage of articles of `n_a` and `n_b` words needs."""

def find_segments(
    scores: NDArray[np.float32], x_drop: float, min_score: float
) -> NDArray[np.int64]: ...
def number_pair(a: _Stream, b: _Stream, idf: NDArray[np.uint8]) -> tuple[_Side, _Side, int]: ...
def weigh_pair(
    pair: _Pair,
) -> tuple[
    NDArray[np.float32],
    NDArray[np.float64],
    NDArray[np.float32],
    NDArray[np.float64],
    NDArray[np.int64],
]:
    """Return bits and running totals of both sides, and matches: all that follows from a pair."""

def find_anchors(a: _Side, b: _Side, window: int) -> NDArray[np.int64]: ...
def matches_within(
    matches: NDArray[np.int64], p: int, p_end: int, q: int, q_end: int
) -> NDArray[np.int64]: ...
def split_clusters(
    anchors: NDArray[np.int64], a: _Side, b: _Side, max_gap: int, min_bits: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return anchors cluster by cluster, those before each cluster, and the bits of each."""

def measure(pair: _Pair, p: int, p_end: int, q: int, q_end: int) -> tuple[float, float, int]: ...
def find_clusters(
    pair: _Pair, max_gap: int, min_bits: float, limits: _Limits
) -> NDArray[np.int64]: ...
def find_chains(
    pair: _Pair, max_gap: int, min_bits: float, limits: _Limits
) -> NDArray[np.int64]: ...
def merge(pair: _Pair, stretches: NDArray[np.int64], limits: _Limits) -> NDArray[np.int64]: ...
def chain(matches: NDArray[np.int64], bits: NDArray[np.float32]) -> NDArray[np.int64]: ...
def align_gap(
    stems_a: NDArray[np.uint64], bits_a: NDArray[np.float32], stems_b: NDArray[np.uint64]
) -> NDArray[np.int64]: ...
def align_words(
    a: _Stream, b: _Stream, bits_a: NDArray[np.float32], matches: NDArray[np.int64]
) -> NDArray[np.int64]: ...
def align_stretch(
    a: _Stream, b: _Stream, bits_a: NDArray[np.float32], matches: NDArray[np.int64]
) -> NDArray[np.int64]: ...
def split_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
    limits: tuple[float, float, float, float],
) -> NDArray[np.int64]: ...
def measure_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
) -> tuple[float, float, float]: ...
def longest_run(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> int: ...
def match_moved(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> NDArray[np.int64]: ...
def write_edits(
    aligned: NDArray[np.int64], a: _Stream, b: _Stream, p_low: int, q_low: int
) -> NDArray[np.int64]: ...
def snap(flags: NDArray[np.uint8], low: int, high: int, max_words: int) -> tuple[int, int]: ...
def snap_stretches(
    stretches: NDArray[np.int64],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    max_words: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def cut(pair: _Pair, stretches: NDArray[np.int64]) -> NDArray[np.int64]: ...
def complete_sentences(
    pair: _Pair, stretches: NDArray[np.int64], max_words: int
) -> NDArray[np.int64]: ...
def find_abridged(pair: _Pair, search: tuple[float, ...]) -> NDArray[np.int64]: ...
def compete(pair: _Pair, candidates: _Candidates, search: tuple[float, ...]) -> _Candidates: ...
def settle(
    pair: _Pair, candidates: _Candidates, search: tuple[float, ...]
) -> tuple[_Candidates, NDArray[np.bool_]]:
    """Return the candidates, and which of them were aligned anew."""

def judge(
    a: _Stream,
    b: _Stream,
    cuts_a: NDArray[np.int64],
    cuts_b: NDArray[np.int64],
    idf: NDArray[np.uint8],
    search: tuple[float, ...],
    is_thorough: bool,
) -> tuple[_Candidates, float]: ...

# Families.

# Text and sketches. A variant is a name of find_variants(); the best of the processor if None.
PADDING: int
BLOCK: int
FOREIGN: int
SCRATCH: int
EMPTY: int
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

# Boilerplate: dedup/core/bind_boilerplate.cpp

def find_repeats(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    min_articles: int,
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the shingles that many articles have.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, 1 or more.
    min_articles : int
        Different articles that must have it.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64, ndarray of int64)
        Key, first token, tokens and article of every occurrence, by key and then by first
        token.
    """

def find_known(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    known: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the shingles that are known.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, 1 or more.
    known : ndarray of uint64, shape (n_known,)
        Keys as :func:`find_repeats` gives them, ascending.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64)
        Key, first token and tokens of every occurrence, in the order of the tokens.
    """

def cover_tokens(
    firsts: NDArray[np.int64], widths: NDArray[np.int64], covered: NDArray[np.bool_]
) -> None:
    """Set what shingles cover.

    Parameters
    ----------
    firsts, widths : ndarray of int64, shape (n,)
        First token of each, and tokens.
    covered : ndarray of bool, shape (n_tokens,)
        Set in place.
    """

def keep_spread(
    keys: NDArray[np.uint64],
    owners: NDArray[np.int64],
    days: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    is_own: NDArray[np.bool_],
    max_resemblance: float,
    min_stories: int,
    min_days: int,
) -> NDArray[np.bool_]:
    """Tell the shingles that stand in unrelated articles from those of one running story.

    Parameters
    ----------
    keys, owners : ndarray of shape (n,)
        As :func:`find_repeats` gives them.
    days : ndarray of int64, shape (n_articles,)
        Day of each article, negative where it is not known.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Of what each article says apart from what is repeated; one that says too little has
        empty slots only and tells no story.
    is_own : ndarray of bool, shape (n_articles,)
        Whether this is most of it. An article that mostly repeats tells of its day only, if
        that is known: it may be one of many copies or variants of one text.
    max_resemblance : float
        Share of equal slots up to which two articles are unrelated.
    min_stories : int
        Articles, no two of them related, that make a shingle spread;
    min_days : int
        or the days that such articles must be of.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which occurrences are of a spread shingle.
    """

def gather_runs(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    covered: NDArray[np.bool_],
    min_unit: int,
    min_edge: int,
    min_inside: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Gather covered tokens to runs and keep those that can stand for themselves.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    covered : ndarray of bool, shape (n_tokens,)
        Tokens that are repeated.
    min_unit, min_edge, min_inside : int
        Words of a run of whole sentences, of one that begins or ends an article, and of one
        inside a sentence. Of a run that is shorter its whole sentences are kept. An end that
        reaches fewer than `min_edge` tokens over a boundary is moved back to it.
        A character of a script without spaces is half a word.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of uint64)
        Article, first token and one past the last of each run, shape (n_runs, 3), in
        order; and a hash of its tokens, shape (n_runs,).
    """

def name_runs(
    runs: NDArray[np.int64],
    values: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    counts: NDArray[np.int64],
    firsts: NDArray[np.int64],
    widths: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """Name each run by its most widespread shingle: variants of one formula are one unit.

    Parameters
    ----------
    runs : ndarray of int64, shape (n_runs, 3)
        Article, first token and one past the last, in order.
    values : ndarray of uint64, shape (n_runs,)
        What a run is called that holds no whole shingle.
    keys : ndarray of uint64, shape (n_shingles,)
        Shingles, in the order of their first tokens.
    counts : ndarray of int64, shape (n_shingles,)
        How widespread each is; of two that are the same the lesser key is taken.
    firsts, widths : ndarray of int64, shape (n_shingles,)
        First token of each, and tokens.

    Returns
    -------
    ndarray of uint64, shape (n_runs,)
        Names.
    """

def cover_formulas(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    outlets: NDArray[np.int64],
    keys: NDArray[np.uint64],
    counts: NDArray[np.int64],
    units: NDArray[np.uint64],
    key_bounds: NDArray[np.int64],
    unit_bounds: NDArray[np.int64],
    k: int,
    min_unit: int,
    min_inside: int,
) -> NDArray[np.bool_]:
    """Tell which tokens of articles their outlets are known to repeat.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    outlets : ndarray of int64, shape (n_articles,)
        Which outlet each is of; -1 for none.
    keys, counts : ndarray of uint64, ndarray of int64, shape (n_keys,)
        Shingles of all outlets, ascending in each, and how widespread each is.
    units : ndarray of uint64, shape (n_units,)
        Names of what is boilerplate, ascending in each.
    key_bounds, unit_bounds : ndarray of int64, shape (n_outlets + 1,)
        Shingles and names before each outlet.
    k : int
        Tokens in a shingle, 1 or more.
    min_unit, min_inside : int
        As :func:`gather_runs` takes them.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        What is boilerplate.
    """

# Gathering of families: dedup/core/bind_gathering.cpp

def match_stems(
    stems_a: NDArray[np.uint64],
    flags_a: NDArray[np.uint8],
    stems_b: NDArray[np.uint64],
    flags_b: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Match the content stems that both sides have equally often, in turn.

    Parameters
    ----------
    stems_a, stems_b : ndarray of uint64
        Stem hashes of both sides.
    flags_a, flags_b : ndarray of uint8
        Flags of their tokens.

    Returns
    -------
    ndarray of int64, shape (n_matches,)
        ``p << 32 | q``, sorted.
    """

def align_places(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    a: int,
    b: int,
) -> tuple[NDArray[np.int64], float]:
    """Align two places, each word worth the same.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open, in tokens counted over all articles.
    a, b : int
        Which two.

    Returns
    -------
    tuple of (ndarray of int64, float)
        Aligned words ``p << 32 | q``, counted from the start of each place, and the share
        of the words of the longer one that are aligned to an equal word.
    """

def carry(
    aligned: NDArray[np.int64], low: int, high: int, low_limit: int, high_limit: int
) -> tuple[int, int]:
    """Carry a stretch over an alignment to the other side.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    low, high : int
        The stretch, half-open, in ``p``.
    low_limit, high_limit : int
        The words of the other side, half-open, in ``q``.

    Returns
    -------
    tuple of (int, int)
        The stretch in ``q``, equal ends if too little of it has a counterpart. An end that
        has none is moved as far as on the first side, if that much lies free.
    """

def gather_families(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    order: NDArray[np.int64],
    first: NDArray[np.int64],
    others: NDArray[np.int64],
    numbers: NDArray[np.int64],
    is_passage: NDArray[np.bool_],
    representatives: NDArray[np.int64],
    identities: NDArray[np.float64],
    min_alike: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Gather places into families around representatives.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open, in tokens counted over all articles.
    order : ndarray of int64, shape (n_places,)
        All places, the one that shall represent a family first.
    first : ndarray of int64, shape (n_places + 1,)
        Ends of links before each place.
    others, numbers, is_passage : ndarray of int64, int64 and bool, shape (n_ends,)
        The place at the other end, the number of the link, and whether it is a passage.
    representatives, identities : ndarray of int64 and float64, shape (n_places,)
        What spares comparisons and changes no result: a representative of every place, or -1,
        and the identity with it that was measured before.
    min_alike : float
        Identity with the representative that a place needs which no passage links with it.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64)
        Bounds, shape (n_families + 1,), members, and their identities with the first member
        of the family. Every passage joins two members of one of them.
    """

def carry_inwards(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    nested: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Carry what lies in the members of families over to their representatives.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open, in tokens counted over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as :func:`gather_families` gives them.
    nested : ndarray of int64, shape (n_pairs, 2)
        Outer and inner place, sorted.

    Returns
    -------
    ndarray of int64, shape (n_carried, 4)
        Family, inner place, and the span of the representative that tells the same.
    """

def carry_outwards(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    inner: NDArray[np.int64],
    max_carried: int,
) -> tuple[NDArray[np.int64], int]:
    """Carry families that lie in the representative of another over to its members.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open, in tokens counted over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as :func:`gather_families` gives them.
    inner : ndarray of int64, shape (n_inner, 4)
        Outer family, sorted; inner family, at most once in an outer one; and the span of
        the representative of the outer family that tells what the inner one does.
    max_carried : int
        Places that a family gets for each of its members.

    Returns
    -------
    tuple of (ndarray of int64, int)
        Family and span of each place found, shape (n_carried, 3), and how many were left
        aside.
    """

def measure_places(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    carried: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Measure how much places are like the representatives of families.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open, in tokens counted over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as :func:`gather_families` gives them.
    carried : ndarray of int64, shape (n, 3)
        Family and span of each place to measure.

    Returns
    -------
    ndarray of float64, shape (n,)
        Identity.
    """

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

# Numbers: dedup/core/bind_numbers.cpp

def natural_log(x: float) -> float:
    """Return the natural logarithm, within one unit in the last place, the same everywhere."""

def binary_log(x: float) -> float:
    """Return the logarithm to the base 2, exact of powers of two, the same everywhere."""
