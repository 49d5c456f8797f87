"""Hot loops of dedup: flat arrays in, flat arrays out.

A door raises TypeError for another dtype, layout or number of dimensions, and ValueError for
shapes, offsets, indices and numbers that do not fit, and for an array that it writes to and that
overlaps another. No other thread may write to an argument during a call: a door checks it once
and relies on that afterwards, without the lock of Python.

Of two articles `a` and `b`, ``p`` counts tokens of `a` and ``q`` those of `b`. A match is
``p << 32 | q``; an alignment is matches that increase on both sides; a stretch is a row of ``p``
from and to, ``q`` from and to, half-open. `search` holds the fields of
:class:`dedup.align.scalars.Scalars`, in order.
"""

import numpy as np
from numpy.typing import NDArray

# Alignment of pairs: dedup/core/bind_align.cpp

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
        Fields of :class:`dedup.align.scalars.Scalars`, in order.

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

    Parameters
    ----------
    first, second : int
        The articles ``a`` and ``b``. All other arguments are those of :func:`align_pairs`.

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

# Candidates: dedup/core/bind_candidates.cpp

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
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs of articles that agree in enough bands.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Query articles; each looks at earlier ones only, and has `n_bands` keys.
    ranges : ndarray of int64, shape (n_keys, 2)
        Bucket of each key: half-open, in entries.
    sizes, n_absent : ndarray of int64, shape (n_keys,)
        Entries that each bucket has in all, and those left out of its middle.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and token of the article.
    counts : ndarray of int32, shape (n_articles,)
        Scratch: zeros, written, and zeros again.
    n_bands, min_hits : int
        Bands of a signature, and bands that must agree.
    max_bucket, max_sources : int
        Entries of a bucket that are all taken, and articles that are all paired; of more articles
        only the best is.

    Returns
    -------
    tuple of (ndarray of int64, int)
        Earlier article, query, and whether more were left aside, shape (n_pairs, 3); and how many
        entries and pairs were left aside.

    Raises
    ------
    ValueError
        Also for an article past `counts`, or a bucket that lacks entries the query looks at.
    """

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
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs of articles that share enough seeds within a window.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Query articles; each looks at earlier ones only.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed of the query, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        What each of the two says, in eighths of a bit.
    offsets : ndarray of int64, shape (n_queries + 1,)
        Seeds before each query; every seed is a key.
    ranges : ndarray of int64, shape (n_keys, 2)
        Bucket of each key: half-open, in entries.
    sizes, n_absent : ndarray of int64, shape (n_keys,)
        Entries that each bucket has in all, and those left out of its middle.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and token of the article.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    totals, counts : ndarray of float32 and int64, at least one an article
        Scratch: zeros, written, and zeros again.
    window : int
        Tokens on either side within which seeds are added up.
    min_bits, slope : float
        Bits that a pair needs, and those more for each doubling of the places.
    max_bucket, max_sources : int
        Entries of a bucket that are all taken, and articles that may all share one stretch.

    Returns
    -------
    tuple of (ndarray of int64, int)
        As :func:`count_bands` returns them.

    Raises
    ------
    ValueError
        Also for an article past `lengths`, or a bucket that lacks entries the query looks at.
    """

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
) -> float:
    """Return the most bits that a query and one article share within a window.

    Parameters
    ----------
    article : int
        The article.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed of the query, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        What each of the two says, in eighths of a bit.
    ranges : ndarray of int64, shape (n_keys, 2)
        Bucket of each key: half-open, in entries.
    sizes, n_absent : ndarray of int64, shape (n_keys,)
        Entries that each bucket has in all, and those left out of its middle.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and token of the article.
    n_articles : int
        Articles of the collection.
    window : int
        Tokens on either side.
    enough : float
        Bits from which on no fuller window is looked for.
    """

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
) -> NDArray[np.int64]:
    """List the first hit of each article that shares enough with the query.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then by seed.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed of the query, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits that a match of each of the two says, finite.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    query : int
        The query article.
    min_bits, slope : float
        Bits that a pair needs, and those more for each doubling of the places.
    window : int
        Tokens on either side within which hits are added up.

    Returns
    -------
    ndarray of int64, shape (n_sources,)
        Indices of hits, ascending.
    """

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
) -> NDArray[np.int64]:
    """Leave out sources of stretches that better sources explain already.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then by seed.
    sources : ndarray of int64, shape (n_sources,)
        As :func:`find_sources` returns them.
    n_cut : ndarray of int64, shape (n_seeds,)
        Entries of each seed that were left aside.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed of the query, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits that a match of each of the two says, finite.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    query : int
        The query article.
    min_bits, slope : float
        Bits that a pair needs, and those more for each doubling of the places.
    window : int
        Tokens on either side within which hits are added up.
    max_sources : int
        Sources of one stretch that are all kept.

    Returns
    -------
    ndarray of int64, shape (n_kept,)
        Those of `sources` that are kept, in their order.
    """

