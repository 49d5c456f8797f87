"""What an index knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, overload

from dedup.model.passage import Overlap

Status = Literal["new", "revised", "unchanged", "queried"]


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier article that shares something with one that is looked up.

    Parameters
    ----------
    id : str
        Id of the earlier article.
    outlet : str or None
        Who published it.
    published : datetime or None
        When; aware.
    url, title : str or None
        As they were stored.
    overlap : Overlap
        What both share; ``a`` is the article that is looked up, ``b`` the earlier one.
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
    """What an index knew of an article.

    Parameters
    ----------
    id : str
        Id of the article.
    status : {"new", "revised", "unchanged", "queried"}
        What became of it: stored, stored in the place of an earlier version, found to be there
        with the same text, or nothing.
    matches : tuple of Match
        The articles that it shares something with, those first that cover most of it. None is
        looked for if it is unchanged.
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
    """What an index holds.

    Parameters
    ----------
    n_articles, n_chars : int
        Articles, and code points of their texts.
    n_segments : int
        Files of postings.
    n_fresh : int
        Articles that are in no segment yet.
    n_removed : int
        Articles that are gone, though a segment still has postings of them.
    n_postings : int
        Postings of both kinds.
    n_bytes : int
        Bytes of all files.
    recipe : str
        Digest of what the postings were made with.
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
