"""rensa: R-MinHash over all shingles, its sound path, a batch at a time.

The README splits at white space; shingles are ours to make in Python, and the batch call takes
them as they come. Its threads are rayon's, whose number an environment variable sets once a
process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.shingles import shingle

PACKAGE = "rensa"
THREADS = "RAYON_NUM_THREADS"

_SEED = 42


def describe() -> str:
    """Say which way is taken."""
    return "RMinHash.digest_matrix_from_token_sets(shingles, 128, seed)"


def prepare(texts: Sequence[str], given: str) -> Sequence[str] | list[list[str]]:
    """Return the texts, or their shingles."""
    return [shingle(text) for text in texts] if given == "tokens" else texts


def run(prepared: Sequence[str] | list[list[str]], task: str, threads: int) -> Any:
    """Sketch the batch."""
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets(as_tokens(prepared), 128, _SEED)


def answer(result: Any, task: str) -> NDArray[np.uint32]:
    """Return the rows of the matrix."""
    return np.array(result.to_rows(), np.uint32)


def as_tokens(prepared: Sequence[str] | list[list[str]]) -> Any:
    """Return lists of shingles, made as they are asked for if texts were given."""
    if prepared and isinstance(prepared[0], str):
        return (shingle(str(text)) for text in prepared)
    return prepared