def fill_window(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    worths: NDArray[np.float32],
    window: int,
    enough: float,
) -> float:
    """Return the most bits that a square of two texts holds.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then by seed.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of each seed of the query, not decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits that a match of each of the two says, finite.
    window : int
        Tokens on either side of the square.
    enough : float
        Bits from which on no fuller square is looked for.
    """

# Steps of the alignment, from words to candidates: dedup/core/bind_cluster_steps.cpp

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
# Penalty, drop, least total, chance rate, and most a bridge may cost.
_Limits = tuple[float, float, float, float, float]
# Stretches, origins, scores and verdicts.
_Candidates = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]

def find_penalty(rate: float, chance_rate: float) -> float:
    """Return what an unshared bit costs where the part `rate` of all bits is shared.

    Both are shares; `chance_rate`, what chance alone shares, lies between 0 and 1.
    """

def weigh_evidence(shared: float, mass_a: float, mass_b: float, chance_rate: float) -> float:
    """Return the evidence of reuse, in bits: the mean of both sides.

    `shared`, `mass_a` and `mass_b` are bits, the masses at least `shared`; `chance_rate` is as in
    :func:`find_penalty`.
    """

def weigh_side(shared: float, mass: float, chance_rate: float) -> float:
    """Return the evidence of one side, in bits; arguments as in :func:`weigh_evidence`."""

def find_floor(n_a: int, n_b: int, min_score: float, slope: float) -> float:
    """Return the bits that a passage of articles of `n_a` and `n_b` words needs.

    `min_score` bits up to 256 words each, `slope` more for each doubling of the places; the words
    are 0 to 2**31 - 1.
    """

def find_segments(
    scores: NDArray[np.float32], x_drop: float, min_score: float
) -> NDArray[np.int64]:
    """Find the segments of `scores`, float32 (n,), bits, that are worth keeping.

    A segment ends where its total falls `x_drop` below its best, and is kept if that is
    `min_score` or more. Returns half-open ranges, int64 (n_segments, 2), disjoint, in order.
    """

def number_pair(a: _Stream, b: _Stream, idf: NDArray[np.uint8]) -> tuple[_Side, _Side, int]:
    """Give numbers and bits to the content words of two articles.

    `idf` is uint8 (2**20,), eighths of a bit by the top bits of a stem. Returns both sides, and how
    many stems they have in common.
    """

def weigh_pair(
    pair: _Pair,
) -> tuple[
    NDArray[np.float32],
    NDArray[np.float64],
    NDArray[np.float32],
    NDArray[np.float64],
    NDArray[np.int64],
]:
    """Weigh all tokens of a pair and place its anchors.

    Returns bits, float32 (n_a,), and their running totals, float64 (n_a + 1,), the same of `b`, and
    the anchors as matches, int64 (n_anchors,).
    """

def find_anchors(a: _Side, b: _Side, window: int) -> NDArray[np.int64]:
    """Find words of both sides that stand in the same company.

    `window` counts the content words among which two make a pair, 1 to 65,536. Returns packed
    content words of `a` and `b`, int64 (n_anchors,), sorted.
    """

def matches_within(
    matches: NDArray[np.int64], p: int, p_end: int, q: int, q_end: int
) -> NDArray[np.int64]:
    """Take the `matches`, int64 (n,), sorted, inside [p, p_end) and [q, q_end).

    Returns them counted from (p, q), int64 (n_inside,); the ends are 0 to 2**31 - 1.
    """

