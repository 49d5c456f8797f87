"""Align pairs of articles: from their tokens to a table of passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.edit import find_facts, telling_words
from dedup.align.fact import MAX_WORDS
from dedup.align.number import join_numbers
from dedup.align.quote import attribute
from dedup.align.role import UNKNOWN, Origins, find_roles
from dedup.align.scalars import make_scalars
from dedup.align.table import AlignedTexts, EditTable, PassageRows, PassageTable
from dedup.params import Params
from dedup.text import tables
from dedup.text.tokenize import Tokens, extend_span

# Columns of the core's figures; column 1 is the identity.
_SCORE, _QUOTED_SHARE, _ODDS = 0, 2, 3
# No labeled passage keeps fewer of its words: below this share the confidence is unknown, and at
# most even.
_MIN_IDENTITY, _EVEN = 0.15, 0.5
# A passage is a quote if this share of its aligned words is quoted.
_QUOTED = 0.5


def align_pairs(
    texts: Sequence[str],
    tokens: Tokens,
    pairs: NDArray[np.int64],
    params: Params,
    n_articles: int = 2,
    origins: Origins = UNKNOWN,
) -> PassageTable:
    """Align pairs of articles.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    origins : Origins
        Where the articles are from, for the roles of passages.
    """
    swapped = find_swapped(texts, tokens, pairs)
    rows = find_rows(tokens, pairs, swapped, params, n_articles)
    return make_table(AlignedTexts(texts, tokens), pairs, swapped, rows, origins)[0]


def find_rows(
    tokens: Tokens,
    pairs: NDArray[np.int64],
    swapped: NDArray[np.bool_],
    params: Params,
    n_articles: int,
) -> PassageRows:
    """Find the passages of pairs from their tokens alone, for :func:`make_table`.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    swapped : ndarray of bool, shape (n_pairs,)
        Pairs to give to the core with ``b`` first, as :func:`find_swapped` returns them.
    """
    # The core treats its sides differently: a fixed order makes the result symmetric.
    firsts, seconds = np.where(swapped[:, None], pairs[:, ::-1], pairs).T
    found = _core.align_pairs(
        np.ascontiguousarray(firsts),
        np.ascontiguousarray(seconds),
        tokens.offsets,
        tokens.cuts,
        *tokens.columns,
        tables.idf(),
        make_scalars(params.align, n_articles),
    )
    return PassageRows.from_core(*found)


def find_swapped(
    texts: Sequence[str] | Mapping[int, str], tokens: Tokens, pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which pairs have ``b`` first when sorted by length, then by text.

    Parameters
    ----------
    texts : sequence of str, or dict of int to str
        Texts by article, of those that :func:`find_ties` returns at least.
    """
    lengths = tokens.counts[pairs]
    swapped = lengths[:, 0] > lengths[:, 1]
    for tie in np.flatnonzero(lengths[:, 0] == lengths[:, 1]).tolist():
        a, b = pairs[tie].tolist()
        swapped[tie] = texts[a] > texts[b]
    return swapped


def find_ties(tokens: Tokens, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the articles of pairs of equal length, ascending: their texts decide the order."""
    is_tied = np.zeros(len(tokens.counts), np.bool_)
    is_tied[pairs[np.equal(*tokens.counts[pairs].T)]] = True
    return np.flatnonzero(is_tied)


def make_table(
    source: AlignedTexts,
    pairs: NDArray[np.int64],
    swapped: NDArray[np.bool_],
    found: PassageRows,
    origins: Origins = UNKNOWN,
) -> tuple[PassageTable, NDArray[np.int64]]:
    """Turn rows from the core into passages.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    swapped : ndarray of bool, shape (n_pairs,)
        Pairs that the core got with ``b`` first.
    origins : Origins
        See :func:`align_pairs`.

    Returns
    -------
    tuple of (PassageTable, ndarray of int64)
        The passages, and the row of each in `found`.
    """
    rows = join_numbers(source, pairs, swapped, found)
    tokens = source.tokens
    columns = rows.columns(pairs, swapped), tokens.offsets, *tokens.columns
    order, articles, spans, bare, n_words, n_kept, bounds, ops, edit_tokens, edit_chars, marks = (
        _core.fill_columns(*columns, *telling_words(), MAX_WORDS)
    )
    figures = rows.figures[order]
    chars = _extend(source.texts, articles, bare)
    is_quote = figures[:, _QUOTED_SHARE] >= _QUOTED
    confidences = 1 / (1 + np.exp(-figures[:, _ODDS]))
    is_fact = find_facts(source.texts, articles, (bounds, ops, edit_chars), marks)
    is_known = n_kept >= _MIN_IDENTITY * n_words
    table = PassageTable(
        pairs,
        rows.bounds,
        spans,
        chars,
        figures[:, _SCORE],
        np.where(is_known, confidences, np.minimum(confidences, _EVEN)),
        n_words,
        n_kept,
        is_quote,
        find_roles(source, origins, articles, spans, chars, n_kept == n_words),
        attribute(source, articles, spans, is_quote),
        EditTable(bounds, ops, edit_tokens, edit_chars, is_fact),
    )
    return table, order


def _extend(
    texts: Sequence[str], articles: NDArray[np.int64], bare: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Extend spans of code points by the punctuation beside them."""
    extended = [
        extend_span(texts[article], start, end)
        for article, (start, end) in zip(
            articles.reshape(-1).tolist(), bare.reshape(-1, 2).tolist(), strict=True
        )
    ]
    return np.array(extended, np.int64).reshape(-1, 4)
