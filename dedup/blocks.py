"""Parameters of each stage: one frozen block a stage, every default written once.

Two groups. The *recipe* (``sketch``, ``band``, ``seed``, ``boilerplate``) decides what is
stored of an article; its digest goes into everything that is kept, and things made by
different recipes are never compared. The *query* (``candidate`` to ``story``) is free
to change from run to run.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
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


# The least memory that a search can be bound to, in bytes: a block of articles needs room.
MIN_MEMORY = 1 << 29


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
        Words in a shingle. ``FOREIGN_SHINGLES`` (0) marks sketches of another program; nothing can
        be sketched with it.
    n_perm : int
        Slots of a signature, a power of two for ``fss``.
    scheme : {"fss", "affine32"}
        Fast Similarity Sketching, or the 32-bit affine permutations of datasketch.
    seed : int
        Number that draws the permutations of ``affine32``, as in datasketch: 0 to 2**32 - 1.
        ``fss`` has no seed and takes only 1.

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
        return digest_blocks("sketch recipe", self)


def digest_blocks(name: str, blocks: object) -> str:
    """Return the digest of parameters that decide what is stored.

    Parameters
    ----------
    name : str
        What the digest is of; the same blocks under two names have two digests.
    blocks : object
        One block or a tuple of them; equal blocks have one ``repr``.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
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
    """How signatures become bands (a "k-of-b" rule: count the bands that agree).

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
        Content words within which two make a pair.
    min_bits : float
        Least information of a pair, in bits.
    sample : int
        One pair in `sample` is kept, by its hash (FracMinHash).
    max_repeats : int
        Occurrences of one pair in an article that are kept, the first ones: a few are enough to
        find a text that repeats itself.
    """

    window: int = 4
    min_bits: float = 8.0
    sample: int = 2
    max_repeats: int = 4


@dataclass(frozen=True, slots=True)
class BoilerplateParams(_Block):
    """What is masked before articles are compared.

    Parameters
    ----------
    min_articles : int
        Articles of an outlet with the same text; 0 masks no boilerplate.
    min_share : float
        The same as a share of all its articles; the larger number counts.
    min_stories : int
        How many of these articles must be unrelated to one another apart from the repeated text,
        so that a running story or a revised release is no boilerplate;
    min_days : int
        or, where dates are known, on how many days unrelated articles must have it.
    unknown_factor : int
        Factor on articles, stories and days where the outlet is not known.
    max_resemblance : float
        Jaccard similarity of the informative pair-shingles of two articles, apart from the repeated
        text, up to which they are unrelated.
    min_rest : int
        Least number of such pair-shingles of an article with a story of its own.
    k : int
        Words in a row that are counted; least words of a repeated text at an end of an article.
    min_unit : int
        Least words of a repeated text that is one or more whole sentences or lines.
    min_words : int
        Least words of a repeated text that begins or ends inside a sentence.
    mask_credits : bool
        Whether credit lines and datelines are masked, too.
    """

    min_articles: int = 5
    min_share: float = 0.02
    min_stories: int = 5
    min_days: int = 3
    unknown_factor: int = 4
    max_resemblance: float = 0.02
    min_rest: int = 10
    k: int = 6
    min_unit: int = 3
    min_words: int = 12
    mask_credits: bool = True


@dataclass(frozen=True, slots=True)
class CandidateParams(_Block):
    """Which pairs of articles are aligned.

    Parameters
    ----------
    min_hits : int
        Bands that must agree; with 64 bands of 2 rows, 4 find 84 % of pairs at Jaccard .30.
    window : int
        Words on either side within which shared seeds are added up.
    min_bits : float
        Least sum of shared seeds of two brief articles, in bits.
    slope : float
        Additional bits for each doubling of the places of a passage, as :attr:`AlignParams.slope`.
    max_bucket : int
        Largest bucket that is read whole. Of a larger bucket an article sees only the first and
        the latest entries, so that the work stays linear; a run counts the others.
    max_pairs_per_family : int
        Most pairs among the articles of one text that are all aligned. Each further copy is
        aligned with its best source only.
    """

    min_hits: int = 4
    window: int = 60
    min_bits: float = 6.0
    slope: float = 2.5
    max_bucket: int = 256
    max_pairs_per_family: int = 200


@dataclass(frozen=True, slots=True)
class AlignParams(_Block):
    """Where two articles share words, what becomes a passage, and where it ends.

    Lengths are in words and evidence is in bits. A *price* is the cost of an unshared bit.

    Parameters
    ----------
    window : int
        Content words within which two make a pair that anchors.
    max_gap : int
        Words without an anchor that a box may bridge.
    background : float
        Share of the information that two stretches on one event have in common by chance.
    order_price : float
        Price between words in order, in the first search.
    disorder_price : float
        Price in a stretch of words in any order.
    min_stretch : float
        Least score of a stretch.
    disorder : float
        Evidence of words in any order, as a fraction of words in order.
    snap : int
        Most words that an end moves outwards to a sentence or clause boundary.
    min_score : float
        Least score of a passage of two articles of up to 256 words, see
        :class:`dedup.Passage` and :meth:`Params.at_sensitivity`.
    slope : float
        Additional bits of a passage for each doubling of the places where it could stand.
    min_chars : int
        Least length of the longer side, in code points.
    min_run : int
        Equal words in a row that make a passage at any score.
    max_contested : float
        Most of a stretch, on either side, that better passages may have.
    abridged_gap : int
        Words without an anchor that an abridgement may bridge.
    abridged_price : float
        Price in an abridgement.
    abridged_ratio : float
        Least ratio of the sides of an abridgement; 0 looks for none.
    abridged_cosine : float
        Least shared information of an abridgement, over the geometric mean of both sides'.
    """

    window: int = 4
    max_gap: int = 30
    background: float = 0.1
    order_price: float = 0.15
    disorder_price: float = 0.7
    min_stretch: float = 12.0
    disorder: float = 0.8
    snap: int = 10
    min_score: float = 16.0
    slope: float = 2.5
    min_chars: int = 40
    min_run: int = 25
    max_contested: float = 0.3
    abridged_gap: int = 45
    abridged_price: float = 0.1
    abridged_ratio: float = 0.0
    abridged_cosine: float = 0.25


@dataclass(frozen=True, slots=True)
class OverlapParams(_Block):
    """How coverage becomes a relation between two articles.

    Parameters
    ----------
    min_contained : float
        Coverage from which an article counts as contained in the other.
    """

    min_contained: float = 0.8


@dataclass(frozen=True, slots=True)
class FamilyParams(_Block):
    """Which passages are one, see :class:`dedup.Family`.

    Parameters
    ----------
    max_carried : int
        Most occurrences inside longer passages that a family takes in for each of its own; a run
        counts the others.
    """

    max_carried: int = 100


@dataclass(frozen=True, slots=True)
class StoryParams(_Block):
    """Which articles carry one story, see :class:`dedup.Story`.

    Parameters
    ----------
    min_both : float
        Coverage that both must have, or
    min_contained : float
        coverage that the one with fewer words must have.
    """

    min_both: float = 0.5
    min_contained: float = 0.6
