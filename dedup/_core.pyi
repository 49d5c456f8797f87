"""Compiled inner loops of dedup, on flat arrays.

A function raises TypeError for a wrong dtype, layout or number of dimensions, and ValueError for
invalid shapes, offsets, indices and numbers, and if an output array overlaps another array. No
other thread may write to an argument during a call: it is checked once, then used without the GIL.

``p`` is a token index in article `a`, ``q`` one in article `b`. A match is ``p << 32 | q``. An
alignment is a list of matches that increase on both sides. A stretch is a row (``p`` start, ``p``
end, ``q`` start, ``q`` end), half-open. `search` contains the fields of
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
    search: _Search,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Find the passages of many pairs of articles.

    Parameters
    ----------
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Articles ``a`` and ``b`` of each pair.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    cuts : ndarray of int64, shape (n_cuts,)
        Tokens preceded by masked text, increasing.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles, see :class:`dedup.text.tokenize.Tokens`.
    idf : ndarray of uint8, shape (2**21,)
        Eighths of a bit by the top bits of a stem hash.
    search : tuple
        Fields of :class:`dedup.align.scalars.Scalars`, in order.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64, ndarray of int64)
        Passages before each pair, shape (n_pairs + 1,). Passages, shape (n, 5): a stretch in tokens
        of the articles, and the end of its edits. Score in bits, identity, quoted share and
        log-odds of the confidence, shape (n, 4). Edits, shape (n_edits, 5): index in
        ``dedup.model.OPS``, then a stretch.
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
    search: _Search,
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
    """Align a pair of nonempty articles, and return all intermediate results.

    Parameters
    ----------
    first, second : int
        Articles ``a`` and ``b``. Other arguments as in :func:`align_pairs`.

    Returns
    -------
    tuple
        Anchors; bits of each anchor cluster; minimum score of a passage, 0 for a copy; candidates,
        figures and edits as in :func:`align_pairs`; and for each candidate: codes of its origin and
        verdict, words of its longest aligned run, code points of its longer side, and the share
        that better passages cover.
    """

def find_missing_names(
    pairs: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Find the names that only one article of a pair has.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b``.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.

    Returns
    -------
    bounds : ndarray of int64, shape (2 * n_pairs + 1,)
        Number of names before each side of each pair, ``a`` first.
    names : ndarray of int64, shape (n,)
        Tokens from the start of the article, ascending on each side.
    same_digits : ndarray of uint8, shape (n_pairs,)
        Whether the words with digits of both articles are the same.
    """

# Passages after the alignment: dedup/core/bind_table.cpp

_FoundPassages = tuple[
    NDArray[np.int64],
    NDArray[np.bool_],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
]

def find_split_numbers(
    passages: _FoundPassages,
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Find the passages in which an edit may start or end inside a number.

    Parameters
    ----------
    passages : tuple
        As :func:`fill_columns` takes them.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles.

    Returns
    -------
    ndarray of int64, shape (n_split, 3)
        Passages, ascending, and their articles as :func:`align_pairs` got them.
    """

def fill_columns(
    passages: _FoundPassages,
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    denials: NDArray[np.uint64],
    numbers: NDArray[np.uint64],
    max_words: int,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint8],
]:
    """Turn passages and edits of :func:`align_pairs` to columns.

    Passages of a pair are sorted by their spans in ``a``, then in ``b``; edits of a passage too.

    Parameters
    ----------
    passages : tuple
        Articles ``a`` and ``b`` of each pair, int64, shape (n_pairs, 2); whether the core got them
        with ``b`` first, bool, shape (n_pairs,); passages before each pair, int64, shape
        (n_pairs + 1,); nonempty spans of tokens of the first and the second side, int64, shape
        (n, 4); edits before each passage, int64, shape (n + 1,); edits, int64, shape (n_edits, 5).
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.
    hashes, stems, starts, ends, flags : ndarray, shape (n_tokens,)
        Tokens of all articles.
    denials, numbers : ndarray of uint64
        Sorted hashes of negations and of number words.
    max_words : int
        Maximum tokens of an edit to mark, on either side.

    Returns
    -------
    tuple of ndarray
        Of passages: rows of the input, int64, shape (n,); articles, shape (n, 2); spans of tokens
        in ``a``, then in ``b``, and the same in code points, shape (n, 4); words of the longer
        side; kept words, shape (n,). Of edits: number before each passage, shape (n + 1,);
        operations, shape (n_edits,); spans of tokens and of code points, shape (n_edits, 4); marks,
        uint8, shape (n_edits,), bits: 1 for a negation, 2 for a number or a name on both sides; 0
        for kept, inflected or moved. An empty span of code points follows the token before it.
    """

def find_roles(
    articles: NDArray[np.int64],
    spans: NDArray[np.int64],
    offsets: NDArray[np.int64],
    flags: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    scalars: tuple[float, float, int, int],
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Find the roles of passages that follow from marks of words.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each passage.
    spans : ndarray of int64, shape (n, 4)
        Half-open spans of tokens in ``a``, then in ``b``, from the start of the article.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.
    flags, roles : ndarray of uint8, shape (n_tokens,)
        Of all tokens; roles are indices into ``dedup.model.ROLES``.
    scalars : tuple of (float, float, int, int)
        Share of the words of a side that makes a formula or furniture; that of quoted words; least
        figures of a side; most words for each figure.

    Returns
    -------
    tuple of (ndarray of uint8, ndarray of bool), each of shape (n,)
        Roles; and whether both sides have figures enough for a template that is filled with them.
    """

def sum_up_pairs(
    passages: tuple[
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.bool_],
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.int64],
    ],
    offsets: NDArray[np.int64],
    roles: NDArray[np.uint8],
    pieces: NDArray[np.uint32],
    piece_bounds: NDArray[np.int64],
) -> tuple[
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.bool_],
    NDArray[np.bool_],
]:
    """Find the covered text and the shared words of each pair.

    Parameters
    ----------
    passages : tuple
        Articles of each pair, int64, shape (n_pairs, 2); passages before each pair, int64, shape
        (n_pairs + 1,); spans in code points, int64, shape (n, 4); which passages count, bool, and
        their kept words, int64, shape (n,); edits before each passage, int64, shape (n + 1,);
        operations, int64, shape (n_edits,); spans of tokens of edits, int64, shape (n_edits, 4).
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.
    roles : ndarray of uint8, shape (n_tokens,)
        Indices into ``dedup.model.ROLES``.
    pieces : ndarray of uint32, shape (n_pieces, 2)
        Spans of code points that count as text: sorted and disjoint in each article.
    piece_bounds : ndarray of int64, shape (n_articles + 1,)
        Number of pieces before each article.

    Returns
    -------
    tuple of ndarray
        Share of each article that passages cover which count, float64, shape (n_pairs, 2); share of
        the kept words that count, 1 if none are kept, float64, shape (n_pairs,); share of the words
        without furniture that are equal words of a passage that counts, float64, shape
        (n_pairs, 2). Then words before each side, a, b, a, b..., int64, shape (2 n_pairs + 1,),
        none for pairs without a passage that counts; and of these words, whether they are shared,
        and whether they are no furniture, bool.
    """

