"""Make sketches from tokens: one row of minima per article."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.errors import IncomparableSketches, IncompatibleFile, ParameterError
from dedup.params import FOREIGN_SHINGLES, BandParams, SketchParams
from dedup.runtime import array_file as storage
from dedup.sketches.permutations import draw_permutations
from dedup.text import tables
from dedup.text.encode import TextBatch
from dedup.text.tokenize import Tokens

# Version of the file format, docs/sketch-format.md.
_FILE_VERSION = 1

_Rows: TypeAlias = "NDArray[np.integer[Any]] | Sequence[int]"


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """Signatures of many articles, with their recipe.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        One row per article; all 0xFFFFFFFF for an article without words.
    params : SketchParams
        Parameters of the signatures.
    recipe : str
        Digest of the parameters and of the version of hashes and tables. Only sketches of
        one recipe can be compared.

    Raises
    ------
    ParameterError
        If `signatures` has another dtype or shape.

    Examples
    --------
    >>> import dedup
    >>> sketches = dedup.sketch(["The library closed.", "the LIBRARY closed", ""])
    >>> sketches.jaccard(0, 1), sketches.jaccard(0, 2)
    (1.0, 0.0)
    """

    signatures: NDArray[np.uint32]
    params: SketchParams
    recipe: str

    def __post_init__(self) -> None:
        # The core reads row by row.
        object.__setattr__(self, "signatures", np.ascontiguousarray(self.signatures))
        dtype, shape = self.signatures.dtype, self.signatures.shape
        if dtype != np.uint32 or len(shape) != 2 or shape[1] != self.params.n_perm:
            raise ParameterError(
                f"signatures must be uint32 of shape (n, {self.params.n_perm}), "
                f"not {dtype} of shape {shape}"
            )

    def __len__(self) -> int:
        return len(self.signatures)

    @overload
    def jaccard(self, a: int, b: int) -> float: ...
    @overload
    def jaccard(self, a: _Rows, b: _Rows | int) -> NDArray[np.float64]: ...
    @overload
    def jaccard(self, a: int, b: _Rows) -> NDArray[np.float64]: ...
    def jaccard(self, a: _Rows | int, b: _Rows | int) -> float | NDArray[np.float64]:
        """Estimate the Jaccard similarity of pairs of articles.

        Parameters
        ----------
        a, b : int, or array_like of int
            Rows to compare; arrays are broadcast against one another.

        Returns
        -------
        float, or ndarray of float64 of the broadcast shape
            Share of equal slots, an unbiased estimate of the Jaccard similarity of both sets of
            shingles. 0.0 for an article without words, even compared with itself.

        Raises
        ------
        ParameterError
            If a row does not exist.

        Examples
        --------
        >>> import dedup
        >>> sketches = dedup.sketch(["The library closed.", "the LIBRARY closed", ""])
        >>> sketches.jaccard(0, [0, 1, 2]).tolist()
        [1.0, 1.0, 0.0]
        """
        firsts, seconds = np.broadcast_arrays(self._rows(a), self._rows(b))
        counts = _core.count_agreements(self.signatures, firsts.flatten(), seconds.flatten())
        estimates = (counts / self.params.n_perm).reshape(firsts.shape)
        return estimates if estimates.ndim else float(estimates)

    def jaccard_matrix(self, other: Sketches | None = None) -> NDArray[np.float64]:
        """Estimate the Jaccard similarity of all pairs of articles.

        Parameters
        ----------
        other : Sketches or None
            Sketches to compare with; None compares these sketches with themselves.

        Returns
        -------
        ndarray of float64, shape (n_articles, n_others)
            The estimates of :meth:`jaccard`. The call allocates nothing else.

        Raises
        ------
        IncomparableSketches
            If the recipes differ.

        Examples
        --------
        >>> import dedup
        >>> sketches = dedup.sketch(["The library closed.", "Rents rise in the north.", ""])
        >>> sketches.jaccard_matrix().tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
        """
        other = self if other is None else other  # not `or`: empty sketches are false
        if (self.recipe, self.params) != (other.recipe, other.params):
            raise IncomparableSketches(
                f"sketches of recipe {self.recipe}, {_describe(self.params)}, cannot be compared "
                f"with those of recipe {other.recipe}, {_describe(other.params)}"
            )
        jaccards = np.empty((len(self), len(other)))
        _core.fill_jaccards(self.signatures, other.signatures, jaccards)
        return jaccards

    def bands(self, params: BandParams) -> NDArray[np.uint64]:
        """Return the band keys.

        Parameters
        ----------
        params : BandParams
            Number of bands, and slots per band.

        Returns
        -------
        ndarray of uint64, shape (n_articles, n_bands)
            Articles with equal keys have an equal band.

        Raises
        ------
        ParameterError
            If the bands need more slots than a signature has, or none.
        """
        if min(params.n_bands, params.n_rows) < 1:
            raise ParameterError(
                f"n_bands and n_rows must be at least 1, not {params.n_bands} and {params.n_rows}"
            )
        if params.n_bands * params.n_rows > self.params.n_perm:
            raise ParameterError(
                f"n_bands * n_rows is {params.n_bands} * {params.n_rows}, more than "
                f"n_perm = {self.params.n_perm}"
            )
        return _core.hash_bands(self.signatures, params.n_bands, params.n_rows)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the sketches to a file, atomically.

        Parameters
        ----------
        path : str or path-like
            The file; an existing one is replaced.

        Raises
        ------
        OSError
            If the file cannot be written. An existing file is left unchanged.

        Examples
        --------
        >>> import dedup, tempfile, pathlib
        >>> sketches = dedup.sketch(["The library closed."])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "library.sketches")
        ...     sketches.save(path)
        ...     sketches.jaccard_matrix(Sketches.load(path)).tolist()
        [[1.0]]
        """
        header = {"recipe": self.recipe, **asdict(self.params)}
        storage.save_array(path, "sketches", _FILE_VERSION, header, self.signatures)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Sketches:
        """Read sketches from a file that :meth:`save` wrote.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        Sketches
            The saved sketches, with their recipe.

        Raises
        ------
        IncompatibleFile
            If the file has another format or version.
        CorruptFile
            If the file is truncated or damaged.
        OSError
            If the file cannot be read.
        """
        header, signatures = storage.load_array(path, "sketches", _FILE_VERSION)
        try:
            recipe = str(header.pop("recipe"))
            return cls(np.asarray(signatures), SketchParams(**header), recipe)
        except (KeyError, TypeError, ParameterError) as error:
            raise IncompatibleFile(os.fspath(path), f"unknown sketches: {error}") from error

    def _rows(self, rows: _Rows | int) -> NDArray[np.int64]:
        numbers = np.asarray(rows)
        if numbers.size and numbers.dtype.kind not in "iu":
            raise ParameterError(f"rows must be integers, not {numbers.dtype}")
        is_foreign = (numbers < 0) | (numbers >= len(self))
        if is_foreign.any():
            row = numbers[is_foreign].flat[0]
            raise ParameterError(f"row {row} is not one of the {len(self)} rows")
        return numbers.astype(np.int64)


