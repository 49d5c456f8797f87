"""Read a report line by line, and count the planted reuse in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.spans import Spans, iou
from bench.scale.collection import STORY_MARK

# Minimum intersection over union, on both sides.
MIN_IOU = 0.5
# Minimum share of the story's words in a family of the story.
MIN_STORY = 0.5

# Planted spans by pair of articles, the smaller id first.
Gold = Mapping[tuple[str, str], Sequence[Spans]]


@dataclass(slots=True)
class OutputReading:
    """Counts of a report.

    Parameters
    ----------
    n_lines : int
        Lines of the report.
    n_overlaps, n_passages : int
        Pairs of articles, and their passages.
    n_found : int
        Planted passages that a passage matches with `MIN_IOU` on both sides.
    n_by_chance : int
        Overlaps of two articles without planted passages that are not both copies of the story.
    n_in_family : int
        Copies of the story in its largest family with `MIN_STORY` of its words.
    n_masked : int
        Articles with boilerplate.
    timings : dict of str to float
        Seconds of each stage.
    counts : dict of str to int
        Counts of the stages.
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
    """Read planted passages.

    Parameters
    ----------
    lines : iterable of str or bytes
        As in `corpus/gold.jsonl`.

    Returns
    -------
    dict of (str, str) to list of Spans
        Spans of each pair, without optional ones; may be empty.
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
        Output of ``dedup report --format jsonl --timings``.
    gold : mapping of (str, str) to sequence of Spans
        Planted passages.
    n_story_words : int
        Words of the story.

    Returns
    -------
    OutputReading
        Counts.
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
    """Return whether a passage matches a planted one with `MIN_IOU` on both sides.

    Parameters
    ----------
    planted, passage : Spans
        Spans in the same two articles.

    Returns
    -------
    bool
        Whether they match.
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
