"""Tokens to seeds: the sampled pair-shingles by which passages are looked up."""

from __future__ import annotations

from dedup import tables
from dedup.blocks import SeedParams
from dedup.kernels import seeding
from dedup.kernels.seeding import Seeds
from dedup.stages.tokenize import Tokens


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
    return seeding.find_seeds(
        tokens.stems,
        tokens.flags,
        tokens.offsets,
        tables.idf(),
        params.window,
        params.min_bits,
        params.sample,
        params.max_repeats,
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
