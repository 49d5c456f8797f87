"""Candidate pairs to passages, in code points of the original texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.edit import Script, read_scripts
from dedup.blocks import AlignParams
from dedup.model import Edit, Op, Passage
from dedup.params import Params, find_surplus
from dedup.text import tables
from dedup.text.tokenize import Tokens

# Columns of the figures that the core gives for each passage; the one between is an identity.
_SCORE, _QUOTED_SHARE = 0, 2
# Share of the aligned words that must be quoted for the passage to be a quotation.
_QUOTED = 0.5
# What an edit is when seen from the other side.
_SWAPPED: dict[Op, Op] = {"inserted": "deleted", "deleted": "inserted"}


class Aligned(NamedTuple):
    """What pairs of articles share.

    Parameters
    ----------
    passages : list of tuple of Passage
        One entry a pair, in the order of ``a``.
    spans : ndarray of int64, shape (n_passages, 4)
        Tokens of all passages: of ``a`` from and to, of ``b`` from and to, half-open, counted
        from the start of the article.
    """

    passages: list[tuple[Passage, ...]]
    spans: NDArray[np.int64]


def align(
    texts: Sequence[str],
    tokens: Tokens,
    pairs: NDArray[np.int64],
    params: Params,
    n_articles: int = 2,
) -> Aligned:
    """Align pairs of articles.

    Parameters
    ----------
    texts : sequence of str
        Original texts of all articles.
    tokens : Tokens
        Their tokens.
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    params : Params
        What becomes a passage.
    n_articles : int
        Articles that were searched for these pairs: among more, chance finds more.

    Returns
    -------
    Aligned
        Passages in code points and in tokens.
    """
    # The search looks at one side first: a fixed order makes its result symmetric.
    swapped = find_swapped(texts, tokens, pairs)
    ordered = np.where(swapped[:, None], pairs[:, ::-1], pairs)
    search = replace(params.align, min_score=find_min_score(params.align, n_articles))
    bounds, stretches, figures, edits = _core.align_pairs(
        np.ascontiguousarray(ordered[:, 0]),
        np.ascontiguousarray(ordered[:, 1]),
        tokens.offsets,
        tokens.cuts,
        *tokens.columns,
        tables.idf(),
        astuple(search),
    )
    found = read_passages(Source(texts, tokens), ordered, bounds, stretches, figures, edits)
    spans = stretches[:, :4]
    is_swapped = np.repeat(swapped, np.diff(bounds))
    spans = np.where(is_swapped[:, None], spans[:, [2, 3, 0, 1]], spans)
    passages: list[tuple[Passage, ...]] = []
    order: list[int] = []
    for number, own in enumerate(found):
        turned = [swap(one) for one in own] if swapped[number] else list(own)
        rows = sorted(range(len(own)), key=lambda at: (turned[at].a, turned[at].b))
        passages.append(tuple(turned[at] for at in rows))
        order += (int(bounds[number]) + at for at in rows)
    return Aligned(passages, spans[np.array(order, np.int64)])


def find_min_score(params: AlignParams, n_articles: int) -> float:
    """Return the evidence that a passage of two brief articles needs.

    Parameters
    ----------
    params : AlignParams
        The score among few articles.
    n_articles : int
        Articles that were searched.

    Returns
    -------
    float
        Bits.
    """
    return params.min_score + find_surplus(n_articles)


class Source(NamedTuple):
    """Original texts and their tokens."""

    texts: Sequence[str]
    tokens: Tokens


def find_swapped(
    texts: Sequence[str], tokens: Tokens, pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which pairs have the article first that comes second by length, then by text."""
    lengths = tokens.counts[pairs]
    swapped = lengths[:, 0] > lengths[:, 1]
    for tie in np.flatnonzero(lengths[:, 0] == lengths[:, 1]):
        a, b = pairs[tie]
        swapped[tie] = texts[a] > texts[b]
    return swapped


def read_passages(
    source: Source,
    pairs: NDArray[np.int64],
    bounds: NDArray[np.int64],
    stretches: NDArray[np.int64],
    figures: NDArray[np.float64],
    edits: NDArray[np.int64],
) -> list[tuple[Passage, ...]]:
    """Turn what the kernel found into passages, one tuple a pair.

    Parameters
    ----------
    source : Source
        All articles.
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles of each pair.
    bounds, stretches, figures, edits : ndarray
        As :func:`dedup._core.align_pairs` returns them.

    Returns
    -------
    list of tuple of Passage
        In the order of the stretches.
    """
    owners = np.repeat(pairs, np.diff(bounds), axis=0)
    scripts = read_scripts(*source, owners, stretches, edits)
    found = [
        _read_passage(source, *one)
        for one in zip(owners.tolist(), stretches.tolist(), figures.tolist(), scripts, strict=True)
    ]
    return [tuple(found[first:last]) for first, last in pairwise(bounds.tolist())]


def _read_passage(
    source: Source, pair: list[int], stretch: list[int], measured: list[float], script: Script
) -> Passage:
    texts, tokens = source
    p_low, p_high, q_low, q_high, _ = stretch
    at_a, at_b = tokens.offsets[pair[0]], tokens.offsets[pair[1]]
    a = tokens.span(texts[pair[0]], at_a + p_low, at_a + p_high)
    b = tokens.span(texts[pair[1]], at_b + q_low, at_b + q_high)
    n_words = max(p_high - p_low, q_high - q_low)
    return Passage(
        a=a,
        b=b,
        identity=script.n_kept / n_words,
        score=measured[_SCORE],
        n_words=n_words,
        kind="verbatim" if script.n_kept == n_words else "edited",
        quote=measured[_QUOTED_SHARE] >= _QUOTED,
        text_a=texts[pair[0]][a.start : a.end],
        text_b=texts[pair[1]][b.start : b.end],
        edits=script.edits,
    )


def swap(passage: Passage) -> Passage:
    """Return a passage with its sides exchanged."""
    edits = [Edit(_SWAPPED.get(op, op), b, a, is_fact) for op, a, b, is_fact in passage.edits]
    return replace(
        passage,
        a=passage.b,
        b=passage.a,
        text_a=passage.text_b,
        text_b=passage.text_a,
        edits=tuple(sorted(edits, key=lambda edit: (edit.a, edit.b))),
    )
