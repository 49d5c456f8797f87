"""Tables of passages by column, as found by the core and as reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, repeat
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dedup.model import OPS, ROLES, Edit, Passage
from dedup.model.article import Span
from dedup.model.passage import FORMULA, KINDS, LEAST_COUNTED, MIN_EDITED, MIN_VERBATIM
from dedup.runtime.bounds import add_up
from dedup.text.tokenize import Tokens

_VERBATIM, _EDITED, _REWORDED = map(KINDS.index, ("verbatim", "edited", "reworded"))

_Integers: TypeAlias = NDArray[np.int64]
_FoundColumns: TypeAlias = tuple[
    _Integers, NDArray[np.bool_], _Integers, _Integers, _Integers, _Integers
]


class AlignedTexts(NamedTuple):
    """Original texts and their tokens."""

    texts: Sequence[str]
    tokens: Tokens


class PassageRows(NamedTuple):
    """Passages and edits from the core, in tokens from the start of the article.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_pairs + 1,)
        Number of passages before each pair.
    spans : ndarray of int64, shape (n, 4)
        Half-open spans, in ``a`` then in ``b``.
    figures : ndarray of float64, shape (n, 4)
        Score in bits, identity, share of quoted words, and log-odds of the confidence.
    edit_bounds : ndarray of int64, shape (n + 1,)
        Number of edits before each passage.
    edits : ndarray of int64, shape (n_edits, 5)
        Index of the operation in ``dedup.model.OPS``, then spans as above.
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
        """Wrap the result of :func:`dedup._core.align_pairs`."""
        spans = np.ascontiguousarray(stretches[:, :4])
        return cls(bounds, spans, figures, np.append(0, stretches[:, 4]), edits)

    def drop_empty(self) -> tuple[PassageRows, NDArray[np.int64]]:
        """Remove pairs without passages; also return the indices of the remaining pairs."""
        kept = np.flatnonzero(np.diff(self.bounds))
        return self._replace(bounds=self.bounds[np.append(0, kept + 1)]), kept

    def columns(self, pairs: NDArray[np.int64], swapped: NDArray[np.bool_]) -> _FoundColumns:
        """Return the passages of pairs, in the order the core expects."""
        return pairs, swapped, self.bounds, self.spans, self.edit_bounds, self.edits


class EditTable(NamedTuple):
    """Edits by column, see :class:`dedup.model.Edit`.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n_passages + 1,)
        Number of edits before each passage.
    ops : ndarray of int64, shape (n,)
        Indices into ``dedup.model.OPS``.
    tokens, chars : ndarray of int64, shape (n, 4)
        Half-open spans of tokens, from the start of the article, and of code points; in ``a`` then
        in ``b``.
    is_fact : ndarray of bool, shape (n,)
        Whether each edit changes a fact.
    """

    bounds: NDArray[np.int64]
    ops: NDArray[np.int64]
    tokens: NDArray[np.int64]
    chars: NDArray[np.int64]
    is_fact: NDArray[np.bool_]

    def select(self, rows: NDArray[np.int64]) -> EditTable:
        """Return the edits of some passages, ascending."""
        counts = np.diff(self.bounds)[rows]
        bounds = add_up(counts)
        at = np.repeat(self.bounds[rows] - bounds[:-1], counts) + np.arange(bounds[-1])
        return EditTable(bounds, self.ops[at], self.tokens[at], self.chars[at], self.is_fact[at])

    def read(self) -> Iterator[tuple[Edit, ...]]:
        """Yield the edits of each passage."""
        starts_a, ends_a, starts_b, ends_b = self.chars.T.tolist()
        # Edits are many: `map` makes the named tuples without Python calls.
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
    """The speakers that both articles name for a passage, and whether they are one person."""

    a: str | None = None
    b: str | None = None
    is_same: bool | None = None


