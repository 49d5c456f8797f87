"""Articles to tokens: one pass over the UTF-8 of a batch, in threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import tables
from dedup.kernels import tokenizing

# Text that one call of the kernel takes: large enough to make the call free, small enough
# that its output arrays, sized for the worst case, stay a few megabytes.
_BATCH_CHARS = 1 << 20


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
    batches = _batches(texts)
    parts = list((pool.map if pool else map)(_tokenize, batches))
    counts = [part[0] for part in parts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.concatenate([*counts, np.zeros(0, np.int64)]), out=offsets[1:])
    columns = [np.concatenate(column) for column in zip(*(part[1:] for part in parts), strict=True)]
    return Tokens(offsets, *columns)


def _batches(texts: Sequence[str]) -> list[list[str]]:
    batches: list[list[str]] = [[]]
    size = 0
    for text in texts:
        if size > _BATCH_CHARS:
            batches.append([])
            size = 0
        batches[-1].append(text)
        size += len(text)
    return batches


def _tokenize(batch: list[str]) -> tuple[NDArray[np.generic], ...]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in batch]
    text = np.frombuffer(bytearray().join(encoded), np.uint8)
    offsets = np.zeros(len(batch) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=offsets[1:])
    capacity = len(text) // 2 + len(batch)
    hashes, stems = np.empty(capacity, np.uint64), np.empty(capacity, np.uint64)
    starts, ends = np.empty(capacity, np.uint32), np.empty(capacity, np.uint32)
    flags = np.empty(capacity, np.uint8)
    counts = np.empty(len(batch), np.int64)
    n_tokens = tokenizing.tokenize(
        text,
        offsets,
        *tables.folding(),
        tables.stop_words(),
        hashes,
        stems,
        starts,
        ends,
        flags,
        counts,
    )
    columns = (hashes, stems, starts, ends, flags)
    return counts, *(column[:n_tokens].copy() for column in columns)
