"""Scores of labeled pairs: what is perfect, what is nothing, and what lies between."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from bench.accuracy import news_reuse
from bench.accuracy.news_reuse import LabeledPair, ReuseScore, Scored, score_pair
from tests.strategies import law

SPANS = st.tuples(st.integers(0, 90), st.integers(1, 30)).map(lambda one: (one[0], sum(one)))
UNITS = st.builds(
    lambda a, b, kind, sure: {"span_a": a, "span_b": b, "kind": kind, "sure": sure},
    SPANS,
    SPANS,
    st.sampled_from(news_reuse.LABELS),
    st.integers(1, 3),
)


def pair(*units, story=0):
    return LabeledPair(story, "a" * 120, "b" * 120, units)


@law()
@given(st.lists(UNITS, max_size=6))
def test_the_units_themselves_are_perfect(units):
    score = score_pair(pair(*units), [(one["span_a"], one["span_b"]) for one in units])
    sure = [one for one in units if one["sure"] > 1]
    assert score.precision == 1
    assert score.found["all"] == score.units["all"] == len(sure)
    assert score.recall() == pytest.approx(1.0 if sure else 0.0)
    assert score.n_silent == score.n_without == (not units)


@law()
@given(st.lists(UNITS, max_size=6), st.lists(st.tuples(SPANS, SPANS), max_size=6))
def test_more_passages_never_lower_recall(units, passages):
    scores = [score_pair(pair(*units), passages[:n]) for n in range(len(passages) + 1)]
    recalls = [one.recall() for one in scores]
    assert recalls == sorted(recalls)
    assert all(0 <= one.precision <= 1 and 0 <= one.f1 <= 1 for one in scores)


def test_a_passage_that_meets_one_side_only_finds_nothing():
    unit = {"span_a": (0, 40), "span_b": (0, 40), "kind": "edited", "sure": 3, "quote": True}
    score = score_pair(pair(unit), [((0, 40), (60, 100))])
    assert (score.recall(), score.found["edited quote"], score.units["edited quote"]) == (0, 0, 1)
    assert score.precision == 0.5


def test_boilerplate_counts_for_nothing():
    unit = {"span_a": (0, 40), "span_b": (0, 40), "kind": "boilerplate", "sure": 3}
    score = score_pair(pair(unit), [((0, 40), (0, 40))])
    assert (score.reported, score.precision, score.units["all"]) == (0, 1.0, 0)


def test_folds_hold_whole_stories():
    pairs = [pair(story=number % 7) for number in range(40)]
    folds = news_reuse.make_folds(pairs)
    assert sorted(number for fold in folds for number in fold) == list(range(40))
    stories = [{pairs[number].story for number in fold} for fold in folds]
    assert sum(map(len, stories)) == len(set().union(*stories)) == 7


def test_the_interval_holds_what_was_measured():
    unit = {"span_a": (0, 40), "span_b": (0, 40), "kind": "edited", "sure": 3}
    pairs = [pair(unit, story=number) for number in range(20)]
    scores = [score_pair(one, [((0, 40), (0, 40))] * (number % 2)) for number, one in
              enumerate(pairs)]  # fmt: skip
    low, high = news_reuse.find_interval(pairs, scores)
    assert low < sum(scores, ReuseScore()).f1 < high


def test_runs_of_five_words_are_found_once():
    found = news_reuse.find_exact("x one two Three four five six y", "One two three four five six")
    assert found == [Scored(((2, 29), (0, 27)), 6)]
    assert news_reuse.find_exact("one two three four", "one two three four") == []


def test_recall_is_that_of_the_best_passages():
    unit = {"span_a": (0, 40), "span_b": (0, 40), "kind": "edited", "sure": 3}
    right, wrong = Scored(((0, 40), (0, 40)), 9.0), Scored(((60, 100), (60, 100)), 1.0)
    find = lambda *_: [right, wrong]  # noqa: E731
    assert news_reuse.find_recall_at([pair(unit)], find, 0.9) == 1
    find = lambda *_: [wrong._replace(score=99.0), right]  # noqa: E731
    assert news_reuse.find_recall_at([pair(unit)], find, 0.9) == 0


def test_a_file_is_measured(tmp_path, capsys):
    text = "The harbor board approved a ferry terminal at the north pier on Tuesday night."
    unit = {"span_a": [0, len(text)], "span_b": [0, len(text)], "kind": "verbatim", "sure": 3}
    line = {"story": 1, "text_a": text, "text_b": text, "units": [unit]}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(line) + "\n")
    rows = list(news_reuse.measure(tmp_path / "pairs.jsonl", dedup.Params()))
    assert (rows[0].f1, rows[0].found) == (1, 1)
    news_reuse.main(["--pairs", str(tmp_path / "pairs.jsonl"), "--sensitivity", "5"])
    assert "a second person" in capsys.readouterr().out
