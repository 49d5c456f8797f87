"""rensa's sound path, its shingles cut as most programs cut them: a list comprehension.

What the same package makes of the same texts when its user does not look for the fastest
loop; beside ``rensa.py`` it tells how much of the time is Python's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.engines import rensa
from bench.shingles import shingle_plainly

PACKAGE = rensa.PACKAGE
THREADS = rensa.THREADS


def describe() -> str:
    """Say which way is taken."""
    return "rensa, of lists of shingles that a list comprehension makes"


def prepare(texts: Sequence[str], given: str) -> Sequence[str]:
    """Return the texts."""
    return texts


def run(prepared: Sequence[str], task: str, threads: int) -> Any:
    """Cut and sketch the batch."""
    return rensa.run([shingle_plainly(text) for text in prepared], task, threads)


def answer(result: Any, task: str) -> Any:
    """Return the rows of the matrix."""
    return rensa.answer(result, task)