# Boilerplate: dedup/core/bind_boilerplate.cpp

def find_repeats(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    min_articles: int,
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find the shingles that many articles contain.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, at least 1.
    min_articles : int
        Minimum number of articles.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64, ndarray of int64)
        Key, first token, number of tokens and article of each occurrence, by key, then by first
        token.
    """

def find_known(
    hashes: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    known: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Find known shingles.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, at least 1.
    known : ndarray of uint64, shape (n_known,)
        Keys as returned by :func:`find_repeats`, ascending.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of int64, ndarray of int64)
        Key, first token and number of tokens of each occurrence, in token order.
    """

def cover_tokens(
    firsts: NDArray[np.int64], widths: NDArray[np.int64], covered: NDArray[np.bool_]
) -> None:
    """Mark the tokens that shingles cover.

    Parameters
    ----------
    firsts, widths : ndarray of int64, shape (n,)
        First token and number of tokens of each shingle.
    covered : ndarray of bool, shape (n_tokens,)
        Changed in place.
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
    """Return which shingles occur in unrelated articles, and not only in one running story.

    Parameters
    ----------
    keys, owners : ndarray of shape (n,)
        As returned by :func:`find_repeats`.
    days : ndarray of int64, shape (n_articles,)
        Day of each article, negative if unknown.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Signatures of each article's unrepeated text. An article with too little of it has only
        empty slots and counts as no story.
    is_own : ndarray of bool, shape (n_articles,)
        Whether this text is most of the article. Other articles may be copies of one text and count
        only for their day, if known.
    max_resemblance : float
        Maximum share of equal slots of two unrelated articles.
    min_stories : int
        Mutually unrelated articles that make a shingle spread;
    min_days : int
        or the number of their days.

    Returns
    -------
    ndarray of bool, shape (n,)
        Whether each occurrence is of a spread shingle.
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
    """Join covered tokens into runs, and drop runs that are too short.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles of one outlet.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    covered : ndarray of bool, shape (n_tokens,)
        Whether each token is repeated.
    min_unit, min_edge, min_inside : int
        Minimum words of a run of whole sentences, of a run at either end of an article, and of a
        run inside a sentence. A shorter run is reduced to its whole sentences. An end fewer than
        `min_edge` tokens past a boundary moves back to it. A character of a script without spaces
        is half a word.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of uint64)
        Article, first token and end of each run, shape (n_runs, 3), in order; and a hash of its
        tokens, shape (n_runs,).
    """

