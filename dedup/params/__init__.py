"""Every parameter of a run, and its presets."""

from dedup.params.run import (
    CHANCE,
    HALVING,
    MIN_MEMORY,
    PRESETS,
    Params,
    check_params,
    find_surplus,
    list_recipe,
    restore_recipe,
)
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
)

__all__ = [
    "CHANCE",
    "FOREIGN_SHINGLES",
    "HALVING",
    "MIN_MEMORY",
    "PRESETS",
    "AlignParams",
    "BandParams",
    "BoilerplateParams",
    "CandidateParams",
    "OverlapParams",
    "Params",
    "SeedParams",
    "SketchParams",
    "StoryParams",
    "check_params",
    "find_surplus",
    "list_recipe",
    "restore_recipe",
]
