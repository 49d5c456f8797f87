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

# Pairs whose tokens are held at once.
_STEP = 4096
# Pairs that one call aligns.
_PART = 256
# Far below any threshold that would be of use; not 0, since what scores nothing says nothing.
LOWEST_SCORE = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """Hold two texts and what is known of them.

    Parameters
    ----------
    text_a, text_b : str
        What to compare.
    planted : tuple of Spans
        What has to be found, from letter to letter.
    optional : tuple of Spans
        What may be found or not.
    name : str
        Says where the pair came from.
    """

    text_a: str
    text_b: str
    planted: tuple[Spans, ...] = ()
    optional: tuple[Spans, ...] = ()
    name: str = ""


def detect(
    tasks: Sequence[Task], params: dedup.Params | None = None, jobs: int | None = None
) -> list[tuple[dedup.Passage, ...]]:
    """Find the passages of each pair, as `dedup.compare` does, but all pairs in one call.

    Parameters
    ----------
    tasks : sequence of Task
        What to compare.
    params : dedup.Params or None
        Settings of the detector; None takes the preset ``news``.
    jobs : int or None
        Threads; all processors if None.

    Returns
    -------
    list of tuple of dedup.Passage
        One entry a task.
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
        # Whom articles quote is not measured, and no part of the digests.
        return list(table._replace(speakers=[Speakers()] * len(table.speakers)).read(texts))

    return [passages for found in pool.map(run, parts) for passages in found]


def lower_threshold(params: dedup.Params) -> dedup.Params:
    """Let everything pass that scores at all, so that the scores themselves can be looked at.

    Parameters
    ----------
    params : dedup.Params
        Settings of the detector.

    Returns
    -------
    dedup.Params
        The same with `LOWEST_SCORE`.
    """
    return replace(params, align=replace(params.align, min_score=LOWEST_SCORE))


def show(task: Task, passages: Sequence[dedup.Passage]) -> Iterator[str]:
    """Lay out what was planted and what was found, for a person to read.

    Parameters
    ----------
    task : Task
        The pair.
    passages : sequence of dedup.Passage
        What was found in it.

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
    """Score what was found in one pair.

    Parameters
    ----------
    task : Task
        The pair.
    passages : sequence of dedup.Passage
        What `detect` returned for it.

    Returns
    -------
    Tally
        Of this pair.
    """
    return tally(task.planted, [read_spans(task, one) for one in passages], task.optional)


def read_spans(task: Task, passage: dedup.Passage) -> Spans:
    """Return the spans of a passage from letter to letter.

    Parameters
    ----------
    task : Task
        The pair that it was found in.
    passage : dedup.Passage
        What was found.

    Returns
    -------
    Spans
        Without the marks that touch its ends.
    """
    a: Span = (passage.a.start, passage.a.end)
    b: Span = (passage.b.start, passage.b.end)
    return trim(task.text_a, a), trim(task.text_b, b)
