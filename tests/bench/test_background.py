"""Pairs in which nothing is reused: which ones, and how their scores are counted."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from bench.accuracy.background import (
    SCORES,
    count,
    count_tail,
    find_planted_scores,
    pair_other_events,
    pair_releases,
    pair_retold,
    pair_same_event,
    table,
)
from bench.accuracy.detecting import Task
from corpus.topics import load_events

EVENTS = load_events()


def test_every_pair_of_reports_is_there_once() -> None:
    same, other = pair_same_event(EVENTS), pair_other_events(EVENTS)
    n_events, n_texts = len(EVENTS), 4 * len(EVENTS)
    assert len(same) == 6 * n_events
    assert len(same) + len(other) == n_texts * (n_texts - 1) // 2
    sides = {frozenset((task.text_a, task.text_b)) for task in [*same, *other]}
    assert len(sides) == len(same) + len(other)
    assert not any(task.planted or task.optional for task in [*same, *other])
    assert len(pair_retold(EVENTS)) == n_events


def write_releases(path: Path, is_reversed: bool) -> Path:
    lines = [
        {
            "id": f"{number:03}",
            "outlet": "NORTH" if number % 3 else "SOUTH",
            "published": str(date(2020, 1, 1) + timedelta(days=20 * number)),
            "text": f"release number {number}",
        }
        for number in range(60)
    ]
    lines += [{"id": "undated", "text": "no date"}, {"id": "x", "outlet": "X", "text": "none"}]
    lines.sort(key=lambda line: line["id"], reverse=is_reversed)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_releases_are_of_different_outlets_and_a_year_apart(tmp_path: Path) -> None:
    path = write_releases(tmp_path / "a.jsonl", is_reversed=False)
    tasks = pair_releases(path, n_pairs=40)
    assert len(tasks) == 40
    for task in tasks:
        first, second = (int(text.rsplit(" ", 1)[1]) for text in (task.text_a, task.text_b))
        assert (first % 3 == 0) != (second % 3 == 0)
        assert 20 * abs(first - second) >= 365
    assert len({task.name for task in tasks}) > 30
    backwards = write_releases(tmp_path / "b.jsonl", is_reversed=True)
    assert pair_releases(backwards, n_pairs=40) == tasks
    assert pair_releases(path, n_pairs=40, seed=1) != tasks


def test_without_dates_there_is_no_pair(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "some words of text"}\n')
    assert pair_releases(path) == []


def test_every_passage_of_the_background_is_false() -> None:
    text = EVENTS[0].texts[0]
    found = count([Task(text, text), Task(text, EVENTS[1].texts[0])])
    assert (found.n_pairs, found.n_planted, found.n_false) == (2, 0, 1)


@given(st.lists(st.floats(0, 100), max_size=20))
def test_a_tail_counts_what_is_as_high(scores: list[float]) -> None:
    tail = count_tail(scores)
    assert tail == sorted(tail, reverse=True)
    assert tail == [len([one for one in scores if one >= least]) for least in SCORES]


def test_planted_sentences_have_a_score_each() -> None:
    scores = find_planted_scores(dedup.Params())
    assert len(scores) == 4 * sum(len(event.sentences) for event in EVENTS)
    # What scores less than the threshold is not found, hence 0.
    assert all(score == 0 or score >= dedup.Params().align.min_score for score in scores)


def test_the_table_of_tails() -> None:
    lines = list(table({"few": (10, [5.0, 12.5]), "none": (3, [])}))
    assert lines[0].split() == ["score", ">=", "few", "none"]
    assert lines[1].split() == ["pairs", "10", "3"]
    rows = {int(line.split()[0]): line.split()[1:] for line in lines[2:]}
    assert (rows[5], rows[6], rows[13]) == (["2", "0"], ["1", "0"], ["0", "0"])


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_retold_report_is_not_the_report(event) -> None:  # type: ignore[no-untyped-def]
    assert event.retold not in event.texts