def sketch(tokens: Tokens, params: SketchParams) -> Sketches:
    """Sketch tokenized articles.

    Parameters
    ----------
    tokens : Tokens
        Tokens of the articles.
    params : SketchParams
        Shingle length, slots and scheme.

    Returns
    -------
    Sketches
        One row per article.

    Raises
    ------
    ParameterError
        If `params` are those of foreign shingles.
    """
    permutations = _draw_permutations(params)
    signatures = np.empty((len(tokens.offsets) - 1, params.n_perm), np.uint32)
    _core.sketch_articles(tokens.hashes, tokens.offsets, params.k, permutations, signatures)
    return Sketches(signatures, params, params.digest())


def sketch_texts(batches: Sequence[TextBatch], params: SketchParams, jobs: int = 1) -> Sketches:
    """Sketch texts without keeping their tokens.

    Raises
    ------
    ParameterError
        If a text is not a str, or `params` are those of foreign shingles.
    """
    permutations = _draw_permutations(params)
    signatures = np.empty((batches[-1].last, params.n_perm), np.uint32)
    waiting = deque(batches)

    def run() -> None:
        # One buffer per thread: a new one for each batch halves the speed of two threads.
        buffer = BytesIO()
        with suppress(IndexError):  # no batch is left
            while batch := waiting.popleft():
                text, offsets = batch.encode(buffer)
                rows = signatures[batch.first : batch.last]
                _core.sketch_texts(
                    text, offsets, tables.checked_folding(), params.k, permutations, rows
                )
                del text  # a view would lock the buffer

    jobs = min(jobs, len(batches))
    if jobs == 1:
        run()
    else:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for done in [pool.submit(run) for _ in range(jobs)]:
                    done.result()
            finally:
                waiting.clear()  # after an error, skip the rest
    return Sketches(signatures, params, params.digest())


def _draw_permutations(params: SketchParams) -> NDArray[np.uint32]:
    if params.k == FOREIGN_SHINGLES:
        raise ParameterError("sketch.k must be at least 1, not 0")
    if params.scheme == "fss":
        return np.empty((2, 0), np.uint32)
    return draw_permutations(params.n_perm, params.seed)


def _describe(params: SketchParams) -> str:
    note = " (shingles of another program)" if params.k == FOREIGN_SHINGLES else ""
    return f"{params}{note}"