def split_clusters(
    anchors: NDArray[np.int64], a: _Side, b: _Side, max_gap: int, min_bits: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Split `anchors`, int64 (n,), sorted, at gaps of more than `max_gap` tokens.

    What adds up to less than `min_bits` bits is dropped. Returns anchors cluster by cluster, int64;
    those before each cluster, int64 (n_clusters + 1,); and the bits of each, float64 (n_clusters,).
    """

def measure(pair: _Pair, p: int, p_end: int, q: int, q_end: int) -> tuple[float, float, int]:
    """Measure what the tokens [p, p_end) of `a` and [q, q_end) of `b` share.

    Returns shared bits, the cosine of the words in [0, 1], and how many stems both have.
    """

def find_clusters(pair: _Pair, max_gap: int, min_bits: float, limits: _Limits) -> NDArray[np.int64]:
    """Find candidate passages whose words stand in any order.

    Clusters are those of :func:`split_clusters`. Returns stretches, int64 (n, 4), sorted.
    """

def find_chains(pair: _Pair, max_gap: int, min_bits: float, limits: _Limits) -> NDArray[np.int64]:
    """Find candidate passages whose words stand in the same order.

    Clusters are those of :func:`split_clusters`. Returns stretches, int64 (n, 4), sorted.
    """

def merge(pair: _Pair, stretches: NDArray[np.int64], limits: _Limits) -> NDArray[np.int64]:
    """Merge `stretches`, int64 (n, 4), sorted, where the bridge between them is cheap.

    Returns stretches, int64 (n_merged, 4).
    """

# Families: dedup/core/bind_families.cpp

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

def project(
    aligned: NDArray[np.int64], low: int, high: int, low_limit: int, high_limit: int
) -> tuple[int, int]:
    """Project a stretch over an alignment onto the other side.

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

def project_inwards(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    nested: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Project what lies in the members of families onto their representatives.

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
    ndarray of int64, shape (n_projected, 4)
        Family, inner place, and the span of the representative that tells the same.
    """

def project_outwards(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    inner: NDArray[np.int64],
    max_carried: int,
) -> tuple[NDArray[np.int64], int]:
    """Project families that lie in the representative of another onto its members.

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
        Family and span of each place found, shape (n_projected, 3), and how many a cap left
        aside.
    """

def measure_places(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    members: NDArray[np.int64],
    projected: NDArray[np.int64],
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
    projected : ndarray of int64, shape (n, 3)
        Family and span of each place to measure.

    Returns
    -------
    ndarray of float64, shape (n,)
        Identity.
    """

# Numbers: dedup/core/bind_numbers.cpp

def natural_log(x: float) -> float:
    """Return the natural logarithm, within one unit in the last place, the same everywhere."""

def binary_log(x: float) -> float:
    """Return the logarithm to the base 2, exact of powers of two, the same everywhere."""

# Steps of the alignment, from matches to passages: dedup/core/bind_passage_steps.cpp

def chain(matches: NDArray[np.int64], bits: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the heaviest chain of matches that increases on both sides.

    `matches` are int64 (n,), sorted, with ``q`` below 2**22; `bits` float32 by ``p``. Returns the
    indices of those in the chain, int64, increasing.
    """

def align_gap(
    stems_a: NDArray[np.uint64], bits_a: NDArray[np.float32], stems_b: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Find the heaviest common subsequence of two short stretches.

    `stems_a`, uint64 (n_a,), and `stems_b`, uint64 (n_b,), may make 2**20 cells; `bits_a` is
    float32 (n_a,). Returns matches, int64 (n,).
    """

def align_words(
    a: _Stream, b: _Stream, bits_a: NDArray[np.float32], matches: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Align two stretches around a chain of `matches`, int64 (n,), sorted.

    `bits_a` is float32 (n_a,). Returns an alignment, int64 (n_aligned,).
    """

def align_stretch(
    a: _Stream, b: _Stream, bits_a: NDArray[np.float32], matches: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Align two stretches without function words that stand beside no aligned word.

    Arguments and result are those of :func:`align_words`.
    """

def split_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
    limits: tuple[float, float, float, float],
) -> NDArray[np.int64]:
    """Split an alignment where going on does not pay.

    `aligned` is int64 (n,), `bits_a` and `bits_b` float32, one a token; `limits` are the first
    penalty, the drop and the least score in bits, and the chance rate. Returns half-open ranges of
    `aligned`, int64 (n_parts, 2), in order.
    """

def measure_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
) -> tuple[float, float, float]:
    """Measure an alignment, int64 (n,).

    `bits_a` and `bits_b` are float32, one a token. Returns shared bits, the equal words over those
    of the longer side, and the part of the aligned words that is quoted, both in [0, 1].
    """

def longest_run(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> int:
    """Count the words of the longest run of equal words of `aligned`, int64 (n,)."""

def match_moved(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> NDArray[np.int64]:
    """Match equal words that `aligned`, int64 (n,), left over because they moved.

    Returns matches, int64 (n_moved,): content words first, then their neighbors.
    """

def write_edits(
    aligned: NDArray[np.int64], a: _Stream, b: _Stream, p_low: int, q_low: int
) -> NDArray[np.int64]:
    """Write the edit script of a passage that starts at `p_low` and `q_low`.

    `aligned` is int64 (n,), counted from there. Returns edits, int64 (n_edits, 5), as
    :func:`align_pairs` does.
    """

def extend_range(flags: NDArray[np.uint8], low: int, high: int, max_words: int) -> tuple[int, int]:
    """Move both ends of [low, high) outwards to the nearest boundary.

    `flags` are uint8 (n_tokens,). An end stays if none is at most `max_words` tokens away.
    """

def extend_stretches(
    stretches: NDArray[np.int64],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    max_words: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Extend `stretches`, int64 (n, 4), sorted, and join those that overlap on both sides.

    `flags_a` and `flags_b` are uint8, one a token; an end moves by `max_words` tokens at most.
    Returns stretches, and those that they grew from, both int64 (n_joined, 4).
    """

def cut(pair: _Pair, stretches: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut `stretches`, int64 (n, 4), sorted, at masked text; returns the same, int64 (n_cut, 4)."""

def complete_sentences(
    pair: _Pair, stretches: NDArray[np.int64], max_words: int
) -> NDArray[np.int64]:
    """Move ends of `stretches`, int64 (n, 4), to those of sentences that are alike.

    An end moves by `max_words` tokens at most. Returns stretches, int64 (n, 4).
    """

def find_abridged(pair: _Pair, search: tuple[float, ...]) -> NDArray[np.int64]:
    """Find stretches, int64 (n, 4), of which one side may abridge the other."""

def compete(pair: _Pair, candidates: _Candidates, search: tuple[float, ...]) -> _Candidates:
    """Keep, of candidates that explain the same words, the one that explains most.

    Returns the candidates with their verdicts.
    """

def settle(
    pair: _Pair, candidates: _Candidates, search: tuple[float, ...]
) -> tuple[_Candidates, NDArray[np.bool_]]:
    """Let passages cover their words, the best first, and trim the ends of the others.

    Returns the candidates, and which of them were aligned anew, bool (n,).
    """

def judge(
    a: _Stream,
    b: _Stream,
    cuts_a: NDArray[np.int64],
    cuts_b: NDArray[np.int64],
    idf: NDArray[np.uint8],
    search: tuple[float, ...],
    is_thorough: bool,
) -> tuple[_Candidates, float]:
    """Find the candidates of a pair and judge them.

    `cuts_a` and `cuts_b` are int64, tokens before which something is masked, sorted; `idf` is uint8
    (2**20,), eighths of a bit by the top bits of a stem. `is_thorough` looks also where none can be
    a passage. Returns the candidates, and the bits that a passage needs.
    """

# Postings, sorted and packed: dedup/core/bind_postings.cpp

def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Sort postings by key; equal keys stay in their order.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key of each posting, its article, and its token there.

    Returns
    -------
    tuple of ndarray
        The three columns, sorted, and their directory, int64, shape (2**bits + 1,): keys whose top
        bits are less.
    """

def look_up(
    keys: NDArray[np.uint64], directory: NDArray[np.int64], queries: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Find the range of each query among sorted keys.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        Ascending.
    directory : ndarray of int64, shape (2**bits + 1,)
        Keys whose top bits are less, of each value of these bits.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up.

    Returns
    -------
    ndarray of int64, shape (n_queries, 2)
        Half-open ranges; empty for a key that is not there.

    Raises
    ------
    ValueError
        Also for a cell of the directory that is read and is no range of keys.
    """

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
]:
    """Copy the entries of some buckets that a range of articles may look at.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key of each posting, ascending, its article, and its token there.
    directory : ndarray of int64, shape (2**bits + 1,)
        Keys whose top bits are less, of each value of these bits.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up, ascending, each once.
    first, last : int
        Query articles, half-open, up to 2**32 - 1.
    max_bucket : int
        Entries before an article that it looks at all; of more it looks at the first and the
        latest.

    Returns
    -------
    tuple of ndarray
        Entries before each bucket, int64, shape (n_queries + 1,); entries that each has in all and
        those left out of its middle, int64, shape (n_queries,); article and token of each entry,
        uint32, shape (n_entries,).
    """

def narrow_live(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    directory: NDArray[np.int64],
    queries: NDArray[np.uint64],
    max_bucket: int,
    live_docs: NDArray[np.bool_],
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint32],
    NDArray[np.uint32],
]:
    """Copy the live entries of some buckets.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key of each posting, ascending, its article, and its token there.
    directory : ndarray of int64, shape (2**bits + 1,)
        Keys whose top bits are less, of each value of these bits.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up, ascending, each once.
    max_bucket : int
        Live entries of a bucket that are all taken; of more the first and the last are.
    live_docs : ndarray of bool, shape (n_articles,)
        By number, whether an article is live.

    Returns
    -------
    tuple of ndarray
        Entries before each bucket, int64, shape (n_queries + 1,); entries that each has in all and
        those left out of its middle, int64, shape (n_queries,); article and token of each entry,
        uint32, shape (n_entries,).

    Raises
    ------
    ValueError
        Also for an article without a place in `live_docs`.
    """

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
]:
    """Join the buckets of the same keys, those of earlier articles first.

    Takes two results of :func:`narrow_live`, column by column, and returns one.
    """

def pack_entries(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    first: int,
    n_bits: int,
    counts: NDArray[np.uint32],
) -> NDArray[np.uint64]:
    """Pack sorted postings of whole cells into eight bytes each.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key of each posting, ascending, its article, and its token there.
    first : int
        Number of the article to count from; every article is less than 2**24 past it.
    n_bits : int
        Bits of the directory, 16 to 30.
    counts : ndarray of uint32, shape (2**n_bits,)
        Entries of each cell; what is packed is added in place.

    Returns
    -------
    ndarray of uint64, shape (n,)
        Entries.
    """

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
    live_docs: NDArray[np.bool_],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], int]:
    """Unpack the entries of live articles in the cells [low, high) of a file.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of 4,096 bytes.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Whether a block was compared with its sum; set in place for those that are.
    directory_at, n_bounds : int
        First byte of the directory, uint32, and how many values it has.
    entries_at, n_entries : int
        First byte of the entries, uint64, and how many there are.
    first : int
        Number of the article that entries count from.
    low, high : int
        Cells, half-open.
    live_docs : ndarray of bool, shape (n_articles,)
        By number, whether an article is live.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint32, ndarray of uint32, int)
        Keys, their lowest 24 bits zero, articles and tokens, shape (n,); and
        the first block that does not match its sum, or -1.
    """

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
    live_docs: NDArray[np.bool_],
) -> tuple[
    tuple[
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.uint32],
        NDArray[np.uint32],
    ],
    int,
]:
    """Copy some buckets out of a file, as :func:`narrow_live` does.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of 4,096 bytes.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Whether a block was compared with its sum; set in place for those that are.
    directory_at, n_bounds : int
        First byte of the directory, uint32, and how many values it has.
    entries_at, n_entries : int
        First byte of the entries, uint64, and how many there are.
    first : int
        Number of the article that entries count from.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up, ascending, each once.
    max_bucket : int
        Live entries of a bucket that are all taken; of more the first and the last are.
    live_docs : ndarray of bool, shape (n_articles,)
        By number, whether an article is live.

    Returns
    -------
    tuple of (tuple of ndarray, int)
        Buckets as :func:`narrow_live` returns them, and the first block that does not match its
        sum, or -1; then there are no buckets.
    """

