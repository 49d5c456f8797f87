"""The least that a tokenizer can do: look every byte up in a table of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

PACKAGE = "numba"
THREADS = ""

_CLASSES = (np.arange(256) % 16).astype(np.uint8)


def describe() -> str:
    """Say which way is taken."""
    return "sum of table[byte] over the joined UTF-8, compiled, one thread"


def prepare(texts: Sequence[str], given: str) -> NDArray[np.uint8]:
    """Return the bytes of all texts, encoded and joined before the clock starts."""
    encoded = "".join(texts).encode("utf-8", "surrogatepass")
    return np.frombuffer(encoded, np.uint8)


def run(prepared: NDArray[np.uint8], task: str, threads: int) -> int:
    """Sum the classes."""
    return int(_sum_classes(prepared, _CLASSES))


def answer(result: int, task: str) -> int:
    """Return the sum."""
    return result


@njit(cache=True, nogil=True)
def _sum_classes(text: NDArray[np.uint8], classes: NDArray[np.uint8]) -> int:
    total = 0
    for at in range(len(text)):
        total += classes[text[at]]
    return total
