"""Sum up passages to overlaps: coverage, shared words, similarity and relation of each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.relation import Relations, SharedWords, relate
from dedup.align.table import AlignedTexts, PassageTable
from dedup.model import RELATIONS, Overlap
from dedup.model.article import Article
from dedup.model.passage import FURNITURE
from dedup.params import OverlapParams
from dedup.text.tokenize import Tokens


class Pieces(NamedTuple):
    """The unmasked text of articles, without furniture.

    Parameters
    ----------
    spans : ndarray of uint32, shape (n_pieces, 2)
        Half-open spans in code points, in order, article by article.
    bounds : ndarray of int64, shape (n_articles + 1,)
        Number of pieces before each article.
    """

    spans: NDArray[np.uint32]
    bounds: NDArray[np.int64]

    @classmethod
    def from_tokens(cls, tokens: Tokens) -> Pieces:
        """Take each article from its first word to its last, without cuts and furniture."""
        is_text = tokens.roles != FURNITURE
        starts = tokens.offsets[:-1][tokens.counts > 0]
        turns = np.flatnonzero(np.diff(is_text)) + 1
        merged = np.sort(np.concatenate([starts, tokens.cuts, turns]))
        firsts = merged[np.diff(merged, prepend=-1) > 0]
        lasts = np.append(firsts[1:], len(tokens.hashes))[: len(firsts)] - 1
        kept = is_text[firsts]
        firsts, lasts = firsts[kept], lasts[kept]
        spans = np.stack([tokens.starts[firsts], tokens.ends[lasts]], axis=1)
        return cls(spans, np.searchsorted(firsts, tokens.offsets))


def cover(
    spans: NDArray[np.int64], owners: NDArray[np.int64], pieces: Pieces
) -> NDArray[np.float64]:
    """Return the share of each article that the union of spans covers.

    Parameters
    ----------
    spans : ndarray of int64, shape (n_spans, 2)
        Spans in code points, in any order; they may overlap.
    owners : ndarray of int64, shape (n_spans,)
        Article of each span.

    Returns
    -------
    ndarray of float64, shape (n_articles,)
        In [0, 1]; 0 for an article without words.
    """
    order = np.lexsort((spans[:, 1], spans[:, 0], owners))
    bounds = np.searchsorted(owners[order], np.arange(len(pieces.bounds)))
    return _core.find_coverages(spans[order], bounds, *pieces)


class OverlapTable(NamedTuple):
    """Overlaps by column, see :class:`dedup.model.Overlap`.

    Parameters
    ----------
    jaccards : ndarray of float64, shape (n_pairs,)
        Estimated Jaccard similarity of each pair.
    coverages : ndarray of float64, shape (n_pairs, 2)
        Share of each article inside passages of the pair.
    text_shares : ndarray of float64, shape (n_pairs,)
        Share of the kept words of each pair that are text or a quotation; 1 without passages.
    """

    passages: PassageTable
    jaccards: NDArray[np.float64]
    coverages: NDArray[np.float64]
    relations: Relations
    text_shares: NDArray[np.float64]

    @property
    def similarities(self) -> NDArray[np.float64]:
        """Similarity of each pair, in [0, 1]."""
        means: NDArray[np.float64] = self.relations.shared.mean(axis=1)
        return (self.jaccards * self.text_shares + means) / 2

    def select_counted(self) -> OverlapTable:
        """Return the same pairs with only the passages that count as shared text."""
        return self._replace(passages=self.passages.select_counted())

    def drop_empty(self) -> tuple[OverlapTable, NDArray[np.int64]]:
        """Remove pairs without passages; also return the indices of the remaining pairs."""
        kept = np.flatnonzero(self.passages.counts)
        bounds = self.passages.bounds[np.append(0, kept + 1)]
        passages = self.passages._replace(pairs=self.passages.pairs[kept], bounds=bounds)
        columns = self.jaccards[kept], self.coverages[kept], self.relations.take(kept)
        return OverlapTable(passages, *columns, self.text_shares[kept]), kept

    @property
    def are_counted(self) -> NDArray[np.bool_]:
        """Whether any passage of each pair counts, shape (n_pairs,)."""
        return self.select_counted().passages.counts > 0

    def read(
        self,
        articles: Sequence[Article],
        capped: Iterable[bool] = repeat(False),
        versions: Iterable[bool] = repeat(False),
    ) -> Iterator[Overlap]:
        """Yield the overlap of each pair."""
        rows = zip(
            self.passages.pairs.tolist(),
            self.passages.read([article.text for article in articles]),
            self.jaccards.tolist(),
            self.similarities.tolist(),
            self.coverages.tolist(),
            self.relations.named.tolist(),
            strict=True,
        )
        for (pair, own, jaccard, similarity, (in_a, in_b), relation), *marks in zip(
            rows, capped, versions, strict=False
        ):
            a, b = (articles[number].id for number in pair)
            named = RELATIONS[relation]
            yield Overlap(a, b, own, jaccard, similarity, in_a, in_b, named, *marks)


def sum_up(
    passages: PassageTable,
    source: AlignedTexts,
    pieces: Pieces,
    jaccards: NDArray[np.float64],
    params: OverlapParams,
) -> OverlapTable:
    """Sum up the passages of each pair that count as shared text.

    Parameters
    ----------
    jaccards : ndarray of float64, shape (n_pairs,)
        Estimated Jaccard similarity of each pair.
    """
    table, tokens, edits = passages, source.tokens, passages.edits
    coverages, text_shares, shared, bounds, is_shared, is_text = _core.sum_up_pairs(
        (
            *(table.pairs, table.bounds, table.chars, table.is_counted, table.n_kept),
            *(edits.bounds, edits.ops, edits.tokens),
        ),
        *(tokens.offsets, tokens.roles),
        *pieces,
    )
    words = SharedWords(shared, bounds, is_shared, is_text)
    relations = relate(passages, words, source, jaccards, params)
    return OverlapTable(passages, jaccards, coverages, relations, text_shares)
