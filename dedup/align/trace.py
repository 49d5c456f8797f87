"""Explain the alignment of a pair: every stretch, its verdict and the reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from dedup import _core
from dedup.align.align import align_pairs, find_swapped, make_table
from dedup.align.scalars import make_scalars
from dedup.align.table import AlignedTexts, PassageRows
from dedup.model import Passage
from dedup.model.article import Span
from dedup.model.explanation import FoundBy, Stretch, Verdict
from dedup.params import CHANCE, HALVING, AlignParams, Params
from dedup.text import tables

# Number of rejected stretches, the best ones, for which changes are proposed.
_MAX_TRIED = 3
# A lower min_score also lets stretches grow, after which the same words may score less: try lower
# values in turn.
_FACTORS = (1.0, 0.9, 0.75, 0.5)
# Least share of a stretch, on both sides, that a passage must cover to count as the stretch.
_COVERED = 0.5

# In the order of the core's codes.
_FOUND_BY: tuple[FoundBy, ...] = ("chain", "unordered", "abridged", "copy", "run", "second look")
_VERDICTS: tuple[Verdict, ...] = (
    "kept",
    "short",
    "weak",
    "dominated",
    "suppressed",
    "revised",
    "unlikely",
)


class Trace(NamedTuple):
    """Steps of the alignment of a pair."""

    n_anchors: int
    n_clusters: int
    richest: float
    floor: float
    stretches: tuple[Stretch, ...]


class _TracedPassage(NamedTuple):
    passage: Passage
    found: FoundBy
    verdict: Verdict
    longest: int
    n_chars: int
    covered: float

    @property
    def rank(self) -> tuple[Any, ...]:
        is_kept = self.verdict == "kept"
        return not is_kept, 0.0 if is_kept else -self.passage.score, self.passage.a, self.passage.b


def trace(source: AlignedTexts, params: Params, n_articles: int) -> Trace:
    """Align a pair and record the verdict on every stretch."""
    texts, tokens = source
    if not tokens.counts.all():
        return Trace(0, 0, 0.0, 0.0, ())
    pairs = np.array([[0, 1]])
    swapped = find_swapped(texts, tokens, pairs)
    first, second = (1, 0) if swapped[0] else (0, 1)
    scalars = make_scalars(params.align, n_articles)
    n_anchors, clusters, floor, stretches, figures, edits, *told = _core.explain_pair(
        first, second, tokens.offsets, tokens.cuts, *tokens.columns, tables.idf(), scalars
    )
    rows = PassageRows.from_core(np.array([0, len(stretches)]), stretches, figures, edits)
    table, order = make_table(source, pairs, swapped, rows)
    columns = (column[order].tolist() for column in told)
    judged = [
        _TracedPassage(passage, _FOUND_BY[origin], _VERDICTS[verdict], *measured)
        for passage, origin, verdict, *measured in zip(*table.read(texts), *columns, strict=True)
    ]
    judged.sort(key=lambda one: one.rank)
    explained = _explain_all(judged, floor, source, params, n_articles)
    return Trace(n_anchors, len(clusters), float(max(clusters, default=0)), floor, explained)


def up(bits: float) -> str:
    """Format bits that are needed, rounded up."""
    return f"{math.ceil(round(bits * 10, 6)) / 10:.1f}"


def down(bits: float) -> str:
    """Format bits that are there, rounded down."""
    return f"{math.floor(round(bits * 10, 6)) / 10:.1f}"


def _explain_all(
    judged: list[_TracedPassage],
    floor: float,
    source: AlignedTexts,
    params: Params,
    n_articles: int,
) -> tuple[Stretch, ...]:
    passages = [one.passage for one in judged if one.verdict == "kept"]
    seen: set[tuple[Span, Span]] = set()
    stretches = []
    for one in judged:
        spans = one.passage.a, one.passage.b
        # The same words are often both a chain and an unordered cluster.
        is_tried = spans not in seen and len(seen) < _MAX_TRIED
        proposed = _propose(one, floor, params) if is_tried else {}
        seen |= {spans} if proposed else set()
        changes = _try(proposed, one, passages, source, params, n_articles)
        reason = _reason(one, floor, passages, params)
        told = one.found, one.verdict, floor, reason, changes, _advise(changes)
        stretches.append(Stretch(one.passage, *told))
    return tuple(stretches)


def _reason(one: _TracedPassage, floor: float, passages: list[Passage], params: Params) -> str:
    rules, score = params.align, one.passage.score
    is_enough = score >= floor
    told = f"scores {down(score)} bits, with {up(floor)} needed"
    if one.found == "copy":
        return "both articles have the same words"
    if one.verdict == "kept":
        if one.found == "second look":
            return f"has reused words, with a confidence of {one.passage.confidence:.2f}"
        if one.found == "run" and one.longest < rules.min_run:
            return f"has {one.longest} equal words in a row, few of them in names"
        run = f"{one.longest} equal words in a row, {rules.min_run} are enough (align.min_run)"
        return told if is_enough else f"{told}, but has {run}"
    if one.verdict == "short":
        chars = f"has {one.n_chars} of the {rules.min_chars} characters needed (align.min_chars)"
        return chars if is_enough else f"{chars} and {told} (align.min_score)"
    if one.verdict == "suppressed":
        return (
            f"{one.covered:.0%} of it is inside better passages; at most "
            f"{rules.max_suppressed:.0%} may be (align.max_suppressed)"
        )
    if one.verdict == "unlikely":
        confidence = f"has a confidence of {one.passage.confidence:.2f}"
        return f"{confidence}, {rules.min_confidence:g} is needed (align.min_confidence)"
    if one.verdict in ("dominated", "revised"):
        winner = _find_winner(one.passage, passages)
        return f"its words are better explained by {winner}"
    if is_enough:
        return "an abridgement that meets no other stretch: only the subject is common"
    run = f"its longest run of equal words has {one.longest}, {rules.min_run} are enough"
    return f"{told} (align.min_score); {run} (align.min_run)"


def _find_winner(dominated: Passage, passages: list[Passage]) -> str:
    met = [one for one in passages if _is_touching(one, dominated)]
    if not met:
        return "another stretch"
    best = place(max(met, key=lambda one: one.score))
    return f"the passage at {best}" if len(met) == 1 else f"{len(met)} passages, best at {best}"


def place(passage: Passage) -> str:
    """Format the spans of a passage."""
    (a, a_end), (b, b_end) = passage.a, passage.b
    return f"characters {a}–{a_end} of A, {b}–{b_end} of B"


def _propose(one: _TracedPassage, floor: float, params: Params) -> dict[str, float]:
    """Return the parameter changes that might make a stretch a passage."""
    changes: dict[str, float] = {}
    missing = floor - one.passage.score
    if one.verdict == "suppressed":
        changes["max_suppressed"] = math.ceil(one.covered * 100) / 100
    if one.verdict == "short":
        changes["min_chars"] = one.n_chars
    if one.verdict in ("short", "weak") and missing > 0 and one.longest < params.align.min_run:
        changes["min_score"] = params.align.min_score - missing
    return changes


def _try(
    changes: dict[str, float],
    wanted: _TracedPassage,
    passages: list[Passage],
    source: AlignedTexts,
    params: Params,
    n_articles: int,
) -> dict[str, float]:
    """Return changes that do make a stretch a passage; empty if none work."""
    before = {(one.a, one.b) for one in passages}
    for factor in _FACTORS if changes else ():
        tried = dict(changes)
        if "min_score" in tried:
            tried["min_score"] = math.floor(tried["min_score"] * factor * 10) / 10
            if tried["min_score"] < 0:
                break
        rules = replace(params.align, **tried)  # type: ignore[arg-type]
        changed = replace(params, align=rules)
        table = align_pairs(*source, np.array([[0, 1]]), changed, n_articles)
        found = [(Span(*row[:2]), Span(*row[2:])) for row in table.chars.tolist()]
        # Text inside better passages stays with them.
        share = _COVERED * (1 - wanted.covered)
        if any(
            _is_covering(spans, wanted.passage, share) for spans in found if spans not in before
        ):
            return {f"align.{name}": value for name, value in tried.items()}
    return {}


def _advise(changes: Mapping[str, float]) -> str:
    if not changes:
        return ""
    told = " and ".join(f"{name} = {value:g}" for name, value in changes.items())
    knob = ""
    if "align.min_score" in changes:
        # Round up: a higher sensitivity finds it too.
        missing = AlignParams().min_score - changes["align.min_score"]
        knob = f" (--sensitivity {math.ceil(CHANCE * 2 ** (missing / HALVING))})"
    return f"With {told}{knob} it would be a passage."


def _is_covering(spans: tuple[Span, Span], target: Passage, share: float) -> bool:
    return all(
        _shared(own, other) >= share * (other.end - other.start)
        for own, other in zip(spans, (target.a, target.b), strict=True)
    )


def _is_touching(passage: Passage, other: Passage) -> bool:
    return _shared(passage.a, other.a) > 0 and _shared(passage.b, other.b) > 0


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
