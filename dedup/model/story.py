"""Stories: their articles, their sources, and how much each article took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dedup.model.figures import round_fields

Ground = Literal["date", "credit", "link", "containment", "wire", "unknown"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The most likely source of a text.

    Parameters
    ----------
    source : str or None
        Id of the source article; None if unknown or not in the collection.
    agency : str or None
        Agency that credit lines name, if no article of it is in the collection.
    basis : {"date", "credit", "link", "containment", "wire", "unknown"}
        The strongest reason: it appeared first; others credit its outlet; others link to it;
        it has more text than the others; at least two credit this agency; none.
    confidence : float
        Probability that the source is right, in [0, 1].
    rivals : tuple of str
        Ids of other possible sources, most likely first.
    """

    source: str | None
    agency: str | None
    basis: Ground
    confidence: float
    rivals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        round_fields(self, "confidence")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "source": self.source,
            "agency": self.agency,
            "basis": self.basis,
            "confidence": self.confidence,
            "rivals": list(self.rivals),
        }


@dataclass(frozen=True, slots=True)
class Share:
    """Text that an article took from another.

    Parameters
    ----------
    article : str
        Id of the other article.
    coverage : float
        Taken share of the article's characters, in [0, 1].
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
        The most likely source of its text; without a source if it was first.
    lag : float or None
        Seconds after the story's first date, whole days if either has no time; None if its date
        or all others are missing.
    coverage : float
        Share of its characters shared with other members, in [0, 1].
    taken : tuple of Share
        Text from each earlier member, most first. Each character counts once; the rest is its own.
    credit : str or None
        The outlet or agency that it credits.
    """

    article: str
    origin: Origin
    lag: float | None
    coverage: float
    taken: tuple[Share, ...]
    credit: str | None

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
        Ids of the members with the first date; several if tied, empty if no date is known.
    origin : Origin
        The most likely source of the story.
    """

    id: str
    members: tuple[Member, ...]
    earliest: tuple[str, ...]
    origin: Origin

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "type": "story",
            "id": self.id,
            "members": [member.article for member in self.members],
            **self.origin.to_dict(),
            "earliest": list(self.earliest),
            "provenance": [member.to_dict() for member in self.members],
        }
