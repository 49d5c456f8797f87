"""The edits that change a fact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.align.fact import DENIALS, NUMBERS, is_fact
from dedup.model import OPS
from dedup.model.article import Span
from dedup.text.tokenize import tokenize

# Mark of the core: an edit of a negation. All marked edits may change a fact.
_MAY_DENY = 1


def find_facts(
    texts: Sequence[str],
    articles: NDArray[np.int64],
    edits: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    marks: NDArray[np.uint8],
) -> NDArray[np.bool_]:
    """Find the edits that change a fact.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each passage.
    edits : tuple of ndarray of int64
        Number before each passage, operations, and spans of code points.
    marks : ndarray of uint8, shape (n_edits,)
        As :func:`dedup._core.fill_columns` returns them.

    Returns
    -------
    ndarray of bool, shape (n_edits,)
    """
    bounds, ops, chars = edits
    facts = np.zeros(len(ops), np.bool_)
    may_change = np.flatnonzero(marks)
    if len(may_change):
        owners = np.searchsorted(bounds, may_change, side="right") - 1
        facts[may_change] = [
            is_fact(OPS[op], texts[a], Span(*own[:2]), texts[b], Span(*own[2:]), may_deny=may_deny)
            for op, (a, b), own, may_deny in zip(
                ops[may_change].tolist(),
                articles[owners].tolist(),
                chars[may_change].tolist(),
                (marks[may_change] & _MAY_DENY != 0).tolist(),
                strict=True,
            )
        ]
    return facts


@cache
def telling_words() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the sorted hashes of negations and of number words."""
    denials, numbers = (np.sort(tokenize([" ".join(row)]).hashes) for row in (DENIALS, NUMBERS))
    return denials, numbers
