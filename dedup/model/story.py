"""Stories: which articles carry one, who had it first, and who took how much from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Ground = Literal["date", "credit", "link", "containment", "wire", "unknown"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text most likely comes from, and how sure that is.

    Parameters
    ----------
    source : str or None
        Id of the article; None if it is in none of them, or nothing speaks for one.
    agency : str or None
        A wire agency that it comes from, as credit lines name it, though no article of it is
        there.
    basis : {"date", "credit", "link", "containment", "wire", "unknown"}
        What speaks for it most: it appeared first; the others name its outlet; they link to it;
        it has what they have and more; all name one agency; nothing.
    confidence : float
        Probability that it is right, in [0, 1].
    rivals : tuple of str
        Ids of the articles that it might be instead, the likelier first.
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
    """What an article has from another.

    Parameters
    ----------
    article : str
        Id of the other.
    coverage : float
        Share of the characters of the one that has it, in [0, 1].
    n_edits : int
        Words of it that are not as they were.
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
    """An article as it carries a story.

    Parameters
    ----------
    article : str
        Its id.
    origin : Origin
        Where it most likely has it from. No source if it has it first.
    lag : float or None
        Seconds since the story was seen first; None if its date, or every other, is missing.
    coverage : float
        Share of its characters that some other member has too, in [0, 1].
    taken : tuple of Share
        What it has from whom, no character twice, most first; the rest is its own.
    credit : str or None
        The outlet or agency that it names as where it has its text from.
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
class Cluster:
    """Articles that carry one story. An article may carry several.

    Parameters
    ----------
    id : str
        The same in every run, and after further articles have joined.
    members : tuple of Member
        By date, those without one last, then by id.
    earliest : tuple of str
        Ids of the members that were seen first, several if their dates are a tie; none if no
        date is known.
    origin : Origin
        Where the story most likely comes from.
    """

    id: str
    members: tuple[Member, ...]
    earliest: tuple[str, ...]
    origin: Origin

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "type": "cluster",
            "id": self.id,
            "members": [member.article for member in self.members],
            **self.origin.to_dict(),
            "earliest": list(self.earliest),
            "provenance": [member.to_dict() for member in self.members],
        }
