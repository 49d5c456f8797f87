"""Passages to overlaps: how much of each article they cover, and what that makes of the pair."""

from __future__ import annotations

from collections.abc import Iterable

from dedup.model import Overlap, Passage, Relation, Span
from dedup.params import OverlapParams


def coverage(spans: Iterable[Span], extent: Span) -> float:
    """Return the share of an article that spans cover together.

    Parameters
    ----------
    spans : iterable of Span
        In any order; they may overlap.
    extent : Span
        From the first to the last word of the article: what stands around them is not
        part of the text that could be reused.

    Returns
    -------
    float
        In [0, 1]; 0 for an article without words.
    """
    covered, end = 0, extent.start
    for span in sorted(spans):
        low, high = max(span.start, end), min(span.end, extent.end)
        if high > low:
            covered += high - low
            end = high
    return covered / (extent.end - extent.start) if covered else 0.0


def make_overlap(
    ids: tuple[str, str],
    extents: tuple[Span, Span],
    passages: tuple[Passage, ...],
    jaccard: float,
    params: OverlapParams,
) -> Overlap:
    """Sum up what two articles share.

    Parameters
    ----------
    ids : tuple of (str, str)
        Of ``a`` and ``b``.
    extents : tuple of (Span, Span)
        From the first to the last word of each.
    passages : tuple of Passage
        What they share.
    jaccard : float
        Estimated resemblance.
    params : OverlapParams
        From which coverage on an article is contained.

    Returns
    -------
    Overlap
        With both coverages and the relation read off them.
    """
    in_a = coverage((passage.a for passage in passages), extents[0])
    in_b = coverage((passage.b for passage in passages), extents[1])
    relation = _relation(in_a >= params.min_contained, in_b >= params.min_contained, passages)
    return Overlap(*ids, passages, jaccard, in_a, in_b, relation)


def _relation(a_is_inside: bool, b_is_inside: bool, passages: tuple[Passage, ...]) -> Relation:
    if not passages:
        return "none"
    if a_is_inside and b_is_inside:
        return "duplicate"
    if a_is_inside:
        return "contained"
    return "contains" if b_is_inside else "shares"
