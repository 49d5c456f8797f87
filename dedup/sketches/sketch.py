"""Tokens to sketches: one row of minima for each article."""

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

# Version of the file of sketches, docs/sketch-format.md.
_FILE_VERSION = 1

_Rows: TypeAlias = "NDArray[np.integer[Any]] | Sequence[int]"


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """Signatures of many articles, and their recipe.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_articles, n_perm)
        One row an article; all 0xFFFFFFFF for an article without words.
    params : SketchParams
        The parameters that made them.
    recipe : str
        Digest of the parameters and of the version of hashes and tables. Only sketches of
        one recipe can be compared.

    Raises
    ------
    ParameterError
        If the signatures are not such an array.

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
        # In rows, as the core reads them.
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
        """Estimate the resemblance of pairs.

        Parameters
        ----------
        a, b : int, or array_like of int
            Rows to compare; arrays are broadcast against one another.

        Returns
        -------
        float, or ndarray of float64 of the broadcast shape
            Share of the slots that agree, an unbiased estimate of the Jaccard similarity
            of the two sets of shingles. An article without words resembles nothing: 0.0, also
            with another such article or with itself.

        Raises
        ------
        ParameterError
            If there is no such row.

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
        """Estimate the resemblance of every article with every other.

        Parameters
        ----------
        other : Sketches or None
            What to compare with; these sketches with themselves if None.

        Returns
        -------
        ndarray of float64, shape (n_articles, n_others)
            The estimates of :meth:`jaccard`. No memory is taken beside it.

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
        other = self if other is None else other  # none at all are not the same as None
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
            How signatures are cut.

        Returns
        -------
        ndarray of uint64, shape (n_articles, n_bands)
            Keys; articles that share one agree in that band.

        Raises
        ------
        ParameterError
            If the bands have more slots than a signature, or none.
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
        """Write the sketches to a file, whole or not at all.

        Parameters
        ----------
        path : str or path-like
            Where; a file that is there is replaced.

        Raises
        ------
        OSError
            If it cannot be written. What was there before is still there then.

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
        """Read sketches that were saved.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        Sketches
            As they were, with the recipe that they had.

        Raises
        ------
        IncompatibleFile
            If it is no such file, or of another version.
        CorruptFile
            If it is cut off or damaged.
        OSError
            If it cannot be read.
        """
        header, signatures = storage.load_array(path, "sketches", _FILE_VERSION)
        try:
            recipe = str(header.pop("recipe"))
            return cls(np.asarray(signatures), SketchParams(**header), recipe)
        except (KeyError, TypeError, ParameterError) as error:
            raise IncompatibleFile(os.fspath(path), f"sketches not known here: {error}") from error

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
    """Sketch articles that are tokenized already.

    Parameters
    ----------
    tokens : Tokens
        Their tokens.
    params : SketchParams
        Shingle length, slots and scheme.

    Returns
    -------
    Sketches
        One row an article.

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

    Parameters
    ----------
    batches : sequence of TextBatch
        The texts, in order; at least one batch.
    params : SketchParams
        Shingle length, slots and scheme.
    jobs : int
        Threads.

    Returns
    -------
    Sketches
        One row a text, in the same order, however many threads.

    Raises
    ------
    ParameterError
        If a batch holds anything but texts, or `params` are those of foreign shingles.
    """
    permutations = _draw_permutations(params)
    signatures = np.empty((batches[-1].last, params.n_perm), np.uint32)
    waiting = deque(batches)

    def run() -> None:
        # Each thread keeps its memory: taking it anew for each batch halves the speed of two.
        buffer = BytesIO()
        with suppress(IndexError):  # none is waiting
            while batch := waiting.popleft():
                text, offsets = batch.encode(buffer)
                rows = signatures[batch.first : batch.last]
                _core.sketch_texts(
                    text, offsets, tables.checked_folding(), params.k, permutations, rows
                )
                del text  # or the buffer could not be written again

    jobs = min(jobs, len(batches))
    if jobs == 1:
        run()
    else:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for done in [pool.submit(run) for _ in range(jobs)]:
                    done.result()
            finally:
                waiting.clear()  # after an error nobody needs the rest
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
