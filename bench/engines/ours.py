"""Ours: raw strings in, one matrix of signatures out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import dedup
from dedup.candidates.columns import sort_postings
from dedup.candidates.memory import MemoryPostings
from dedup.candidates.search import Candidates, PairSearch, QueryBlock, find_candidates
from dedup.model.census import Census
from dedup.params import BandParams, CandidateParams
from dedup.runtime.workers import Workers
from dedup.sketches.seed import Seeds

PACKAGE = "dedup-news"
THREADS = "argument"

# The bands of the definitions: one that agrees makes a pair, as it does in the peers' indexes.
_PARAMS = dedup.Params(band=BandParams(n_bands=16, n_rows=8), candidate=CandidateParams(min_hits=1))


def describe() -> str:
    """Say which way is taken."""
    return "dedup.sketch(texts); for the index, bands and the bucket join without seeds"


def prepare(texts: Sequence[str], given: str) -> list[str]:
    """Return the texts themselves, whatever the peers are given."""
    return list(texts)


def run(prepared: Sequence[str], task: str, threads: int) -> Any:
    """Sketch, and for an index join the buckets to pairs."""
    sketches = dedup.sketch(prepared, _PARAMS, jobs=threads)
    return sketches if task == "sketch" else _join(sketches.bands(_PARAMS.band), threads)


def answer(result: Any, task: str) -> Any:
    """Return the signatures, or the pairs."""
    if task == "sketch":
        return result.signatures
    return {(int(a), int(b)) for a, b in result.pairs}


def _join(bands: Any, threads: int) -> Candidates:
    texts = np.arange(len(bands), dtype=np.uint32)
    entries = np.repeat(texts, bands.shape[1])
    no_places = np.zeros(bands.size, np.uint32)
    by_band = MemoryPostings(sort_postings(bands.reshape(-1), entries, no_places))
    no_keys, no_words = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    bounds, lengths = np.zeros(len(bands) + 1, np.int64), np.zeros(len(bands), np.int64)
    seeds = Seeds(
        no_keys, no_words, np.zeros((0, 2), np.uint16), np.zeros((0, 2), np.uint8), bounds
    )
    by_seed = MemoryPostings(sort_postings(no_keys, no_words, no_words))
    block = QueryBlock(0, bands, seeds, np.zeros(len(bands), np.int64))
    with Workers(threads) as pool:
        search = PairSearch(lengths, Census(len(bands)), _PARAMS)
        return find_candidates([block], by_band, by_seed, search, pool)
