"""datasketch: MinHash in numpy, a text at a time.

``MinHash.bulk`` reuses the permutations, the documented way to sketch many texts. Of the hash
functions that its pages name, xxhash's is fastest; it must be fed bytes. There are no threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.shingles import shingle

PACKAGE = "datasketch"
THREADS = ""


def describe() -> str:
    """Say which way is taken."""
    return "MinHash.bulk(shingles, num_perm=128, hashfunc=xxhash.xxh32_intdigest)"


def prepare(texts: Sequence[str], given: str) -> Sequence[str] | list[list[bytes]]:
    """Return the texts, or their shingles as bytes."""
    return list(_encode(texts)) if given == "tokens" else texts


def run(prepared: Sequence[str] | list[list[bytes]], task: str, threads: int) -> list[Any]:
    """Sketch one text after the other."""
    import xxhash
    from datasketch import MinHash

    tokens: Iterable[Any] = prepared
    if prepared and isinstance(prepared[0], str):
        tokens = _encode(prepared)
    return list(MinHash.bulk(tokens, num_perm=128, hashfunc=xxhash.xxh32_intdigest))


def answer(result: list[Any], task: str) -> NDArray[np.uint32]:
    """Return the hash values, one row a text."""
    return np.array([one.hashvalues for one in result])


def _encode(texts: Iterable[Any]) -> Iterator[list[bytes]]:
    for text in texts:
        yield [one.encode() for one in shingle(text)]
