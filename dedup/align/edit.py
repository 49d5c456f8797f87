"""Edit scripts of passages, in code points."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.fact import DENIALS, MAX_WORDS, NUMBERS, is_fact
from dedup.align.table import AlignedTexts, EditTable, PassageRows
from dedup.model import OPS
from dedup.model.article import Span
from dedup.text.tokenize import Tokens, tokenize

# Marks of the core: edits that may change a fact.
_MAY_DENY, _MAY_NAME = 1, 2


def read_edits(
    source: AlignedTexts,
    pairs: NDArray[np.int64],
    rows: PassageRows,
    owners: NDArray[np.int64],
) -> EditTable:
    """Convert edits to code points, and find those that change a fact.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n, 2)
        Articles of each passage.
    owners : ndarray of int64, shape (n_edits,)
        Passage of each edit.
    """
    texts, tokens = source
    edits = rows.edits
    firsts = tokens.offsets[pairs][owners]
    places = _place(
        tokens,
        rows.spans[:, ::2][owners].reshape(-1),
        edits[:, 1:].reshape(-1, 2),
        firsts.reshape(-1),
    )
    chars = places.reshape(-1, 4)
    marks = _mark(tokens, edits, firsts)
    may_change = np.flatnonzero(marks & (_MAY_DENY | _MAY_NAME))
    facts = np.zeros(len(edits), np.bool_)
    facts[may_change] = [
        is_fact(OPS[op], texts[a], Span(*own[:2]), texts[b], Span(*own[2:]), may_deny=may_deny)
        for op, (a, b), own, may_deny in zip(
            edits[may_change, 0].tolist(),
            pairs[owners[may_change]].tolist(),
            chars[may_change].tolist(),
            (marks[may_change] & _MAY_DENY != 0).tolist(),
            strict=True,
        )
    ]
    return EditTable(rows.edit_bounds, edits[:, 0], edits[:, 1:], chars, facts)


def _place(
    tokens: Tokens,
    lows: NDArray[np.int64],
    spans: NDArray[np.int64],
    firsts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Convert spans of tokens to code points; an empty span follows the token before it."""
    begins, stops = (spans + firsts[:, None]).T
    is_empty = begins == stops
    is_behind = is_empty & (spans[:, 0] > lows)
    # No token starts at the end of all tokens.
    starts = np.where(is_behind, tokens.ends[begins - 1], tokens.starts[begins - is_behind])
    ends = np.where(is_empty, starts, tokens.ends[stops - 1])
    return np.stack([starts, ends], axis=1).astype(np.int64)


def _mark(tokens: Tokens, edits: NDArray[np.int64], firsts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return _core.mark_edits(edits, firsts, *tokens.columns, *_telling_words(), MAX_WORDS)


@cache
def _telling_words() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the sorted hashes of negations and of number words."""
    denials, numbers = (np.sort(tokenize([" ".join(row)]).hashes) for row in (DENIALS, NUMBERS))
    return denials, numbers