def check_bytes(
    file: NDArray[np.uint8],
    sums: NDArray[np.uint64],
    is_checked: NDArray[np.uint8],
    low: int,
    high: int,
) -> int:
    """Compare the blocks that hold the bytes [low, high) with their sums, each once.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of 4,096 bytes.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Whether a block was compared with its sum; set in place for those that are.
    low, high : int
        Bytes, half-open.

    Returns
    -------
    int
        The first block that does not match its sum, or -1.
    """

def sum_blocks(file: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the XXH64 of each block of a file.

    `file` is uint8, shape (n_bytes,); the sums are uint64, one for each 4,096 bytes.
    """

# Seeds: dedup/core/bind_seeds.cpp

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
]:
    """Find the seeds of a batch of articles.

    Parameters
    ----------
    stems, flags : ndarray of uint64 and uint8, shape (n_tokens,)
        Stem hashes and flags of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    idf : ndarray of uint8, shape (2**20,)
        Eighths of a bit by the top bits of a stem hash.
    window : int
        Content words among which two make a pair, 1 to 2**32.
    min_bits : float
        Least information of a pair, in bits.
    sample : int
        One key in so many is kept, 1 or more.
    max_repeats : int
        Occurrences of a key in an article that are kept.

    Returns
    -------
    tuple of ndarray
        Keys, uint64, token of the later word, uint32, shape (n_seeds,); numbers of both stems,
        modulo 65,536, uint16, and their evidence in eighths of a bit, uint8, shape (n_seeds, 2);
        seeds before each article, int64, shape (n_articles + 1,).
    """

# Sketches: dedup/core/bind_sketch.cpp

EMPTY: int
N_ROUNDS: int

def slot_salt(slot: int) -> int:
    """Return what the empty `slot` mixes into the hashes, a uint32."""

def fmix32(value: int) -> int:
    """Return `value`, a uint32, after the finalizer of MurmurHash3."""

def hash_shingles(
    hashes: NDArray[np.uint64], k: int, variant: str | None = None
) -> NDArray[np.uint64]:
    """Hash every run of `k` tokens; fewer tokens than that are one run.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Token hashes of one article.
    k : int
        Tokens in a shingle, 1 or more.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.

    Returns
    -------
    ndarray of uint64, shape (max(n - k + 1, min(n, 1)),)
        Shingle hashes.
    """

def fill_signature(
    shingles: NDArray[np.uint64], signature: NDArray[np.uint32], variant: str | None = None
) -> None:
    """Fill one signature by Fast Similarity Sketching.

    Parameters
    ----------
    shingles : ndarray of uint64, shape (n,)
        One or more; overwritten.
    signature : ndarray of uint32, shape (n_perm,)
        Written; a power of two of slots.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

def fill_affine_signature(
    shingles: NDArray[np.uint64],
    permutations: NDArray[np.uint32],
    signature: NDArray[np.uint32],
    variant: str | None = None,
) -> None:
    """Fill one signature by permutations.

    Parameters
    ----------
    shingles : ndarray of uint64, shape (n,)
        The lower 32 bits of each are used.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers, then increments.
    signature : ndarray of uint32, shape (n_perm,)
        Written; ``EMPTY`` everywhere without shingles.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None:
    """Sketch articles that are tokenized already.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, 1 or more.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers, then increments; (2, 0) for Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written; ``EMPTY`` everywhere for an article without tokens.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

def sketch_texts(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None:
    """Sketch texts without keeping their tokens.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, with ``PADDING`` bytes more after the last article.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes before each article, which has fewer than 2**31.
    folding : Folding
        What code points are and fold to.
    k : int
        Tokens in a shingle, 1 or more.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers, then increments; (2, 0) for Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written; ``EMPTY`` everywhere for an article without tokens.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

def hash_bands(signatures: NDArray[np.uint32], n_bands: int, n_rows: int) -> NDArray[np.uint64]:
    """Hash every band of every signature.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        At least ``n_bands * n_rows`` slots each.
    n_bands, n_rows : int
        Bands, and slots of a band, 1 or more.

    Returns
    -------
    ndarray of uint64, shape (n_articles, n_bands)
        Keys; the number of the band is part of each.
    """

def count_agreements(
    signatures: NDArray[np.uint32],
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    variant: str | None = None,
) -> NDArray[np.int64]:
    """Count the slots in which pairs of signatures agree and are not empty.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Of all articles.
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Rows to compare.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
        Slots.
    """

def fill_jaccards(
    firsts: NDArray[np.uint32],
    seconds: NDArray[np.uint32],
    jaccards: NDArray[np.float64],
    variant: str | None = None,
) -> None:
    """Estimate the resemblance of every row with every other.

    Parameters
    ----------
    firsts, seconds : ndarray of uint32, shapes (n, n_perm) and (m, n_perm)
        Signatures, of a slot or more.
    jaccards : ndarray of float64, shape (n, m)
        Written: the share of slots that agree and are not empty, in [0, 1].
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

# Spans: dedup/core/bind_spans.cpp

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

    Raises
    ------
    ValueError
        Also for spans or pieces of a text that are not as said above.
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

# Text: dedup/core/bind_text.cpp

PADDING: int
BLOCK: int
FOREIGN: int
SCRATCH: int

class Folding:
    """What each code point is and folds to, checked.

    Parameters
    ----------
    pages : ndarray of uint16, at least (0x1100,)
        Page of kinds and folds of each 256 code points.
    kinds, folds : ndarray of uint8 and uint32, shape (n_pages * 256,)
        What a code point is, and its fold, a place in `runs`, or itself.
    runs : ndarray of uint32, shape (n,)
        Code points of the folds that are several, packed.
    """

    def __init__(
        self,
        pages: NDArray[np.uint16],
        kinds: NDArray[np.uint8],
        folds: NDArray[np.uint32],
        runs: NDArray[np.uint32],
    ) -> None: ...

def find_variants() -> list[str]:
    """Name the variants that this processor runs, the fastest last."""

def hash_bytes(data: NDArray[np.uint8], n_bytes: int) -> int:
    """Hash the first `n_bytes` of `data`, uint8, with XXH64, seed 0."""

def hash_short(head: int, tail: int, size: int) -> int:
    """Hash at most 15 bytes with XXH64, seed 0.

    `head` holds the bytes 0 to 7 and `tail` 8 to 15, the first lowest; `size` counts them.
    """

def avalanche(value: int) -> int:
    """Return `value`, a uint64, after the last step of XXH64."""

def combine(left: int, right: int) -> int:
    """Append `right` to the polynomial `left`, both uint64; order matters."""

def stem_length(ending: int, n: int) -> int:
    """Return how many bytes of a folded ASCII word its stem keeps.

    `ending` holds its last eight bytes, the last one highest; `n` counts all of them.
    """

def find_edges(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    edges: NDArray[np.int64],
    variant: str | None = None,
) -> int:
    """Cut an article into runs of ASCII letters and digits and of other bytes.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, with ``PADDING`` bytes more after the last article.
    first, end : int
        Bytes of the article, half-open, fewer than 2**31.
    edges : ndarray of int64, at least (end - first + 2 + BLOCK,)
        Written: start and end of each run in turn; the start with the bit ``FOREIGN`` if the run
        has a byte that is not ASCII.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.

    Returns
    -------
    int
        Edges written.
    """

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
) -> tuple[int, bool]:
    """Find the tokens of one article.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, with ``PADDING`` bytes more after the last article.
    first, end : int
        Bytes of the article, half-open, fewer than 2**31.
    folding : Folding
        What code points are and fold to.
    edges : ndarray of int64, at least (end - first + 2 + BLOCK,)
        Scratch, written as :func:`find_edges` does.
    starts, ends : ndarray of int64
        Written: bytes of each token. These and the next five have (end - first) // 2 + 1 elements.
    heads, tails : ndarray of uint64
        Written: folded bytes 0 to 7 and 8 to 15; of a long token, its hash and that of its stem.
    sizes, points, flags : ndarray of uint8
        Written: folded bytes, 255 for a long token, code points and flags.
    scratch : ndarray of uint8, shape (SCRATCH,)
        Written.
    is_described : bool
        Whether all this is written, or only `heads`, `tails` and `sizes`.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.

    Returns
    -------
    tuple of (int, bool)
        Tokens, and whether all bytes of its runs are ASCII.
    """

def hash_words(
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    variant: str | None = None,
) -> None:
    """Hash tokens with XXH64, seed 0.

    Parameters
    ----------
    heads, tails, sizes : ndarray of uint64, uint64 and uint8, shape (n,)
        As :func:`find_words` writes them.
    hashes : ndarray of uint64, shape (n,)
        Written.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.
    """

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
]:
    """Tokenize a batch of articles.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, with ``PADDING`` bytes more after the last article.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes before each article, which has fewer than 2**31.
    folding : Folding
        What code points are and fold to.
    stops : ndarray of uint64
        Open-addressing table of the hashes of stop-words, a power of two, 0 where free; one is.
    variant : str, optional
        A name of :func:`find_variants`; the best of this processor if None.

    Returns
    -------
    tuple of ndarray
        Hashes, stems, uint64, starts, ends, in code points of the article, uint32, and flags,
        uint8, shape (n_tokens,); tokens of each article, int64, shape (n_articles,).
    """
