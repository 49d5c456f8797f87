"""Find formulas of a collection: short wording that unrelated articles of several outlets use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.mask.boilerplate import MAX_GROUP, sketch_rest
from dedup.model.passage import FORMULA, TEXT
from dedup.text.tokenize import Tokens

# Words per shingle: the names of offices and programs have no fewer.
_K = 4
# A formula is in at least this many mutually unrelated articles, and outlets; and in this share of
# the articles that are searched together, because chance repeats more in more of them.
_MIN_STORIES, _MIN_OUTLETS, _MIN_SHARE = 5, 3, 0.001
# Most words of repeated text that stand together, with gaps of few words: more are copied text.
_MAX_TOGETHER, _MAX_GAP = 30, 5
# No number of days makes a formula.
_NO_DAYS = 1 << 40
# Lets any string be hashed, even with lone surrogates.
_ANY = ("utf-8", "surrogatepass")


def split_collection(ids: Sequence[str], n_words: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split the numbers of articles into parts that are searched together, by the hash of the id.

    Parameters
    ----------
    n_words : ndarray of int64, shape (n_articles,)
        Words of each article.
    """
    n_parts = -(-int(n_words.sum()) // MAX_GROUP)
    if n_parts <= 1:
        return [np.arange(len(ids))]
    hashes = np.array([xxhash.xxh3_64_intdigest(id.encode(*_ANY)) for id in ids], np.uint64)
    return [np.flatnonzero(hashes % np.uint64(n_parts) == part) for part in range(n_parts)]


def learn_formulas(
    tokens: Tokens, outlets: Sequence[str | None], max_resemblance: float
) -> NDArray[np.uint64]:
    """Learn the shingles of the formulas of some articles.

    Returns
    -------
    ndarray of uint64, shape (n_shingles,)
        Their keys, ascending.
    """
    least = max(_MIN_STORIES, ceil(_MIN_SHARE * len(outlets)))
    columns = tokens.hashes, tokens.flags, tokens.offsets
    keys, firsts, widths, owners = _core.find_repeats(*columns, _K, least)
    is_alone = _find_alone(tokens, firsts, widths)
    kept = is_alone[firsts] & (widths == _K)
    keys, owners = keys[kept], owners[kept]
    kept = _is_in_outlets(keys, owners, outlets)
    keys, owners = keys[kept], owners[kept]
    is_spread = _core.keep_spread(
        keys,
        owners,
        np.full(len(outlets), -1, np.int64),
        sketch_rest(tokens, is_alone),
        np.ones(len(outlets), np.bool_),
        max_resemblance,
        least,
        _NO_DAYS,
    )
    return np.unique(keys[is_spread])


def mark_formulas(tokens: Tokens, known: NDArray[np.uint64]) -> Tokens:
    """Mark the tokens of formulas, see `Tokens.roles`.

    Parameters
    ----------
    known : ndarray of uint64, shape (n_shingles,)
        Keys from :func:`learn_formulas`, ascending.
    """
    columns = tokens.hashes, tokens.flags, tokens.offsets
    _, firsts, widths = _core.find_known(*columns, _K, known)
    is_alone = _find_alone(tokens, firsts, widths)
    is_fresh = is_alone & (tokens.roles == TEXT)
    return replace(tokens, roles=np.where(is_fresh, np.uint8(FORMULA), tokens.roles))


def _find_alone(
    tokens: Tokens, firsts: NDArray[np.int64], widths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which tokens are in shingles that do not make up a longer copied text."""
    covered = np.zeros(len(tokens.hashes), np.bool_)
    _core.cover_tokens(firsts, widths, covered)
    places = np.flatnonzero(covered)
    if not len(places):
        return covered
    owners = np.searchsorted(tokens.offsets, places, "right")
    is_apart = (np.diff(places, prepend=-_MAX_GAP - 2) > _MAX_GAP + 1) | (
        np.diff(owners, prepend=-1) != 0
    )
    starts = np.flatnonzero(is_apart)
    ends = np.append(starts[1:], len(places))
    lengths = places[ends - 1] - places[starts] + 1
    covered[places] = np.repeat(lengths <= _MAX_TOGETHER, ends - starts)
    return covered


def _is_in_outlets(
    keys: NDArray[np.uint64], owners: NDArray[np.int64], outlets: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Return which occurrences are of shingles that enough outlets have.

    An article of unknown outlet counts as an outlet of its own.
    """
    names = {name: number for number, name in enumerate(dict.fromkeys(outlets)) if name}
    numbers = np.array(
        [names.get(name or "", len(outlets) + at) for at, name in enumerate(outlets)], np.int64
    )
    own, at = np.unique(keys, return_inverse=True)
    pairs = np.unique(np.stack([at.reshape(-1), numbers[owners]], axis=1), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=len(own))
    found: NDArray[np.bool_] = (counts >= _MIN_OUTLETS)[at.reshape(-1)]
    return found
