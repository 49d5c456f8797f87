"""Stories: which articles carry one, who had it first, and who took how much from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Ground = Literal["date", "credit", "link", "containment", "wire", "unknown"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The most likely source of a text, and how sure that is.

    Parameters
    ----------
    source : str or None
        Id of the article; None if the source is not in the collection, or not known.
    agency : str or None
        The wire agency that credit lines name, if the collection has no article of it.
    basis : {"date", "credit", "link", "containment", "wire", "unknown"}
        The strongest reason: it appeared first; the others name its outlet; they link to it; it
        contains their text and more; all name one agency; none.
    confidence : float
        Probability that the source is right, in [0, 1].
    rivals : tuple of str
        Ids of other possible sources, the likeliest first.
    """

    source: str | None
    agency: str | None
    basis: Ground
    confidence: float
    rivals: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "source": self.source,
            "agency": self.agency,
            "basis": self.basis,
            "confidence": round(self.confidence, 4),
            "rivals": list(self.rivals),
        }


@dataclass(frozen=True, slots=True)
class Share:
    """Text that an article has from another.

    Parameters
    ----------
    article : str
        Id of the other.
    coverage : float
        Its share of the article's characters, in [0, 1].
    n_edits : int
        Its edited words.
    """

    article: str
    coverage: float
    n_edits: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "article": self.article,
            "coverage": round(self.coverage, 4),
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
        The most likely source of its text; none if it was first.
    lag : float or None
        Seconds after the first date of the story; None if its date, or every other, is missing.
    coverage : float
        Share of its characters that other members have too, in [0, 1].
    taken : tuple of Share
        Its text from each earlier member, most first, no character twice; the rest is its own.
    credit : str or None
        The outlet or agency that it names as its source.
    """

    article: str
    origin: Origin
    lag: float | None
    coverage: float
    taken: tuple[Share, ...]
    credit: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "article": self.article,
            **self.origin.to_dict(),
            "lag": self.lag,
            "coverage": round(self.coverage, 4),
            "taken": [share.to_dict() for share in self.taken],
            "credit": self.credit,
        }


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that carry one story. An article may carry several.

    Parameters
    ----------
    id : str
        The same in every run, and after further articles have joined.
    members : tuple of Member
        By date, those without one last, then by id.
    earliest : tuple of str
        Ids of the members with the first date, several for a tie; empty if no date is known.
    origin : Origin
        The most likely source of the story.
    """

    id: str
    members: tuple[Member, ...]
    earliest: tuple[str, ...]
    origin: Origin

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "type": "story",
            "id": self.id,
            "members": [member.article for member in self.members],
            **self.origin.to_dict(),
            "earliest": list(self.earliest),
            "provenance": [member.to_dict() for member in self.members],
        }
