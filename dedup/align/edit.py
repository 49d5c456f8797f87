"""Edit scripts of passages, in code points.

The tokenizer splits numbers at points and commas. If a part of a number changed, the edit here
takes the whole number.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.fact import CHANGES, DENIALS, MAX_WORDS, NUMBERS, is_fact
from dedup.align.table import AlignedTexts, EditTable, PassageRows
from dedup.model import OPS
from dedup.model.article import Span
from dedup.text.tables.kinds import IS_DIGIT
from dedup.text.tokenize import Tokens, tokenize

# Codes of the core: operations, and marks of edits that may change a fact.
KEPT, _SUBSTITUTED = OPS.index("kept"), OPS.index("substituted")
_CHANGES = frozenset(map(OPS.index, CHANGES))
_IS_CHANGE = np.isin(OPS, list(CHANGES))
_MAY_DENY, _MAY_NAME = 1, 2

_JOINTS = frozenset(".,")
_FIGURES = frozenset("0123456789")


def read_edits(source: AlignedTexts, pairs: NDArray[np.int64], rows: PassageRows) -> EditTable:
    """Convert edits to code points, and find those that change a fact.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n, 2)
        Articles of each passage.
    """
    texts, tokens = source
    owners, edits = rows.edit_owners, rows.edits
    firsts, lows = tokens.offsets[pairs], rows.spans[:, ::2]
    chars = np.concatenate(
        [
            _place(tokens, lows[owners, side], edits[:, 1 + 2 * side : 3 + 2 * side], firsts_of)
            for side, firsts_of in enumerate(firsts[owners].T)
        ],
        axis=1,
    )
    marks = _mark(tokens, edits, firsts[owners])
    may_change = np.flatnonzero(marks & (_MAY_DENY | _MAY_NAME))
    facts = np.zeros(len(edits), np.bool_)
    facts[may_change] = [
        is_fact(OPS[op], texts[a], Span(*own[:2]), texts[b], Span(*own[2:]))
        for op, (a, b), own in zip(
            edits[may_change, 0].tolist(),
            pairs[owners[may_change]].tolist(),
            chars[may_change].tolist(),
            strict=True,
        )
    ]
    return EditTable(rows.edit_bounds, edits[:, 0], chars, facts)


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


class _TokenPlaces(NamedTuple):
    """A text, the tokens of all articles, and the index of its first token."""

    text: str
    tokens: Tokens
    first: int

    def has_number(self, low: int, at: int, high: int) -> bool:
        """Return whether a number spans `at`, which lies inside `low` to `high`."""
        if not low < at < high:
            return False
        end = int(self.tokens.ends[self.first + at - 1])
        return (
            int(self.tokens.starts[self.first + at]) == end + 1
            and self.text[end] in _JOINTS
            and self.text[end - 1] in _FIGURES
            and self.text[end + 1] in _FIGURES
        )


class _Row(NamedTuple):
    """An operation and its tokens on each side."""

    op: int
    p_low: int
    p_high: int
    q_low: int
    q_high: int


def join_numbers(source: AlignedTexts, pairs: NDArray[np.int64], rows: PassageRows) -> PassageRows:
    """Extend edits that change a part of a number to the whole number.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n, 2)
        Articles of each passage.
    """
    texts, tokens = source
    owners, edits = rows.edit_owners, rows.edits
    lengths = np.diff(rows.edit_bounds)
    joined, done = [], 0
    for low, high in _find_splits(tokens, edits, owners, tokens.offsets[pairs][owners]):
        passage = owners[low]
        a, b = (
            _TokenPlaces(texts[one], tokens, int(tokens.offsets[one])) for one in pairs[passage]
        )
        own = _join(a, b, [_Row(*row) for row in edits[low:high].tolist()])
        joined += [edits[done:low], np.array(own, np.int64)]
        lengths[passage] += len(own) - (high - low)
        done = high
    bounds = np.append(0, np.cumsum(lengths))
    return rows._replace(edits=np.concatenate([*joined, edits[done:]]), edit_bounds=bounds)


def _find_splits(
    tokens: Tokens,
    edits: NDArray[np.int64],
    owners: NDArray[np.int64],
    firsts: NDArray[np.int64],
) -> list[tuple[int, int]]:
    """Return half-open runs of edits that may split a number."""
    meets = owners[:-1] == owners[1:]
    meets &= (edits[:-1, 2::2] == edits[1:, 1::2]).all(axis=1)
    at = np.flatnonzero(meets)
    # An empty edit may follow the last token; `has_number` rejects it later.
    begins = np.minimum(firsts[at] + edits[at + 1, 1::2], len(tokens.flags) - 1)
    splits = tokens.flags[begins] & tokens.flags[begins - 1] & IS_DIGIT != 0
    splits &= tokens.starts[begins] == tokens.ends[begins - 1] + 1
    at = at[splits.any(axis=1)]
    is_change = _IS_CHANGE[edits[at, 0]] | _IS_CHANGE[edits[at + 1, 0]]
    # An edit may be joined at both ends.
    runs = np.split(np.arange(len(at)), np.flatnonzero(np.diff(at) > 1) + 1)
    return [(int(at[run[0]]), int(at[run[-1]]) + 2) for run in runs if is_change[run].any()]


def _join(a: _TokenPlaces, b: _TokenPlaces, rows: list[_Row]) -> list[_Row]:
    joined: list[_Row] = []
    for row in rows:
        rest: _Row | None = row
        while rest and joined and _is_joined(a, b, joined[-1], rest):
            left = joined.pop()
            if left.op == KEPT:
                at_p, at_q = left.p_high - 1, left.q_high - 1
                joined += _kept(left.p_low, at_p, left.q_low, at_q)
                rest = _Row(_SUBSTITUTED, at_p, rest.p_high, at_q, rest.q_high)
                continue
            is_kept = rest.op == KEPT
            to_p, to_q = (rest.p_low + 1, rest.q_low + 1) if is_kept else (rest.p_high, rest.q_high)
            joined.append(_Row(_SUBSTITUTED, left.p_low, to_p, left.q_low, to_q))
            rest = next(iter(_kept(to_p, rest.p_high, to_q, rest.q_high)), None)
        joined += [rest] if rest else []
    return joined


def _kept(p_low: int, p_high: int, q_low: int, q_high: int) -> list[_Row]:
    """Return the rest of a kept run, if any."""
    return [_Row(KEPT, p_low, p_high, q_low, q_high)] if p_low < p_high else []


def _is_joined(a: _TokenPlaces, b: _TokenPlaces, left: _Row, right: _Row) -> bool:
    """Return whether a change and the edit beside it split a number."""
    ops = {left.op, right.op} - {KEPT}
    if not ops or not ops <= _CHANGES:
        return False
    if left.p_high != right.p_low or left.q_high != right.q_low:
        return False  # moved words are between them
    in_a = a.has_number(left.p_low, right.p_low, right.p_high)
    return in_a or b.has_number(left.q_low, right.q_low, right.q_high)
