"""Sample seeds from tokens: the pair-shingles by which passages are looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.params import SeedParams
from dedup.runtime.bounds import add_up
from dedup.text import tables
from dedup.text.tokenize import Tokens

# Seeds kept of one pair-shingle in an article, the first ones: a few suffice to find a text that
# repeats itself.
MAX_REPEATS = 4


class Seeds(NamedTuple):
    """Seeds of articles, article by article.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_seeds,)
        Hash of the unordered pair of stems.
    positions : ndarray of uint32, shape (n_seeds,)
        Token of the later word, from the start of the article, non-decreasing in each article.
    words : ndarray of uint16, shape (n_seeds, 2)
        Numbers of the two stems within the article, modulo 65,536.
    evidence : ndarray of uint8, shape (n_seeds, 2)
        Evidence of a match of each word, in eighths of a bit.
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of seeds before each article.
    """

    keys: NDArray[np.uint64]
    positions: NDArray[np.uint32]
    words: NDArray[np.uint16]
    evidence: NDArray[np.uint8]
    offsets: NDArray[np.int64]


def join_seeds(parts: Sequence[Seeds]) -> Seeds:
    """Concatenate the seeds of several batches."""
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.diff(one.offsets) for one in parts])
    return Seeds(
        np.concatenate([one.keys for one in parts]),
        np.concatenate([one.positions for one in parts]),
        np.concatenate([one.words for one in parts]),
        np.concatenate([one.evidence for one in parts]),
        add_up(counts),
    )


def find_seeds(tokens: Tokens, params: SeedParams, max_repeats: int = MAX_REPEATS) -> Seeds:
    """Find the seeds of a batch of articles."""
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
    """View the seeds of a range of articles."""
    offsets = seeds.offsets[first : last + 1]
    own = slice(int(offsets[0]), int(offsets[-1]))
    return Seeds(
        seeds.keys[own],
        seeds.positions[own],
        seeds.words[own],
        seeds.evidence[own],
        offsets - offsets[0],
    )
