"""Tokens to tokens without what is no reuse: credits and boilerplate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.model.article import Credit, Span
from dedup.text.tokenize import Tokens

# Fewer words make no shingle and no passage.
MIN_WORDS = 3


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
    return mask_spans(tokens, [[credit.span for credit in own] for own in credits])


def mask_spans(tokens: Tokens, spans: Sequence[Sequence[Span]]) -> Tokens:
    """Take places out of tokens.

    Parameters
    ----------
    tokens : Tokens
        Tokens of the articles.
    spans : sequence of sequence of Span
        Of each article, in order.

    Returns
    -------
    Tokens
        Those that begin in none.
    """
    masked = np.zeros(len(tokens.hashes), np.bool_)
    for number, own in enumerate(spans):
        low, high = tokens.offsets[number], tokens.offsets[number + 1]
        for span in own:
            first, last = np.searchsorted(tokens.starts[low:high], span)
            masked[low + first : low + last] = True
    return mask(tokens, masked)


def mask(tokens: Tokens, masked: NDArray[np.bool_]) -> Tokens:
    """Take some tokens out, and all of an article that has fewer than ``MIN_WORDS`` left.

    Parameters
    ----------
    tokens : Tokens
        Tokens of some articles.
    masked : ndarray of bool, shape (n_tokens,)
        Which to take out.

    Returns
    -------
    Tokens
        Those that are left.
    """
    if not masked.any():
        return tokens
    n_left = tokens.counts - np.diff(np.append(0, np.cumsum(masked))[tokens.offsets])
    return tokens.mask(masked | np.repeat(n_left < MIN_WORDS, tokens.counts))
