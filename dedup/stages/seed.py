"""Tokens to seeds: the sampled pair-shingles by which passages are looked up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import tables
from dedup.blocks import SeedParams
from dedup.kernels import seeding
from dedup.stages.tokenize import Tokens


@dataclass(frozen=True, slots=True)
class Seeds:
    """Seeds of a batch of articles, one article after the other.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n_articles + 1,)
        Seeds before each article.
    keys : ndarray of uint64, shape (n_seeds,)
        Hash of the unordered pair of stems.
    positions : ndarray of uint32, shape (n_seeds,)
        Token at which the pair ends, counted from the start of the article.
    bits : ndarray of float32, shape (n_seeds,)
        Information of the pair.
    """

    offsets: NDArray[np.int64]
    keys: NDArray[np.uint64]
    positions: NDArray[np.uint32]
    bits: NDArray[np.float32]


def find_seeds(tokens: Tokens, params: SeedParams) -> Seeds:
    """Find the seeds of a batch of articles.

    Parameters
    ----------
    tokens : Tokens
        Their tokens.
    params : SeedParams
        Which pairs are kept.

    Returns
    -------
    Seeds
        In the order of the articles.
    """
    keys, positions, bits, offsets = seeding.find_seeds(
        tokens.stems,
        tokens.flags,
        tokens.offsets,
        tables.idf(),
        params.window,
        params.min_bits,
        params.sample,
        params.max_repeats,
    )
    return Seeds(offsets, keys, positions, bits)
