"""Passages to overlaps: how much of each article they cover, and what that makes of the pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dedup.article import Span
from dedup.blocks import OverlapParams
from dedup.model import Overlap, Passage, Relation


def coverage(spans: Iterable[Span], pieces: Sequence[tuple[int, int]]) -> float:
    """Return the share of an article that spans cover together.

    Parameters
    ----------
    spans : iterable of Span
        In any order; they may overlap.
    pieces : sequence of (int, int)
        Spans that count as the text of the article, in order, disjoint: what stands around its
        words, and what was masked, is not part of what could be reused.

    Returns
    -------
    float
        In [0, 1]; 0 for an article without words.
    """
    covered = at = 0
    end = -1
    ordered = sorted(spans)
    for start, stop in pieces:
        # A span that reaches beyond this piece may reach into the next.
        while at < len(ordered) and ordered[at].start < stop:
            low, high = max(ordered[at].start, end, start), min(ordered[at].end, stop)
            covered += max(high - low, 0)
            end = max(end, high)
            if ordered[at].end > stop:
                break
            at += 1
    total = sum(stop - start for start, stop in pieces)
    return covered / total if covered else 0.0


def make_overlap(
    ids: tuple[str, str],
    pieces: tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]],
    passages: tuple[Passage, ...],
    jaccard: float,
    params: OverlapParams,
) -> Overlap:
    """Sum up what two articles share.

    Parameters
    ----------
    ids : tuple of (str, str)
        Of ``a`` and ``b``.
    pieces : tuple of (sequence of (int, int), sequence of (int, int))
        What counts as the text of each.
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
    in_a = coverage((passage.a for passage in passages), pieces[0])
    in_b = coverage((passage.b for passage in passages), pieces[1])
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
