"""Why two articles are reported or not: the evidence of each stage, and its limit.

All values are frozen. Parameters are named ``block.name``, as in :class:`dedup.Params`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dedup.model import Overlap, Passage

FoundBy = Literal["chain", "unordered", "abridged", "copy", "run", "second look"]
Verdict = Literal["kept", "short", "weak", "dominated", "suppressed", "revised", "unlikely"]


@dataclass(frozen=True, slots=True)
class Step:
    """The result of one stage for a pair.

    Parameters
    ----------
    stage : str
        Name of the stage.
    reason : str
        The result as text.
    value, needed : float or None
        Measured value and limit; None if the stage decides nothing.
    parameter : str or None
        The parameter that sets `needed`.
    """

    stage: str
    reason: str
    value: float | None = None
    needed: float | None = None
    parameter: str | None = None

    @property
    def is_enough(self) -> bool | None:
        """Whether `value` reaches `needed`; None if the stage decides nothing."""
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
    """A part of both articles that is a passage or was considered as one.

    Parameters
    ----------
    passage : Passage
        The passage, real or rejected.
    found : {"chain", "unordered", "abridged", "copy", "second look"}
        How it was found: words in order; words in any order; an abridgement; identical articles; or
        reused words of related articles.
    verdict : {"kept", "short", "weak", "dominated", "suppressed", "revised", "unlikely"}
        A passage; too short; score too low; all of its words are in better passages; too many are;
        the second look explains its words better; or its confidence is too low.
    needed : float
        Minimum score, in bits.
    reason : str
        The verdict as text.
    changes : Mapping[str, float]
        Values of parameters that would each make it a passage, tested; only for the best stretches,
        empty if none was found.
    advice : str
        The changes as text.
    """

    passage: Passage
    found: FoundBy
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
        Their passages, as :func:`dedup.compare` returns them.
    is_candidate : bool
        Whether a report would compare the two.
    n_articles : int
        Number of articles in the collection.
    verdict : str
        The first reason, as text.
    steps : tuple of Step
        Results of the stages, in order.
    stretches : tuple of Stretch
        All considered stretches: the passages in the order of ``a``, then the rest, best first.
    """

    overlap: Overlap
    is_candidate: bool
    n_articles: int
    verdict: str
    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]

    @property
    def is_reported(self) -> bool:
        """Whether a report contains the pair."""
        return self.is_candidate and bool(self.overlap.passages)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
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
