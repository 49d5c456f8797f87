"""Measure passages against pairs of real news articles that were labeled by hand.

The file has one JSON object a line: ``pair``, ``story``, ``text_a``, ``text_b`` and ``units``. A
unit is a stretch whose wording came from the other article: ``span_a``, ``span_b``, ``kind``
(verbatim, edited, reworded or boilerplate; here the *label*), ``quote``, and ``sure`` (3 certain,
2 likely, 1 doubtful).

The *recall* of a unit is the share of its characters, the mean of both sides, in passages that
also meet the unit on the other side. A unit is *found* if half of both sides is covered.
*Precision* is the share of the characters of passages, on both sides, inside a unit. Doubtful
units count for precision only; boilerplate counts for neither. A pair without units is *quiet* if
nothing is reported.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

import dedup
from bench import table
from bench.accuracy.spans import Span, Spans

LABELS = ("verbatim", "edited", "reworded")
N_FOLDS = 5
_BOILERPLATE = "boilerplate"
_MIN_SURE = 2
_N_RESAMPLES, _INTERVAL = 1000, (2.5, 97.5)
# Words of a run that the exact matcher reports.
_RUN = 5
_PRECISIONS = (0.85, 0.9)
_COLUMNS: tuple[table.Column, ...] = (
    ("name", "news-reuse", "<18"),
    ("n_units", "units", ">6"),
    ("precision", "prec.", ">7.3f"),
    ("recall", "recall", ">8.3f"),
    ("f1", "F1", ">7.3f"),
    ("f1_range", "95 %", ">14"),
    ("found", "found", ">7.3f"),
    ("exact", "5 words", ">9.3f"),
)


class LabeledPair(NamedTuple):
    """Two articles and what one took from the other."""

    story: int
    text_a: str
    text_b: str
    units: tuple[dict[str, Any], ...]


class Scored(NamedTuple):
    """A passage and what ranks it."""

    spans: Spans
    score: float


class ReuseRow(NamedTuple):
    """Figures of some units, None where not measured. `exact`: share found by exact runs."""

    name: str
    n_units: int | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    f1_range: str | None = None
    found: float | None = None
    exact: float | None = None


# Another reader, on 14 pairs that both labeled; published with the data.
SECOND_PERSON = ReuseRow("a second person", None, 0.973, 0.979, 0.976, found=0.985)
# Finds the passages of two texts.
Finder = Callable[[str, str], Sequence[Scored]]


@dataclass(frozen=True, slots=True)
class ReuseScore:
    """Characters and units of pairs, counted; by label, by ``quote``, and ``all``."""

    n_pairs: int = 0
    n_silent: int = 0
    n_without: int = 0
    reported: float = 0.0
    right: float = 0.0
    units: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    chars: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: ReuseScore) -> ReuseScore:
        """Put two scores together."""
        return ReuseScore(
            *(getattr(self, name) + getattr(other, name) for name in ReuseScore.__slots__)
        )

    @property
    def precision(self) -> float:
        """Share of the reported characters inside a unit; 1 if nothing is reported."""
        return self.right / self.reported if self.reported else 1.0

    def recall(self, name: str = "all") -> float:
        """Return the share of the characters of units that is covered, 0 without units."""
        return float(self.covered[name]) / self.chars[name] if self.chars[name] else 0.0

    def found_share(self, name: str = "all") -> float:
        """Return the share of units that are found, 0 without units."""
        return self.found[name] / self.units[name] if self.units[name] else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall()
        return 2 * self.precision * self.recall() / total if total else 0.0


def read_labeled(path: Path) -> list[LabeledPair]:
    """Read pairs from JSON Lines, plain or as ``.zst``."""
    raw = path.read_bytes()
    if path.suffix == ".zst":
        raw = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read()
    return [
        LabeledPair(one["story"], one["text_a"], one["text_b"], tuple(one["units"]))
        for one in map(json.loads, raw.decode().splitlines())
    ]


def make_folds(pairs: Sequence[LabeledPair], n_folds: int = N_FOLDS) -> list[list[int]]:
    """Split pairs into folds, those of one story together; return the numbers of each fold."""
    order = np.random.default_rng(0).permutation(sorted({pair.story for pair in pairs})).tolist()
    fold_of = {story: at % n_folds for at, story in enumerate(order)}
    return [
        [number for number, pair in enumerate(pairs) if fold_of[pair.story] == fold]
        for fold in range(n_folds)
    ]


def score_pair(pair: LabeledPair, passages: Sequence[Spans]) -> ReuseScore:
    """Score the passages that were found in a pair."""
    units = [unit for unit in pair.units if unit["kind"] != _BOILERPLATE]
    reported = right = 0
    for side, name in enumerate(("span_a", "span_b")):
        skipped = [unit[name] for unit in pair.units if unit["kind"] == _BOILERPLATE]
        for passage in passages:
            start, end = passage[side]
            reported += end - start - _cover((start, end), skipped)
            right += _cover((start, end), [unit[name] for unit in units])
    score = ReuseScore(1, int(not units and not passages), int(not units), reported, right)
    for unit in units:
        if unit.get("sure", 3) >= _MIN_SURE:
            _count_unit(unit, passages, score)
    return score


def score_pairs(pairs: Sequence[LabeledPair], find: Finder) -> list[ReuseScore]:
    """Score a finder on each pair."""
    return [
        score_pair(pair, [one.spans for one in find(pair.text_a, pair.text_b)]) for pair in pairs
    ]


def find_interval(
    pairs: Sequence[LabeledPair], scores: Sequence[ReuseScore]
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of F1; whole stories are drawn, with replacement."""
    stories = sorted({pair.story for pair in pairs})
    by_story = {
        story: sum(
            (one for pair, one in zip(pairs, scores, strict=True) if pair.story == story),
            ReuseScore(),
        )
        for story in stories
    }
    draws = np.random.default_rng(0).choice(stories, (_N_RESAMPLES, len(stories)))
    figures = [sum((by_story[story] for story in draw), ReuseScore()).f1 for draw in draws.tolist()]
    low, high = np.percentile(figures, _INTERVAL)
    return float(low), float(high)


