"""Tokens of a collection, about five bytes each, in memory or in a file.

A token is stored as the number of its word, its distance from the token before and its length, see
``core/stored.hpp``. Numbers depend on the order of arrival, and no answer depends on them.
"""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.runtime.bounds import add_up
from dedup.runtime.spill import MemoryBudget, SpillArray
from dedup.text.tokenize import TOKEN, Tokens

_LEAST_WORDS = 1 << 12


class Vocabulary:
    """Numbers of words: of a token's hash together with that of its stem.

    Threads may share it. It takes 24 to 48 bytes a word, and 88 while it grows, outside any budget.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._slots = np.zeros(2 * _LEAST_WORDS, np.uint32)
        # Written only behind the numbers that were returned, so that reading needs no lock.
        self._words = np.zeros(2 * _LEAST_WORDS, np.uint64)
        self._n_words = 0

    def number(self, hashes: NDArray[np.uint64], stems: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Return the number of each word; add new words.

        Parameters
        ----------
        hashes, stems : ndarray of uint64, shape (n,)
            Columns of :class:`dedup.text.tokenize.Tokens`.
        """
        parts = [np.empty(0, np.uint32)]
        done = 0
        with self._lock:
            while done < len(hashes):
                part, self._n_words = _core.number_words(
                    hashes[done:], stems[done:], self._words, self._slots, self._n_words
                )
                parts.append(part)
                done += len(part)
                if done < len(hashes):
                    self._grow()
        return np.concatenate(parts)

    def _grow(self) -> None:
        known = self._words[: 2 * self._n_words].reshape(-1, 2)
        words = np.zeros(2 * len(self._words), np.uint64)
        slots = np.zeros(2 * len(self._slots), np.uint32)
        hashes, stems = np.ascontiguousarray(known.T)
        _core.number_words(hashes, stems, words, slots, 0)
        self._words, self._slots = words, slots

    @property
    def words(self) -> NDArray[np.uint64]:
        """Hash and stem of each word by number, ndarray of uint64, shape (2 * n,)."""
        n_words = self._n_words  # first: the rows before it are not written to again
        return self._words[: 2 * n_words]


class PackedTokens(NamedTuple):
    """Tokens of some articles as a store keeps them.

    Parameters
    ----------
    stored : ndarray of uint8, shape (n_bytes,)
    n_bytes, lengths : ndarray of int64, shape (n_articles,)
        Bytes and tokens of each article.
    """

    stored: NDArray[np.uint8]
    n_bytes: NDArray[np.int64]
    lengths: NDArray[np.int64]


class TokenStore:
    """Tokens by article number.

    Parameters
    ----------
    memory : MemoryBudget
        Shared memory.

    Attributes
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article, from :meth:`close_off` on.
    """

    def __init__(self, memory: MemoryBudget) -> None:
        self._vocabulary = Vocabulary()
        self._bytes = SpillArray([np.uint8], memory)
        self._lengths = [np.empty(0, np.int64)]
        self.lengths = self._lengths[0]

    def append(self, packed: PackedTokens) -> None:
        """Append the tokens of new articles, as :meth:`pack` returns them.

        Raises
        ------
        OSError
            If the temporary directory is full.
        """
        self._bytes.append([packed.stored], packed.n_bytes)
        self._lengths.append(packed.lengths)

    def close_off(self) -> None:
        """End the appending."""
        self._bytes.close_off()
        self.lengths = np.concatenate(self._lengths)
        self._lengths.clear()

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Renumber: number ``order[k]`` becomes k; others are dropped."""
        self._bytes.reorder(order)
        self.lengths = self.lengths[order]

    def load(self, numbers: NDArray[np.int64]) -> Tokens:
        """Return a copy of the tokens of some articles, in the order of `numbers`."""
        counts = self.lengths[numbers]
        (stored,), bounds = self._bytes.take(numbers)
        offsets = add_up(counts)
        hashes, stems, starts, ends, flags, roles = (np.empty(offsets[-1], one) for one in TOKEN)
        columns = hashes, stems, starts, ends, flags
        words = self._vocabulary.words
        cuts = _core.unpack_tokens(stored, bounds, offsets, words, *columns, roles)
        return Tokens(offsets, *columns, cuts, roles)

    def replace(self, numbers: NDArray[np.int64], tokens: Tokens) -> None:
        """Replace the tokens of some articles by some of them, with other flags or roles."""
        packed = self.pack(tokens)
        self._bytes.replace(numbers, [packed.stored], packed.n_bytes)
        self.lengths[numbers] = packed.lengths

    def pack(self, tokens: Tokens) -> PackedTokens:
        """Pack tokens for this store; threads may call it."""
        numbers = self._vocabulary.number(tokens.hashes, tokens.stems)
        stored, n_bytes = _core.pack_tokens(
            numbers,
            tokens.starts,
            tokens.ends,
            tokens.flags,
            tokens.roles,
            tokens.cuts,
            tokens.offsets,
        )
        return PackedTokens(stored, n_bytes, tokens.counts)
