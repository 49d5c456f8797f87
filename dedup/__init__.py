"""Find reused text in news: which passages one article took from another, and where."""

from __future__ import annotations

# Not from typing, whose import takes most of the time that this module takes.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dedup.errors import (
        CorruptFile,
        DedupError,
        IncomparableSketches,
        IncompatibleFile,
        LockedIndex,
        MissingExtra,
        ParameterError,
        ReadError,
        StoreError,
    )
    from dedup.group.keep import DroppedArticle
    from dedup.index.index import Index
    from dedup.model import (
        ArticleSummary,
        Boilerplate,
        Edit,
        Family,
        IndexStats,
        Match,
        Matches,
        Member,
        Occurrence,
        Origin,
        Overlap,
        Passage,
        Report,
        Share,
        Story,
    )
    from dedup.model.article import Article, Credit, SkippedRecord, Span
    from dedup.model.explanation import Explanation, Step, Stretch
    from dedup.params import Params, SketchParams
    from dedup.pipeline.explain import explain
    from dedup.pipeline.filter import Filtered, filter
    from dedup.pipeline.report import compare, find_overlaps, sketch
    from dedup.readers import read
    from dedup.sketches.sketch import Sketches
    from dedup.text.encode import TextBuffer

__version__ = "0.2.0"

__all__ = [
    "Article",
    "ArticleSummary",
    "Boilerplate",
    "CorruptFile",
    "Credit",
    "DedupError",
    "DroppedArticle",
    "Edit",
    "Explanation",
    "Family",
    "Filtered",
    "IncomparableSketches",
    "IncompatibleFile",
    "Index",
    "IndexStats",
    "LockedIndex",
    "Match",
    "Matches",
    "Member",
    "MissingExtra",
    "Occurrence",
    "Origin",
    "Overlap",
    "ParameterError",
    "Params",
    "Passage",
    "ReadError",
    "Report",
    "Share",
    "SketchParams",
    "Sketches",
    "SkippedRecord",
    "Span",
    "Step",
    "StoreError",
    "Story",
    "Stretch",
    "TextBuffer",
    "__version__",
    "compare",
    "explain",
    "filter",
    "find_overlaps",
    "read",
    "sketch",
]

# Loaded on first use: numpy takes a tenth of a second, and `dedup --help` needs none of it.
_LAZY = {
    "Article": "dedup.model.article",
    "ArticleSummary": "dedup.model",
    "Boilerplate": "dedup.model",
    "CorruptFile": "dedup.errors",
    "Credit": "dedup.model.article",
    "DedupError": "dedup.errors",
    "DroppedArticle": "dedup.group.keep",
    "Edit": "dedup.model",
    "Explanation": "dedup.model.explanation",
    "Family": "dedup.model",
    "Filtered": "dedup.pipeline.filter",
    "IncomparableSketches": "dedup.errors",
    "IncompatibleFile": "dedup.errors",
    "Index": "dedup.index.index",
    "IndexStats": "dedup.model",
    "LockedIndex": "dedup.errors",
    "Match": "dedup.model",
    "Matches": "dedup.model",
    "Member": "dedup.model",
    "MissingExtra": "dedup.errors",
    "Occurrence": "dedup.model",
    "Origin": "dedup.model",
    "Overlap": "dedup.model",
    "ParameterError": "dedup.errors",
    "Params": "dedup.params",
    "Passage": "dedup.model",
    "ReadError": "dedup.errors",
    "Report": "dedup.model",
    "Share": "dedup.model",
    "SketchParams": "dedup.params",
    "Sketches": "dedup.sketches.sketch",
    "SkippedRecord": "dedup.model.article",
    "Span": "dedup.model.article",
    "Step": "dedup.model.explanation",
    "StoreError": "dedup.errors",
    "Story": "dedup.model",
    "Stretch": "dedup.model.explanation",
    "TextBuffer": "dedup.text.encode",
    "compare": "dedup.pipeline.report",
    "explain": "dedup.pipeline.explain",
    "filter": "dedup.pipeline.filter",
    "find_overlaps": "dedup.pipeline.report",
    "read": "dedup.readers",
    "sketch": "dedup.pipeline.report",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return __all__
