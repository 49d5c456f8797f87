"""Parameters: one frozen block per stage, defaults written once, presets named by use.

Two groups. The *recipe* (``sketch``, ``band``, ``seed``) decides what is stored of an
article; its digest goes into everything that is kept, and things made by different
recipes are never compared. The *query* (``candidate`` to ``overlap``) is free
to change from run to run.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any, cast

from dedup.errors import ParameterError

# Version of the frozen tables (folding, stop-words, inverse document frequencies) and of
# the hash functions: part of the recipe, since either changes every stored value.
RECIPE_VERSION = 2

# How a set of shingles becomes a signature, see docs/hashing.md.
SCHEMES = ("fss", "affine32")
# Stands for k in sketches of shingles that another program hashed: what they are is not known.
FOREIGN_SHINGLES = 0
# Beyond what anyone sketches with; what is larger is a slip and would take all memory.
MAX_SLOTS = 65_536
MAX_WORDS = 1_000


class _Block:
    """Gives every field the type of its default, so that equal blocks are the same recipe."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for one in fields(cast(Any, self)):
            value, kind = getattr(self, one.name), type(one.default)
            if kind is float and type(value) is int:
                object.__setattr__(self, one.name, float(value))
            elif type(value) is not kind:
                raise ParameterError(f"{one.name} must be {kind.__name__}, not {value!r}")


@dataclass(frozen=True, slots=True)
class SketchParams:
    """How an article becomes a signature.

    Parameters
    ----------
    k : int
        Words in a shingle. ``FOREIGN_SHINGLES`` (0) stands in sketches that came from another
        program; nothing can be sketched with it.
    n_perm : int
        Slots of a signature, a power of two for ``fss``.
    scheme : {"fss", "affine32"}
        Fast Similarity Sketching, or 32-bit affine permutations, which are those of
        datasketch.
    seed : int
        Which permutations, for ``affine32`` only, as in datasketch: 0 to 2**32 - 1. ``fss``
        has no seed and takes no other than 1.

    Raises
    ------
    ParameterError
        If a value is out of range or two contradict each other.

    Examples
    --------
    >>> SketchParams(n_perm=100, scheme="affine32").seed
    1
    """

    k: int = 3
    n_perm: int = 128
    scheme: str = "fss"
    seed: int = 1

    def __post_init__(self) -> None:
        _check_sketch(self)

    def digest(self) -> str:
        """Return the digest of the recipe of a sketch alone.

        Returns
        -------
        str
            32 hexadecimal digits. Sketches whose digests are equal can be compared.
        """
        return _digest("sketch recipe", self)


def _digest(name: str, blocks: object) -> str:
    import xxhash

    return xxhash.xxh3_128_hexdigest(f"dedup {name} {RECIPE_VERSION}: {blocks!r}".encode())


def _check_sketch(sketch: SketchParams) -> None:
    for name in ("k", "n_perm", "seed"):
        value = getattr(sketch, name)
        if type(value) is not int:  # the digest tells 3 from 3.0 and True
            raise ParameterError(f"sketch.{name} must be an int, not {value!r}")
    if sketch.scheme not in SCHEMES:
        raise ParameterError(
            f"sketch.scheme must be one of {', '.join(SCHEMES)}, not {sketch.scheme!r}"
        )
    if not 1 <= sketch.n_perm <= MAX_SLOTS:
        raise ParameterError(f"sketch.n_perm must be 1 to {MAX_SLOTS}, not {sketch.n_perm}")
    if not 0 <= sketch.seed < 2**32:
        raise ParameterError(f"sketch.seed must be 0 to 2**32 - 1, not {sketch.seed}")
    if not FOREIGN_SHINGLES <= sketch.k <= MAX_WORDS:
        raise ParameterError(f"sketch.k must be 1 to {MAX_WORDS}, not {sketch.k}")
    if sketch.scheme == "fss" and sketch.n_perm & (sketch.n_perm - 1):
        raise ParameterError(
            f"sketch.n_perm must be a power of two for the scheme fss, not {sketch.n_perm}"
        )
    if sketch.scheme == "fss" and sketch.seed != 1:
        raise ParameterError(
            f"sketch.seed = {sketch.seed} needs the scheme affine32; fss has no seed"
        )


@dataclass(frozen=True, slots=True)
class BandParams(_Block):
    """How signatures become bands (A "k-of-b" rule: count the bands that agree).

    Parameters
    ----------
    n_bands, n_rows : int
        Bands of a signature and slots in a band.
    """

    n_bands: int = 64
    n_rows: int = 2


