"""Run the detector's alignment over many pairs of texts at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import dedup
from bench.accuracy.spans import Span, Spans, Tally, tally, trim
from dedup.align.align import align_pairs
from dedup.align.table import Speakers
from dedup.text.tokenize import tokenize

# Pairs with tokens in memory at once.
_STEP = 4096
# Pairs per call.
_PART = 256
# Far below any useful threshold, but not 0, which means no evidence.
LOWEST_SCORE = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """Two texts and their known passages.

    Parameters
    ----------
    text_a, text_b : str
        The texts or pairs to compare.
    planted : tuple of Spans
        Passages to find, from first to last letter.
    optional : tuple of Spans
        Passages that may be found or not.
    name : str
        Origin of the pair.
    """

    text_a: str
    text_b: str
    planted: tuple[Spans, ...] = ()
    optional: tuple[Spans, ...] = ()
    name: str = ""


def detect(
    tasks: Sequence[Task], params: dedup.Params | None = None, jobs: int | None = None
) -> list[tuple[dedup.Passage, ...]]:
    """Find the passages of each pair as `dedup.compare` does, for all pairs in one call.

    Parameters
    ----------
    tasks : sequence of Task
        The texts or pairs to compare.
    params : dedup.Params or None
        Parameters; None for the preset ``news``.
    jobs : int or None
        Threads; None for all processors.

    Returns
    -------
    list of tuple of dedup.Passage
        Passages of each task.
    """
    params = params or dedup.Params()
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        steps = [tasks[first : first + _STEP] for first in range(0, len(tasks), _STEP)]
        return [passages for step in steps for passages in _detect(step, params, pool)]


def _detect(
    tasks: Sequence[Task], params: dedup.Params, pool: ThreadPoolExecutor
) -> list[tuple[dedup.Passage, ...]]:
    texts = list(dict.fromkeys(text for task in tasks for text in (task.text_a, task.text_b)))
    numbers = {text: number for number, text in enumerate(texts)}
    pairs = np.array([(numbers[task.text_a], numbers[task.text_b]) for task in tasks], np.int64)
    tokens = tokenize(texts, pool)
    parts = np.array_split(pairs, -(-len(pairs) // _PART) or 1)

    def run(part: NDArray[np.int64]) -> list[tuple[dedup.Passage, ...]]:
        table = align_pairs(texts, tokens, part, params)
        # Speakers are neither measured nor part of the digests.
        return list(table._replace(speakers=[Speakers()] * len(table.speakers)).read(texts))

    return [passages for found in pool.map(run, parts) for passages in found]


def lower_threshold(params: dedup.Params) -> dedup.Params:
    """Return parameters that keep all passages with a score, to inspect the scores.

    Parameters
    ----------
    params : dedup.Params
        Parameters.

    Returns
    -------
    dedup.Params
        A copy with `LOWEST_SCORE`.
    """
    return replace(params, align=replace(params.align, min_score=LOWEST_SCORE))


def show(task: Task, passages: Sequence[dedup.Passage]) -> Iterator[str]:
    """Format planted and found passages.

    Parameters
    ----------
    task : Task
        The pair.
    passages : sequence of dedup.Passage
        Passages found in it.

    Returns
    -------
    iterator of str
        The lines.
    """
    yield f"## {task.name}"
    for a, b in task.planted:
        yield f"   planted a: {task.text_a[slice(*a)]!r}"
        yield f"           b: {task.text_b[slice(*b)]!r}"
    for passage in passages:
        yield f"   {passage.score:7.1f} a: {passage.text_a!r}"
        yield f"           b: {passage.text_b!r}"


def judge(task: Task, passages: Sequence[dedup.Passage]) -> Tally:
    """Score the passages of one pair.

    Parameters
    ----------
    task : Task
        The pair.
    passages : sequence of dedup.Passage
        Result of `detect` for it.

    Returns
    -------
    Tally
        Counts of this pair.
    """
    return tally(task.planted, [read_spans(task, one) for one in passages], task.optional)


def read_spans(task: Task, passage: dedup.Passage) -> Spans:
    """Return the spans of a passage, trimmed to letters and digits.

    Parameters
    ----------
    task : Task
        The pair of the passage.
    passage : dedup.Passage
        What was found.

    Returns
    -------
    Spans
        Spans without punctuation at the ends.
    """
    a: Span = (passage.a.start, passage.a.end)
    b: Span = (passage.b.start, passage.b.end)
    return trim(task.text_a, a), trim(task.text_b, b)
