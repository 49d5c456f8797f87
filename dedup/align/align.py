"""Align pairs of articles: from their tokens to a table of passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.edit import read_edits
from dedup.align.number import KEPT, join_numbers
from dedup.align.quote import attribute
from dedup.align.role import UNKNOWN, Origins, find_roles
from dedup.align.scalars import make_scalars
from dedup.align.table import AlignedTexts, PassageRows, PassageTable
from dedup.model import OPS
from dedup.params import Params
from dedup.runtime.bounds import add_up
from dedup.text import tables
from dedup.text.tokenize import Tokens, extend_span

# Columns of the core's figures; column 1 is the identity.
_SCORE, _QUOTED_SHARE, _ODDS = 0, 2, 3
# No labeled passage keeps fewer of its words: below this share the confidence is unknown, and at
# most even.
_MIN_IDENTITY, _EVEN = 0.15, 0.5
# A passage is a quote if this share of its aligned words is quoted.
_QUOTED = 0.5
# Each operation after the sides are swapped.
_SEEN_FROM_B = {"inserted": "deleted", "deleted": "inserted"}
_SWAPPED = np.array([OPS.index(_SEEN_FROM_B.get(op, op)) for op in OPS])


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
    return np.unique(pairs[np.equal(*tokens.counts[pairs].T)])


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
    own = found.owners
    owners, is_swapped = pairs[own], swapped[own]
    given = np.where(is_swapped[:, None], owners[:, ::-1], owners)
    rows, order = _turn(join_numbers(source, given, found), own, is_swapped)
    edit_owners = rows.edit_owners
    chars = _find_chars(source, owners, rows.spans)
    is_quote = rows.figures[:, _QUOTED_SHARE] >= _QUOTED
    lengths = rows.edits[:, 2] - rows.edits[:, 1]
    n_kept = np.bincount(edit_owners, np.where(rows.edits[:, 0] == KEPT, lengths, 0), len(chars))
    n_kept = n_kept.astype(np.int64)
    n_words = np.maximum(*np.diff(rows.spans.reshape(-1, 2, 2), axis=2)[:, :, 0].T)
    confidences = 1 / (1 + np.exp(-rows.figures[:, _ODDS]))
    is_known = n_kept >= _MIN_IDENTITY * n_words
    table = PassageTable(
        pairs,
        rows.bounds,
        rows.spans,
        chars,
        rows.figures[:, _SCORE],
        np.where(is_known, confidences, np.minimum(confidences, _EVEN)),
        n_words,
        n_kept,
        is_quote,
        find_roles(source, origins, owners, rows.spans, chars, n_kept == n_words),
        attribute(source, owners, rows.spans, is_quote),
        read_edits(source, owners, rows, edit_owners),
    )
    return table, order


def _turn(
    rows: PassageRows, own: NDArray[np.int64], is_swapped: NDArray[np.bool_]
) -> tuple[PassageRows, NDArray[np.int64]]:
    """Swap the sides of some passages, then sort passages and edits by ``a``, then ``b``.

    `own` is the pair of each passage.
    """
    spans = np.where(is_swapped[:, None], rows.spans[:, [2, 3, 0, 1]], rows.spans)
    order = np.lexsort((*spans.T[::-1], own))
    owners = rows.edit_owners
    ranks = np.argsort(order)[owners]
    edits, turned = rows.edits, is_swapped[owners]
    swapped = np.column_stack([_SWAPPED[edits[:, 0]], edits[:, [3, 4, 1, 2]]])
    edits = np.where(turned[:, None], swapped, edits)
    edits = edits[np.lexsort((*edits[:, :0:-1].T, ranks))]
    bounds = add_up(np.diff(rows.edit_bounds)[order])
    return PassageRows(rows.bounds, spans[order], rows.figures[order], bounds, edits), order


def _find_chars(
    source: AlignedTexts, owners: NDArray[np.int64], spans: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Convert spans of tokens to code points, including the punctuation beside them."""
    texts, tokens = source
    articles = owners.reshape(-1)
    low, high = tokens.offsets[articles] + spans.reshape(-1, 2).T
    bare = zip(
        articles.tolist(), tokens.starts[low].tolist(), tokens.ends[high - 1].tolist(), strict=True
    )
    extended = [extend_span(texts[article], start, end) for article, start, end in bare]
    return np.array(extended, np.int64).reshape(-1, 4)
