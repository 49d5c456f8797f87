"""Why two articles are reported, or not: every stage's evidence and what it was held against.

All values are frozen. A parameter is named as in :class:`dedup.Params`, ``block.name``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dedup.model import Overlap, Passage

Origin = Literal["chain", "free", "abridged", "copy"]
Verdict = Literal["kept", "short", "weak", "beaten", "contested"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage saw of a pair.

    Parameters
    ----------
    stage : str
        Its name.
    reason : str
        In words.
    value, needed : float or None
        What was measured, and what it takes to go on; None where nothing is decided.
    parameter : str or None
        Sets `needed`.
    """

    stage: str
    reason: str
    value: float | None = None
    needed: float | None = None
    parameter: str | None = None

    @property
    def is_enough(self) -> bool | None:
        """Whether there is as much as needed; None where nothing is decided."""
        if self.value is None or self.needed is None:
            return None
        return self.value >= self.needed

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "stage": self.stage,
            "reason": self.reason,
            "value": None if self.value is None else round(self.value, 4),
            "needed": None if self.needed is None else round(self.needed, 4),
            "parameter": self.parameter,
        }


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of both articles that is a passage, or might have been one.

    Parameters
    ----------
    passage : Passage
        As it is reported, or would be.
    found : {"chain", "free", "abridged", "copy"}
        By words in the same order, by words in any order, as an abridgement, or since both
        articles have the same words.
    verdict : {"kept", "short", "weak", "beaten", "contested"}
        Whether it is a passage; or is too short, scores too little, or lost its words, all or
        too many of them, to better passages.
    needed : float
        Bits that it had to score.
    reason : str
        The verdict in words.
    changes : Mapping[str, float]
        Parameters that would make it a passage, each with a value that was tried; of the best
        stretches only, and empty where none was found.
    advice : str
        The changes in words.
    """

    passage: Passage
    found: Origin
    verdict: Verdict
    needed: float
    reason: str
    changes: Mapping[str, float] = field(default_factory=dict, hash=False)
    advice: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON object."""
        line: dict[str, Any] = {
            "found": self.found,
            "verdict": self.verdict,
            "needed": round(self.needed, 2),
            "reason": self.reason,
            "changes": dict(self.changes),
        }
        return line | self.passage.to_dict()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two articles are reported, or not.

    Parameters
    ----------
    overlap : Overlap
        What they share, as :func:`dedup.compare` says it.
    is_candidate : bool
        Whether a report compares them at all.
    n_articles : int
        Articles that they were looked up among.
    verdict : str
        In words, what decided first.
    steps : tuple of Step
        What each stage saw, in order.
    stretches : tuple of Stretch
        All that could have been passages: those that are, in the order of ``a``, then the others,
        the best first.
    """

    overlap: Overlap
    is_candidate: bool
    n_articles: int
    verdict: str
    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]

    @property
    def is_reported(self) -> bool:
        """Whether a report has the pair."""
        return self.is_candidate and bool(self.overlap.passages)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        overlap = self.overlap.to_dict()
        del overlap["type"], overlap["passages"]
        return {
            "type": "explanation",
            **overlap,
            "is_reported": self.is_reported,
            "verdict": self.verdict,
            "n_articles": self.n_articles,
            "steps": [step.to_dict() for step in self.steps],
            "stretches": [stretch.to_dict() for stretch in self.stretches],
        }
