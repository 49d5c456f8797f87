"""Read a report line by line and count what of the planted reuse is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.spans import Spans, iou
from bench.scale.collection import STORY_MARK

# Of intersection and union, on both sides.
MIN_IOU = 0.5
# Of the story's words, that a family must have to be of the story and not of a sentence of it.
MIN_STORY = 0.5

# Spans planted between two articles, the id that comes first in order first.
Gold = Mapping[tuple[str, str], Sequence[Spans]]


@dataclass(slots=True)
class OutputReading:
    """Count what a report says.

    Parameters
    ----------
    n_lines : int
        Lines of the report.
    n_overlaps, n_passages : int
        Pairs of articles, and their passages.
    n_found : int
        Planted passages of which a passage has `MIN_IOU` of either side.
    n_by_chance : int
        Overlaps of two articles between which nothing was planted and of which not both are
        copies of the story.
    n_in_family : int
        Copies of the story in the family that has most of them, of those that have `MIN_STORY` of
        its words.
    n_masked : int
        Articles in which boilerplate was found.
    timings : dict of str to float
        Seconds of each stage.
    counts : dict of str to int
        What the stages saw and did.
    """

    n_lines: int = 0
    n_overlaps: int = 0
    n_passages: int = 0
    n_found: int = 0
    n_by_chance: int = 0
    n_in_family: int = 0
    n_masked: int = 0
    timings: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def read_gold(lines: Iterable[str | bytes]) -> dict[tuple[str, str], list[Spans]]:
    """Read what was planted.

    Parameters
    ----------
    lines : iterable of str or bytes
        As in `corpus/gold.jsonl`.

    Returns
    -------
    dict of (str, str) to list of Spans
        Of every pair; without what is optional, so that a pair may have none.
    """
    gold: dict[tuple[str, str], list[Spans]] = {}
    for line in map(json.loads, lines):
        planted = gold.setdefault((line["a"], line["b"]), [])
        if not line.get("optional"):
            planted.append(_spans(line["a_span"], line["b_span"]))
    return gold


def read_report(lines: Iterable[str | bytes], gold: Gold, n_story_words: int) -> OutputReading:
    """Read a report, one line in memory at a time.

    Parameters
    ----------
    lines : iterable of str or bytes
        What ``dedup report --format jsonl --timings`` wrote.
    gold : mapping of (str, str) to sequence of Spans
        What was planted.
    n_story_words : int
        Words of the story.

    Returns
    -------
    OutputReading
        What was counted.
    """
    found = OutputReading()
    masked: set[str] = set()
    for line in map(json.loads, lines):
        found.n_lines += 1
        match line["type"]:
            case "run":
                found.timings, found.counts = line["timings"], line["counts"]
            case "overlap":
                _read_overlap(line, gold, found)
            case "family" if line["n_words"] >= MIN_STORY * n_story_words:
                copies = {one["article"] for one in line["occurrences"] if _is_copy(one["article"])}
                found.n_in_family = max(found.n_in_family, len(copies))
            case "boilerplate":
                masked.update(one["article"] for one in line["occurrences"])
    found.n_masked = len(masked)
    return found


def is_same(planted: Spans, passage: Spans) -> bool:
    """Tell whether a passage is the one that was planted: `MIN_IOU` of either side.

    Parameters
    ----------
    planted, passage : Spans
        In the same two articles.

    Returns
    -------
    bool
        Whether it is.
    """
    return all(iou(x, y) >= MIN_IOU for x, y in zip(planted, passage, strict=True))


def _read_overlap(line: Mapping[str, Any], gold: Gold, found: OutputReading) -> None:
    a, b = line["a"], line["b"]
    passages = [_spans(passage["a"], passage["b"]) for passage in line["passages"]]
    planted = gold.get((a, b), ())
    found.n_overlaps += 1
    found.n_passages += len(passages)
    found.n_found += sum(any(is_same(one, other) for other in passages) for one in planted)
    found.n_by_chance += (a, b) not in gold and not (_is_copy(a) and _is_copy(b))


def _spans(a: Sequence[int], b: Sequence[int]) -> Spans:
    return (a[0], a[1]), (b[0], b[1])


def _is_copy(name: str) -> bool:
    return name.endswith(STORY_MARK)
