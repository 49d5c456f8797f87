"""Sketch and seed the articles of a collection, and build the look-ups of bands and seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.overlap import Pieces
from dedup.candidates.memory import MemoryPostings
from dedup.candidates.postings import PostingsBuilder
from dedup.candidates.spilled import SpilledPostings
from dedup.params import Params, SeedParams
from dedup.pipeline.collection import Collection, find_blocks
from dedup.runtime.spill import MemoryBudget, SpillArray
from dedup.runtime.workers import Workers
from dedup.sketches.seed import Seeds, find_seeds
from dedup.sketches.sketch import Sketches, sketch
from dedup.text.stored import TokenStore

# Tokens per block: large enough to hide the cost of a call, small enough to bound memory.
_INDEXED = 1 << 19
# Fixed cost of an article, as a number of tokens or seeds.
ARTICLE_TOKENS = 64
# Articles whose bands are hashed together.
_BANDED = 1 << 11

Advance = Callable[[int], None]


def cut_articles(lengths: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cut articles into blocks of about as many tokens, see :func:`find_blocks`.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    """
    return find_blocks(lengths + ARTICLE_TOKENS, _INDEXED)


@dataclass(slots=True, eq=False)
class ArticleSketches:
    """Signature and unmasked ranges of every article of a collection.

    Parameters
    ----------
    signatures : SpillArray
        One row per article: ndarray of uint32, shape (n_perm,).
    """

    signatures: SpillArray
    pieces: SpillArray

    def load_sketches(self, numbers: NDArray[np.int64], params: Params) -> Sketches:
        """Load the sketches of some articles."""
        (rows,), _ = self.signatures.take(numbers)
        return Sketches(rows, params.sketch, params.sketch.digest())

    def load_pieces(self, numbers: NDArray[np.int64]) -> Pieces:
        """Load the unmasked ranges of some articles."""
        (spans,), bounds = self.pieces.take(numbers)
        return Pieces(spans, bounds)


@dataclass(slots=True, eq=False)
class CollectionIndex(ArticleSketches):
    """Search data of every article of a collection.

    Parameters
    ----------
    order : ndarray of int64, shape (n_articles,)
        Article of each rank, see :meth:`Collection.find_order`. Postings and seeds have ranks for
        articles, so that a bucket begins with its first carriers and ends with its latest.
    n_seeds : ndarray of int64, shape (n_articles,)
        Seeds by rank. The seeds are found again where they are needed, which takes less than
        storing them: a hundredth of the time of a report, instead of a sixth of its memory.
    """

    order: NDArray[np.int64]
    tokens: TokenStore
    rules: SeedParams
    n_seeds: NDArray[np.int64]
    by_band: MemoryPostings | SpilledPostings
    by_seed: MemoryPostings | SpilledPostings

    def keep_sketches(self) -> ArticleSketches:
        """Return what the stages after the search need; the rest, which is more, can be freed."""
        return ArticleSketches(self.signatures, self.pieces)

    def load_seeds(self, ranks: NDArray[np.int64]) -> Seeds:
        """Find the seeds of the articles of some ranks."""
        return find_seeds(self.tokens.load(self.order[ranks]), self.rules)


class _IndexBlock(NamedTuple):
    last: int
    signatures: NDArray[np.uint32]
    seeds: Seeds
    pieces: Pieces


def index_collection(
    collection: Collection, params: Params, memory: MemoryBudget, pool: Workers, advance: Advance
) -> CollectionIndex:
    """Sketch and seed all articles, and build the look-ups."""

    def run(block: tuple[int, int]) -> _IndexBlock:
        tokens = collection.tokens.load(order[slice(*block)])
        signatures = sketch(tokens, params.sketch).signatures
        seeds = find_seeds(tokens, params.seed)
        return _IndexBlock(block[1], signatures, seeds, Pieces.from_tokens(tokens))

    order = collection.find_order()
    signatures = SpillArray([("u4", (params.sketch.n_perm,))], memory)
    pieces = SpillArray([("u4", (2,))], memory)
    by_seed, counts = PostingsBuilder(memory), [np.empty(0, np.int64)]
    blocks = cut_articles(collection.tokens.lengths[order])
    for one in pool.map(run, blocks):
        n = len(one.signatures)
        ranks = np.arange(one.last - n, one.last, dtype=np.uint32)
        signatures.append([one.signatures], np.ones(n, np.int64))
        pieces.append([one.pieces.spans], np.diff(one.pieces.bounds))
        counts.append(np.diff(one.seeds.offsets))
        by_seed.add(one.seeds.keys, np.repeat(ranks, counts[-1]), one.seeds.positions)
        advance(one.last)
    for records in (signatures, pieces):
        records.close_off()
        records.reorder(np.argsort(order))
    sketches = ArticleSketches(signatures, pieces)
    return CollectionIndex(
        signatures,
        pieces,
        order,
        collection.tokens,
        params.seed,
        np.concatenate(counts),
        # One after the other: the postings of seeds take less memory once they are sorted.
        by_seed=pool.call(by_seed.build),
        by_band=pool.call(_index_bands, sketches, order, params, memory),
    )


def _index_bands(
    sketches: ArticleSketches, order: NDArray[np.int64], params: Params, memory: MemoryBudget
) -> MemoryPostings | SpilledPostings:
    """Build the look-up of ranks by band."""
    builder = PostingsBuilder(memory)
    for first in range(0, len(order), _BANDED):
        ranks = np.arange(first, min(first + _BANDED, len(order)))
        own = sketches.load_sketches(order[ranks], params)
        # Articles without words all have the same bands, but share no text.
        has_words = own.signatures[:, 0] != _core.EMPTY
        bands = own.bands(params.band)[has_words].reshape(-1)
        owners = np.repeat(ranks[has_words].astype(np.uint32), params.band.n_bands)
        builder.add(bands, owners, np.zeros(len(bands), np.uint32))
    return builder.build()
