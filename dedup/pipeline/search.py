"""Run the stages over a collection, block by block to bound memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.align import align_pairs, find_rows, find_swapped, find_ties, make_table
from dedup.align.lines import overlap_lines
from dedup.align.overlap import OverlapTable, Pieces, cover, sum_up
from dedup.align.role import Origins
from dedup.align.table import AlignedTexts, PassageRows
from dedup.candidates.search import (
    Candidates,
    PairSearch,
    QueryBlock,
    find_candidates,
    pack_pairs,
    unpack_pairs,
)
from dedup.candidates.spilled import SpilledPostings
from dedup.candidates.window import are_near, find_lows
from dedup.group.places import SharedPassages
from dedup.group.story import Pairs
from dedup.mask.boilerplate import find_boilerplate, group_outlets, join_parts
from dedup.mask.formula import learn_formulas, mark_formulas, split_collection
from dedup.mask.mask import mask
from dedup.model import Boilerplate, Overlap
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.params import BoilerplateParams, Params
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection, LoadedArticles, find_blocks
from dedup.pipeline.indexed import (
    ARTICLE_TOKENS,
    ArticleSketches,
    CollectionIndex,
    cut_articles,
)
from dedup.pipeline.versions import find_version_pairs
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers
from dedup.sketches.seed import join_seeds
from dedup.sketches.sketch import Sketches
from dedup.text.tokenize import Tokens

Advance = Callable[[int], None]

# Tokens per block for aligning: large enough to hide the cost of a call, small enough to bound
# memory.
ALIGNED_TOKENS = 1 << 21
# Seeds to look up together if the postings are in memory.
_QUERY_SEEDS = 1 << 20
# Bytes per seed of a block, including its bucket, if the postings are in a file.
_QUERY_SEED_BYTES, _MIN_QUERY_SEEDS = 2048, 1 << 17
# Pairs to renumber together, which takes several times their memory.
_RENUMBERED = 1 << 20


def mask_boilerplate(
    collection: Collection, params: BoilerplateParams, pool: Workers, advance: Advance
) -> tuple[Boilerplate, ...]:
    """Find repeated text of outlets and mask it in a collection."""

    def run(numbers: NDArray[np.int64]) -> tuple[list[Boilerplate], int]:
        articles, tokens = collection.load(numbers)
        found, covered = find_boilerplate(articles, tokens, params)
        if covered.any():
            masked = mask(tokens, covered)
            collection.tokens.replace(numbers, masked)
        return found, len(numbers)

    groups = group_outlets(collection.outlets, collection.ids, collection.n_words)
    found: list[Boilerplate] = []
    n_done = 0
    for own, n in pool.map(run, groups if params.min_articles else []):
        found += own
        n_done += n
        advance(n_done)
    return join_parts(found)


def start_learning(
    collection: Collection, params: BoilerplateParams, pool: Workers
) -> list[Future[NDArray[np.uint64]]]:
    """Start to learn the formulas of a collection, which only :func:`mark_collection` needs.

    One thread learns a part, so the last one is learned beside the index. With one thread all are
    learned before it.
    """

    def learn(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
        outlets = [collection.outlets[number] for number in numbers.tolist()]
        return learn_formulas(collection.tokens.load(numbers), outlets, params.max_resemblance)

    if not params.min_articles:
        return []
    parts = split_collection(collection.ids, collection.tokens.lengths)
    return [pool.submit(learn, part) for part in parts]


def mark_collection(
    collection: Collection,
    learned: Iterable[Future[NDArray[np.uint64]]],
    census: Census,
    pool: Workers,
) -> Census:
    """Mark the formulas of a collection; add them to the census."""
    census = census.with_formulas(part.result() for part in learned)

    def mark(block: tuple[int, int]) -> None:
        numbers = np.arange(*block)
        tokens = mark_formulas(collection.tokens.load(numbers), census.formulas)
        collection.tokens.replace(numbers, tokens)

    if len(census.formulas):
        for _ in pool.map(mark, cut_articles(collection.tokens.lengths)):
            pass
    return census


def find_pairs(  # noqa: PLR0913 - a stage: its input, its settings, its resources
    searchable: CollectionIndex,
    collection: Collection,
    census: Census,
    params: Params,
    memory: MemoryBudget,
    pool: Workers,
    advance: Advance,
) -> Candidates:
    """Find the pairs to align."""
    most = _QUERY_SEEDS
    if isinstance(searchable.by_seed, SpilledPostings):
        most = max(memory.limit // _QUERY_SEED_BYTES, _MIN_QUERY_SEEDS)
    n_old, order, days = collection.n_old, searchable.order, params.candidate.days
    published = collection.published[order]
    lows = find_lows(published, n_old, days)
    lengths = collection.tokens.lengths[order]

    def blocks() -> Iterator[QueryBlock]:
        for low, high in _cut_blocks(searchable.n_seeds, published, n_old, most):
            advance(low - n_old)
            ranks = np.arange(low, high)
            bands = searchable.load_sketches(order[ranks], params).bands(params.band)
            parts = [ranks[slice(*part)] for part in cut_articles(lengths[ranks])]
            seeds = join_seeds(list(pool.map(searchable.load_seeds, parts)))
            yield QueryBlock(low, bands, seeds, lows[low:high])

    search = PairSearch(lengths, census, params)
    found = find_candidates(blocks(), searchable.by_band, searchable.by_seed, search, pool)
    counts = found.n_capped, found.n_read
    packed = _renumber(found, order, published, days)
    del found
    return Candidates(*unpack_pairs(packed), *counts)


def _renumber(
    found: Candidates, order: NDArray[np.int64], published: NDArray[np.float64], days: float
) -> NDArray[np.uint64]:
    """Return pairs of ranks as sorted pairs of articles, packed; a few at a time, for memory."""
    packed = np.empty(len(found.pairs), np.uint64)
    n = 0
    for low in range(0, len(packed), _RENUMBERED):
        pairs, capped = found.pairs[low : low + _RENUMBERED], found.capped[low : low + _RENUMBERED]
        # Some old articles that are read lie outside the window.
        near = are_near(published[pairs[:, 0]], published[pairs[:, 1]], days)
        a, b = order[pairs[near]].T
        packed[n : n + len(a)] = pack_pairs((np.minimum(a, b), np.maximum(a, b)), capped[near])
        n += len(a)
    packed = packed[:n]
    packed.sort()
    return packed


def _cut_blocks(
    n_seeds: NDArray[np.int64], published: NDArray[np.float64], n_old: int, most: int
) -> Iterator[tuple[int, int]]:
    """Cut the ranks of new articles into blocks; undated ones, which read all, are on their own."""
    n_dated = n_old + int(np.count_nonzero(~np.isnan(published[n_old:])))
    for first, last in ((n_old, n_dated), (n_dated, len(n_seeds))):
        for low, high in find_blocks(n_seeds[first:last] + ARTICLE_TOKENS, most):
            yield first + low, first + high


class AlignedBlock(NamedTuple):
    """Overlaps of a block of pairs: as values, and as JSON Lines."""

    n_pairs: int
    overlaps: Iterator[Overlap]
    lines: Iterator[str]
    pairs: Pairs
    shared: SharedPassages


def find_shared(  # noqa: PLR0913 - a stage: its input, its settings, its resources
    collection: Collection,
    sketches: ArticleSketches,
    candidates: Candidates,
    census: Census,
    params: Params,
    reader: ClueReader,
    pool: Workers,
) -> Iterator[AlignedBlock]:
    """Align candidate pairs, block by block, and read the clues of articles that share text.

    Clues are read here, where the texts are loaded and the core leaves the interpreter free.
    """

    def align(block: tuple[int, int]) -> AlignedBlock:
        part = slice(*block)
        pairs = candidates.pairs[part]
        numbers, own = np.unique(pairs, return_inverse=True)

        def load(places: NDArray[np.int64]) -> list[Article]:
            return collection.load_articles(numbers[places])

        tokens = collection.tokens.load(numbers)
        found = find_sharing(tokens, own.reshape(-1, 2), load, census, params)
        kept, loaded = numbers[found.articles], found.loaded
        pieces, signatures = sketches.load_pieces(kept), sketches.load_sketches(kept, params)
        table = overlap_rows(found, pieces, signatures, params)
        aligned = read_block(
            table, loaded.articles, pairs[found.kept], candidates.capped[part][found.kept]
        )
        sharing = np.unique(aligned.pairs.articles)
        at = np.searchsorted(kept, sharing)
        reader.read(sharing, [loaded.articles[one] for one in at.tolist()])
        return aligned._replace(n_pairs=len(pairs))

    sizes = (collection.tokens.lengths + ARTICLE_TOKENS)[candidates.pairs].sum(axis=1)
    yield from pool.map(align, find_blocks(sizes, ALIGNED_TOKENS))


def read_block(
    table: OverlapTable,
    articles: Sequence[Article],
    pairs: NDArray[np.int64],
    capped: NDArray[np.bool_],
) -> AlignedBlock:
    """Return what a report tells of some pairs, and what counts of it.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Numbers of the articles of each pair of the table, for the result.
    """
    overlaps, kept = table.drop_empty()
    is_version = find_version_pairs(articles, overlaps.passages.pairs) & overlaps.are_counted
    marks = capped[kept], is_version
    # Pairs without a passage that counts are reported, and count for nothing.
    found, rows = overlaps.select_counted().drop_empty()
    # Versions of one article are reported, and reuse nothing of one another.
    counts, is_other = found.passages.counts, ~is_version[rows]
    text, is_of_others = found.passages, np.repeat(is_other, counts)
    numbers = pairs[kept[rows]]
    return AlignedBlock(
        len(pairs),
        overlaps.read(articles, *(one.tolist() for one in marks)),
        overlap_lines(overlaps, articles, *marks),
        Pairs(numbers[is_other], counts[is_other], found.coverages[is_other]),
        SharedPassages(
            np.repeat(numbers, counts, axis=0)[is_of_others],
            text.tokens[is_of_others],
            text.chars[is_of_others],
            text.identities[is_of_others],
        ),
    )


def overlap_pairs(
    loaded: LoadedArticles,
    pairs: NDArray[np.int64],
    pieces: Pieces,
    sketches: Sketches,
    census: Census,
    params: Params,
) -> OverlapTable:
    """Align pairs of loaded articles, and summarize the shared text.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Positions in `loaded`.
    """
    texts = loaded.texts
    passages = align_pairs(
        texts, loaded.tokens, pairs, params, census.n_articles, find_origins(loaded.articles)
    )
    source = AlignedTexts(texts, loaded.tokens)
    jaccards = sketches.jaccard(pairs[:, 0], pairs[:, 1])
    return sum_up(passages, source, pieces, jaccards, params.overlap)


class SharingPairs(NamedTuple):
    """Pairs that share a passage, and their articles.

    Parameters
    ----------
    kept : ndarray of int64, shape (n_pairs,)
        Which of the given pairs these are.
    articles : ndarray of int64, shape (n_articles,)
        Which of the given articles are in them, ascending.
    loaded : LoadedArticles
        Those articles.
    pairs : ndarray of int64, shape (n_pairs, 2)
        Positions in `loaded`.
    swapped : ndarray of bool, shape (n_pairs,)
        Pairs that the core got with ``b`` first.
    rows : PassageRows
        As :func:`dedup.align.align.find_rows` returns them.
    """

    kept: NDArray[np.int64]
    articles: NDArray[np.int64]
    loaded: LoadedArticles
    pairs: NDArray[np.int64]
    swapped: NDArray[np.bool_]
    rows: PassageRows


def find_sharing(
    tokens: Tokens,
    pairs: NDArray[np.int64],
    load: Callable[[NDArray[np.int64]], list[Article]],
    census: Census,
    params: Params,
) -> SharingPairs:
    """Align pairs of articles and keep those that share a passage, which few do.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles of `tokens`.
    load : callable
        Returns some of the articles, ascending.
    """
    ties = find_ties(tokens, pairs)
    texts = (article.text for article in load(ties))
    swapped = find_swapped(dict(zip(ties.tolist(), texts, strict=True)), tokens, pairs)
    rows, kept = find_rows(tokens, pairs, swapped, params, census.n_articles).drop_empty()
    chosen, own = np.unique(pairs[kept], return_inverse=True)
    some = LoadedArticles(load(chosen), tokens.select(chosen))
    return SharingPairs(kept, chosen, some, own.reshape(-1, 2), swapped[kept], rows)


def overlap_rows(
    found: SharingPairs, pieces: Pieces, sketches: Sketches, params: Params
) -> OverlapTable:
    """Summarize the shared text of pairs that are aligned already, see :func:`overlap_pairs`.

    Parameters
    ----------
    pieces, sketches : Pieces, Sketches
        Those of ``found.loaded``.
    """
    loaded, pairs = found.loaded, found.pairs
    source = AlignedTexts(loaded.texts, loaded.tokens)
    origins = find_origins(loaded.articles)
    passages, _ = make_table(source, pairs, found.swapped, found.rows, origins)
    jaccards = sketches.jaccard(pairs[:, 0], pairs[:, 1])
    return sum_up(passages, source, pieces, jaccards, params.overlap)


def find_origins(articles: Sequence[Article]) -> Origins:
    """Return the outlets and titles of articles."""
    return Origins([one.outlet for one in articles], [one.title for one in articles])


def find_coverages(sketches: ArticleSketches, shared: SharedPassages) -> NDArray[np.float64]:
    """Return the share of each article that passages cover.

    Returns
    -------
    ndarray of float64, shape (n_articles,)
        In [0, 1].
    """
    pieces = sketches.load_pieces(np.arange(len(sketches.pieces)))
    return cover(shared.chars.reshape(-1, 2), shared.articles.reshape(-1), pieces)
