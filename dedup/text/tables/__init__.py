"""Frozen tables that the core reads: folding, listed words, inverse document frequencies.

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
    """Return the folding table and the listed words, checked and converted for the core."""
    return _core.Folding(*folding(), *listed_words())


@cache
def listed_words() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return the listed words.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint8), shape (n_words,)
        Hashes, ascending, and classes of :mod:`dedup.text.tables.kinds`.
    """
    words = _load("words.npz")
    return words["hashes"], words["classes"]  # type: ignore[return-value]


@cache
def idf() -> NDArray[np.uint8]:
    """Return inverse document frequencies of stems.

    Returns
    -------
    ndarray of uint8, shape (2**21,)
        ``log2((N + 1) / (df + 1))`` in eighths of a bit, indexed by ``stem >> 44``; from 2**20 on
        those of pairs of characters or syllables.
    """
    return np.concatenate([_load(name)["bits"] for name in ("idf.npz", "pairs.npz")]).astype(
        np.uint8
    )


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