def find_recall_at(pairs: Sequence[LabeledPair], find: Finder, precision: float) -> float:
    """Return the recall of the best-ranked passages, as many as keep a precision."""
    found = [list(find(pair.text_a, pair.text_b)) for pair in pairs]
    best = 0.0
    for least in sorted({one.score for own in found for one in own}):
        score = sum(
            (
                score_pair(pair, [one.spans for one in own if one.score >= least])
                for pair, own in zip(pairs, found, strict=True)
            ),
            ReuseScore(),
        )
        if score.precision >= precision:
            best = max(best, score.recall())
    return best


def find_exact(text_a: str, text_b: str) -> list[Scored]:
    """Find runs of five equal words or more: what a matcher of exact n-grams reports."""
    words = [list(re.finditer(r"\w+", text)) for text in (text_a, text_b)]
    places: dict[tuple[str, ...], list[int]] = {}
    forms = [[word[0].casefold() for word in own] for own in words]
    for at in range(len(forms[1]) - _RUN + 1):
        places.setdefault(tuple(forms[1][at : at + _RUN]), []).append(at)
    found: list[Scored] = []
    ends: dict[int, int] = {}
    for p in range(len(forms[0]) - _RUN + 1):
        for q in places.get(tuple(forms[0][p : p + _RUN]), []):
            if ends.get(q - p, -1) > p:
                continue
            n = _RUN
            while (
                p + n < len(forms[0]) and forms[0][p + n : p + n + 1] == forms[1][q + n : q + n + 1]
            ):
                n += 1
            ends[q - p] = p + n - _RUN + 1
            spans = (
                (words[0][p].start(), words[0][p + n - 1].end()),
                (words[1][q].start(), words[1][q + n - 1].end()),
            )
            found.append(Scored(spans, n))
    return found


