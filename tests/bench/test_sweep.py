"""The edit sweep: what is planted where, and that the detector is asked as anyone would ask it."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

import dedup
from bench.accuracy import gold
from bench.accuracy.detecting import Task, detect, judge, lower_threshold, read_spans, show
from bench.accuracy.spans import Tally
from bench.accuracy.sweep import (
    GRADED,
    SHARES,
    Setting,
    alter,
    find_gaps,
    list_settings,
    main,
    plant,
    plant_all,
    rows_of,
    sweep,
)
from corpus.topics import load_events

EVENTS = load_events()
PLANTED = list(plant_all(EVENTS[:2], n_rounds=2))


def test_every_setting_is_planted_as_often() -> None:
    counts = dict.fromkeys(list_settings(), 0)
    for setting, _ in PLANTED:
        counts[setting] += 1
    n_sentences = 2 * 6 * 2
    n_commas = sum(", " in one.text for event in EVENTS[:2] for one in event.sentences)
    assert counts.pop(Setting("split-quote", 0.0)) == n_sentences // 3
    assert counts.pop(Setting("swap", 0.0)) == 2 * n_commas
    assert set(counts.values()) == {n_sentences}
    assert {setting.kind for setting in counts} == set(GRADED)


def test_clauses_change_places_with_their_capitals() -> None:
    text = "Farmers complained for years, but nobody came"
    assert alter(text, Setting("swap", 0.0), Random(0)) == (
        "But nobody came, farmers complained for years"
    )


def test_known_spans_are_the_sentence_and_its_copy() -> None:
    sentences = {sentence.text for event in EVENTS for sentence in event.sentences}
    for setting, task in PLANTED:
        ((a, b),) = task.planted
        first, second = task.text_a[slice(*a)], task.text_b[slice(*b)]
        if setting.kind == "truncate":
            assert first == second
            assert any(first in sentence for sentence in sentences)
        else:
            assert first in sentences
            assert (first == second) == (setting.kind in GRADED and setting.share == 0)
        assert first[0].isalnum()
        assert second[-1].isalnum()


def test_without_the_planted_sentence_the_article_is_as_it_was() -> None:
    texts = {text for event in EVENTS for text in event.texts}
    for _, task in PLANTED:
        ((a, b),) = task.planted
        for text, (start, end) in ((task.text_a, a), (task.text_b, b)):
            paragraph_start = max(text.rfind(mark, 0, start) for mark in (". ", '" ', "? ", "! "))
            rest = {
                text[:i].rstrip() + text[j:]
                for i in range(max(0, paragraph_start), start + 1)
                for j in range(end, min(len(text), end + 120) + 1)
            }
            assert rest & texts


def test_a_sentence_stands_in_the_same_places_in_every_setting() -> None:
    event, sentence = EVENTS[0], EVENTS[0].sentences[0]
    starts = {
        (task.text_a[: task.planted[0][0][0]], task.text_b[: task.planted[0][1][0]])
        for task in (
            plant(event, sentence, Setting(kind, share), "name")
            for kind in ("substitute", "insert", "delete")
            for share in SHARES
        )
    }
    assert len(starts) == 1


def test_a_and_b_are_different_articles() -> None:
    for name in map(str, range(50)):
        task = plant(EVENTS[0], EVENTS[0].sentences[0], Setting("substitute", 0.0), name)
        assert task.text_a != task.text_b


def test_gaps_are_between_sentences_and_outside_of_quotations() -> None:
    text = 'It was 6 p.m. and dark. "Go. Now," he said.\n\nThey went. "Why?" Nobody knew.'
    ends = [text[:gap][-6:] for gap in find_gaps(text)]
    assert ends == [" dark.", " said.", " went.", '"Why?"', " knew."]


@pytest.mark.parametrize("kind", ["insert", "delete", "truncate"])
@pytest.mark.parametrize("share", SHARES)
def test_the_share_is_that_of_all_words(kind: str, share: float) -> None:
    for sentence in EVENTS[0].sentences:
        n_words = len(sentence.text.split())
        altered = alter(sentence.text, Setting(kind, share), Random(1))
        n_after = len(altered.split())
        assert abs(n_after - n_words) == round(share * n_words)


def test_equal_names_plant_equal_texts() -> None:
    assert list(plant_all(EVENTS[:2], n_rounds=2)) == PLANTED


# ------------------------------------------------------------------ detector


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return [task for _, task in PLANTED[:: len(PLANTED) // 12]]


def test_many_pairs_at_once_give_what_compare_gives(tasks: list[Task]) -> None:
    for task, passages in zip(tasks, detect(tasks, jobs=2), strict=True):
        # Who is quoted is read from the texts afterwards, and not measured.
        found = dedup.compare(task.text_a, task.text_b).passages
        assert [(one.a, one.b, one.score, one.edits) for one in passages] == [
            (one.a, one.b, one.score, one.edits) for one in found
        ]
    assert detect([]) == []


def test_a_lower_threshold_loses_no_pair(tasks: list[Task]) -> None:
    params = dedup.Params()
    lowered = lower_threshold(params)
    assert lowered.align.min_score < params.align.min_score
    for few, many in zip(detect(tasks, params), detect(tasks, lowered), strict=True):
        assert bool(few) <= bool(many)


def test_a_text_against_itself_is_found_to_the_letter() -> None:
    text = EVENTS[0].texts[0]
    whole = 0, len(text.rstrip("."))
    task = Task(text, text, ((whole, whole),), name="itself")
    (passages,) = detect([task])
    assert judge(task, passages) == Tally(1, 1, 1, 1.0, 0, 0)
    assert read_spans(task, passages[0]) == (whole, whole)
    assert any("itself" in line for line in show(task, passages))


def test_what_is_copied_is_found_and_what_is_rewritten_is_not() -> None:
    tallies = sweep(n_rounds=1)
    assert list(tallies) == list_settings()
    copied = tallies[Setting("substitute", 0.0)]
    assert copied.recall == 1
    for kind in GRADED:
        recalls = [tallies[Setting(kind, share)].recall or 0 for share in SHARES]
        # Less is left to find; a few sentences either way are chance.
        assert all(later <= earlier + 0.05 for earlier, later in pairwise(recalls))
        assert tallies[Setting(kind, 0.0)] == copied
    rows = rows_of(tallies)
    assert [row.name for row in rows] == [one.kind for one in tallies]


def test_gold_is_read_with_what_is_optional() -> None:
    tasks = gold.read_tasks()
    assert len(tasks) == 24 * 23 // 2
    assert sum(len(task.planted) for task in tasks) == 34
    assert sum(len(task.optional) for task in tasks) == 9
    perfect = Tally()
    for task in tasks:
        for a, b in (*task.planted, *task.optional):
            assert task.text_a[a[0]].isalnum()
            assert task.text_b[b[1] - 1].isalnum()
        perfect += gold_against_itself(task)
    assert (perfect.recall, perfect.mean_iou, perfect.n_false, perfect.n_astray) == (1, 1, 0, 0)


def gold_against_itself(task: Task) -> Tally:
    from bench.accuracy.spans import tally

    return tally(task.planted, [*task.planted, *task.optional], task.optional)


def test_the_worst_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--show", "2", "--kind", "reword", "--share", "0.6"])
    printed = capsys.readouterr().out
    assert printed.count("planted a:") == 2
    assert "reword 60%" in printed