@dataclass(frozen=True, slots=True)
class SeedParams(_Block):
    """Which pair-shingles of an article are indexed.

    Parameters
    ----------
    window : int
        Content words among which two make a pair.
    min_bits : float
        Least information of a pair, in bits.
    sample : int
        One pair in `sample` is kept, chosen by its hash (FracMinHash).
    max_repeats : int
        Occurrences of one pair in an article that are kept, the first ones: a text that
        says one thing a thousand times is found by a few of them.
    """

    window: int = 4
    min_bits: float = 8.0
    sample: int = 2
    max_repeats: int = 4


@dataclass(frozen=True, slots=True)
class CandidateParams(_Block):
    """Which pairs of articles are aligned.

    Parameters
    ----------
    min_hits : int
        Bands that must agree; with 64 bands of 2 rows, 4 find 84 % of pairs at Jaccard .30.
    window : int
        Words on either side within which shared pairs are added up.
    min_bits : float
        Shared information that makes a candidate, in bits.
    max_bucket : int
        Entries of one bucket that are all looked at. Of a larger bucket an article sees the
        first and the latest only, so that the work stays linear; what that leaves aside
        is counted.
    max_pairs_per_family : int
        Pairs among the articles that share one text that are all aligned. Above that each
        further copy is aligned with its best source only.
    """

    min_hits: int = 4
    window: int = 60
    min_bits: float = 20.0
    max_bucket: int = 256
    max_pairs_per_family: int = 200


@dataclass(frozen=True, slots=True)
class SearchParams(_Block):
    """How boxes of shared information are found in a pair of articles, order ignored.

    Lengths are in words, information is in bits.

    Parameters
    ----------
    max_gap : int
        Words without an anchor that a box may bridge.
    mismatch : float
        What a word that the other side lacks costs, as a fraction of its information.
    elsewhere : float
        What a word that stands elsewhere in the other side's box is worth, likewise.
    x_drop : float
        Drop below the running maximum that ends a segment.
    min_segment : float
        Least score of a segment.
    max_merge : int
        Words between two segments, on both sides, that are bridged.
    min_types : int
        Different content words that both sides share.
    min_bits : float
        Information that both sides share.
    min_cosine : float
        The same over the geometric mean of both sides' information.
    """

    max_gap: int = 30
    mismatch: float = 0.8
    elsewhere: float = 0.3
    x_drop: float = 15.0
    min_segment: float = 12.0
    max_merge: int = 8
    min_types: int = 3
    min_bits: float = 10.0
    min_cosine: float = 0.4


@dataclass(frozen=True, slots=True)
class AcceptParams(_Block):
    """What becomes a passage, and where it ends.

    Parameters
    ----------
    window : int
        Content words among which two make a pair that anchors.
    is_ordered : bool
        Whether words in the same order are looked for first.
    chain_mismatch : float
        What a word between two words in order costs, as a fraction of its information.
    chain_drop : float
        Drop below the running maximum, in bits, that ends a stretch in order.
    min_chain : float
        Least score of a stretch in order, in bits.
    disorder : float
        What words in any order are worth, as a fraction of what they are worth in order.
    min_wording : int
        Different words that both sides share and that are neither names nor numbers.
    min_run : int
        Words in a row, the same on both sides, that make a passage whatever they say;
        0 turns this off.
    min_score : float
        Score in bits, see :class:`dedup.Passage`.
    min_chars : int
        Length of the longer side in code points.
    snap : int
        Words that an end may be moved outwards to reach a sentence or clause boundary.
    verbatim_chars : int
        Length in code points of an exact run that makes a pair verbatim: then only exact
        runs of that length count. 0 turns this off.
    abridge_ratio : float
        A wide box whose one side is this many times the other is an abridgement and
        stands for the whole pair. 0 turns this off.
    """

    window: int = 4
    is_ordered: bool = True
    chain_mismatch: float = 0.25
    chain_drop: float = 9.0
    min_chain: float = 12.0
    disorder: float = 0.8
    min_wording: int = 4
    min_run: int = 25
    min_score: float = 14.0
    min_chars: int = 40
    snap: int = 10
    verbatim_chars: int = 0
    abridge_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class OverlapParams(_Block):
    """How passages become a relation between two articles.

    Parameters
    ----------
    min_contained : float
        Coverage from which an article counts as contained in the other.
    """

    min_contained: float = 0.8


_ABRIDGE = SearchParams(
    max_gap=45,
    mismatch=0.2,
    elsewhere=0.0,
    x_drop=80.0,
    min_segment=20.0,
    max_merge=2000,
    min_types=6,
    min_bits=100.0,
    min_cosine=0.25,
)


