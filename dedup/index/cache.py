"""Tokens of stored articles that were compared lately, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.mask.boilerplate import Formulas
from dedup.text.tokenize import TOKEN, Tokens

_COLUMNS = "hashes", "stems", "starts", "ends", "flags", "roles"
_ROW = np.dtype([*zip(_COLUMNS, TOKEN, strict=True), ("is_cut", np.bool_)], align=True)
# NumPy copies rows of numbers much faster than rows of fields.
_N_WORDS = _ROW.itemsize // np.dtype(np.uint64).itemsize
# Bytes of the objects of an article.
_ARTICLE_BYTES = 900
# Bytes that the tokens of an index take at most: those of some 8,000 articles of news.
LIMIT = 1 << 27


class CachedTokens(NamedTuple):
    """Masked tokens of an article.

    Parameters
    ----------
    rows : ndarray of uint64, shape (n_tokens, 4)
        See :func:`pack`.
    outlet : bytes
        Key of its outlet.
    formulas : Formulas or None
        Formulas that masked it.
    is_marked : bool
        Whether the roles of tokens are known.
    """

    rows: NDArray[np.uint64]
    outlet: bytes
    formulas: Formulas | None
    is_marked: bool = False

    def mark(self, roles: NDArray[np.uint8]) -> CachedTokens:
        """Return the same tokens with their roles."""
        rows = self.rows.copy()
        rows.view(_ROW)["roles"][:, 0] = roles
        return self._replace(rows=rows, is_marked=True)


class TokenCache:
    """Tokens by article number; those used longest ago are dropped first.

    The text and the outlet of a number never change, the formulas of its outlet may.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._articles: OrderedDict[int, CachedTokens] = OrderedDict()
        self._lock = Lock()
        self.n_bytes = 0

    def __len__(self) -> int:
        return len(self._articles)

    def find(self, number: int) -> CachedTokens | None:
        """Return the tokens of an article."""
        with self._lock:
            found = self._articles.get(number)
            if found:
                self._articles.move_to_end(number)
        return found

    def put(self, numbers: Iterable[int], articles: Iterable[CachedTokens]) -> None:
        """Hold the tokens of articles, and drop others if there are too many."""
        with self._lock:
            for number, article in zip(numbers, articles, strict=True):
                self._drop(number)
                self._articles[number] = article
                self.n_bytes += _count_bytes(article)
            while self.n_bytes > self._limit:
                self._drop(next(iter(self._articles)))

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget removed articles."""
        with self._lock:
            for number in numbers:
                self._drop(number)

    def _drop(self, number: int) -> None:
        article = self._articles.pop(number, None)
        self.n_bytes -= _count_bytes(article) if article else 0


def pack(tokens: Tokens) -> list[NDArray[np.uint64]]:
    """Return the tokens of each article in an array of its own: a row of all columns each."""
    packed = np.zeros((len(tokens.hashes), _N_WORDS), np.uint64)
    rows = packed.view(_ROW)[:, 0]
    for name in _COLUMNS:
        rows[name] = getattr(tokens, name)
    rows["is_cut"][tokens.cuts] = True
    return [packed[low:high].copy() for low, high in pairwise(tokens.offsets.tolist())]


def unpack(articles: Sequence[NDArray[np.uint64]]) -> Tokens:
    """Return the tokens of articles as one batch."""
    offsets = np.cumsum([0, *map(len, articles)])
    rows = np.concatenate([np.empty((0, _N_WORDS), np.uint64), *articles]).view(_ROW)[:, 0]
    hashes, stems, starts, ends, flags, roles = (
        np.ascontiguousarray(rows[name]) for name in _COLUMNS
    )
    cuts = np.flatnonzero(rows["is_cut"])
    return Tokens(offsets, hashes, stems, starts, ends, flags, cuts, roles)


def _count_bytes(article: CachedTokens) -> int:
    return article.rows.nbytes + _ARTICLE_BYTES
