"""Tokens of stored articles that were compared lately, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

import numpy as np

from dedup.mask.boilerplate import Formulas
from dedup.text.tokenize import TOKEN, Tokens

# Bytes of a token in all columns, and of the objects of an article.
_TOKEN_BYTES = sum(np.dtype(column).itemsize for column in TOKEN)
_ARTICLE_BYTES = 1500
# Bytes that the tokens of an index take at most: those of some 10,000 articles of news.
LIMIT = 1 << 27


class CachedTokens(NamedTuple):
    """Masked tokens of one article, its outlet, and the formulas that masked them, if any."""

    tokens: Tokens
    outlet: bytes
    formulas: Formulas | None


class TokenCache:
    """Tokens by article number; those used longest ago are dropped first.

    The text and the outlet of a number never change, the formulas of its outlet may.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held: OrderedDict[int, CachedTokens] = OrderedDict()
        self._lock = Lock()
        self.n_bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def find(self, number: int) -> CachedTokens | None:
        """Return what is held of an article."""
        with self._lock:
            found = self._held.get(number)
            if found is not None:
                self._held.move_to_end(number)
            return found

    def put(self, number: int, cached: CachedTokens) -> None:
        """Hold the tokens of an article, and drop others if there are too many."""
        with self._lock:
            self._drop(number)
            self._held[number] = cached
            self.n_bytes += _count_bytes(cached)
            while self.n_bytes > self._limit:
                self._drop(next(iter(self._held)))

    def drop(self, numbers: Iterable[int]) -> None:
        """Drop removed articles."""
        with self._lock:
            for number in numbers:
                self._drop(number)

    def _drop(self, number: int) -> None:
        if known := self._held.pop(number, None):
            self.n_bytes -= _count_bytes(known)


def _count_bytes(cached: CachedTokens) -> int:
    return _TOKEN_BYTES * len(cached.tokens.hashes) + _ARTICLE_BYTES
