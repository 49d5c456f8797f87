"""The values that dedup returns. All are frozen.

``to_dict`` returns the JSON object of schema 2; a value that is an output line has a ``type``.
"""

from dedup.model.match import IndexStats, Match, Matches, Status
from dedup.model.passage import (
    KINDS,
    OPS,
    RELATIONS,
    ROLES,
    Edit,
    Kind,
    Op,
    Overlap,
    Passage,
    Relation,
    Role,
)
from dedup.model.report import (
    SCHEMA,
    ArticleSummary,
    Basis,
    Boilerplate,
    Family,
    Occurrence,
    Report,
)
from dedup.model.story import Ground, Member, Origin, Share, Story

__all__ = [
    "KINDS",
    "OPS",
    "RELATIONS",
    "ROLES",
    "SCHEMA",
    "ArticleSummary",
    "Basis",
    "Boilerplate",
    "Edit",
    "Family",
    "Ground",
    "IndexStats",
    "Kind",
    "Match",
    "Matches",
    "Member",
    "Occurrence",
    "Op",
    "Origin",
    "Overlap",
    "Passage",
    "Relation",
    "Report",
    "Role",
    "Share",
    "Status",
    "Story",
]