def name_runs(
    runs: NDArray[np.int64],
    values: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    counts: NDArray[np.int64],
    firsts: NDArray[np.int64],
    widths: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """Name each run by its most frequent shingle, so that variants of a formula share a name.

    Parameters
    ----------
    runs : ndarray of int64, shape (n_runs, 3)
        Article, first token and end, in order.
    values : ndarray of uint64, shape (n_runs,)
        Names of runs without a whole shingle.
    keys : ndarray of uint64, shape (n_shingles,)
        Shingles, in order of their first tokens.
    counts : ndarray of int64, shape (n_shingles,)
        Frequency of each; in a tie, the smaller key wins.
    firsts, widths : ndarray of int64, shape (n_shingles,)
        First token and number of tokens of each shingle.

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
    """Return which tokens are known boilerplate of the article's outlet.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of the articles.
    flags : ndarray of uint8, shape (n_tokens,)
        Their flags.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    outlets : ndarray of int64, shape (n_articles,)
        Outlet of each article; -1 for none.
    keys, counts : ndarray of uint64, ndarray of int64, shape (n_keys,)
        Shingles of all outlets, ascending within each, and their frequencies.
    units : ndarray of uint64, shape (n_units,)
        Names of boilerplate, ascending within each outlet.
    key_bounds, unit_bounds : ndarray of int64, shape (n_outlets + 1,)
        Shingles and names before each outlet.
    k : int
        Tokens in a shingle, at least 1.
    min_unit, min_inside : int
        As in :func:`gather_runs`.

    Returns
    -------
    ndarray of bool, shape (n_tokens,) Whether each token is boilerplate.
    """

# Candidates: dedup/core/bind_candidates.cpp

def count_bands(
    queries: NDArray[np.int64],
    lows: NDArray[np.int64],
    ranges: NDArray[np.int64],
    n_absent: NDArray[np.int64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    counts: NDArray[np.int32],
    n_bands: int,
    min_hits: int,
    max_bucket: int,
    max_sources: int,
) -> tuple[NDArray[np.int64], int, int]:
    """Find the pairs of articles that agree in enough bands.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Query articles, with `n_bands` keys each. Only earlier articles are searched.
    lows : ndarray of int64, shape (n_queries,)
        First article that each query may read; with one above 0, no entries may be omitted.
    ranges : ndarray of int64, shape (n_keys, 2)
        Range of entries of each key's bucket, half-open.
    n_absent : ndarray of int64, shape (n_keys,)
        Omitted entries from the middle of each bucket.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and its token position.
    counts : ndarray of int32, shape (n_articles,)
        Scratch space: zeros before and after the call.
    n_bands, min_hits : int
        Bands in a signature, and minimum number that agree.
    max_bucket, max_sources : int
        Maximum entries read from a bucket, and maximum articles that are all paired; above that,
        only the best is.

    Returns
    -------
    tuple of (ndarray of int64, int, int)
        Earlier article, query, and whether others were left out, shape (n_pairs, 3); the number of
        entries and pairs left out; and the number of entries read.

    Raises
    ------
    ValueError
        Also for an article past `counts`, or a bucket without entries that the query needs.
    """

def add_seeds(
    queries: NDArray[np.int64],
    lows: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    evidence: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    ranges: NDArray[np.int64],
    n_absent: NDArray[np.int64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    lengths: NDArray[np.int64],
    totals: NDArray[np.float32],
    counts: NDArray[np.int64],
    n_articles: int,
    window: int,
    min_bits: float,
    slope: float,
    max_bucket: int,
    max_sources: int,
    n_rarest: int,
    max_entries: int,
) -> tuple[NDArray[np.int64], int, int]:
    """Find the pairs of articles that share enough seeds within a window.

    Parameters
    ----------
    queries : ndarray of int64, shape (n_queries,)
        Query articles. Only earlier articles are searched.
    lows : ndarray of int64, shape (n_queries,)
        First article that each query may read; with one above 0, no entries may be omitted.
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed of the query, non-decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        Information of each stem, in eighths of a bit.
    offsets : ndarray of int64, shape (n_queries + 1,)
        Seeds before each query; each seed is a key.
    ranges : ndarray of int64, shape (n_keys, 2)
        Range of entries of each key's bucket, half-open.
    n_absent : ndarray of int64, shape (n_keys,)
        Omitted entries from the middle of each bucket.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and its token position.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    totals, counts : ndarray of float32 and int64, at least one an article
        Scratch space: zeros before and after the call.
    n_articles : int
        Size of the collection.
    window : int
        Tokens on either side within which seeds add up.
    min_bits, slope : float
        Minimum bits of a pair, and extra bits per doubling of the possible positions.
    max_bucket, max_sources : int
        Maximum entries read from a bucket, and maximum articles that share one stretch.
    n_rarest, max_entries : int
        Seeds of each window that are always read, and entries that a query reads otherwise, see
        :func:`choose_seeds`. A pair is capped if a bucket that is always read was cut.

    Returns
    -------
    tuple of (ndarray of int64, int, int)
        As returned by :func:`count_bands`.

    Raises
    ------
    ValueError
        Also for an article past `lengths`, or a bucket without entries that the query needs.
    """

def measure_seeds(
    article: int,
    query: int,
    low: int,
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    evidence: NDArray[np.uint8],
    ranges: NDArray[np.int64],
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
    query, low : int
        Number of the query, and the first article that it may read.
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed of the query, non-decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        Information of each stem, in eighths of a bit.
    ranges : ndarray of int64, shape (n_keys, 2)
        Range of entries of each key's bucket, half-open.
    n_absent : ndarray of int64, shape (n_keys,)
        Omitted entries from the middle of each bucket.
    articles, places : ndarray of uint32, shape (n_entries,)
        Article of each entry, ascending in a bucket, and its token position.
    n_articles : int
        Size of the collection.
    window : int
        Tokens on either side.
    enough : float
        Bits at which the search stops.
    """

def choose_seeds(
    positions: NDArray[np.uint32],
    counts: NDArray[np.int64],
    window: int,
    n_rarest: int,
    max_bucket: int,
    max_entries: int,
) -> NDArray[np.uint8]:
    """Choose the seeds of a query whose buckets are read.

    Parameters
    ----------
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed, non-decreasing.
    counts : ndarray of int64, shape (n_seeds,)
        Entries of each that the query may read. Of two seeds the one with fewer is rarer, of equal
        ones the first.
    window, n_rarest : int
        Tokens of a window, and seeds of it that are always read. Windows begin at any seed up to
        the first whose window holds the last seed.
    max_bucket, max_entries : int
        Maximum entries read from a bucket, and from all unless the rarest have more.

    Returns
    -------
    ndarray of uint8, shape (n_seeds,)
        2 if a seed is always read, 1 if the budget suffices or it has no entries, 0 if it is not.
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
    """Return the first hit of each article that shares enough with the query.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then sorted by
        seed.
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed of the query, non-decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits of a match of each stem, finite.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    query : int
        The query article.
    min_bits, slope : float
        Minimum bits of a pair, and extra bits per doubling of the possible positions.
    window : int
        Tokens on either side within which hits add up.

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
    """Drop sources whose stretches better sources explain.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then sorted by
        seed.
    sources : ndarray of int64, shape (n_sources,)
        As returned by :func:`find_sources`.
    n_cut : ndarray of int64, shape (n_seeds,)
        Entries of each seed that were left out.
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed of the query, non-decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits of a match of each stem, finite.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    query : int
        The query article.
    min_bits, slope : float
        Minimum bits of a pair, and extra bits per doubling of the possible positions.
    window : int
        Tokens on either side within which hits add up.
    max_sources : int
        Maximum sources of one stretch.

    Returns
    -------
    ndarray of int64, shape (n_kept,)
        The kept `sources`, in order.
    """

def fill_window(
    hits: NDArray[np.int64],
    positions: NDArray[np.uint32],
    words: NDArray[np.uint16],
    worths: NDArray[np.float32],
    window: int,
    enough: float,
) -> float:
    """Return the most bits in any square window of two texts.

    Parameters
    ----------
    hits : ndarray of int64, shape (n_hits, 3)
        Article, seed of the query and token of the article, grouped by article, then sorted by
        seed.
    positions : ndarray of uint32, shape (n_seeds,)
        Token position of each seed of the query, non-decreasing.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of its two stems.
    worths : ndarray of float32, shape (n_seeds, 2)
        Bits of a match of each stem, finite.
    window : int
        Tokens on either side of the square.
    enough : float
        Bits at which the search stops.
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
# Content words: token, number of the stem or -1, bits, and whether it is a fact.
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
# Penalty, drop, minimum total, chance rate, and maximum cost of a bridge.
_Limits = tuple[float, float, float, float, float]
# Fields of dedup.align.scalars.Scalars; the last one is float64 (28,), weights of the second look.
_Search = tuple[float | NDArray[np.float64], ...]
# Features float64 (n * 20,), log-odds float64, reused bool, and partners int64 or -1, all (n,).
_Words = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]
# Stretches, origins, scores and verdicts.
_Candidates = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]

def find_penalty(rate: float, chance_rate: float) -> float:
    """Return the penalty of an unshared bit if the share `rate` of all bits is shared.

    `chance_rate` is the share by chance alone, in (0, 1).
    """

def weigh_evidence(shared: float, mass_a: float, mass_b: float, chance_rate: float) -> float:
    """Return the evidence of reuse, in bits: the mean of both sides.

    `shared`, `mass_a` and `mass_b` are bits, the masses at least `shared`; `chance_rate` is as in
    :func:`find_penalty`.
    """

def weigh_side(shared: float, mass: float, chance_rate: float) -> float:
    """Return the evidence of one side, in bits; arguments as in :func:`weigh_evidence`."""

def find_floor(n_a: int, n_b: int, min_score: float, slope: float) -> float:
    """Return the minimum score, in bits, of a passage in articles of `n_a` and `n_b` words.

    It is `min_score` up to 256 words each, plus `slope` per doubling of the possible positions;
    word counts are 0 to 2**31 - 1.
    """

def find_segments(
    scores: NDArray[np.float32], x_drop: float, min_score: float
) -> NDArray[np.int64]:
    """Find the high-scoring segments of `scores`, float32 (n,), in bits.

    A segment ends where its total falls `x_drop` below its best, and is kept if the best is at
    least `min_score`. Returns half-open ranges, int64 (n_segments, 2), disjoint, in order.
    """

def number_pair(a: _Stream, b: _Stream, idf: NDArray[np.uint8]) -> tuple[_Side, _Side, int]:
    """Assign numbers and bits to the content words of two articles.

    `idf` is uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then pairs. Returns
    both sides, and the number of common stems.
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
    """Weigh all tokens of a pair and convert its anchors to matches.

    Returns bits, float32 (n_a,), and running totals, float64 (n_a + 1,), the same for `b`, and the
    anchors as matches, int64 (n_anchors,).
    """

def find_anchors(a: _Side, b: _Side, window: int) -> NDArray[np.int64]:
    """Find words of both sides with a common neighbor.

    `window` content words contain a pair, 1 to 65,536. Returns packed content words of `a` and `b`,
    int64 (n_anchors,), sorted.
    """

def matches_within(
    matches: NDArray[np.int64], p: int, p_end: int, q: int, q_end: int
) -> NDArray[np.int64]:
    """Select the sorted `matches`, int64 (n,), inside [p, p_end) and [q, q_end).

    Returns them relative to (p, q), int64 (n_inside,); the ends are 0 to 2**31 - 1.
    """

def split_clusters(
    anchors: NDArray[np.int64], a: _Side, b: _Side, max_gap: int, min_bits: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Split `anchors`, int64 (n,), sorted, at gaps of more than `max_gap` tokens.

    Clusters below `min_bits` are dropped. Returns anchors by cluster, int64; anchors before each
    cluster, int64 (n_clusters + 1,); and bits of each cluster, float64 (n_clusters,).
    """

def measure(pair: _Pair, p: int, p_end: int, q: int, q_end: int) -> tuple[float, float, int]:
    """Measure the overlap of tokens [p, p_end) of `a` and [q, q_end) of `b`.

    Returns shared bits, the cosine in [0, 1], and the number of shared stems.
    """

def find_clusters(pair: _Pair, max_gap: int, min_bits: float, limits: _Limits) -> NDArray[np.int64]:
    """Find candidate passages with words in any order.

    Clusters are those of :func:`split_clusters`. Returns stretches, int64 (n, 4), sorted.
    """

def find_chains(pair: _Pair, max_gap: int, min_bits: float, limits: _Limits) -> NDArray[np.int64]:
    """Find candidate passages with words in the same order.

    Clusters are those of :func:`split_clusters`. Returns stretches, int64 (n, 4), sorted.
    """

def merge(pair: _Pair, stretches: NDArray[np.int64], limits: _Limits) -> NDArray[np.int64]:
    """Merge `stretches`, int64 (n, 4), sorted, if the bridge between them is cheap.

    Returns stretches, int64 (n_merged, 4).
    """

# Families: dedup/core/bind_families.cpp

def match_stems(
    stems_a: NDArray[np.uint64],
    flags_a: NDArray[np.uint8],
    stems_b: NDArray[np.uint64],
    flags_b: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Match, in order, the content stems that occur equally often on both sides.

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
    """Align two places with equal word weights.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open ranges of token indices over all articles.
    a, b : int
        The two places.

    Returns
    -------
    tuple of (ndarray of int64, float)
        Matches ``p << 32 | q``, counted from the start of each place, and the share of the longer
        place's words that are aligned to an equal word.
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
        Allowed range of the other side, half-open, in ``q``.

    Returns
    -------
    tuple of (int, int)
        The stretch in ``q``, empty if too little of it has a counterpart. An end without a
        counterpart is extended as far as on the first side, if that range is free.
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
        All places: half-open ranges of token indices over all articles.
    order : ndarray of int64, shape (n_places,)
        All places, preferred representatives first.
    first : ndarray of int64, shape (n_places + 1,)
        Ends of links before each place.
    others, numbers, is_passage : ndarray of int64, int64 and bool, shape (n_ends,)
        Place at the other end, number of the link, and whether it is a passage.
    representatives, identities : ndarray of int64 and float64, shape (n_places,)
        Known identities, to save comparisons: a representative of each place, or -1, and the
        identity with it.
    min_alike : float
        Minimum identity with the representative for a place that no passage links to it.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64, ndarray of float64)
        Bounds, shape (n_families + 1,), members, and their identities with the first member of the
        family. Each passage joins two members of some family.
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
    """Project places inside members of families onto the representatives.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open ranges of token indices over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as returned by :func:`gather_families`.
    nested : ndarray of int64, shape (n_pairs, 2)
        Outer and inner place, sorted.

    Returns
    -------
    ndarray of int64, shape (n_projected, 4)
        Family, inner place, and its span in the representative.
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
    """Project families inside another family's representative onto its members.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open ranges of token indices over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as returned by :func:`gather_families`.
    inner : ndarray of int64, shape (n_inner, 4)
        Outer family, sorted; inner family, at most once per outer one; and the inner family's span
        in the outer representative.
    max_carried : int
        Maximum projected places per member of a family.

    Returns
    -------
    tuple of (ndarray of int64, int)
        Family and span of each place found, shape (n_projected, 3), and the number left out.
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
    """Measure the identity of places with the representatives of families.

    Parameters
    ----------
    hashes, stems, flags : ndarray of uint64, uint64 and uint8, shape (n_tokens,)
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places: half-open ranges of token indices over all articles.
    bounds, members : ndarray of int64, shapes (n_families + 1,) and (n_members,)
        Families as returned by :func:`gather_families`.
    projected : ndarray of int64, shape (n, 3)
        Family and span of each place to measure.

    Returns
    -------
    ndarray of float64, shape (n,)
        Identity.
    """

# JSON Lines: dedup/core/bind_json_lines.cpp

_ArticleColumns = tuple[
    NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]
]  # ids, their bounds, code points, their bounds
_OverlapColumns = tuple[
    NDArray[np.int64],  # articles of each overlap, (n, 2)
    NDArray[np.int64],  # passages before each overlap, (n + 1,)
    NDArray[np.int64],  # index into dedup.model.RELATIONS
    NDArray[np.float64],  # similarity, Jaccard similarity, coverage of each side, (n, 4)
    NDArray[np.bool_],  # is capped
    NDArray[np.bool_],  # is a pair of versions
]
_PassageColumns = tuple[
    NDArray[np.int64],  # half-open spans in code points, (n, 4)
    NDArray[np.uint8],  # index into dedup.model.passage.KINDS
    NDArray[np.uint8],  # index into dedup.model.ROLES
    NDArray[np.uint8],  # JSON fields of the speakers, each after a comma, UTF-8
    NDArray[np.int64],  # bytes of these before each passage, (n + 1,): none if it is no quote
    NDArray[np.float64],  # identity, confidence, score, (n, 3)
    NDArray[np.int64],  # words
]
_EditColumns = tuple[
    NDArray[np.int64],  # edits before each passage, (n_passages + 1,)
    NDArray[np.int64],  # index into dedup.model.OPS
    NDArray[np.int64],  # half-open spans in code points, (n, 4)
    NDArray[np.bool_],  # changes a fact
]

