"""What masking found in articles, as runs of the tokens of their texts.

Credits, boilerplate, furniture and formulas are found once. Later stages make the tokens of a
search from the text and its marks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.text.tokenize import Tokens

# Code of a masked token; other codes are roles.
_MASKED = 255


class Marks(NamedTuple):
    """Runs of tokens that are masked, or have a role other than text.

    Parameters
    ----------
    runs : ndarray of uint32, shape (n_runs, 3)
        First and last token, half-open and from the start of the article, and a code: a role, or
        255 for masked tokens. Ascending, article by article.
    bounds : ndarray of int64, shape (n_articles + 1,)
        Number of runs before each article.
    """

    runs: NDArray[np.uint32]
    bounds: NDArray[np.int64]


def read_marks(whole: Tokens, masked: Tokens) -> Marks:
    """Return the marks that turn the tokens of texts into those of a search.

    Parameters
    ----------
    whole, masked : Tokens
        The same articles, before and after masking.
    """
    codes = np.full(len(whole.hashes), _MASKED, np.uint8)
    codes[_find_kept(whole, masked)] = masked.roles
    owners = np.repeat(np.arange(len(whole.counts)), whole.counts)
    is_first = (np.diff(codes, prepend=-1) != 0) | (np.diff(owners, prepend=-1) != 0)
    firsts = np.flatnonzero(is_first)
    ends = np.append(firsts[1:], len(codes))[: len(firsts)]
    kept = codes[firsts] > 0
    firsts, ends = firsts[kept], ends[kept]
    before = whole.offsets[owners[firsts]]
    runs = np.stack([firsts - before, ends - before, codes[firsts]], axis=1).astype(np.uint32)
    return Marks(runs, np.searchsorted(firsts, whole.offsets))


def apply_marks(whole: Tokens, marks: Marks) -> Tokens:
    """Mask the tokens of texts, and give them their roles; the inverse of :func:`read_marks`.

    A cut before the first token of an article is lost or added. It separates nothing.
    """
    if not len(marks.runs):
        return whole
    before = np.repeat(whole.offsets[:-1], np.diff(marks.bounds))
    lengths = (marks.runs[:, 1] - marks.runs[:, 0]).astype(np.int64)
    ends = np.cumsum(lengths)
    firsts = before + marks.runs[:, 0]
    places = np.repeat(firsts - ends + lengths, lengths) + np.arange(ends[-1])
    codes = np.zeros(len(whole.hashes), np.uint8)
    codes[places] = np.repeat(marks.runs[:, 2], lengths)
    is_masked = codes == _MASKED
    roles = np.where(is_masked, np.uint8(0), codes)
    return replace(whole, roles=roles).mask(is_masked)


def _find_kept(whole: Tokens, masked: Tokens) -> NDArray[np.int64]:
    """Return the index in `whole` of each token of `masked`: no two tokens start together."""
    width = int(whole.starts.max(initial=0)) + 1

    def number(tokens: Tokens) -> NDArray[np.int64]:
        owners = np.repeat(np.arange(len(tokens.counts)), tokens.counts)
        return owners * width + tokens.starts

    return np.searchsorted(number(whole), number(masked))
