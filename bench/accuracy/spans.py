"""Score passages against known spans: recall, exactness and false passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
# A span in each of two texts.
Spans = tuple[Span, Span]
# Share of a span, on both sides, that a passage must cover to find it: with less than half,
# neighboring text could find it too.
MIN_COVER = 0.5


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts for one or more pairs of texts.

    Parameters
    ----------
    n_pairs, n_planted, n_found : int
        Pairs of texts, known spans, and found known spans.
    iou : float
        Sum over found spans of intersection over union, the mean of both sides.
    n_false : int
        Passages that overlap no known span on either side.
    n_astray : int
        Passages that overlap a known span on one side, but not the same on the other.
    """

    n_pairs: int = 0
    n_planted: int = 0
    n_found: int = 0
    iou: float = 0.0
    n_false: int = 0
    n_astray: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Add two tallies."""
        return Tally(
            self.n_pairs + other.n_pairs,
            self.n_planted + other.n_planted,
            self.n_found + other.n_found,
            self.iou + other.iou,
            self.n_false + other.n_false,
            self.n_astray + other.n_astray,
        )

    @property
    def recall(self) -> float | None:
        """Share of known spans found, or None without any."""
        return self.n_found / self.n_planted if self.n_planted else None

    @property
    def mean_iou(self) -> float | None:
        """Mean intersection over union of found spans, or None without any."""
        return self.iou / self.n_found if self.n_found else None

    @property
    def false_rate(self) -> float | None:
        """False passages per pair, or None without a pair."""
        return self.n_false / self.n_pairs if self.n_pairs else None

    @property
    def astray_rate(self) -> float | None:
        """Astray passages per pair, or None without a pair."""
        return self.n_astray / self.n_pairs if self.n_pairs else None


def tally(
    planted: Sequence[Spans], passages: Sequence[Spans], optional: Sequence[Spans] = ()
) -> Tally:
    """Score the passages of one pair of texts.

    Parameters
    ----------
    planted : sequence of Spans
        Spans to find.
    passages : sequence of Spans
        Reported passages.
    optional : sequence of Spans
        Spans that may be reported: a passage that overlaps one is not false.

    Returns
    -------
    Tally
        Counts of one pair.

    Examples
    --------
    >>> tally([((0, 10), (50, 60))], [((0, 10), (50, 60)), ((20, 30), (0, 10))])
    Tally(n_pairs=1, n_planted=1, n_found=1, iou=1.0, n_false=1, n_astray=0)
    """
    found = [
        max(map(_mean_iou, finders, [one] * len(finders)))
        for one in planted
        if (finders := [passage for passage in passages if is_found(one, passage)])
    ]
    known = [*planted, *optional]
    met = [_meets(passage, known) for passage in passages]
    return Tally(1, len(planted), len(found), sum(found), met.count("none"), met.count("one side"))


def is_found(planted: Spans, passage: Spans) -> bool:
    """Return whether a passage covers enough of a known span on both sides.

    Parameters
    ----------
    planted, passage : Spans
        A known span and a reported passage.

    Returns
    -------
    bool
        Whether it covers `MIN_COVER` of both sides.
    """
    return all(
        _shared(span, reported) >= MIN_COVER * (span[1] - span[0])
        for span, reported in zip(planted, passage, strict=True)
    )


def trim(text: str, span: Span) -> Span:
    """Trim punctuation at the ends of a span, so that it does not count as an error.

    Parameters
    ----------
    text : str
        Text of the span.
    span : Span
        Code points.

    Returns
    -------
    Span
        From the first letter or digit to the last; `span` if there is none.
    """
    start, end = span
    letters = [place for place in range(start, end) if text[place].isalnum()]
    return (letters[0], letters[-1] + 1) if letters else span


def _mean_iou(passage: Spans, planted: Spans) -> float:
    return sum(map(iou, passage, planted)) / 2


def iou(x: Span, y: Span) -> float:
    """Return the intersection over union of two spans.

    Parameters
    ----------
    x, y : Span
        Not empty.

    Returns
    -------
    float
        In [0, 1].
    """
    shared = _shared(x, y)
    return shared / (x[1] - x[0] + y[1] - y[0] - shared)


def _meets(passage: Spans, known: Iterable[Spans]) -> str:
    sides = [tuple(map(_shared, passage, one)) for one in known]
    if any(a and b for a, b in sides):
        return "both sides"
    return "one side" if any(a or b for a, b in sides) else "none"


def _shared(x: Span, y: Span) -> int:
    return max(0, min(x[1], y[1]) - max(x[0], y[0]))
