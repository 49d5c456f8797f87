"""The values that dedup returns: what articles share, and what is said of them.

All are frozen. ``to_dict`` gives the JSON object of schema 1 for the value, tagged with its
``type`` where the value is a line of the output.
"""

from dedup.model.match import IndexStats, Match, Matches, Status
from dedup.model.passage import OPS, Edit, Kind, Op, Overlap, Passage, Relation
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
    "OPS",
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
    "Share",
    "Status",
    "Story",
]
