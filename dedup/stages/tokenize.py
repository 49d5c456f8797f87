"""Articles to tokens: one pass over the UTF-8 of a batch, in threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup import tables
from dedup.kernels import marking
from dedup.kernels.marking import Marked
from dedup.kernels.tokenizing import make_room
from dedup.stages.encode import Batch, split


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a batch of articles, one article after the other.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n_articles + 1,)
        Tokens before each article.
    hashes, stems : ndarray of uint64, shape (n_tokens,)
        XXH64 of the folded token and of its stem.
    starts, ends : ndarray of uint32, shape (n_tokens,)
        Half-open spans in code points of the article's original text.
    flags : ndarray of uint8, shape (n_tokens,)
        Bits of :mod:`dedup.kernels.tokenizing`.
    """

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    flags: NDArray[np.uint8]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Tokens of each article, ndarray of int64, shape (n_articles,)."""
        return np.diff(self.offsets)

    def keep(self, articles: NDArray[np.bool_]) -> Tokens:
        """Return the tokens of some articles.

        Parameters
        ----------
        articles : ndarray of bool, shape (n_articles,)
            Which to keep.

        Returns
        -------
        Tokens
            Copies, in the same order.
        """
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts[articles])])
        kept = np.repeat(articles, self.counts)
        spans = self.starts[kept], self.ends[kept]
        return Tokens(offsets, self.hashes[kept], self.stems[kept], *spans, self.flags[kept])


def tokenize(texts: Sequence[str], pool: ThreadPoolExecutor | None = None) -> Tokens:
    """Tokenize a batch of texts.

    Parameters
    ----------
    texts : sequence of str
        Any text, lone surrogates and NULs included.
    pool : ThreadPoolExecutor or None
        Threads to use.

    Returns
    -------
    Tokens
        In the order of `texts`, whatever the pool.
    """
    parts = list((pool.map if pool else map)(_tokenize, split(texts)))
    counts = np.concatenate([counts for counts, _ in parts])
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    columns = zip(*(marked for _, marked in parts), strict=True)
    return Tokens(offsets, *(np.concatenate(column) for column in columns))


def _tokenize(batch: Batch) -> tuple[NDArray[np.int64], list[NDArray[Any]]]:
    text, offsets = batch.encode(BytesIO())
    words = make_room(offsets)
    n_texts = batch.last - batch.first
    most = int(offsets[-1]) // 2 + n_texts
    marked = Marked(
        np.empty(most, np.uint64),
        np.empty(most, np.uint64),
        np.empty(most, np.uint32),
        np.empty(most, np.uint32),
        np.empty(most, np.uint8),
    )
    counts = np.empty(n_texts, np.int64)
    n = marking.mark_articles(
        text, offsets, tables.folding(), tables.stop_words(), words, marked, counts
    )
    return counts, [column[:n].copy() for column in marked]
