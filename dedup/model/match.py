"""Results of an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, overload

from dedup.model.passage import Overlap

Status = Literal["new", "revised", "unchanged", "queried"]


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier article that shares text with the article you looked up.

    Parameters
    ----------
    id : str
        Id of the earlier article.
    outlet : str or None
        Its publisher.
    published : datetime or None
        Its date, aware.
    url, title : str or None
        As stored.
    overlap : Overlap
        Their passages; ``a`` is the article you looked up, ``b`` the earlier one.
    """

    id: str
    outlet: str | None
    published: datetime | None
    url: str | None
    title: str | None
    overlap: Overlap

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "type": "match",
            "id": self.id,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
            "title": self.title,
            "overlap": self.overlap.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Matches(Sequence[Match]):
    """The matches of an article in an index.

    Parameters
    ----------
    id : str
        Id of the article.
    status : {"new", "revised", "unchanged", "queried"}
        ``new``: stored. ``revised``: stored in place of an earlier version. ``unchanged``: already
        stored with the same text. ``queried``: only looked up.
    matches : tuple of Match
        Articles that share text with it, by descending similarity; empty if it is unchanged. Some
        may be uncertain: ``overlap.is_counted`` is false for those.
    """

    id: str
    status: Status
    matches: tuple[Match, ...] = ()

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, at: int) -> Match: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Match, ...]: ...
    def __getitem__(self, at: int | slice) -> Match | tuple[Match, ...]:
        return self.matches[at]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "type": "matches",
            "id": self.id,
            "status": self.status,
            "matches": [match.to_dict() for match in self.matches],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStats:
    """Counts of an index.

    Parameters
    ----------
    n_articles, n_chars : int
        Number of articles, and code points of their texts.
    n_segments : int
        Number of posting files.
    n_fresh : int
        Articles not yet in a segment.
    n_removed : int
        Removed articles with postings in a segment.
    n_postings : int
        Postings of bands and seeds.
    n_bytes : int
        Size of all files.
    recipe : str
        Digest of the parameters and tables used for the postings.
    """

    n_articles: int
    n_chars: int
    n_segments: int
    n_fresh: int
    n_removed: int
    n_postings: int
    n_bytes: int
    recipe: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": "stats"} | {one.name: getattr(self, one.name) for one in fields(self)}
