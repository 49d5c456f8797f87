"""Tokens of stored articles that were compared lately, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np

from dedup.mask.boilerplate import Formulas
from dedup.text.tokenize import TOKEN, Tokens

# Bytes of a token in all columns, and of the objects of an article.
_TOKEN_BYTES = sum(np.dtype(column).itemsize for column in TOKEN)
_ARTICLE_BYTES = 600
# Bytes that the tokens of an index take at most: those of some 10,000 articles of news.
LIMIT = 1 << 27


class CachedTokens(NamedTuple):
    """Masked tokens of articles, and by article its outlet and the formulas that masked it."""

    numbers: Sequence[int]
    tokens: Tokens
    outlets: Sequence[bytes]
    formulas: Sequence[Formulas | None]


class TokenCache:
    """Tokens by article number; blocks used longest ago are dropped first.

    The text and the outlet of a number never change, the formulas of its outlet may.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        # By the number of a call of `put`.
        self._blocks: OrderedDict[int, CachedTokens] = OrderedDict()
        self._places: dict[int, tuple[int, int]] = {}
        self._n_put = 0
        self._lock = Lock()
        self.n_bytes = 0

    def __len__(self) -> int:
        return len(self._places)

    def find(self, number: int) -> tuple[Tokens, bytes, Formulas | None] | None:
        """Return a view of the tokens of an article, its outlet and its formulas."""
        with self._lock:
            if number not in self._places:
                return None
            at, row = self._places[number]
            self._blocks.move_to_end(at)
            block = self._blocks[at]
        return block.tokens.view(row), block.outlets[row], block.formulas[row]

    def put(self, block: CachedTokens) -> None:
        """Hold the tokens of articles, and drop others if there are too many."""
        with self._lock:
            self._n_put += 1
            self._blocks[self._n_put] = block
            self._places |= {number: (self._n_put, row) for row, number in enumerate(block.numbers)}
            self.n_bytes += _count_bytes(block)
            while self.n_bytes > self._limit:
                self._drop_block()

    def _drop_block(self) -> None:
        at, block = self._blocks.popitem(last=False)
        self.n_bytes -= _count_bytes(block)
        for row, number in enumerate(block.numbers):
            if self._places.get(number) == (at, row):
                del self._places[number]

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget removed articles; their tokens stay until their block is dropped."""
        with self._lock:
            for number in numbers:
                self._places.pop(number, None)


def _count_bytes(block: CachedTokens) -> int:
    return _TOKEN_BYTES * len(block.tokens.hashes) + _ARTICLE_BYTES * len(block.numbers)
