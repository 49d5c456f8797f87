"""The hand-marked corpus: all pairs of articles, compared with the gold lines."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import dedup
from bench.accuracy.detecting import Task, detect, judge
from bench.accuracy.spans import Spans, Tally

CORPUS = Path(__file__).parents[2] / "corpus"


def read_tasks(corpus: Path = CORPUS) -> list[Task]:
    """Pair all articles of a corpus.

    Parameters
    ----------
    corpus : Path
        Directory with ``articles.jsonl`` and ``gold.jsonl`` in the form of `corpus/README.md`.

    Returns
    -------
    list of Task
        Tasks with gold lines as planted or optional passages.
    """
    texts = {one["id"]: one["text"] for one in _read(corpus / "articles.jsonl")}
    planted: dict[tuple[str, str, bool], list[Spans]] = defaultdict(list)
    for line in _read(corpus / "gold.jsonl"):
        spans = tuple(line["a_span"]), tuple(line["b_span"])
        planted[line["a"], line["b"], line.get("optional", False)].append(spans)
    return [
        Task(
            texts[a],
            texts[b],
            tuple(planted[a, b, False]),
            tuple(planted[a, b, True]),
            f"{a}, {b}",
        )
        for a, b in combinations(sorted(texts), 2)
    ]


def measure(params: dedup.Params | None = None) -> Tally:
    """Score the detector on the articles of `corpus/articles.jsonl`.

    Parameters
    ----------
    params : dedup.Params or None
        Parameters; None for the preset ``news``.

    Returns
    -------
    Tally
        Counts of all pairs.
    """
    tasks = read_tasks()
    return sum(map(judge, tasks, detect(tasks, params)), Tally())


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