def make_finder(params: dedup.Params) -> Finder:
    """Return a finder of text and quotations with `dedup.compare`; it remembers what it found."""
    known: dict[tuple[str, str], list[Scored]] = {}

    def find(text_a: str, text_b: str) -> list[Scored]:
        key = text_a, text_b
        if key not in known:
            known[key] = [
                Scored((one.a, one.b), one.score)
                for one in dedup.compare(text_a, text_b, params).passages
            ]
        return known[key]

    return find


def measure(path: Path, params: dedup.Params) -> Iterator[ReuseRow]:
    """Measure the detector: rows for all units, by label and by quote, and what to compare with.

    No parameter is fitted here, so that all pairs are scored at once.
    """
    pairs = read_labeled(path)
    find = make_finder(params)
    scores, exact = score_pairs(pairs, find), sum(score_pairs(pairs, find_exact), ReuseScore())
    total = sum(scores, ReuseScore())
    low, high = find_interval(pairs, scores)
    yield ReuseRow("all", total.units["all"], total.precision, total.recall(), total.f1,
                   f"{low:.3f}-{high:.3f}", total.found_share(), exact.found_share())  # fmt: skip
    for name in (*LABELS, *(f"{label} quote" for label in LABELS)):
        yield ReuseRow(name, total.units[name], recall=total.recall(name),
                       found=total.found_share(name), exact=exact.found_share(name))  # fmt: skip
    yield ReuseRow("5 equal words", None, exact.precision, exact.recall(), exact.f1,
                   found=exact.found_share())  # fmt: skip
    yield SECOND_PERSON
    for precision in _PRECISIONS:
        recall = find_recall_at(pairs, find, precision)
        yield ReuseRow(f"precision {precision}", precision=precision, recall=recall)
    quiet = total.n_silent / total.n_without if total.n_without else None
    yield ReuseRow("quiet pairs", total.n_without, found=quiet)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure passages on labeled pairs of news.")
    parser.add_argument("--pairs", type=Path, default=os.environ.get("DEDUP_NEWS_REUSE"))
    parser.add_argument("--params", default="news", help="preset (default: news)")
    parser.add_argument("--sensitivity", type=float)
    options = parser.parse_args(arguments)
    if options.pairs is None:
        parser.error("name the file of pairs with --pairs or in DEDUP_NEWS_REUSE")
    params = dedup.Params.preset(options.params)
    if options.sensitivity is not None:
        params = params.at_sensitivity(options.sensitivity)
    rows = (one._asdict() for one in measure(options.pairs, params))
    print(*table.lay_out(_COLUMNS, rows), sep="\n")


def _count_unit(unit: dict[str, Any], passages: Sequence[Spans], score: ReuseScore) -> None:
    a, b = tuple(unit["span_a"]), tuple(unit["span_b"])
    shares = [
        _cover(own, [spans[side] for spans in passages if _meet(spans[1 - side], other)])
        / max(own[1] - own[0], 1)
        for side, own, other in ((0, a, b), (1, b, a))
    ]
    n_chars = (a[1] - a[0] + b[1] - b[0]) / 2
    label = unit["kind"]
    for name in ("all", label, *([f"{label} quote"] if unit.get("quote") else [])):
        score.units[name] += 1
        score.found[name] += min(shares) >= 0.5
        score.chars[name] += n_chars
        score.covered[name] += n_chars * sum(shares) / 2


def _meet(x: Span, y: Span) -> bool:
    return max(x[0], y[0]) < min(x[1], y[1])


def _cover(span: Span, others: Sequence[Span]) -> int:
    """Count the characters of a span inside the union of others."""
    n, last = 0, span[0]
    for start, end in sorted(map(tuple, others)):
        low, high = max(start, last), min(end, span[1])
        if high > low:
            n += high - low
            last = high
    return n


if __name__ == "__main__":
    main()
