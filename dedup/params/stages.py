"""Parameters of each stage: one frozen block per stage, with defaults and ranges.

The blocks ``sketch``, ``band``, ``seed`` and ``boilerplate`` are the *recipe*, which decides what
is stored of an article. Stored files carry its digest, and different recipes are never compared.
The other blocks may change between runs.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, cast

from dedup.errors import ParameterError

# Version of the frozen tables (folding, stop-words, inverse document frequencies), the hash
# functions, and the constants of :mod:`dedup.sketches.seed` and :mod:`dedup.mask.boilerplate`. It
# is part of the recipe because each of them changes stored values.
RECIPE_VERSION = 3

# Ways to turn shingles into a signature, see docs/hashing.md.
SCHEMES = ("fss", "affine32")
# k of sketches from another program, whose shingles are unknown.
FOREIGN_SHINGLES = 0
# The core counts in 32 bits; useful values are far smaller.
_MAX_VALUE = 2**31 - 1


def _number(
    default: float, low: float = 0, high: float = _MAX_VALUE, shown_low: float = -_MAX_VALUE
) -> Any:
    """Return a field of the type of its default, from `low` to `high`, both included.

    Messages name `shown_low` if lower values are not for users.
    """
    return field(default=default, metadata={"low": low, "high": high, "shown_low": shown_low})


class _Block:
    """Checks types and ranges, so that equal blocks are the same recipe."""

    __slots__ = ()

    def __post_init__(self) -> None:
        block = type(self).__name__.removesuffix("Params").lower()
        for one in fields(cast(Any, self)):
            name, value, kind = f"{block}.{one.name}", getattr(self, one.name), type(one.default)
            if kind is float and type(value) in (int, float):
                value = float(value) + 0.0  # the digest tells -0.0 from 0.0
                object.__setattr__(self, one.name, value)
            elif type(value) is not kind:  # the digest tells 3 from 3.0 and True
                raise ParameterError(f"{name} must be {kind.__name__}, not {value!r}")
            if one.metadata and not one.metadata["low"] <= value <= one.metadata["high"]:
                low = max(one.metadata["low"], one.metadata["shown_low"])
                allowed = f"{low} to {one.metadata['high']}"
                raise ParameterError(f"{name} must be {allowed}, not {value}")


@cache
def digest_blocks(name: str, blocks: Hashable) -> str:
    """Return the digest of recipe blocks; equal blocks have the same ``repr``."""
    import xxhash

    return xxhash.xxh3_128_hexdigest(f"dedup {name} {RECIPE_VERSION}: {blocks!r}".encode())


@dataclass(frozen=True, slots=True)
class SketchParams(_Block):
    """How an article becomes a signature.

    Parameters
    ----------
    k : int
        Words in a shingle. ``FOREIGN_SHINGLES`` (0) marks sketches from another program; you cannot
        sketch with it.
    n_perm : int
        Slots in a signature, a power of two for ``fss``.
    scheme : {"fss", "affine32"}
        Fast Similarity Sketching, or the 32-bit affine permutations of datasketch.
    seed : int
        Seed of the permutations of ``affine32``, as in datasketch: 0 to 2**32 - 1. ``fss`` has no
        seed and accepts only 1.

    Raises
    ------
    ParameterError
        If a value is out of range or two values conflict.

    Examples
    --------
    >>> SketchParams(n_perm=100, scheme="affine32").seed
    1
    """

    # The upper limits catch typing errors that would exhaust memory.
    k: int = _number(3, 0, 1000, shown_low=1)
    n_perm: int = _number(128, 1, 65_536)
    scheme: str = "fss"
    seed: int = _number(1, 0, 2**32 - 1)

    def __post_init__(self) -> None:
        _Block.__post_init__(self)  # super() does not work in a class with slots
        if self.scheme not in SCHEMES:
            raise ParameterError(
                f"sketch.scheme must be one of {', '.join(SCHEMES)}, not {self.scheme!r}"
            )
        if self.scheme == "fss" and self.n_perm & (self.n_perm - 1):
            raise ParameterError(
                f"sketch.n_perm must be a power of two for the scheme fss, not {self.n_perm}"
            )
        if self.scheme == "fss" and self.seed != 1:
            raise ParameterError(
                f"sketch.seed = {self.seed} needs the scheme affine32; fss has no seed"
            )

    def digest(self) -> str:
        """Return the digest of these parameters.

        Returns
        -------
        str
            32 hexadecimal digits. Sketches with equal digests can be compared.
        """
        return digest_blocks("sketch recipe", self)


@dataclass(frozen=True, slots=True)
class BandParams(_Block):
    """How signatures become bands.

    Parameters
    ----------
    n_bands : int
        Bands in a signature.
    n_rows : int
        Slots in a band.
    """

    n_bands: int = _number(64, 1)
    n_rows: int = _number(2, 1)


@dataclass(frozen=True, slots=True)
class SeedParams(_Block):
    """Which pair-shingles of an article are indexed.

    Parameters
    ----------
    window : int
        Content words within which two words form a pair.
    min_bits : float
        Minimum information of a pair, in bits.
    sample : int
        Keep one pair in `sample`, by hash (FracMinHash).
    """

    window: int = _number(4, 2, 8)
    min_bits: float = _number(8.0)
    sample: int = _number(2, 1)


@dataclass(frozen=True, slots=True)
class BoilerplateParams(_Block):
    """Text that is masked before articles are compared.

    Parameters
    ----------
    min_articles : int
        Articles of an outlet that must repeat a text; 0 masks no boilerplate.
    min_share : float
        The same limit as a share of the outlet's articles; the larger one applies.
    max_resemblance : float
        Maximum Jaccard similarity of two unrelated articles, from informative pair-shingles outside
        the repeated text.
    mask_credits : bool
        Whether to mask credit lines and datelines too.
    """

    min_articles: int = _number(5)
    min_share: float = _number(0.02, 0, 1)
    max_resemblance: float = _number(0.02, 0, 1)
    mask_credits: bool = True


@dataclass(frozen=True, slots=True)
class CandidateParams(_Block):
    """Which pairs of articles are aligned.

    Parameters
    ----------
    min_hits : int
        Bands that must agree; with 64 bands of 2 rows, 4 find 84 % of pairs at Jaccard .30.
    window : int
        Words on either side within which shared seeds add up.
    min_bits : float
        Minimum sum of shared seeds of two short articles, in bits; `align.slope` raises it.
    max_bucket : int
        Largest bucket that is read whole. From a larger one, only the first and latest entries are
        read, so that the work stays linear; the run counts the rest.
    max_entries : int
        Entries of buckets of seeds that a query reads, the rarest seeds first. The rarest of each
        `window` are read even beyond that.
    days : float
        Maximum days between the dates of two articles; 0 for any. Articles without a date are
        compared with all.
    max_pairs_per_family : int
        Maximum number of pairs to align among articles with one text. Each further copy is aligned
        only with its best source.
    """

    min_hits: int = _number(4, 1)
    window: int = _number(60, 1)
    min_bits: float = _number(6.0)
    max_bucket: int = _number(256, 1)
    max_entries: int = _number(4096)
    days: float = _number(0.0)
    max_pairs_per_family: int = _number(200)


@dataclass(frozen=True, slots=True)
class AlignParams(_Block):
    """What becomes a passage.

    Evidence is in bits.

    Parameters
    ----------
    window : int
        Content words within which two words form an anchor pair.
    chance_rate : float
        Share of information that two texts on one event share by chance.
    min_score : float
        Minimum score of a passage in articles of up to 256 words, see :class:`dedup.Passage` and
        :meth:`Params.at_sensitivity`. A candidate passage starts at .85 of it.
    x_drop : float
        Loss of score that ends a candidate passage, in articles of up to 256 words.
    max_bridge : float
        Maximum cost of the words between two candidate passages that become one, in articles of up
        to 256 words.
    slope : float
        Extra bits per doubling of the positions where a passage could be: for the three limits
        above, and for pairs of articles to align.
    min_shared : float
        Minimum share of its information that every whole sentence of a passage shares with the
        other side, in any order. A passage is split at other sentences. Sentences of fewer than
        five content words, and the longer side of an abridgement, are exempt.
    min_chars : int
        Minimum length of the longer side, in code points; a Han or kana counts as two and a half,
        a character of a Hangul word as one and a half.
    min_run : int
        Run of equal words that makes a passage at any score.
    max_suppressed : float
        Maximum share of a passage, on either side, that better passages may cover.
    abridged_ratio : float
        Minimum length ratio of the sides of an abridgement; 0 finds none.
    abridged_cosine : float
        Minimum shared information of an abridgement, divided by the geometric mean of both sides.
    related_share : float
        Share of both articles that a second look must find reused before it revises the passages
        of a pair. With 1 it never does, and runs of fewer than `min_run` words are no passages.
    min_confidence : float
        Minimum confidence of a passage; see :class:`dedup.Passage`.
    """

    window: int = _number(4, 1, 65_536)
    # Below a half, or shared words would be no evidence.
    chance_rate: float = _number(0.07, 0.001, 0.499)
    min_score: float = _number(17.5)
    x_drop: float = _number(16.0)
    max_bridge: float = _number(16.0)
    slope: float = _number(2.5)
    min_shared: float = _number(0.1, 0, 1)
    min_chars: int = _number(30)
    min_run: int = _number(12)
    max_suppressed: float = _number(0.3, 0, 1)
    abridged_ratio: float = _number(3.5)
    abridged_cosine: float = _number(0.28, 0, 1)
    related_share: float = _number(0.12, 0, 1)
    min_confidence: float = _number(0.5, 0, 0.99)


@dataclass(frozen=True, slots=True)
class OverlapParams(_Block):
    """How shared words and facts become a relation between two articles.

    Parameters
    ----------
    min_contained : float
        Share of an article's words from which it is contained in the other.
    max_changed : float
        Maximum number of changed facts (numbers, names, dates) per shared word of articles that are
        the same news; 1 does not compare facts.
    """

    min_contained: float = _number(0.8, 0, 1)
    max_changed: float = _number(0.01, 0, 1)


@dataclass(frozen=True, slots=True)
class StoryParams(_Block):
    """Which articles carry one story, see :class:`dedup.Story`.

    Parameters
    ----------
    min_both : float
        Minimum coverage of both articles, or
    min_contained : float
        minimum coverage of the shorter article.
    """

    min_both: float = _number(0.5, 0, 1)
    min_contained: float = _number(0.6, 0, 1)
