"""Edit scripts of passages: tokens to code points, with numbers put together again.

The tokenizer splits a number at its points; one that changed in part is one that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.fact import DENIALS, MAX_WORDS, NUMBERS, is_fact
from dedup.model import OPS, Edit
from dedup.model.article import Span
from dedup.text.tokenize import Tokens, tokenize

# Codes of the core: an edit that keeps words, and what an edit may hold.
_KEPT = OPS.index("kept")
_MAY_JOIN, _MAY_DENY, _MAY_NAME = 1, 2, 4

_JOINTS = frozenset(".,")
_FIGURES = frozenset("0123456789")
_CHANGES = frozenset({"substituted", "inserted", "deleted"})


class Script(NamedTuple):
    """The edits of a passage, and how many words they keep."""

    edits: tuple[Edit, ...]
    n_kept: int


def read_scripts(
    texts: Sequence[str],
    tokens: Tokens,
    pairs: NDArray[np.int64],
    stretches: NDArray[np.int64],
    edits: NDArray[np.int64],
) -> list[Script]:
    """Turn the edits that the kernel lists into edits of the original texts.

    Parameters
    ----------
    texts : sequence of str
        Original texts of all articles.
    tokens : Tokens
        Their tokens.
    pairs : ndarray of int64, shape (n, 2)
        Articles of each passage.
    stretches : ndarray of int64, shape (n, 5)
        Passages as :func:`dedup._core.align_pairs` gives them.
    edits : ndarray of int64, shape (n_edits, 5)
        All their edits.

    Returns
    -------
    list of Script
        One a passage.
    """
    lasts = stretches[:, 4]
    owners = np.repeat(np.arange(len(lasts)), np.diff(lasts, prepend=0))
    firsts, lows = tokens.offsets[pairs[owners]], stretches[owners]
    spans_a = _place(tokens, firsts[:, 0] + lows[:, 0], firsts[:, [0]] + edits[:, 1:3])
    spans_b = _place(tokens, firsts[:, 1] + lows[:, 2], firsts[:, [1]] + edits[:, 3:5])
    placed = list(map(Edit, map(OPS.__getitem__, edits[:, 0].tolist()), spans_a, spans_b))
    marks = _core.mark_edits(edits, firsts, *tokens.columns, *_telling_words(), MAX_WORDS)
    for k in np.flatnonzero(marks & (_MAY_DENY | _MAY_NAME)).tolist():
        placed[k] = _judge(placed[k], *(texts[article] for article in pairs[owners[k]]))
    n_kept = np.bincount(
        owners, np.where(edits[:, 0] == _KEPT, edits[:, 2] - edits[:, 1], 0), len(lasts)
    )
    bounds = pairwise([0, *lasts.tolist()])
    scripts = [
        Script(tuple(placed[first:last]), int(n))
        for (first, last), n in zip(bounds, n_kept.tolist(), strict=True)
    ]
    for passage in sorted(set(owners[marks & _MAY_JOIN != 0].tolist())):
        last = int(lasts[passage])
        own = edits[last - len(scripts[passage].edits) : last, 1:].tolist()
        a, b = pairs[passage].tolist()
        sides = _Side.of(texts, tokens, a), _Side.of(texts, tokens, b)
        scripts[passage] = _join_numbers(*sides, scripts[passage], own)
    return scripts


@cache
def _telling_words() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the hashes of words that deny and of words that are numbers, sorted."""
    denials, numbers = (np.sort(tokenize([" ".join(row)]).hashes) for row in (DENIALS, NUMBERS))
    return denials, numbers


def _place(tokens: Tokens, lows: NDArray[np.int64], ranges: NDArray[np.int64]) -> list[Span]:
    """Turn ranges of tokens into code points; an empty one stands behind the one before it."""
    begins, stops = ranges[:, 0], ranges[:, 1]
    is_empty = begins == stops
    is_behind = is_empty & (begins > lows)
    # At the end of all tokens there is none that begins.
    starts = np.where(is_behind, tokens.ends[begins - 1], tokens.starts[begins - is_behind])
    ends = np.where(is_empty, starts, tokens.ends[stops - 1])
    return list(map(Span, starts.tolist(), ends.tolist()))


def _judge(edit: Edit, text_a: str, text_b: str) -> Edit:
    return edit._replace(is_fact=is_fact(edit.op, text_a, edit.a, text_b, edit.b))


class _Side(NamedTuple):
    """A text and where its tokens stand."""

    text: str
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Sequence[str], tokens: Tokens, article: int) -> _Side:
        own = slice(tokens.offsets[article], tokens.offsets[article + 1])
        return cls(texts[article], tokens.starts[own], tokens.ends[own])

    def span(self, low: int, high: int) -> Span:
        return Span(int(self.starts[low]), int(self.ends[high - 1]))


class _Row(NamedTuple):
    """An edit and the tokens that it takes of each side."""

    p_low: int
    p_high: int
    q_low: int
    q_high: int
    edit: Edit


def _join_numbers(a: _Side, b: _Side, script: Script, tokens: list[list[int]]) -> Script:
    """Take what was kept of a number that changed into the change."""
    joined: list[_Row] = []
    for row in map(_Row, *zip(*tokens, strict=True), script.edits):
        rest: _Row | None = row
        while rest and joined and _is_joined(a.text, b.text, joined[-1], rest):
            left = joined.pop()
            if left.edit.op == "kept":
                at_p, at_q = left.p_high - 1, left.q_high - 1
                joined += _kept(a, b, (left.p_low, at_p), (left.q_low, at_q))
                rest = _changed(a, b, (at_p, rest.p_high), (at_q, rest.q_high))
                continue
            is_kept = rest.edit.op == "kept"
            to_p, to_q = (rest.p_low + 1, rest.q_low + 1) if is_kept else (rest.p_high, rest.q_high)
            joined.append(_changed(a, b, (left.p_low, to_p), (left.q_low, to_q)))
            rest = next(iter(_kept(a, b, (to_p, rest.p_high), (to_q, rest.q_high))), None)
        joined += [rest] if rest else []
    n_kept = sum(row.p_high - row.p_low for row in joined if row.edit.op == "kept")
    return Script(tuple(_judge(row.edit, a.text, b.text) for row in joined), n_kept)


def _kept(a: _Side, b: _Side, p: tuple[int, int], q: tuple[int, int]) -> list[_Row]:
    """Return what is left of a kept run, if anything is."""
    return [_Row(*p, *q, Edit("kept", a.span(*p), b.span(*q)))] if p[0] < p[1] else []


def _changed(a: _Side, b: _Side, p: tuple[int, int], q: tuple[int, int]) -> _Row:
    return _Row(*p, *q, Edit("substituted", a.span(*p), b.span(*q)))


def _is_joined(text_a: str, text_b: str, left: _Row, right: _Row) -> bool:
    """Tell whether a change and what is beside it hold parts of one number."""
    ops = {left.edit.op, right.edit.op}
    if not ops & _CHANGES or not ops <= _CHANGES | {"kept"}:
        return False
    if left.p_high != right.p_low or left.q_high != right.q_low:
        return False  # what moved stands between
    in_a = _holds_number(text_a, left.edit.a, right.edit.a)
    return in_a or _holds_number(text_b, left.edit.b, right.edit.b)


def _holds_number(text: str, left: Span, right: Span) -> bool:
    """Tell whether figures meet at a point between two spans, neither of them empty."""
    return (
        right.start - left.end == 1
        and text[left.end] in _JOINTS
        and left.start < left.end
        and right.start < right.end
        and text[left.end - 1] in _FIGURES
        and text[right.start] in _FIGURES
    )
