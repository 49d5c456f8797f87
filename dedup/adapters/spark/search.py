"""Search for candidates on executors: whole queries, with the entries that each may read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.adapters.spark.columns import numbers, read_runs, to_batch, unpack
from dedup.adapters.spark.postings import ANSWER, BANDS, READ, SEEDED
from dedup.adapters.spark.texts import SEEDS, Stage
from dedup.candidates.buckets import Buckets
from dedup.candidates.search import PairSearch, QueryBlock, find_candidates
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import find_blocks
from dedup.sketches.seed import Seeds

# Rows of one block of queries: a query with its seeds, or keys and the entries that they have.
QUERIES = "block long, rank long, length long, seeds binary, answers binary, entries binary"
# Ranks of a pair, or counts in a row without ranks.
FOUND = "a long, b long, capped boolean, n_capped long, n_read long"
# Entries that are searched at once, to bound memory.
_MOST_ENTRIES = 1 << 22


class AnsweredBuckets(NamedTuple):
    """Look-up of the buckets of some queries; a key is the number of its bucket."""

    buckets: Buckets

    def narrow(self, *_: object) -> AnsweredBuckets:
        """Return these buckets: each has only what its query reads."""
        return self

    def look_up(self, keys: NDArray[np.uint64]) -> Buckets:
        """Return the bucket of each key."""
        ranges, absent, *columns = self.buckets
        return Buckets(ranges[keys], absent[keys], *columns)


def search_queries(params: Params, census: Census) -> Stage:
    """Return the stage that finds the candidates of queries."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        for table in read_runs(batches, "block"):
            yield from _search_block(table, params, census)

    return run


def _search_block(table: Any, params: Params, census: Census) -> Iterator[Any]:
    """Find the candidates of the queries of a block, those of some entries at a time."""
    heads = table.filter(table.column("seeds").is_valid()).sort_by("rank")
    answers, _ = unpack(table.column("answers"), ANSWER)
    read, _ = unpack(table.column("entries"), READ)
    owners, n_read = np.searchsorted(numbers(heads, "rank"), answers["rank"]), answers["n"]
    sizes = np.bincount(owners, n_read, len(heads)).astype(np.int64)
    for low, high in find_blocks(sizes, _MOST_ENTRIES):
        own = (owners >= low) & (owners < high)
        rows = read[np.repeat(own, n_read)]
        some = heads.slice(low, high - low)
        yield _search(some, owners[own] - low, answers[own], rows, params, census)


def _search(
    heads: Any,
    owners: NDArray[np.int64],
    answers: NDArray[Any],
    read: NDArray[Any],
    params: Params,
    census: Census,
) -> Any:
    queries = numbers(heads, "rank")
    seeds, counts = unpack(heads.column("seeds"), SEEDS)
    offsets = np.append(0, np.cumsum(counts))
    ordinals, n_read = answers["ordinal"].astype(np.int64), answers["n"].astype(np.int64)
    # Only the order of the articles of one query matters, but some may be queries of this block.
    ranks, articles = np.unique(read["rank"], return_inverse=True)
    lengths = np.zeros(len(ranks) + len(heads), np.int64)
    lengths[articles] = read["length"]
    lengths[len(ranks) :] = numbers(heads, "length")
    n_bands, ends = params.band.n_bands, np.cumsum(n_read)
    columns = articles.astype(np.uint32), read["place"].copy()

    def look_up(kind: int, numbers_: NDArray[np.int64], n: int) -> AnsweredBuckets:
        own = answers["kind"] == kind
        ranges, left = np.zeros((n, 2), np.int64), np.zeros(n, np.int64)
        ranges[numbers_[own]] = np.stack([ends - n_read, ends], axis=1)[own]
        left[numbers_[own]] = answers["absent"][own]
        return AnsweredBuckets(Buckets(ranges, left, *columns))

    by_band = look_up(BANDS, owners * n_bands + ordinals, len(heads) * n_bands)
    by_seed = look_up(SEEDED, offsets[owners] + ordinals, len(seeds))
    own = seeds["seed"]
    positions, words, evidence = (
        np.ascontiguousarray(own[name]) for name in ("position", "words", "evidence")
    )
    block = QueryBlock(
        len(ranks),
        np.arange(len(heads) * n_bands, dtype=np.uint64).reshape(-1, n_bands),
        Seeds(np.arange(len(seeds), dtype=np.uint64), positions, words, evidence, offsets),
        np.zeros(len(heads), np.int64),
    )
    found = find_candidates([block], by_band, by_seed, PairSearch(lengths, census, params))
    names = np.append(ranks, queries)[found.pairs]
    return _to_rows(names, found.capped, found.n_capped, found.n_read)


def _to_rows(
    names: NDArray[np.int64], capped: NDArray[np.bool_], n_capped: int, n_read: int
) -> Any:
    n = len(names)
    zeros = partial(np.zeros, n, np.int64)
    columns = (
        pa.array([*names[:, 0].tolist(), None], pa.int64()),
        pa.array([*names[:, 1].tolist(), None], pa.int64()),
        pa.array(np.append(capped, False)),
        pa.array(np.append(zeros(), n_capped)),
        pa.array(np.append(zeros(), n_read)),
    )
    return to_batch(FOUND, columns)
