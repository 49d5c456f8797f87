"""Frozen tables that the core reads: folding, stop words, inverse document frequencies.

They are part of the recipe: raise ``dedup.params.stages.RECIPE_VERSION`` if you change one.
README.md beside this file lists origins and licenses.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.text.tables.kinds import FoldTables


def _load(name: str) -> dict[str, NDArray[np.generic]]:
    with (files("dedup.text.tables") / name).open("rb") as stream, np.load(stream) as arrays:
        return dict(arrays)


@cache
def folding() -> FoldTables:
    """Return the folding table."""
    return FoldTables(**_load("fold.npz"))  # type: ignore[arg-type]


@cache
def checked_folding() -> _core.Folding:
    """Return the folding table, checked and converted for the core."""
    return _core.Folding(*folding())


@cache
def stop_words() -> NDArray[np.uint64]:
    """Return the hashes of the stop words.

    Returns
    -------
    ndarray of uint64, power-of-two shape
        Open-addressing table, linear probing from the low bits; 0 marks a free slot.
    """
    import xxhash

    text = (files("dedup.text.tables") / "stopwords.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    words = sorted({word for line in lines for word in line.split()})
    table = np.zeros(1 << (4 * len(words)).bit_length(), np.uint64)
    for word in words:
        value = xxhash.xxh64_intdigest(word.encode())
        slot = value % len(table)
        while table[slot]:
            slot = (slot + 1) % len(table)
        table[slot] = value
    return table


@cache
def idf() -> NDArray[np.uint8]:
    """Return inverse document frequencies of stems.

    Returns
    -------
    ndarray of uint8, shape (2**20,)
        ``log2((N + 1) / (df + 1))`` in eighths of a bit, indexed by ``stem >> 44``.
    """
    return _load("idf.npz")["bits"]  # type: ignore[return-value]


@cache
def second_look() -> NDArray[np.float64]:
    """Return the weights of the second look, in the order of ``core/second_look.hpp``.

    Returns
    -------
    ndarray of float64, shape (30,)
        Weights of words and their constant, then those of passages and theirs.
    """
    text = (files("dedup.text.tables") / "second_look.json").read_text(encoding="utf-8")
    fitted = json.loads(text)
    return np.array([*fitted["words"].values(), *fitted["passages"].values()], np.float64)
