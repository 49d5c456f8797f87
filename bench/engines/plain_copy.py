"""One copy of the bytes: what memory can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.engines.table_pass import prepare as prepare_bytes

PACKAGE = "numpy"
THREADS = ""


def describe() -> str:
    """Say which way is taken."""
    return "numpy copy of the joined UTF-8"


def prepare(texts: Sequence[str], given: str) -> NDArray[np.uint8]:
    """Return the bytes of all texts."""
    return np.frombuffer(prepare_bytes(texts, given), np.uint8)


def run(prepared: NDArray[np.uint8], task: str, threads: int) -> NDArray[np.uint8]:
    """Copy."""
    return prepared.copy()


def answer(result: NDArray[np.uint8], task: str) -> int:
    """Return the sum of the classes of what was copied."""
    return int((result % 16).sum())
