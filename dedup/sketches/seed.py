"""Tokens to seeds: the sampled pair-shingles by which passages are looked up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.params import SeedParams
from dedup.text import tables
from dedup.text.tokenize import Tokens

# Occurrences of one pair in an article that are kept, the first ones: a few are enough to find a
# text that repeats itself.
MAX_REPEATS = 4
# A seed as it is kept: columns of Seeds.
SEED = (np.uint64, np.uint32, (np.uint16, (2,)), (np.uint8, (2,)))


class Seeds(NamedTuple):
    """Seeds of some articles, one article after the other.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_seeds,)
        Hash of the unordered pair of stems.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of the later word, from the start of the article, not decreasing in an article.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of the two stems among those of the article, modulo 65,536.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        What a match of each of the two words says, in eighths of a bit.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Seeds before each article.
    """

    keys: NDArray[np.uint64]
    positions: NDArray[np.uint32]
    words: NDArray[np.uint16]
    evidence: NDArray[np.uint8]
    offsets: NDArray[np.int64]


def find_seeds(tokens: Tokens, params: SeedParams, max_repeats: int = MAX_REPEATS) -> Seeds:
    """Find the seeds of a batch of articles.

    Parameters
    ----------
    tokens : Tokens
        Their tokens.
    params : SeedParams
        Which pairs are kept.
    max_repeats : int
        Occurrences of one pair in an article that are kept.

    Returns
    -------
    Seeds
        In the order of the articles.
    """
    return Seeds(
        *_core.find_seeds(
            tokens.stems,
            tokens.flags,
            tokens.offsets,
            tables.idf(),
            params.window,
            params.min_bits,
            params.sample,
            max_repeats,
        )
    )


def slice_seeds(seeds: Seeds, first: int, last: int) -> Seeds:
    """View the seeds of some articles.

    Parameters
    ----------
    seeds : Seeds
        Of all articles.
    first, last : int
        Which, half-open.

    Returns
    -------
    Seeds
        No copies, but of the offsets.
    """
    offsets = seeds.offsets[first : last + 1]
    own = slice(int(offsets[0]), int(offsets[-1]))
    return Seeds(
        seeds.keys[own],
        seeds.positions[own],
        seeds.words[own],
        seeds.evidence[own],
        offsets - offsets[0],
    )
