"""Score text alignment with plagdet, as the PAN evaluations do at character level.

Implements section 3 of [1]_ in its macro-averaged form. With S the cases, R the detections, and
"⊓" the characters shared by two span pairs that overlap on *both* sides in one document pair:

* recall     = mean over s in S of  |union over r in R of (s ⊓ r)| / |s|
* precision  = mean over r in R of  |union over s in S of (s ⊓ r)| / |r|
* granularity = mean, over the cases detected at all, of the number of detections covering them
* plagdet    = F1(precision, recall) / log2(1 + granularity)

where the characters of both sides are summed. The paper leaves empty sides open; they follow PAN's
script: nothing to find and nothing found is 1, anything else with an empty side is 0, granularity
without a detected case is 1. Cases and detections are sets there, hence repeats count once here.

References
----------
.. [1] M. Potthast, B. Stein, A. Barrón-Cedeño, P. Rosso. "An Evaluation Framework for Plagiarism
   Detection". COLING 2010, section 3, equations 1 to 6.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log2

Span = tuple[int, int]
Partners = Mapping["ReuseCase", Sequence["ReuseCase"]]


@dataclass(frozen=True, slots=True)
class ReuseCase:
    """One reused passage, planted or detected, of a document pair.

    Parameters
    ----------
    a_id, b_id : str
        The suspicious document and its source.
    a, b : tuple of int
        Half-open ``(start, end)`` in code points of each document's text, never empty.

    Raises
    ------
    ValueError
        If a span is empty or starts before its text.
    """

    a_id: str
    b_id: str
    a: Span
    b: Span

    def __post_init__(self) -> None:
        for start, end in (self.a, self.b):
            if not 0 <= start < end:
                raise ValueError(
                    f"span ({start}, {end}) of {self.a_id}, {self.b_id}: not 0 <= start < end"
                )


@dataclass(frozen=True, slots=True)
class Score:
    """Plagdet and the three measures that it combines."""

    plagdet: float
    precision: float
    recall: float
    granularity: float


def score(cases: Iterable[ReuseCase], detections: Iterable[ReuseCase]) -> Score:
    """Measure how well detections find the cases.

    Parameters
    ----------
    cases : iterable of ReuseCase
        Known cases.
    detections : iterable of ReuseCase
        Reported passages.

    Returns
    -------
    Score
        All values in [0, 1], except granularity, which is at least 1.

    Examples
    --------
    >>> whole = ReuseCase("a", "b", (0, 100), (0, 100))
    >>> half = ReuseCase("a", "b", (0, 50), (0, 50))
    >>> score([whole], [half])
    Score(plagdet=0.6666666666666666, precision=1.0, recall=0.5, granularity=1.0)
    """
    gold, found = tuple(dict.fromkeys(cases)), tuple(dict.fromkeys(detections))
    detected_by = _partners(gold, found)
    precision = _mean_cover(found, gold, _partners(found, gold))
    recall = _mean_cover(gold, found, detected_by)
    granularity = 1.0
    if detected_by:
        granularity = sum(map(len, detected_by.values())) / len(detected_by)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(f1 / log2(1 + granularity), precision, recall, granularity)


def _partners(targets: Iterable[ReuseCase], others: Iterable[ReuseCase]) -> Partners:
    """Map each target to the others that overlap it on both sides; leave out those without one."""
    by_documents = defaultdict(list)
    for other in others:
        by_documents[other.a_id, other.b_id].append(other)
    met = {
        target: [
            other
            for other in by_documents.get((target.a_id, target.b_id), ())
            if _meet(target.a, other.a) and _meet(target.b, other.b)
        ]
        for target in targets
    }
    return {target: partners for target, partners in met.items() if partners}


def _meet(x: Span, y: Span) -> bool:
    return x[0] < y[1] and y[0] < x[1]


def _mean_cover(
    targets: Sequence[ReuseCase], others: Sequence[ReuseCase], partners: Partners
) -> float:
    """Average, over the targets, the share of characters that their partners cover."""
    if not targets or not others:
        return float(not targets and not others)
    return fsum(_cover(target, met) for target, met in partners.items()) / len(targets)


def _cover(target: ReuseCase, partners: Sequence[ReuseCase]) -> float:
    covered = _covered(target.a, [p.a for p in partners])
    covered += _covered(target.b, [p.b for p in partners])
    return covered / (target.a[1] - target.a[0] + target.b[1] - target.b[0])


def _covered(target: Span, spans: Iterable[Span]) -> int:
    """Count the characters of `target` inside the union of `spans`."""
    total, (reached, end) = 0, target
    for start, stop in sorted(spans):
        fresh = max(start, reached)
        reached = max(reached, min(stop, end))
        total += max(reached - fresh, 0)
    return total
