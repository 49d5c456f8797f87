"""Pairs of articles without reuse, where each passage found is false.

There are three kinds: independent reports of one event; reports of different events; and random
pairs of press releases from different senders, at least a year apart. Press releases are real
texts, so a few may share a formula or a clause: read the highest scores before you call them false.

A fourth kind does not measure error: the first report of an event, and another agency's with the
same facts in the same order in other words. It shows how high facts alone score.

Run as ``python -m bench.accuracy.background --show 20`` to show the highest-scoring passages, and
scores below the threshold.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import dedup
from bench.accuracy.detecting import Task, detect, judge, lower_threshold, show
from bench.accuracy.spans import Tally, is_found
from bench.accuracy.sweep import N_ROUNDS, Setting, plant_all
from bench.table import lay_out
from corpus.topics import Event, load_events

N_RELEASES = 30_000
APART = timedelta(days=365)
# Setting of planted sentences for comparison with chance.
PLANTED = Setting("substitute", 0.3)
SCORES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 32, 40)


def pair_same_event(events: Sequence[Event]) -> list[Task]:
    """Pair all articles on one event, without planted text."""
    return [
        Task(event.texts[i], event.texts[j], name=f"{event.name} {i} {j}")
        for event in events
        for i, j in combinations(range(len(event.texts)), 2)
    ]


def pair_retold(events: Sequence[Event]) -> list[Task]:
    """Pair the first article on each event with its retelling.

    Nothing is planted, but passages are not clearly false.
    """
    return [Task(event.texts[0], event.retold, name=f"{event.name} retold") for event in events]


def pair_other_events(events: Sequence[Event]) -> list[Task]:
    """Pair all articles on different events, without planted text."""
    return [
        Task(a, b, name=f"{one.name} {i}, {other.name} {j}")
        for one, other in combinations(events, 2)
        for i, a in enumerate(one.texts)
        for j, b in enumerate(other.texts)
    ]


def pair_releases(path: Path, n_pairs: int = N_RELEASES, seed: int = 0) -> list[Task]:
    """Draw pairs of articles from different outlets, published at least a year apart.

    Parameters
    ----------
    path : Path
        Input of `dedup.read`.
    n_pairs : int
        Number of pairs to draw, each article equally likely.
    seed : int
        Equal seeds draw equal pairs, whatever the order of articles.

    Returns
    -------
    list of Task
        Tasks without planted text; fewer if too many draws in a row find no pair.
    """
    dated = [(one, one.published) for one in dedup.read(path) if one.outlet and one.published]
    dated.sort(key=lambda entry: entry[0].id)
    rng = Random(seed)
    tasks: list[Task] = []
    for _ in range(20 * n_pairs if dated else 0):
        (a, a_time), (b, b_time) = (dated[int(rng.random() * len(dated))] for _ in range(2))
        if a.outlet != b.outlet and abs(a_time - b_time) >= APART:
            tasks.append(Task(a.text, b.text, name=f"{a.id}, {b.id}"))
            if len(tasks) == n_pairs:
                break
    return tasks


def count(tasks: Sequence[Task], params: dedup.Params | None = None) -> Tally:
    """Count the passages in pairs without reuse.

    Parameters
    ----------
    tasks : sequence of Task
        The pairs.
    params : dedup.Params or None
        Parameters; None for the preset ``news``.

    Returns
    -------
    Tally
        All passages are false.
    """
    return sum(map(judge, tasks, detect(tasks, params)), Tally())


def find_planted_scores(params: dedup.Params) -> list[float]:
    """Return the scores of passages that find planted sentences.

    Parameters
    ----------
    params : dedup.Params
        Parameters.

    Returns
    -------
    list of float
        Score per sentence of the setting `PLANTED`; 0 if not found.
    """
    planted = plant_all(load_events(), N_ROUNDS)
    tasks = [task for setting, task in planted if setting == PLANTED]
    return [
        max((one.score for one in passages if is_found(task.planted[0], (one.a, one.b))), default=0)
        for task, passages in zip(tasks, detect(tasks, params), strict=True)
    ]


def count_tail(scores: Sequence[float]) -> list[int]:
    """Count the scores at or above each of `SCORES`.

    Parameters
    ----------
    scores : sequence of float
        In any order.

    Returns
    -------
    list of int
        One count per score, descending.
    """
    return [sum(score >= least for score in scores) for least in SCORES]


def table(scores: Mapping[str, tuple[int, Sequence[float]]]) -> Iterator[str]:
    """Format how many passages reach each score.

    Parameters
    ----------
    scores : mapping of str to (int, sequence of float)
        Number of pairs and passage scores, by kind of pairs.

    Returns
    -------
    iterator of str
        A heading, then a line per score.
    """
    columns = (("least", "score >=", "<10"), *((name, name, ">22") for name in scores))
    rows: list[dict[str, object]] = [
        {"least": "pairs"} | {name: n_pairs for name, (n_pairs, _) in scores.items()}
    ]
    tails = [count_tail(found) for _, found in scores.values()]
    for least, *counts in zip(SCORES, *tails, strict=True):
        rows.append({"least": least} | dict(zip(scores, counts, strict=True)))
    return lay_out(columns, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    options = _parse(arguments)
    params = lower_threshold(dedup.Params.preset(options.params))
    backgrounds = {
        "same event": pair_same_event(load_events()),
        "other events": pair_other_events(load_events()),
        "retold": pair_retold(load_events()),
    }
    if options.articles:
        backgrounds["press releases"] = pair_releases(options.articles, options.pairs)
    scores: dict[str, tuple[int, Sequence[float]]] = {}
    for name, tasks in backgrounds.items():
        found = [
            (one.score, task, one)
            for task, passages in zip(tasks, detect(tasks, params), strict=True)
            for one in passages
        ]
        found.sort(key=lambda entry: -entry[0])
        scores[name] = len(tasks), [score for score, _, _ in found]
        for _, task, passage in found[: options.show]:
            print(*show(task, [passage]), sep="\n")
    planted = find_planted_scores(params)
    scores[f"{PLANTED.kind} {PLANTED.share:.0%}"] = len(planted), planted
    print(*table(scores), sep="\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Show scores of passages in pairs without reuse.")
    parser.add_argument("--articles", type=Path, default=os.environ.get("DEDUP_ARTICLES"))
    parser.add_argument("--pairs", type=int, default=N_RELEASES, help="pairs of press releases")
    parser.add_argument("--params", default="news", help="preset of the detector (default: news)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the N highest")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
