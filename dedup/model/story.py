"""Stories: their articles, their sources, and how much each article took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dedup.model.figures import round_fields

Ground = Literal["credit", "link", "wire"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a text, if the articles name one; dates alone name none.

    Parameters
    ----------
    source : str or None
        Id of the source article.
    agency : str or None
        Agency that is the source, if the story has no article of it.
    basis : tuple of {"credit", "link", "wire"}
        Reasons, strongest first: others credit its outlet; others link to it; at least two credit
        this agency. Empty if no source is named.
    confidence : float
        Probability that the source is right, in [.5, 1]; 0 if none is named.
    rivals : tuple of str
        Ids of other possible sources, most likely first.
    """

    source: str | None = None
    agency: str | None = None
    basis: tuple[Ground, ...] = ()
    confidence: float = 0.0
    rivals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        round_fields(self, "confidence")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "source": self.source,
            "agency": self.agency,
            "basis": list(self.basis),
            "confidence": self.confidence,
            "rivals": list(self.rivals),
        }


@dataclass(frozen=True, slots=True)
class Share:
    """Text that a member of a story has in common with another one that is not later.

    Parameters
    ----------
    article : str
        Id of the other member.
    coverage : float
        Common share of the article's characters, in [0, 1].
    n_edits : int
        Number of edited words.
    """

    article: str
    coverage: float
    n_edits: int

    def __post_init__(self) -> None:
        round_fields(self, "coverage")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "article": self.article,
            "coverage": self.coverage,
            "n_edits": self.n_edits,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """An article in a story.

    Parameters
    ----------
    article : str
        Its id.
    origin : Origin
        The source of its text; without one if it is the source.
    lag : float or None
        Seconds after the story's first date, whole days if either has no time; None if its date
        or all others are missing.
    coverage : float
        Share of its characters shared with other members, in [0, 1].
    taken : tuple of Share
        Text in common with members of this story that are earlier, or in a tie or without a date:
        most first. Each character counts once; the rest is in none of these.
    credit : str or None
        The outlet or agency that it credits.
    versions : tuple of str
        Ids of other captures of its page that carry the story. The member is the one that has most
        of the story's text, of equals the earliest.
    """

    article: str
    origin: Origin
    lag: float | None
    coverage: float
    taken: tuple[Share, ...]
    credit: str | None
    versions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        round_fields(self, "coverage")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "article": self.article,
            **self.origin.to_dict(),
            "lag": self.lag,
            "coverage": self.coverage,
            "taken": [share.to_dict() for share in self.taken],
            "credit": self.credit,
            "versions": list(self.versions),
        }


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that carry one story. An article may carry several.

    Parameters
    ----------
    id : str
        Same in every run, and after more articles join.
    members : tuple of Member
        By date, then by id; undated members come last.
    earliest : tuple of str
        Ids of the members with the first date; several if tied, empty if no date is known. JSON has
        the id of a single one, else null.
    origin : Origin
        The source of the story.
    headline : str
        Title, or beginning, of the source if one is named, else of the first member.
    """

    id: str
    members: tuple[Member, ...]
    earliest: tuple[str, ...]
    origin: Origin
    headline: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "type": "story",
            "id": self.id,
            "headline": self.headline,
            "members": [member.article for member in self.members],
            "earliest": self.earliest[0] if len(self.earliest) == 1 else None,
            "tied": list(self.earliest) if len(self.earliest) > 1 else [],
            **self.origin.to_dict(),
            "provenance": [member.to_dict() for member in self.members],
        }