@dataclass(frozen=True, slots=True)
class Params:
    """Every parameter of a run, one block per stage.

    Parameters
    ----------
    sketch : SketchParams
        Article to signature (recipe).
    band : BandParams
        Signature to bands (recipe).
    seed : SeedParams
        Article to indexed pair-shingles (recipe).
    candidate : CandidateParams
        Which pairs are aligned.
    search : SearchParams
        Where in a pair information is shared.
    abridge : SearchParams
        The same for a pair of which one abridges the other.
    accept : AcceptParams
        What of it becomes a passage.
    overlap : OverlapParams
        What is said of the result.

    Raises
    ------
    ParameterError
        If a value is out of range or two contradict each other.

    Examples
    --------
    >>> Params.preset("news").sketch.n_perm
    128
    """

    sketch: SketchParams = SketchParams()
    band: BandParams = BandParams()
    seed: SeedParams = SeedParams()
    candidate: CandidateParams = CandidateParams()
    search: SearchParams = SearchParams()
    abridge: SearchParams = _ABRIDGE
    accept: AcceptParams = AcceptParams()
    overlap: OverlapParams = OverlapParams()

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def preset(cls, name: str) -> Params:
        """Return the parameters made for one use.

        Parameters
        ----------
        name : {"news", "pan"}
            ``news`` finds reused sentences among articles; ``pan`` finds the long
            obfuscated passages of the PAN text alignment task.

        Returns
        -------
        Params
            The preset.

        Raises
        ------
        ParameterError
            If there is no preset of that name.
        """
        if name not in PRESETS:
            raise ParameterError(f"preset must be one of {', '.join(PRESETS)}, not {name!r}")
        return PRESETS[name]

    def digest(self) -> str:
        """Return the recipe's digest: 32 hexadecimal digits, equal for equal recipes."""
        return _digest("recipe", (self.sketch, self.band, self.seed))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, one mapping per block."""
        return asdict(self)


def _check(params: Params) -> None:
    sketch, band, seed = params.sketch, params.band, params.seed
    if band.n_bands * band.n_rows > sketch.n_perm:
        raise ParameterError(
            f"band.n_bands * band.n_rows is {band.n_bands} * {band.n_rows}, more than "
            f"sketch.n_perm = {sketch.n_perm}"
        )
    if params.candidate.min_hits > band.n_bands:
        raise ParameterError(
            f"candidate.min_hits = {params.candidate.min_hits} is more than "
            f"band.n_bands = {band.n_bands}"
        )
    if not 2 <= seed.window <= 8:
        raise ParameterError(f"seed.window must be 2 to 8, not {seed.window}")
    positive: list[tuple[Any, str]] = [
        (sketch, "k"),
        (band, "n_bands"),
        (band, "n_rows"),
        (seed, "sample"),
        (seed, "max_repeats"),
    ]
    positive += [(params.candidate, "min_hits"), (params.candidate, "max_bucket")]
    for block, name in positive:
        if getattr(block, name) < 1:
            raise ParameterError(f"{name} must be at least 1, not {getattr(block, name)}")
    _check_query(params)


def _check_query(params: Params) -> None:
    for block in (
        params.seed,
        params.candidate,
        params.search,
        params.abridge,
        params.accept,
        params.overlap,
    ):
        for field in fields(block):
            value = getattr(block, field.name)
            if not (isfinite(value) and value >= 0):
                raise ParameterError(f"{field.name} must be a number from 0 up, not {value}")
    fractions: list[tuple[Any, str]] = [(params.search, "min_cosine"), (params.search, "elsewhere")]
    fractions += [(params.abridge, "min_cosine"), (params.overlap, "min_contained")]
    for block, name in fractions:
        if getattr(block, name) > 1:
            raise ParameterError(f"{name} must be at most 1, not {getattr(block, name)}")


PRESETS = {
    "news": Params(),
    "pan": Params(
        search=SearchParams(
            max_gap=20,
            mismatch=0.4,
            elsewhere=0.1,
            x_drop=40.0,
            min_segment=20.0,
            max_merge=120,
            min_types=2,
            min_bits=10.0,
            min_cosine=0.3,
        ),
        accept=AcceptParams(
            is_ordered=False,
            disorder=1.0,
            min_wording=0,
            min_run=0,
            min_score=22.0,
            min_chars=180,
            snap=8,
            verbatim_chars=256,
            abridge_ratio=3.5,
        ),
    ),
}
