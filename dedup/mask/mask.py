"""Remove masked text from tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.model.article import Credit, Span
from dedup.runtime.bounds import add_up
from dedup.text.tokenize import Tokens

# Fewer words cannot form a shingle or a passage.
MIN_WORDS = 3


def mask_credits(tokens: Tokens, credits: Sequence[Sequence[Credit]]) -> Tokens:
    """Mask the credits of articles."""
    return mask_spans(tokens, [[credit.span for credit in own] for own in credits])


def mask_spans(tokens: Tokens, spans: Sequence[Sequence[Span]]) -> Tokens:
    """Mask spans of articles."""
    masked = np.zeros(len(tokens.hashes), np.bool_)
    for number, own in enumerate(spans):
        low, high = tokens.offsets[number], tokens.offsets[number + 1]
        for span in own:
            first, last = np.searchsorted(tokens.starts[low:high], span)
            masked[low + first : low + last] = True
    return mask(tokens, masked)


def mask(tokens: Tokens, masked: NDArray[np.bool_]) -> Tokens:
    """Mask tokens, and every article that would keep fewer than ``MIN_WORDS``.

    Parameters
    ----------
    masked : ndarray of bool, shape (n_tokens,)
        True for each token to mask.
    """
    if not masked.any():
        return tokens
    n_left = tokens.counts - np.diff(add_up(masked)[tokens.offsets])
    return tokens.mask(masked | np.repeat(n_left < MIN_WORDS, tokens.counts))
