"""Parameters of a run: all blocks, and presets named by use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any

from dedup.errors import ParameterError
from dedup.params.stages import (
    FOREIGN_SHINGLES,
    AlignParams,
    BandParams,
    BoilerplateParams,
    CandidateParams,
    OverlapParams,
    SeedParams,
    SketchParams,
    StoryParams,
    digest_blocks,
)

# Minimum memory budget of a search, in bytes: one block of articles must fit.
MIN_MEMORY = 1 << 29

# False passages per million pairs of unrelated articles at the default minimum score, and the bits
# that halve them; measured, see docs/DESIGN.md, section 12.
CHANCE, HALVING = 3.0, 2.0
# Blocks that decide what is stored of an article.
_RECIPE = ("sketch", "band", "seed", "boilerplate")
# Largest collection that needs no more evidence than one pair.
_FEW_ARTICLES = 1000


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
    boilerplate : BoilerplateParams
        Text that is masked first (recipe).
    candidate : CandidateParams
        Which pairs are aligned.
    align : AlignParams
        Pair of articles to passages.
    overlap : OverlapParams
        Passages to a relation.
    story : StoryParams
        Which articles carry one story.

    Raises
    ------
    ParameterError
        If a value is out of range or two values conflict.

    Examples
    --------
    >>> Params.preset("news").sketch.n_perm
    128
    """

    sketch: SketchParams = field(default_factory=SketchParams)
    band: BandParams = field(default_factory=BandParams)
    seed: SeedParams = field(default_factory=SeedParams)
    boilerplate: BoilerplateParams = field(default_factory=BoilerplateParams)
    candidate: CandidateParams = field(default_factory=CandidateParams)
    align: AlignParams = field(default_factory=AlignParams)
    overlap: OverlapParams = field(default_factory=OverlapParams)
    story: StoryParams = field(default_factory=StoryParams)

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def preset(cls, name: str) -> Params:
        """Return the parameters for one use.

        Parameters
        ----------
        name : {"news", "pan"}
            ``news`` finds reused sentences in articles; ``pan`` finds the long passages of the PAN
            text alignment task.

        Returns
        -------
        Params
            The preset.

        Raises
        ------
        ParameterError
            If no preset has this name.
        """
        if name not in PRESETS:
            raise ParameterError(f"preset must be one of {', '.join(PRESETS)}, not {name!r}")
        return PRESETS[name]

    def at_sensitivity(self, sensitivity: float) -> Params:
        """Return a copy with another minimum score.

        Parameters
        ----------
        sensitivity : float
            Expected false passages per million pairs of unrelated articles; higher finds more. The
            default is 3; each 2 bits of score halve it.

        Returns
        -------
        Params
            With an adjusted ``align.min_score``.

        Raises
        ------
        ParameterError
            If `sensitivity` is not positive, or so high that any score would pass.

        Examples
        --------
        >>> Params().at_sensitivity(12).align.min_score
        13.5
        """
        if not (isfinite(sensitivity) and sensitivity > 0):
            raise ParameterError(f"sensitivity must be a number above 0, not {sensitivity}")
        from dedup._core import binary_log  # same result on every system

        min_score = self.align.min_score - HALVING * binary_log(sensitivity / CHANCE)
        if min_score < 0:
            raise ParameterError(f"sensitivity = {sensitivity} would accept anything")
        return replace(self, align=replace(self.align, min_score=min_score))

    def with_values(self, values: Mapping[str, str]) -> Params:
        """Return a copy with other values.

        Parameters
        ----------
        values : mapping of str to str
            Values as typed by a user, keyed by ``block.name``; flags are ``true`` or ``false``.

        Returns
        -------
        Params
            The changed copy.

        Raises
        ------
        ParameterError
            If a parameter does not exist, or a value has the wrong type, is out of range or
            conflicts with another.

        Examples
        --------
        >>> Params().with_values({"align.min_chars": "30"}).align.min_chars
        30
        """
        known = self.to_dict()
        changed: dict[str, dict[str, Any]] = {}
        for name, text in values.items():
            block, _, one = name.partition(".")
            if one not in known.get(block, {}):
                raise ParameterError(f"there is no parameter {name}{_propose(name, known)}")
            changed.setdefault(block, {})[one] = _typed(name, text, known[block][one])
        blocks = {block: replace(getattr(self, block), **own) for block, own in changed.items()}
        return replace(self, **blocks)

    def digest(self) -> str:
        """Return the recipe's digest, 32 hexadecimal digits."""
        return digest_blocks("recipe", tuple(getattr(self, name) for name in _RECIPE))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, one mapping per block."""
        return asdict(self)


def _typed(name: str, text: str, now: bool | float | str) -> bool | float | str:
    """Convert typed text to the type of the current value."""
    try:
        if isinstance(now, bool):
            return {"true": True, "false": False}[text.lower()]
        return type(now)(text)
    except (KeyError, ValueError):
        what = {bool: "true or false", int: "a whole number", float: "a number"}[type(now)]
        raise ParameterError(f"{name} must be {what}, not {text!r}") from None


def _propose(name: str, known: Mapping[str, Mapping[str, object]]) -> str:
    """Suggest parameters with a similar name."""
    from difflib import get_close_matches

    names = [f"{block}.{one}" for block, own in known.items() for one in own]
    block, _, last = name.rpartition(".")
    same = [one for one in names if one.endswith(f".{last}")]
    if found := same or get_close_matches(name, names, 1, 0.8):
        return f"; do you mean {' or '.join(found)}?"
    if block in known:
        return f"; {block} has {', '.join(known[block])}"
    return f"; the blocks are {', '.join(known)}"


def find_surplus(n_articles: int) -> float:
    """Return the extra evidence that a passage needs in a large collection.

    The number of pairs grows with the square of the number of articles, but true reuse grows about
    linearly. Each doubling therefore adds the bits that halve false passages.

    Parameters
    ----------
    n_articles : int
        Size of the collection.

    Returns
    -------
    float
        Bits.
    """
    from dedup._core import binary_log

    return HALVING * max(0.0, binary_log(n_articles / _FEW_ARTICLES)) if n_articles else 0.0


def check_params(params: Params | None) -> Params:
    """Return the parameters of a call, the preset ``news`` for None.

    Raises
    ------
    ParameterError
        If they have another type.
    """
    if params is None:
        return Params()
    if not isinstance(params, Params):
        found = type(params).__name__
        raise ParameterError(f"params must be dedup.Params, not {found}: see Params.with_values")
    return params


def _check(params: Params) -> None:
    """Reject blocks that conflict."""
    sketch, band, min_hits = params.sketch, params.band, params.candidate.min_hits
    if sketch.k == FOREIGN_SHINGLES:
        raise ParameterError("sketch.k must be 1 to 1000, not 0")
    if band.n_bands * band.n_rows > sketch.n_perm:
        raise ParameterError(
            f"band.n_bands * band.n_rows is {band.n_bands} * {band.n_rows}, more than "
            f"sketch.n_perm = {sketch.n_perm}"
        )
    if min_hits > band.n_bands:
        raise ParameterError(
            f"candidate.min_hits = {min_hits} is more than band.n_bands = {band.n_bands}"
        )


PRESETS = {
    "news": Params(),
    # Documents of a corpus have no outlets and no credit lines; a passage may bridge sentences of
    # its own.
    "pan": Params(
        boilerplate=BoilerplateParams(min_articles=0, mask_credits=False),
        align=AlignParams(
            chance_rate=0.05,
            min_score=18.0,
            x_drop=18.0,
            max_bridge=18.0,
            min_shared=0.0,
            min_chars=180,
            min_run=25,
            abridged_ratio=3.5,
            abridged_cosine=0.25,
            related_share=1.0,
            min_confidence=0.0,
        ),
    ),
}


def list_recipe(params: Params) -> dict[str, Any]:
    """Return the parameters of the recipe by ``block.name``."""
    blocks = {name: asdict(getattr(params, name)) for name in _RECIPE}
    return {f"{name}.{one}": own[one] for name, own in blocks.items() for one in own}


def restore_recipe(values: Mapping[str, Any]) -> Params:
    """Return parameters with the values of a recipe, see :func:`list_recipe`.

    Raises
    ------
    TypeError
        If a parameter does not exist.
    ParameterError
        If a value is out of range.
    """
    blocks: dict[str, dict[str, Any]] = {name: {} for name in _RECIPE}
    for name, value in values.items():
        block, _, one = name.partition(".")
        blocks.setdefault(block, {})[one] = value
    default = Params()
    own = {name: replace(getattr(default, name), **blocks[name]) for name in _RECIPE}
    return replace(default, **own)
