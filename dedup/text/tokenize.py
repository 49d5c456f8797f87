"""Tokenize articles: one pass over the UTF-8 of each batch, in threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.model.article import Span
from dedup.runtime.bounds import add_up
from dedup.text import tables
from dedup.text.encode import TextBatch, split
from dedup.text.tables.kinds import STARTS_CLAUSE, STARTS_SENTENCE

_Columns: TypeAlias = tuple[
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint32],
    NDArray[np.uint8],
]

# Types of the columns of a token, and of its role.
TOKEN = (np.uint64, np.uint64, np.uint32, np.uint32, np.uint8, np.uint8)

# Marks that a span takes in when it touches them: a quotation keeps its quotation marks.
# Languages differ in which of two marks opens and which closes.
_QUOTES = "\"'“”„‟«»‹›‘’‚״"
_OPENING = frozenset(_QUOTES + "「『﹁﹃《〈｢(（¿¡")
_CLOSING = frozenset(_QUOTES + "」』﹂﹄》〉｣)）].,!?;:…。，、；：！？।॥։՝۔؟،؛።፣။၊។៕")

_MAX_MARKS = 4


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a batch of articles, article by article.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n_articles + 1,)
        Number of tokens before each article.
    hashes, stems : ndarray of uint64, shape (n_tokens,)
        XXH64 of each folded token and of its stem.
    starts, ends : ndarray of uint32, shape (n_tokens,)
        Half-open spans in code points of the article's original text.
    flags : ndarray of uint8, shape (n_tokens,)
        Flag bits of :mod:`dedup.text.tables.kinds`.
    cuts : ndarray of int64, shape (n_cuts,)
        Tokens directly after masked text in the same article, ascending.
    roles : ndarray of uint8, shape (n_tokens,)
        Indices into ``dedup.model.ROLES``: text, formula or furniture; all text if left out.
    """

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    cuts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    roles: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))

    def __post_init__(self) -> None:
        if len(self.roles) != len(self.hashes):
            object.__setattr__(self, "roles", np.zeros(len(self.hashes), np.uint8))

    @property
    def columns(self) -> _Columns:
        """Hashes, stems, starts, ends and flags, in the order the core expects."""
        return self.hashes, self.stems, self.starts, self.ends, self.flags

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of tokens per article, ndarray of int64, shape (n_articles,)."""
        return self.offsets[1:] - self.offsets[:-1]

    def select(self, articles: NDArray[np.int64]) -> Tokens:
        """Return a copy of the tokens of some articles, in time proportional to its size.

        Parameters
        ----------
        articles : ndarray of int64, shape (n_selected,)
            Numbers of the articles, ascending.
        """
        places = self.places(articles)
        offsets = add_up(self.counts[articles])
        at = np.searchsorted(places, self.cuts)
        cuts = at[np.append(places, -1)[at] == self.cuts]
        return Tokens(offsets, *self._take(places), cuts, self.roles[places])

    def places(self, articles: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the indices of the tokens of some articles.

        Parameters
        ----------
        articles : ndarray of int64, shape (n_selected,)
            Numbers of the articles, ascending.

        Returns
        -------
        ndarray of int64
            Indices into the columns.
        """
        counts = self.counts[articles]
        before = np.cumsum(counts) - counts
        return np.repeat(self.offsets[articles] - before, counts) + np.arange(counts.sum())

    def view(self, article: int) -> Tokens:
        """Return the tokens of one article; its columns are views of these."""
        low, high = self.offsets[article : article + 2].tolist()
        first, last = np.searchsorted(self.cuts, (low, high)) if len(self.cuts) else (0, 0)
        own = slice(low, high)
        return Tokens(
            np.array([0, high - low]),
            *self._take(own),
            self.cuts[first:last] - low,
            self.roles[own],
        )

    def mask(self, masked: NDArray[np.bool_]) -> Tokens:
        """Remove tokens and leave a cut in their place.

        Parameters
        ----------
        masked : ndarray of bool, shape (n_tokens,)
            True for each token to remove.
        """
        if not masked.any():
            return self
        is_cut = np.zeros(len(masked) + 1, np.bool_)
        is_cut[self.cuts] = True
        is_cut[1:] |= masked
        is_cut[self.offsets] = False
        flags = self.flags | np.where(is_cut[:-1], STARTS_SENTENCE | STARTS_CLAUSE, np.uint8(0))
        kept = ~masked
        before = add_up(kept)
        columns = replace(self, flags=flags)._take(kept)
        cuts = np.flatnonzero(is_cut[:-1][kept])
        return Tokens(before[self.offsets], *columns, cuts, self.roles[kept])

    def _take(self, chosen: NDArray[Any] | slice) -> _Columns:
        spans = self.starts[chosen], self.ends[chosen]
        return self.hashes[chosen], self.stems[chosen], *spans, self.flags[chosen]

    def span(self, text: str, first: int, last: int) -> Span:
        """Return the span of a run of tokens, including the marks that touch it."""
        return extend_span(text, int(self.starts[first]), int(self.ends[last - 1]))


def extend_span(text: str, start: int, end: int) -> Span:
    """Extend a span by the quotation marks, brackets and punctuation that touch it."""
    lowest, highest = max(start - _MAX_MARKS, 0), min(end + _MAX_MARKS, len(text))
    while start > lowest and text[start - 1] in _OPENING:
        start -= 1
    while end < highest and text[end] in _CLOSING:
        end += 1
    return Span(start, end)


def tokenize(texts: Sequence[str], pool: ThreadPoolExecutor | None = None) -> Tokens:
    """Tokenize a batch of texts."""
    parts = list((pool.map if pool else map)(_tokenize, split(texts)))
    counts = np.concatenate([counts for counts, _ in parts])
    offsets = add_up(counts)
    columns = zip(*(marked for _, marked in parts), strict=True)
    return Tokens(offsets, *(np.concatenate(column) for column in columns))


def join_tokens(parts: Sequence[Tokens]) -> Tokens:
    """Concatenate the tokens of several batches."""
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([part.counts for part in parts])
    offsets = add_up(counts)
    columns = zip(*(part.columns for part in parts), strict=True)
    before = np.cumsum([0] + [len(part.hashes) for part in parts[:-1]])
    cuts = [part.cuts + first for part, first in zip(parts, before.tolist(), strict=True)]
    joined = Tokens(offsets, *(np.concatenate(one) for one in columns))
    roles = np.concatenate([part.roles for part in parts])
    return replace(joined, cuts=np.concatenate(cuts), roles=roles)


def _tokenize(batch: TextBatch) -> tuple[NDArray[np.int64], list[NDArray[Any]]]:
    text, offsets = batch.encode(BytesIO())
    marked = _core.mark_articles(text, offsets, tables.checked_folding())
    return marked[5], list(marked[:5])
