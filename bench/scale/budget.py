"""Measure what the search for candidates reads and finds, by its budget of entries.

Run as ``python -m bench.scale.budget``, with ``--articles FILE`` for real text: there, the overlaps
of the pairs of each budget are compared with those of a search that reads everything.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import dedup
from bench import table
from bench.records import RECORDS, describe_machine, write_record
from bench.scale.collection import write_collection
from dedup.candidates.search import Candidates, PairSearch, QueryBlock, find_candidates
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import Collection, Rules, collect
from dedup.pipeline.indexed import CollectionIndex, index_collection
from dedup.pipeline.search import (
    mark_collection,
    mask_boilerplate,
    overlap_pairs,
    start_learning,
)
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers

SIZES = (7_500, 15_000, 30_000, 60_000)
# The first has no limit; overlaps are compared with its own.
EVERYTHING = 2**31 - 1
BUDGETS = (EVERYTHING, 8192, 4096, 2048, 1024)
# Queries: runs of neighbors in the order of the search, evenly spread.
_N_RUNS, _RUN = 40, 128
# Pairs aligned at once.
_ALIGNED = 2_000
_COLUMNS: tuple[table.Column, ...] = (
    ("n_articles", "articles", ">9"),
    ("max_entries", "budget", ">11"),
    ("n_read", "read", ">8.0f"),
    ("n_candidates", "cand", ">8.2f"),
    ("milliseconds", "CPU ms", ">8.3f"),
    ("capped", "capped", ">8.3f"),
    ("recall", "recall", ">8.4f"),
    ("n_overlaps", "overlaps", ">9"),
    ("n_lost", "lost", ">6"),
    ("n_won", "won", ">6"),
)


class Prepared(NamedTuple):
    """An indexed collection, and the ranks of the queries."""

    collection: Collection
    searchable: CollectionIndex
    runs: list[NDArray[np.int64]]


def prepare(path: Path, n_articles: int, params: Params) -> Prepared:
    """Read and index the first articles of a file."""
    memory = MemoryBudget(1 << 34)
    with Workers(1) as pool:
        articles = islice(dedup.read(path), n_articles)
        collection, _ = collect(articles, pool, memory, Rules(mask_credits=True), _ignore)
        mask_boilerplate(collection, params.boilerplate, pool, _ignore)
        census = Census.of_outlets(collection.outlets, len(collection))
        learned = start_learning(collection, params.boilerplate, pool)
        census = mark_collection(collection, learned, census, pool)
        searchable = index_collection(collection, params, memory, pool, _ignore)
    return Prepared(collection, searchable, choose_runs(len(collection)))


def choose_runs(n_articles: int) -> list[NDArray[np.int64]]:
    """Return the ranks of the queries, by run."""
    n_runs = -(-n_articles // _RUN)
    chosen = np.linspace(0, n_runs - 1, min(_N_RUNS, n_runs)).astype(np.int64)
    return [np.arange(at * _RUN, min((at + 1) * _RUN, n_articles)) for at in chosen.tolist()]


def search(prepared: Prepared, params: Params) -> tuple[Candidates, float]:
    """Find the candidates of the queries; return them by rank, and CPU seconds."""
    collection, searchable, runs = prepared

    def blocks() -> Iterator[QueryBlock]:
        for ranks in runs:
            bands = searchable.load_sketches(searchable.order[ranks], params).bands(params.band)
            lows = np.zeros(len(ranks), np.int64)
            yield QueryBlock(int(ranks[0]), bands, searchable.load_seeds(ranks), lows)

    own = PairSearch(collection.tokens.lengths[searchable.order], Census(len(collection)), params)
    start = time.process_time()
    found = find_candidates(blocks(), searchable.by_band, searchable.by_seed, own)
    return found, time.process_time() - start


def measure(
    prepared: Prepared, budgets: Sequence[int], planted: NDArray[np.int64] | None
) -> Iterator[dict[str, object]]:
    """Yield the figures of each budget; of real text after all are searched."""
    n_queries = sum(map(len, prepared.runs))
    rows: list[dict[str, object]] = []
    keys: list[NDArray[np.int64]] = []
    for budget in budgets:
        limits = {"max_bucket": EVERYTHING} if budget == EVERYTHING else {}
        params = Params()
        params = replace(params, candidate=replace(params.candidate, max_entries=budget, **limits))
        found, seconds = search(prepared, params)
        keys.append(found.pairs[:, 0] << 32 | found.pairs[:, 1])
        rows.append(
            {
                "n_articles": len(prepared.collection),
                "max_entries": budget,
                "n_read": found.n_read / n_queries,
                "n_candidates": len(found.pairs) / n_queries,
                "milliseconds": 1e3 * seconds / n_queries,
                "capped": float(found.capped.mean()) if len(found.capped) else 0.0,
            }
        )
        if planted is not None:
            yield rows[-1] | {"recall": float(np.isin(planted, keys[-1]).mean())}
    if planted is not None:
        return
    real = find_overlapping(prepared, np.unique(np.concatenate(keys)))
    whole = np.intersect1d(keys[0], real)
    for row, own in zip(rows, keys, strict=True):
        kept = np.intersect1d(own, real)
        lost, won = np.setdiff1d(whole, kept), np.setdiff1d(kept, whole)
        yield row | {"n_overlaps": len(kept), "n_lost": len(lost), "n_won": len(won)}


def find_overlapping(prepared: Prepared, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of some pairs that share passages that count."""
    collection, searchable, _ = prepared
    params, found = Params(), [np.empty(0, np.int64)]
    for low in range(0, len(keys), _ALIGNED):
        own = keys[low : low + _ALIGNED]
        pairs = np.sort(searchable.order[np.stack([own >> 32, own & 0xFFFFFFFF], axis=1)], axis=1)
        numbers, places = np.unique(pairs, return_inverse=True)
        overlaps = overlap_pairs(
            collection.load(numbers),
            places.reshape(-1, 2),
            searchable.load_pieces(numbers),
            searchable.load_sketches(numbers, params),
            Census(len(collection)),
            params,
        )
        found.append(own[overlaps.select_counted().drop_empty()[1]])
    return np.concatenate(found)


