"""Tokens to tokens without what is no reuse: credits and boilerplate."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, Credit
from dedup.blocks import BoilerplateParams
from dedup.model import Boilerplate
from dedup.stages.boilerplate import find_boilerplate
from dedup.stages.credit import find_credits
from dedup.stages.tokenize import Tokens

# Fewer words make no shingle and no passage.
MIN_WORDS = 3


class Masked(NamedTuple):
    """What is left to compare, and what was taken out of it.

    Parameters
    ----------
    tokens : Tokens
        Tokens of the same articles without credits and boilerplate. Of an article that has
        fewer than ``MIN_WORDS`` left, none.
    credits : list of tuple of Credit
        Of each article.
    boilerplate : tuple of Boilerplate
        Of all outlets.
    """

    tokens: Tokens
    credits: list[tuple[Credit, ...]]
    boilerplate: tuple[Boilerplate, ...]


def mask_collection(
    articles: Sequence[Article],
    tokens: Tokens,
    params: BoilerplateParams,
    pool: ThreadPoolExecutor | None = None,
) -> Masked:
    """Take credits, then boilerplate, out of the tokens of a collection.

    Parameters
    ----------
    articles : sequence of Article
        The collection.
    tokens : Tokens
        Its tokens.
    params : BoilerplateParams
        What is masked.
    pool : ThreadPoolExecutor or None
        Threads to use.

    Returns
    -------
    Masked
        The same for any pool.
    """
    credits = [find_credits(article.text) for article in articles]
    if params.mask_credits:
        tokens = mask_credits(tokens, credits)
    boilerplate, covered = find_boilerplate(articles, tokens, params, pool)
    return Masked(_mask(tokens, covered), credits, boilerplate)


def mask_credits(tokens: Tokens, credits: Sequence[Sequence[Credit]]) -> Tokens:
    """Take credits out of tokens.

    Parameters
    ----------
    tokens : Tokens
        Tokens of the articles.
    credits : sequence of sequence of Credit
        Of each article, in order.

    Returns
    -------
    Tokens
        Those that stand in none.
    """
    masked = np.zeros(len(tokens.hashes), np.bool_)
    for number, own in enumerate(credits):
        low, high = tokens.offsets[number], tokens.offsets[number + 1]
        for credit in own:
            first, last = np.searchsorted(tokens.starts[low:high], credit.span)
            masked[low + first : low + last] = True
    return _mask(tokens, masked)


def _mask(tokens: Tokens, masked: NDArray[np.bool_]) -> Tokens:
    if not masked.any():
        return tokens
    n_left = tokens.counts - np.diff(np.append(0, np.cumsum(masked))[tokens.offsets])
    return tokens.mask(masked | np.repeat(n_left < MIN_WORDS, tokens.counts))
