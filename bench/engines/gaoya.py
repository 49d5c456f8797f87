"""gaoya: its string index does all in Rust: lower case, words, shingles, MinHash, bands.

It takes raw strings, splits them at white space and punctuation, and hashes them in rayon's
threads, whose number an environment variable sets once a process. Ids are kept in vectors, the
container that its page advises where nothing is removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bench.shingles import shingle

PACKAGE = "gaoya"
THREADS = "RAYON_NUM_THREADS"


class Index(NamedTuple):
    """An index and what went into it."""

    index: Any
    prepared: Any


def describe() -> str:
    """Say which way is taken."""
    return "MinHashStringIndex(ngram_range=(3, 3)): bulk_hash_docs, par_bulk_insert_docs"


def prepare(texts: Sequence[str], given: str) -> Sequence[str] | list[list[str]]:
    """Return the texts, or their shingles."""
    return [shingle(text) for text in texts] if given == "tokens" else list(texts)


def run(prepared: Any, task: str, threads: int) -> Any:
    """Hash the batch, or insert it into an index."""
    from gaoya.minhash import MinHashStringIndex

    # The threshold filters queries only; at 0 they return all that share a bucket.
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=0.0,
        num_bands=16,
        band_size=8,
        analyzer="word",
        lowercase=True,
        ngram_range=(3, 3),
        id_container="vec",
    )
    if task == "sketch":
        return index.minhash_index.bulk_hash_docs(prepared)
    numbers = list(range(len(prepared)))
    if prepared and isinstance(prepared[0], str):
        index.par_bulk_insert_docs(numbers, prepared)
    else:
        index.minhash_index.par_bulk_insert_tokens(numbers, prepared)
    return Index(index, prepared)


def answer(result: Any, task: str) -> Any:
    """Return the signatures, or the pairs that a query of every text finds."""
    if task == "sketch":
        return np.array(result, np.uint32)
    index, prepared = result
    if prepared and isinstance(prepared[0], str):
        found = index.par_bulk_query(prepared)
    else:
        found = index.minhash_index.par_bulk_query_tokens(prepared)
    return {(min(a, b), max(a, b)) for a, others in enumerate(found) for b in others if a != b}