def write_lines(
    articles: _ArticleColumns,
    overlaps: _OverlapColumns,
    passages: _PassageColumns,
    edits: _EditColumns,
) -> NDArray[np.uint8]:
    """Write overlaps as JSON Lines, as ``dedup.Overlap.to_dict`` tells them.

    Parameters
    ----------
    articles : tuple of ndarray
        Ids as JSON, UTF-8, and the bytes before each, shape (n_articles + 1,); code points of the
        texts, and the number before each, shape (n_articles + 1,).
    overlaps, passages, edits : tuple of ndarray
        Columns. The absolute value of a figure is less than 1e9.

    Returns
    -------
    ndarray of uint8
        UTF-8. A line of each overlap, with its end.
    """

# Numbers: dedup/core/bind_numbers.cpp

def natural_log(x: float) -> float:
    """Return the natural logarithm, within 1 ulp, the same on every system."""

def binary_log(x: float) -> float:
    """Return the base-2 logarithm, exact for powers of two, the same on every system."""

# Steps of the alignment, from matches to passages: dedup/core/bind_passage_steps.cpp

def chain(matches: NDArray[np.int64], bits: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the heaviest chain of matches that increases on both sides.

    `matches` are int64 (n,), sorted, with ``q`` below 2**22; `bits` float32 by ``p``. Returns the
    indices of the chain, int64, increasing.
    """

def align_gap(
    stems_a: NDArray[np.uint64], bits_a: NDArray[np.float32], stems_b: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Find the heaviest common subsequence of two short stretches.

    `stems_a`, uint64 (n_a,), and `stems_b`, uint64 (n_b,), may have 2**20 cells; `bits_a` is
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
    """Align two stretches, and drop function words without an aligned neighbor.

    Arguments and result as in :func:`align_words`.
    """

def split_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
    limits: tuple[float, float, float, float],
) -> NDArray[np.int64]:
    """Split an alignment at costly gaps.

    `aligned` is int64 (n,), `bits_a` and `bits_b` float32, one per token; `limits` are the first
    penalty, the drop and the minimum score in bits, and the chance rate. Returns half-open ranges
    of `aligned`, int64 (n_parts, 2), in order.
    """

def measure_alignment(
    aligned: NDArray[np.int64],
    a: _Stream,
    b: _Stream,
    bits_a: NDArray[np.float32],
    bits_b: NDArray[np.float32],
) -> tuple[float, float, float]:
    """Measure an alignment, int64 (n,).

    `bits_a` and `bits_b` are float32, one per token. Returns shared bits, identity, and the quoted
    share of the aligned words, both in [0, 1].
    """

def longest_run(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> int:
    """Count the words of the longest run of equal words of `aligned`, int64 (n,)."""

def match_moved(aligned: NDArray[np.int64], a: _Stream, b: _Stream) -> NDArray[np.int64]:
    """Match equal words outside `aligned`, int64 (n,), as moved.

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

    `flags` are uint8 (n_tokens,). An end stays if no boundary is within `max_words` tokens.
    """

def extend_stretches(
    stretches: NDArray[np.int64],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    max_words: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Extend `stretches`, int64 (n, 4), sorted, and join those that overlap on both sides.

    `flags_a` and `flags_b` are uint8, one per token; an end moves by at most `max_words` tokens.
    Returns the new stretches and their cores, both int64 (n_joined, 4).
    """

def cut(pair: _Pair, stretches: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut `stretches`, int64 (n, 4), sorted, at masked text; returns the same, int64 (n_cut, 4)."""

def complete_sentences(
    pair: _Pair, stretches: NDArray[np.int64], max_words: int
) -> NDArray[np.int64]:
    """Extend `stretches`, int64 (n, 4), to sentence ends if the added text is similar.

    An end moves by at most `max_words` tokens. Returns stretches, int64 (n, 4).
    """

def find_abridged(pair: _Pair, search: _Search) -> NDArray[np.int64]:
    """Find stretches, int64 (n, 4), where one side may abridge the other."""

def find_runs(
    a: _Stream,
    cuts_a: NDArray[np.int64],
    b: _Stream,
    cuts_b: NDArray[np.int64],
    parts_b: NDArray[np.int64],
    min_words: int,
) -> NDArray[np.int64]:
    """Find the runs of at least `min_words` equal words of two articles.

    Parameters
    ----------
    parts_b : ndarray of int64, shape (n_parts, 2)
        Token ranges of b, half-open, increasing and apart. Words outside of them equal none.

    Returns int64 (n, 3): first token of a, first token of b, words. Every span of a of that
    length that stands in b lies in a run, except over a cut.
    """

def compete(pair: _Pair, candidates: _Candidates, search: _Search) -> _Candidates:
    """Among candidates for the same words, keep the one that explains most.

    Returns the candidates with their verdicts.
    """

def settle(
    pair: _Pair, candidates: _Candidates, search: _Search
) -> tuple[_Candidates, NDArray[np.bool_]]:
    """Let passages cover their words, best first, and trim the others.

    Returns the candidates, and which were realigned, bool (n,).
    """

def look_again(
    pair: _Pair, weights: NDArray[np.float64]
) -> tuple[_Words, _Words, NDArray[np.int64]]:
    """Judge every word of a related pair.

    `weights` are float64 (28,), see :func:`dedup.text.tables.second_look`. Returns the words of
    both sides, and the stretches of reused words, int64 (n, 4), sorted.
    """

def judge(
    a: _Stream,
    b: _Stream,
    cuts_a: NDArray[np.int64],
    cuts_b: NDArray[np.int64],
    idf: NDArray[np.uint8],
    search: _Search,
    is_thorough: bool,
) -> tuple[_Candidates, float]:
    """Find the candidates of a pair and judge them.

    `cuts_a` and `cuts_b` are int64, tokens preceded by masked text, sorted; `idf` is uint8
    (2**21,), eighths of a bit by the top bits of a stem. `is_thorough` also searches where no
    passage is possible. Returns the candidates, and the minimum score in bits.
    """

# Postings, sorted and packed: dedup/core/bind_postings.cpp

# Keys, articles, places and directory.
_Postings = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]
# Fields of dedup.index.format.Packed.
_Packed = tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.uint8], int, int, int, int, int]

def sort_postings(
    keys: NDArray[np.uint64], articles: NDArray[np.uint32], places: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Sort postings by key; equal keys stay in their order.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key, article and token position of each posting.

    Returns
    -------
    tuple of ndarray
        The three sorted columns, and their directory, int64, shape (2**bits + 1,): number of keys
        with smaller top bits.
    """

def sort_shared(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    n_skipped: int,
    n_bits: int,
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Sort a range of postings by key, and keep those of keys that several articles carry.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        All alike in their first `n_skipped` bits, at most 31.
    articles, places : ndarray of uint32, shape (n,)
        Article, non-decreasing, and token position of each posting.
    n_bits : int
        Bits of the directory, which come after the skipped ones: 1 to 31.

    Returns
    -------
    tuple of ndarray
        The three sorted columns, and their directory, int64, shape (2**n_bits + 1,).
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
        Number of keys with smaller top bits, for each value of these bits.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up.

    Returns
    -------
    ndarray of int64, shape (n_queries, 2)
        Half-open ranges; empty for a missing key.

    Raises
    ------
    ValueError
        Also for an invalid cell of the directory.
    """

def narrow_postings(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    directory: NDArray[np.int64],
    queries: NDArray[np.uint64],
    low: int,
    first: int,
    last: int,
    max_bucket: int,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint32],
    NDArray[np.uint32],
]:
    """Copy the bucket entries that a range of query articles may read.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key (ascending), article and token position of each posting.
    directory : ndarray of int64, shape (2**bits + 1,)
        Number of keys with smaller top bits, for each value of these bits.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up, ascending, unique.
    low : int
        First article to copy, at most `first`.
    first, last : int
        Query articles, half-open, up to 2**32 - 1.
    max_bucket : int
        Maximum entries before an article; above that, only the first and the latest are read.

    Returns
    -------
    tuple of ndarray
        Entries before each bucket, int64, shape (n_queries + 1,); omitted entries of each bucket,
        int64, shape (n_queries,); article and token of each entry, uint32, shape
        (n_entries,).
    """

def pack_entries(
    keys: NDArray[np.uint64],
    articles: NDArray[np.uint32],
    places: NDArray[np.uint32],
    first: int,
    n_bits: int,
    counts: NDArray[np.uint32],
) -> NDArray[np.uint64]:
    """Pack sorted postings of whole cells into 8 bytes each.

    Parameters
    ----------
    keys, articles, places : ndarray of uint64, uint32 and uint32, shape (n,)
        Key (ascending), article and token position of each posting.
    first : int
        Base article number; all articles are less than 2**24 past it.
    n_bits : int
        Bits of the directory, 16 to 30.
    counts : ndarray of uint32, shape (2**n_bits,)
        Entries of each cell, increased in place.

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
        Whether each block is verified; changed in place.
    directory_at, n_bounds : int
        Byte offset of the directory, uint32, and its length.
    entries_at, n_entries : int
        Byte offset of the entries, uint64, and their number.
    first : int
        Base article number of the entries.
    low, high : int
        Cells, half-open.
    live_docs : ndarray of bool, shape (n_articles,)
        Whether each article number is live.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint32, ndarray of uint32, int)
        Keys (lowest 24 bits zero), articles and tokens, shape (n,); and the first damaged block, or
        -1.
    """

def narrow_parts(
    files: tuple[_Packed, ...],
    runs: tuple[_Postings, ...],
    own: _Postings,
    queries: NDArray[np.uint64],
    low: int,
    first: int,
    last: int,
    max_bucket: int,
    live_docs: NDArray[np.bool_],
) -> tuple[
    NDArray[np.uint64],
    tuple[
        NDArray[np.int64],
        NDArray[np.int64],
        NDArray[np.uint32],
        NDArray[np.uint32],
    ],
    int,
    int,
]:
    """Copy the buckets of some keys out of all parts of an index, and join them.

    Parameters
    ----------
    files : tuple of tuple
        Arguments of :func:`unpack_range` up to `first`; `is_checked` is changed in place. Keys are
        compared by their top 40 bits.
    runs : tuple of tuple
        Arguments of :func:`narrow_postings` up to `directory`, of later articles.
    own : tuple
        The same, of the query articles; narrowed as :func:`narrow_postings` does.
    queries : ndarray of uint64, shape (n_queries,)
        Keys to look up, in any order.
    low, first, last : int
        First article to copy of `own`, and the query articles, half-open; see
        :func:`narrow_postings`.
    max_bucket : int
        Maximum live entries of a bucket of one part; above that, only the first and the last are
        read.
    live_docs : ndarray of bool, shape (n_articles,)
        Whether each article number of `files` and `runs` is live.

    Returns
    -------
    tuple of (ndarray of uint64, tuple of ndarray, int, int)
        The keys, ascending, unique, shape (n_keys,); their buckets as returned by
        :func:`narrow_postings`, part by part; the first file with a damaged block, or -1; and that
        block, or -1. With a damaged block there are neither keys nor buckets.

    Raises
    ------
    ValueError
        Also for an article past the end of `live_docs`, and for an invalid cell of a directory.
    """

def check_bytes(
    file: NDArray[np.uint8],
    sums: NDArray[np.uint64],
    is_checked: NDArray[np.uint8],
    low: int,
    high: int,
) -> int:
    """Verify the blocks of the bytes [low, high), each once.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block of 4,096 bytes.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Whether each block is verified; changed in place.
    low, high : int
        Bytes, half-open.

    Returns
    -------
    int
        The first damaged block, or -1.
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
    idf : ndarray of uint8, shape (2**21,)
        Eighths of a bit by the top bits of a stem hash.
    window : int
        Content words within which two words form a pair, 1 to 2**32.
    min_bits : float
        Minimum information of a pair, in bits.
    sample : int
        Keep one key in `sample`, at least 1.
    max_repeats : int
        Maximum occurrences of a key in an article.

    Returns
    -------
    tuple of ndarray
        Keys, uint64, and token of the later word, uint32, shape (n_seeds,); numbers of both stems
        modulo 65,536, uint16, and their information in eighths of a bit, uint8, shape (n_seeds, 2);
        seeds before each article, int64, shape (n_articles + 1,).
    """

# Sketches: dedup/core/bind_sketch.cpp

EMPTY: int
N_ROUNDS: int

def slot_salt(slot: int) -> int:
    """Return the salt of an empty `slot`, a uint32."""

def fmix32(value: int) -> int:
    """Apply the finalizer of MurmurHash3 to `value`, a uint32."""

def hash_shingles(
    hashes: NDArray[np.uint64], k: int, variant: str | None = None
) -> NDArray[np.uint64]:
    """Hash every run of `k` tokens; a shorter text is one run.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Token hashes of one article.
    k : int
        Tokens in a shingle, at least 1.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.

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
        At least one; overwritten.
    signature : ndarray of uint32, shape (n_perm,)
        Written; its length is a power of two.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.
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
        A name from :func:`find_variants`; the fastest if None.
    """

def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None:
    """Sketch tokenized articles.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_tokens,)
        Token hashes of all articles.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    k : int
        Tokens in a shingle, at least 1.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers, then increments; (2, 0) for Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written; ``EMPTY`` everywhere for an article without tokens.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.
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
        UTF-8, with ``PADDING`` extra bytes at the end.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes before each article; an article has fewer than 2**31.
    folding : Folding
        Kinds and folds of code points.
    k : int
        Tokens in a shingle, at least 1.
    permutations : ndarray of uint32, shape (2, n_perm)
        Multipliers, then increments; (2, 0) for Fast Similarity Sketching.
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Written; ``EMPTY`` everywhere for an article without tokens.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.
    """

def hash_bands(signatures: NDArray[np.uint32], n_bands: int, n_rows: int) -> NDArray[np.uint64]:
    """Hash every band of every signature.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        At least ``n_bands * n_rows`` slots each.
    n_bands, n_rows : int
        Bands, and slots per band, at least 1.

    Returns
    -------
    ndarray of uint64, shape (n_articles, n_bands)
        Keys; each includes the band number.
    """

def count_agreements(
    signatures: NDArray[np.uint32],
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    variant: str | None = None,
) -> NDArray[np.int64]:
    """Count the equal, nonempty slots of pairs of signatures.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        Of all articles.
    firsts, seconds : ndarray of int64, shape (n_pairs,)
        Rows to compare.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.

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
    """Estimate the Jaccard similarity of every pair of rows.

    Parameters
    ----------
    firsts, seconds : ndarray of uint32, shapes (n, n_perm) and (m, n_perm)
        Signatures of at least one slot.
    jaccards : ndarray of float64, shape (n, m)
        Written: share of equal, nonempty slots, in [0, 1].
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.
    """

# Spans: dedup/core/bind_spans.cpp

def find_coverages(
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    pieces: NDArray[np.uint32],
    piece_bounds: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the share of each text that spans cover.

    Parameters
    ----------
    spans : ndarray of int64, shape (n_spans, 2)
        Half-open, text by text, sorted within each; may overlap.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Spans before each text.
    pieces : ndarray of uint32, shape (n_pieces, 2)
        Parts of each text that count: half-open, sorted, disjoint.
    piece_bounds : ndarray of int64, shape (n_texts + 1,)
        Pieces before each text.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
        In [0, 1]; 0 for a text without pieces.

    Raises
    ------
    ValueError
        Also for spans or pieces that violate these rules.
    """

def group_spans(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Group spans that differ only at their edges.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted.
    min_same : float
        Minimum intersection over union with the first span of a group.

    Returns
    -------
    ndarray of int64, shape (n,)
        Index of the first span of each group.
    """

def find_nested(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Find nested spans.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted, one per group of :func:`group_spans`.
    min_same : float
        Minimum share of a span inside a longer one.

    Returns
    -------
    ndarray of int64, shape (n_pairs, 2)
        Outer and inner span, sorted.
    """

def fold_spans(
    families: NDArray[np.int64], spans: NDArray[np.int64], identities: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Among overlapping spans of a family, keep the best.

    Parameters
    ----------
    families : ndarray of int64, shape (n,)
        Family of each span, sorted.
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted within a family.
    identities : ndarray of float64, shape (n,)
        Identity with the representative, whose own is the highest.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which spans to keep, best first: no two share half of the shorter one.
    """

# Stored tokens: dedup/core/bind_stored.cpp

def number_words(
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    words: NDArray[np.uint64],
    slots: NDArray[np.uint32],
    n_words: int,
) -> tuple[NDArray[np.uint32], int]:
    """Find the numbers of words, and add new words, until the vocabulary is full.

    Parameters
    ----------
    hashes, stems : ndarray of uint64, shape (n,)
        Hash of each token and of its stem.
    words : ndarray of uint64, shape (2 * capacity,)
        Hash and stem of each word by number; changed in place.
    slots : ndarray of uint32, shape (a power of two,)
        Table of the numbers, from 1 on, 0 where free; changed in place. At most half are used.
    n_words : int
        Words that the vocabulary has.

    Returns
    -------
    tuple of (ndarray of uint32, int)
        Number of each word before one for which there was no room; words that the vocabulary has.
    """

def pack_tokens(
    numbers: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    cuts: NDArray[np.int64],
    offsets: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Pack the tokens of articles into bytes, see core/stored.hpp.

    Parameters
    ----------
    numbers : ndarray of uint32, shape (n_tokens,)
        Number of each word, less than 2**31.
    starts, ends, flags, roles, cuts, offsets : ndarray
        See :class:`dedup.text.tokenize.Tokens`. Spans must not overlap or decrease; roles are
        less than 4.

    Returns
    -------
    tuple of (ndarray of uint8, ndarray of int64)
        The bytes; bytes of each article, shape (n_articles,).
    """

def unpack_tokens(
    bytes: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    hashes: NDArray[np.uint64],
    stems: NDArray[np.uint64],
    starts: NDArray[np.uint32],
    ends: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    roles: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Unpack the tokens of articles into columns.

    Parameters
    ----------
    bytes : ndarray of uint8
        As :func:`pack_tokens` returns them.
    bounds, offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes and tokens before each article.
    words : ndarray of uint64, shape (2 * n_words,)
        Hash and stem of each word by number.
    hashes, stems, starts, ends, flags, roles : ndarray, shape (n_tokens,)
        Filled in place.

    Returns
    -------
    ndarray of int64, shape (n_cuts,)
        Tokens that masked text precedes, ascending.
    """

# Text: dedup/core/bind_text.cpp

PADDING: int
BLOCK: int
FOREIGN: int
SCRATCH: int

class Folding:
    """Validated table of the kind and fold of each code point.

    Parameters
    ----------
    pages : ndarray of uint16, at least (0x1100,)
        Page number of each 256 code points.
    kinds, folds : ndarray of uint8 and uint32, shape (n_pages * 256,)
        Kind of a code point; its fold, a position in `runs`, or itself.
    runs : ndarray of uint32, shape (n,)
        Packed folds of several code points.
    words, classes : ndarray of uint64 and uint8, shape (n_words,)
        Hash of a listed word, and its classes of :mod:`dedup.text.tables.kinds`.
    """

    def __init__(
        self,
        pages: NDArray[np.uint16],
        kinds: NDArray[np.uint8],
        folds: NDArray[np.uint32],
        runs: NDArray[np.uint32],
        words: NDArray[np.uint64],
        classes: NDArray[np.uint8],
    ) -> None: ...

def find_variants() -> list[str]:
    """Return the code variants that this processor supports, fastest last."""

def hash_bytes(data: NDArray[np.uint8], n_bytes: int) -> int:
    """Hash the first `n_bytes` of `data`, uint8, with XXH64, seed 0."""

def hash_short(head: int, tail: int, size: int) -> int:
    """Hash at most 15 bytes with XXH64, seed 0.

    `head` contains bytes 0 to 7 and `tail` 8 to 15, little-endian; `size` is their number.
    """

def avalanche(value: int) -> int:
    """Apply the last step of XXH64 to `value`, a uint64."""

def combine(left: int, right: int) -> int:
    """Append `right` to the polynomial `left`, both uint64. Order matters."""

def stem_length(ending: int, n: int) -> int:
    """Return the stem length of a folded ASCII word, in bytes.

    `ending` contains its last eight bytes, the last one highest; `n` is its length.
    """

def find_edges(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    edges: NDArray[np.int64],
    variant: str | None = None,
) -> int:
    """Split an article into runs of ASCII letters and digits, and of non-ASCII bytes.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, with ``PADDING`` extra bytes at the end.
    first, end : int
        Bytes of the article, half-open, fewer than 2**31.
    edges : ndarray of int64, at least (end - first + 2 + BLOCK,)
        Written: start and end of each run; ``FOREIGN`` is set in the start of a run with a
        non-ASCII byte.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.

    Returns
    -------
    int
        Number of edges written.
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
        UTF-8, with ``PADDING`` extra bytes at the end.
    first, end : int
        Bytes of the article, half-open, fewer than 2**31.
    folding : Folding
        Kinds and folds of code points.
    edges : ndarray of int64, at least (end - first + 2 + BLOCK,)
        Scratch space, as in :func:`find_edges`.
    starts, ends : ndarray of int64
        Written: byte range of each token. These and the next five arrays have (end - first) // 2 +
        1 elements.
    heads, tails : ndarray of uint64
        Written: folded bytes 0 to 7 and 8 to 15; for a long token, its hash and 0.
    sizes, points, flags : ndarray of uint8
        Written: number of folded bytes (255 for a long token), number of code points, and flags.
    scratch : ndarray of uint8, shape (SCRATCH,)
        Written.
    is_described : bool
        Whether to write all arrays, or only `heads`, `tails` and `sizes`.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.

    Returns
    -------
    tuple of (int, bool)
        Number of tokens, and whether all runs are ASCII.
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
        As written by :func:`find_words`.
    hashes : ndarray of uint64, shape (n,)
        Written.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.
    """

def hash_phrases(
    text: NDArray[np.uint8], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hash the first two pieces of phrases, see :func:`find_phrases`.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, phrase by phrase.
    offsets : ndarray of int64, shape (n_phrases + 1,)
        Bytes before each phrase.

    Returns
    -------
    tuple of ndarray of uint64, shape (n_phrases,)
        Hashes of the first pieces, and of the second ones, 0 for none.

    Raises
    ------
    ValueError
        If a phrase has no ASCII letter or digit.
    """

def find_phrases(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    firsts: NDArray[np.uint64],
    seconds: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Find phrases in a batch of texts by their first two pieces.

    A piece is a run of ASCII letters, digits and underscores; capitals do not matter.

    Parameters
    ----------
    text : ndarray of uint8
        UTF-8, text by text.
    offsets : ndarray of int64, shape (n_texts + 1,)
        Bytes before each text.
    firsts, seconds : ndarray of uint64, shape (n_phrases,)
        As :func:`hash_phrases` returns them.

    Returns
    -------
    hits : ndarray of int64, shape (n_hits, 3)
        Text, code points before the first piece, and phrase; ascending by text.
    is_foreign : ndarray of uint8, shape (n_texts,)
        1 for a text with a code point outside ASCII, Latin up to U+024F and punctuation, or with
        one that matches an ASCII letter if case is ignored.
    """

def mark_articles(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
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
        UTF-8, with ``PADDING`` extra bytes at the end.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Bytes before each article; an article has fewer than 2**31.
    folding : Folding
        Kinds and folds of code points, and listed words.
    variant : str, optional
        A name from :func:`find_variants`; the fastest if None.

    Returns
    -------
    tuple of ndarray
        Hashes and stems, uint64, starts and ends in code points, uint32, and flags, uint8, shape
        (n_tokens,); tokens of each article, int64, shape (n_articles,).
    """
