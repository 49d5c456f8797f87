"""Passages by column: what the kernel found, what is told of it, and values made of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import OPS, Edit, Passage
from dedup.model.article import Span
from dedup.text.tokenize import Tokens


class AlignedTexts(NamedTuple):
    """Original texts and their tokens."""

    texts: Sequence[str]
    tokens: Tokens


class PassageRows(NamedTuple):
    """Passages and their edits in tokens, counted from the start of the article.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_pairs + 1,)
        Passages before each pair.
    spans : ndarray of int64, shape (n, 4)
        Of ``a`` from and to, of ``b`` from and to, half-open.
    figures : ndarray of float64, shape (n, 3)
        Score in bits, identity, and share of the words that is quoted.
    edit_bounds : ndarray of int64, shape (n + 1,)
        Edits before each passage.
    edits : ndarray of int64, shape (n_edits, 5)
        The operation by its place in ``dedup.model.OPS``, then spans.
    """

    bounds: NDArray[np.int64]
    spans: NDArray[np.int64]
    figures: NDArray[np.float64]
    edit_bounds: NDArray[np.int64]
    edits: NDArray[np.int64]

    @classmethod
    def from_core(
        cls,
        bounds: NDArray[np.int64],
        stretches: NDArray[np.int64],
        figures: NDArray[np.float64],
        edits: NDArray[np.int64],
    ) -> PassageRows:
        """Take what :func:`dedup._core.align_pairs` returns."""
        return cls(bounds, stretches[:, :4], figures, np.append(0, stretches[:, 4]), edits)

    @property
    def owners(self) -> NDArray[np.int64]:
        """Pair of each passage."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))

    @property
    def edit_owners(self) -> NDArray[np.int64]:
        """Passage of each edit."""
        return np.repeat(np.arange(len(self.spans)), np.diff(self.edit_bounds))


class EditTable(NamedTuple):
    """Edits by column, see :class:`dedup.model.Edit`.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_passages + 1,)
        Edits before each passage.
    ops : ndarray of int64, shape (n,)
        Places in ``dedup.model.OPS``.
    chars : ndarray of int64, shape (n, 4)
        Code points of ``a`` from and to, of ``b`` from and to, half-open.
    is_fact : ndarray of bool, shape (n,)
        Whether each changes a fact.
    """

    bounds: NDArray[np.int64]
    ops: NDArray[np.int64]
    chars: NDArray[np.int64]
    is_fact: NDArray[np.bool_]

    def read(self) -> Iterator[tuple[Edit, ...]]:
        """Make values of the edits of each passage, when they are asked for."""
        starts_a, ends_a, starts_b, ends_b = self.chars.T.tolist()
        # There are many: this makes named tuples without a call in Python.
        make, span = tuple.__new__, repeat(Span)
        spans = (
            map(make, span, zip(starts, ends, strict=True))
            for starts, ends in ((starts_a, ends_a), (starts_b, ends_b))
        )
        ops = map(OPS.__getitem__, self.ops.tolist())
        rows = zip(ops, *spans, self.is_fact.tolist(), strict=True)
        edits: Iterator[Edit] = map(make, repeat(Edit), rows)
        return (tuple(islice(edits, n)) for n in np.diff(self.bounds).tolist())


class Speakers(NamedTuple):
    """Whom the two articles of a passage name, and whether that is one person."""

    a: str | None = None
    b: str | None = None
    is_same: bool | None = None


class PassageTable(NamedTuple):
    """What pairs of articles share, by column, see :class:`dedup.model.Passage`.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Numbers of the articles ``a`` and ``b``.
    bounds : ndarray of int64, shape (n_pairs + 1,)
        Passages before each pair; those of a pair are in the order of ``a``.
    tokens, chars : ndarray of int64, shape (n, 4)
        Tokens and code points of ``a`` from and to, of ``b`` from and to, half-open, counted
        from the start of the article.
    scores : ndarray of float64, shape (n,)
        Evidence, in bits.
    n_words, n_kept : ndarray of int64, shape (n,)
        Words of the longer side, and those that are kept.
    is_quote : ndarray of bool, shape (n,)
        Whether each is a quotation.
    speakers : list of Speakers
        Who is quoted in each.
    edits : EditTable
        Edits of all passages.
    """

    pairs: NDArray[np.int64]
    bounds: NDArray[np.int64]
    tokens: NDArray[np.int64]
    chars: NDArray[np.int64]
    scores: NDArray[np.float64]
    n_words: NDArray[np.int64]
    n_kept: NDArray[np.int64]
    is_quote: NDArray[np.bool_]
    speakers: list[Speakers]
    edits: EditTable

    @property
    def counts(self) -> NDArray[np.int64]:
        """Passages of each pair."""
        return np.diff(self.bounds)

    @property
    def identities(self) -> NDArray[np.float64]:
        """Share of the words of the longer side that is kept."""
        return self.n_kept / self.n_words

    def read(self, texts: Sequence[str]) -> Iterator[tuple[Passage, ...]]:
        """Make values of the passages of each pair, when they are asked for."""
        rows = zip(
            *(column.tolist() for column in (self.chars, self.n_kept, self.n_words)),
            *(column.tolist() for column in (self.scores, self.is_quote)),
            *(self.speakers, self.edits.read()),
            strict=True,
        )
        for (a, b), n in zip(self.pairs.tolist(), self.counts.tolist(), strict=True):
            yield tuple(_make_passage(texts[a], texts[b], *row) for row in islice(rows, n))


def _make_passage(  # noqa: PLR0913 - the columns of a passage
    text_a: str,
    text_b: str,
    chars: list[int],
    n_kept: int,
    n_words: int,
    score: float,
    is_quote: bool,
    speakers: Speakers,
    edits: tuple[Edit, ...],
) -> Passage:
    start_a, end_a, start_b, end_b = chars
    return Passage(
        Span(start_a, end_a),
        Span(start_b, end_b),
        n_kept / n_words,
        score,
        n_words,
        "verbatim" if n_kept == n_words else "edited",
        is_quote,
        text_a[start_a:end_a],
        text_b[start_b:end_b],
        edits,
        *speakers,
    )
