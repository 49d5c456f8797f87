"""Bands and the k-of-b rule in Python integers."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from tests.reference.hash import hash_sequence


def bands(signature: Sequence[int], n_bands: int, n_rows: int) -> list[int]:
    """A band's key is its number, from 1, and its slots."""
    return [
        hash_sequence(band + 1, list(signature[band * n_rows : (band + 1) * n_rows]))
        for band in range(n_bands)
    ]


def chance_of_hits(jaccard: float, n_bands: int, n_rows: int, min_hits: int) -> float:
    """Chance that at least so many bands agree, if slots agree independently."""
    p = jaccard**n_rows
    return 1 - sum(comb(n_bands, i) * p**i * (1 - p) ** (n_bands - i) for i in range(min_hits))
