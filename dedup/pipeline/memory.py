"""The memory budget of a run."""

from __future__ import annotations

from dedup.errors import ParameterError
from dedup.params import MIN_MEMORY
from dedup.runtime.machine import find_memory

# Memory of Python, the libraries and the core before any article.
_BASE = 120 << 20


def find_limit(memory: int | None) -> int:
    """Return the bytes of a memory budget that spillable arrays and objects may use.

    Raises
    ------
    ParameterError
        If the budget is below the minimum.
    """
    if memory is None:
        memory = max(find_memory() // 2, MIN_MEMORY)
    if type(memory) is not int or memory < MIN_MEMORY:
        raise ParameterError(f"memory must be at least {MIN_MEMORY} bytes, not {memory!r}")
    return (memory - _BASE) // 2
