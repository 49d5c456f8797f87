"""Conversion between ``affine32`` sketches and the MinHashes of datasketch 2.0, without loss.

Two MinHashes compare only if they were fed with the same hashes; use `hash_shingles`.
"""

from __future__ import annotations

import operator
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from dedup import _core
from dedup.errors import IncomparableSketches, ParameterError
from dedup.params import FOREIGN_SHINGLES, SketchParams
from dedup.sketches.permutations import draw_permutations
from dedup.sketches.sketch import Sketches
from dedup.text.tokenize import tokenize


def hash_shingles(text: str, k: int = 3) -> NDArray[np.uint32]:
    """Hash the shingles of a text as sketches do, to feed a MinHash.

    Parameters
    ----------
    text : str
        Any text.
    k : int
        Words per shingle.

    Returns
    -------
    ndarray of uint32, shape (n_shingles,)
        In the order of the text.

    Raises
    ------
    ParameterError
        If `k` is less than 1.

    Examples
    --------
    >>> minhash = MinHash(num_perm=128, scheme="affine32", hashfunc=int)
    >>> minhash.update_batch(hash_shingles("The library closed in May."))
    >>> from_minhashes([minhash], k=3).signatures.shape
    (1, 128)
    """
    if k < 1:
        raise ParameterError(f"k must be at least 1, not {k}")
    hashes = tokenize([text]).hashes
    return _core.hash_shingles(hashes, k).astype(np.uint32)


def to_minhashes(sketches: Sketches) -> list[MinHash]:
    """Convert sketches to MinHashes.

    Parameters
    ----------
    sketches : Sketches
        Sketches of the scheme ``affine32``.

    Returns
    -------
    list of MinHash
        One per article, empty for an article without words. Update them with `hash_shingles`.

    Raises
    ------
    ParameterError
        If the scheme is not ``affine32``.

    Examples
    --------
    >>> import dedup
    >>> params = dedup.Params(sketch=SketchParams(scheme="affine32"))
    >>> a, b = to_minhashes(dedup.sketch(["The library closed.", "the LIBRARY closed"], params))
    >>> a.jaccard(b)
    1.0
    """
    params = sketches.params
    if params.scheme != "affine32":
        raise ParameterError(
            f"MinHashes need SketchParams(scheme='affine32'), not those of {params.scheme!r}"
        )
    shared = {
        "seed": params.seed,
        "permutations": draw_permutations(params.n_perm, params.seed),
        "scheme": "affine32",
        "hashfunc": operator.index,  # integers only: text would be hashed by other rules
    }
    return [MinHash(hashvalues=row, **shared) for row in sketches.signatures]


def from_minhashes(minhashes: Iterable[MinHash], k: int = FOREIGN_SHINGLES) -> Sketches:
    """Convert MinHashes to sketches.

    Parameters
    ----------
    minhashes : iterable of MinHash or LeanMinHash
        At least one, all of the scheme ``affine32``, with one seed and one number of permutations.
    k : int
        Words per shingle if the MinHashes were fed with ``hash_shingles(text, k)``; 0 if they were
        fed with anything else.

    Returns
    -------
    Sketches
        One row per MinHash. If `k` is 0, they compare only with other sketches of `k` 0, and the
        caller must feed all of them alike.

    Raises
    ------
    ParameterError
        If `minhashes` is empty, or one has another scheme or custom permutations.
    IncomparableSketches
        If two differ in seed or number of permutations.

    Examples
    --------
    >>> from_minhashes(MinHash.bulk([[b"one"], [b"one"]], num_perm=64)).jaccard(0, 1)
    1.0
    """
    given = list(minhashes)
    if not given:
        raise ParameterError("at least one MinHash is needed, none was given")
    first = given[0]
    for number, minhash in enumerate(given):
        scheme = getattr(minhash, "scheme", type(minhash).__name__)
        if scheme != "affine32":
            raise ParameterError(f"MinHash {number} must be of the scheme affine32, not {scheme}")
        if (minhash.seed, len(minhash)) != (first.seed, len(first)):
            raise IncomparableSketches(
                f"MinHash {number} has seed {minhash.seed} and num_perm {len(minhash)}, "
                f"MinHash 0 has seed {first.seed} and num_perm {len(first)}"
            )
    params = SketchParams(k, len(first), "affine32", first.seed)
    expected = draw_permutations(params.n_perm, params.seed)
    for number, minhash in enumerate(given):  # a LeanMinHash keeps no permutations
        if not np.array_equal(getattr(minhash, "permutations", expected), expected):
            raise ParameterError(f"MinHash {number} has permutations that are not of its seed")
    return Sketches(np.stack([one.hashvalues for one in given]), params, params.digest())


def insert(lsh: MinHashLSH, keys: Sequence[Hashable], sketches: Sketches) -> None:
    """Insert sketches into a datasketch index.

    Parameters
    ----------
    lsh : MinHashLSH
        Changed in place. All its entries must have one seed; datasketch does not check that.
    keys : sequence
        One per article.
    sketches : Sketches
        Sketches of the scheme ``affine32``. Articles without words are skipped.

    Raises
    ------
    ParameterError
        If the scheme is not ``affine32``, or the number of keys is not the number of articles.
    ValueError
        From datasketch, if a key exists or `n_perm` differs from that of the index.
    """
    if len(keys) != len(sketches):
        raise ParameterError(f"{len(keys)} keys were given for {len(sketches)} sketches")
    for key, minhash in zip(keys, to_minhashes(sketches), strict=True):
        if not minhash.is_empty():
            lsh.insert(key, minhash)


def query(lsh: MinHashLSH, sketches: Sketches) -> list[list[Hashable]]:
    """Look up sketches in a datasketch index.

    Parameters
    ----------
    lsh : MinHashLSH
        Holds MinHashes fed with hashes of `hash_shingles`.
    sketches : Sketches
        Sketches of the scheme ``affine32``.

    Returns
    -------
    list of list
        Keys that share a band with each article, unordered.

    Raises
    ------
    ParameterError, ValueError
        As `insert`.

    Examples
    --------
    >>> import dedup
    >>> params = dedup.Params(sketch=SketchParams(scheme="affine32"))
    >>> lsh = MinHashLSH(threshold=0.5, num_perm=128)
    >>> insert(lsh, ["a"], dedup.sketch(["The library closed."], params))
    >>> query(lsh, dedup.sketch(["the LIBRARY closed", ""], params))
    [['a'], []]
    """
    return [[] if one.is_empty() else lsh.query(one) for one in to_minhashes(sketches)]