def read_planted(path: Path, prepared: Prepared) -> NDArray[np.int64]:
    """Return the pairs with planted passages whose later article is a query."""
    ranks = np.argsort(prepared.searchable.order)
    rank_of = {id: int(ranks[at]) for at, id in enumerate(prepared.collection.ids)}
    queries = set(np.concatenate(prepared.runs).tolist())
    found = set()
    for line in path.read_bytes().splitlines():
        one = json.loads(line)
        first, last = sorted((rank_of[one["a"]], rank_of[one["b"]]))
        if last in queries and not one.get("optional"):
            found.add(first << 32 | last)
    return np.array(sorted(found), np.int64)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    given = _parse(arguments)
    rows = []
    print(table.lay_out_head(_COLUMNS), flush=True)
    for size in given.sizes:
        for row in _measure_size(size, given.articles, given.budgets):
            print(table.lay_out_line(_COLUMNS, row), flush=True)
            rows.append(row)
    if not given.no_record:
        suffix = "-planted" if given.articles is None else "-real"
        write_record(RECORDS / "budget", rows, describe_machine(), suffix)


def _measure_size(
    size: int, articles: Path | None, budgets: Sequence[int]
) -> Iterator[dict[str, object]]:
    if articles is not None:
        yield from measure(prepare(articles, size, Params()), budgets, None)
        return
    with TemporaryDirectory() as directory:
        written, gold = (Path(directory) / name for name in ("articles.jsonl", "gold"))
        write_collection(size, written, gold)
        prepared = prepare(written, size, Params())
        yield from measure(prepared, budgets, read_planted(gold, prepared))


def _ignore(*_: object) -> None:
    """Ignore progress."""


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure candidates by the budget of entries.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--budgets", type=int, nargs="+", default=BUDGETS, metavar="N")
    parser.add_argument(
        "--articles", type=Path, help="take the first articles of a file, not synthetic ones"
    )
    parser.add_argument("--no-record", action="store_true", help="write no record")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
