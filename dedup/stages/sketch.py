"""Tokens to sketches: one row of minima for each article."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup import tables
from dedup.kernels import banding, sketching
from dedup.params import BandParams, SketchParams
from dedup.stages.encode import Batch, TextBuffer, split
from dedup.stages.tokenize import Tokens


@dataclass(frozen=True, slots=True)
class Sketches:
    """Signatures of many articles.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        One row an article; all 0xFFFFFFFF for an article without words.
    """

    signatures: NDArray[np.uint32]

    def jaccard(self, firsts: NDArray[np.int64], seconds: NDArray[np.int64]) -> NDArray[np.float64]:
        """Estimate the resemblance of pairs.

        Parameters
        ----------
        firsts, seconds : ndarray of int64, shape (n_pairs,)
            Rows to compare.

        Returns
        -------
        ndarray of float64, shape (n_pairs,)
            Share of the slots that agree, an unbiased estimate of the Jaccard similarity
            of the two sets of shingles.
        """
        counts = sketching.count_agreements(self.signatures, firsts, seconds)
        return np.asarray(counts / self.signatures.shape[1])

    def bands(self, params: BandParams) -> NDArray[np.uint64]:
        """Return the band keys, ndarray of uint64, shape (n_articles, n_bands)."""
        return banding.hash_bands(self.signatures, params.n_bands, params.n_rows)


def sketch(tokens: Tokens, params: SketchParams) -> Sketches:
    """Sketch a batch of articles.

    Parameters
    ----------
    tokens : Tokens
        Their tokens.
    params : SketchParams
        Shingle length and slots.

    Returns
    -------
    Sketches
        One row an article.
    """
    signatures = np.empty((len(tokens.offsets) - 1, params.n_perm), np.uint32)
    sketching.sketch_articles(tokens.hashes, tokens.offsets, params.k, signatures)
    return Sketches(signatures)


def sketch_texts(
    texts: Iterable[str] | TextBuffer,
    params: SketchParams,
    pool: ThreadPoolExecutor | None = None,
) -> Sketches:
    """Sketch texts without keeping their tokens.

    Parameters
    ----------
    texts : iterable of str, or Arrow string column, or TextBuffer
        As :func:`dedup.stages.encode.split` takes them.
    params : SketchParams
        Shingle length and slots.
    pool : ThreadPoolExecutor or None
        Threads to use.

    Returns
    -------
    Sketches
        One row a text, in the same order, whatever the pool.

    Raises
    ------
    ParameterError
        If `texts` holds anything but texts.
    MissingExtra
        If it is an Arrow column and ``pyarrow`` is not installed.
    """
    batches = split(texts)
    signatures = np.empty((batches[-1].last, params.n_perm), np.uint32)

    def run(batch: Batch) -> None:
        text, offsets = batch.encode()
        rows = signatures[batch.first : batch.last]
        sketching.sketch_texts(text, offsets, tables.folding(), params.k, rows)

    for _ in (pool.map if pool else map)(run, batches):
        pass
    return Sketches(signatures)
