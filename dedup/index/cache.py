"""Tokens of stored articles that were compared lately, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.mask.boilerplate import Formulas
from dedup.text.tokenize import Tokens

# Bytes of the objects of an article.
_ARTICLE_BYTES = 1500
# Bytes that the tokens of an index take at most: those of some 9,000 articles of news.
LIMIT = 1 << 27


class CachedTokens(NamedTuple):
    """Masked tokens of an article.

    Parameters
    ----------
    tokens : Tokens
        Those of this article alone.
    outlet : bytes
        Key of its outlet.
    formulas : Formulas or None
        Formulas that masked it.
    is_whole : bool
        Whether nothing of it is masked.
    is_marked : bool
        Whether the roles of tokens are known.
    """

    tokens: Tokens
    outlet: bytes
    formulas: Formulas | None
    is_whole: bool
    is_marked: bool = False

    def mark(self, roles: NDArray[np.uint8]) -> CachedTokens:
        """Return the same tokens with their roles."""
        # A copy, because the roles may be part of those of many articles.
        return self._replace(tokens=replace(self.tokens, roles=roles.copy()), is_marked=True)


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

    def find(self, numbers: Iterable[int]) -> dict[int, CachedTokens]:
        """Return the tokens of those articles that are held."""
        found = {}
        with self._lock:
            for number in numbers:
                if number in self._articles:
                    found[number] = self._articles[number]
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


def split_tokens(tokens: Tokens) -> list[Tokens]:
    """Return the tokens of each article, without a reference to those of the others."""
    if len(tokens.offsets) == 2:
        return [tokens]
    at = np.searchsorted(tokens.cuts, tokens.offsets).tolist()
    bounds = zip(pairwise(tokens.offsets.tolist()), pairwise(at), strict=True)
    return [
        Tokens(
            np.array([0, high - low]),
            tokens.hashes[low:high].copy(),
            tokens.stems[low:high].copy(),
            tokens.starts[low:high].copy(),
            tokens.ends[low:high].copy(),
            tokens.flags[low:high].copy(),
            tokens.cuts[first:last] - low,
            tokens.roles[low:high].copy(),
        )
        for (low, high), (first, last) in bounds
    ]


def _count_bytes(article: CachedTokens) -> int:
    tokens = article.tokens
    n_bytes = sum(column.nbytes for column in tokens.columns)
    return n_bytes + tokens.cuts.nbytes + tokens.roles.nbytes + _ARTICLE_BYTES