class PassageTable(NamedTuple):
    """Passages by column, see :class:`dedup.model.Passage`.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    bounds : ndarray of int64, shape (n_pairs + 1,)
        Number of passages before each pair; passages of a pair are in the order of ``a``.
    tokens, chars : ndarray of int64, shape (n, 4)
        Half-open spans of tokens and of code points, in ``a`` then in ``b``, from the start of
        the article.
    scores : ndarray of float64, shape (n,)
        Scores in bits.
    confidences : ndarray of float64, shape (n,)
        Probabilities that an editor calls it reuse.
    n_words, n_kept : ndarray of int64, shape (n,)
        Words of the longer side, and kept words.
    is_quote : ndarray of bool, shape (n,)
        Whether each passage is a quote.
    roles : ndarray of uint8, shape (n,)
        Indices into ``dedup.model.ROLES``.
    """

    pairs: NDArray[np.int64]
    bounds: NDArray[np.int64]
    tokens: NDArray[np.int64]
    chars: NDArray[np.int64]
    scores: NDArray[np.float64]
    confidences: NDArray[np.float64]
    n_words: NDArray[np.int64]
    n_kept: NDArray[np.int64]
    is_quote: NDArray[np.bool_]
    roles: NDArray[np.uint8]
    speakers: list[Speakers]
    edits: EditTable

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of passages of each pair."""
        return self.bounds[1:] - self.bounds[:-1]

    @property
    def identities(self) -> NDArray[np.float64]:
        """Kept words, as a share of the words of the longer side."""
        return self.n_kept / self.n_words

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """Indices into ``dedup.model.KINDS``, see :func:`dedup.model.passage.kind_of`."""
        has_fact = np.diff(add_up(self.edits.is_fact)[self.edits.bounds]) > 0
        is_verbatim = (self.identities >= MIN_VERBATIM) & ~has_fact
        kinds = np.where(is_verbatim, _VERBATIM, _EDITED)
        return np.where(self.identities < MIN_EDITED, _REWORDED, kinds).astype(np.uint8)

    @property
    def is_counted(self) -> NDArray[np.bool_]:
        """Which passages count as shared text, see :attr:`dedup.Passage.is_counted`."""
        sure = np.round(self.confidences, 4) >= LEAST_COUNTED
        found: NDArray[np.bool_] = sure & (self.roles < FORMULA)
        return found

    def select_counted(self) -> PassageTable:
        """Return the same pairs with only the passages that count as shared text."""
        rows = np.flatnonzero(self.is_counted)
        if len(rows) == len(self.roles):
            return self
        return PassageTable(
            self.pairs,
            np.searchsorted(rows, self.bounds),
            self.tokens[rows],
            self.chars[rows],
            self.scores[rows],
            self.confidences[rows],
            self.n_words[rows],
            self.n_kept[rows],
            self.is_quote[rows],
            self.roles[rows],
            [self.speakers[row] for row in rows.tolist()],
            self.edits.select(rows),
        )

    def read(self, texts: Sequence[str]) -> Iterator[tuple[Passage, ...]]:
        """Yield the passages of each pair."""
        columns = self.chars, self.identities, self.confidences, self.scores, self.n_words
        rows = zip(
            *(column.tolist() for column in columns),
            map(KINDS.__getitem__, self.kinds.tolist()),
            map(ROLES.__getitem__, self.roles.tolist()),
            self.is_quote.tolist(),
            *(self.edits.read(), self.speakers),
            strict=True,
        )
        for (a, b), n in zip(self.pairs.tolist(), self.counts.tolist(), strict=True):
            text_a, text_b = texts[a], texts[b]
            yield tuple(
                Passage(
                    Span(low, high),
                    Span(start, end),
                    identity,
                    confidence,
                    score,
                    n_words,
                    kind,
                    role,
                    is_quote,
                    text_a[low:high],
                    text_b[start:end],
                    edits,
                    *speakers,
                )
                for (
                    (low, high, start, end),
                    identity,
                    confidence,
                    score,
                    n_words,
                    kind,
                    role,
                    is_quote,
                    edits,
                    speakers,
                ) in islice(rows, n)
            )
