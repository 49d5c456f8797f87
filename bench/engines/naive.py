"""The textbook in plain Python: 128 affine functions modulo a prime, one minimum each."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import xxhash
from numpy.typing import NDArray

from bench.shingles import shingle

PACKAGE = "xxhash"
THREADS = ""

_PRIME = 2**61 - 1
_RNG = Random(0)
_FUNCTIONS = [
    (1 + int(_RNG.random() * (_PRIME - 1)), int(_RNG.random() * _PRIME)) for _ in range(128)
]


def describe() -> str:
    """Say which way is taken."""
    return "min((a * xxh64(shingle) + b) % (2**61 - 1)) in Python, for each of 128 (a, b)"


def prepare(texts: Sequence[str], given: str) -> Sequence[str] | list[list[str]]:
    """Return the texts, or their shingles."""
    return [shingle(text) for text in texts] if given == "tokens" else texts


def run(prepared: Sequence[str] | list[list[str]], task: str, threads: int) -> list[list[int]]:
    """Sketch one text after the other."""
    return [_sketch(shingle(one) if isinstance(one, str) else one) for one in prepared]


def answer(result: list[list[int]], task: str) -> NDArray[np.int64]:
    """Return the minima."""
    return np.array(result, np.int64)


def _sketch(shingles: list[str]) -> list[int]:
    hashes = {xxhash.xxh64_intdigest(one.encode()) for one in shingles}
    return [min((a * x + b) % _PRIME for x in hashes) for a, b in _FUNCTIONS]
