"""Planted sentences and repeats, on articles that are written here."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from bench.accuracy import languages
from bench.accuracy.languages import Steps, find_iou, is_repeat
from bench.accuracy.run import measure_languages
from tests.strategies import law

SENTENCE = (
    "The old lighthouse would be sold at auction in May, after three attempts to find a tenant "
    "had failed, the harbor authority said."
)
OTHERS = (
    "A festival of brass bands drew nine thousand visitors to the river meadows on Saturday.",
    "Scientists measured how quickly glaciers melt beneath a layer of volcanic ash.",
    "The striker missed two penalties before the keeper injured a shoulder near the break.",
)


@pytest.fixture
def path(tmp_path):
    planted = [f"{OTHERS[0]} {SENTENCE}", f"{SENTENCE} {OTHERS[1]}"]
    starts = [text.index(SENTENCE) for text in planted]
    spans = [[start, start + len(SENTENCE)] for start in starts]
    found = {"a": planted[0], "b": planted[1], "span_a": spans[0], "span_b": spans[1]}
    missed = {"a": OTHERS[0], "b": OTHERS[1], "span_a": [0, 40], "span_b": [0, 40]}
    row = {
        "language": "en",
        "articles": [*OTHERS, *planted],
        "unrelated": [[0, 1], [0, 2], [3, 4], [1, 2]],
        "planted": [found | {"kind": "copied"}, missed | {"kind": "copied"}],
    }
    file = tmp_path / "languages.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return file


def test_what_is_planted_is_found_and_what_is_not_is_not(path):
    (row,) = languages.measure(path, dedup.Params())
    assert (row.n_planted, row.n_found) == ({"copied": 2}, {"copied": 1})
    assert row.recall() == row.recall("copied") == 0.5
    assert row.iou == pytest.approx(1, abs=0.05)
    # The pair that shares the sentence is a repeat.
    assert (row.n_unrelated, row.n_false, row.n_repeats) == (4, 0, 1)
    assert (row.false_rate, row.repeat_rate) == (0, 250)
    assert "copied" in languages.lay_out([row])[0]


def test_steps_leave_out_pairs_and_sentences(path):
    (row,) = languages.measure(path, dedup.Params(), steps=Steps(3, 2))
    assert (row.n_unrelated, row.n_planted) == (2, {"copied": 1})


def test_other_languages_are_left_out(path):
    assert list(languages.measure(path, dedup.Params(), ["fr"])) == []


def test_rows_of_the_gate_are_of_languages_and_of_kinds(path):
    rows = list(measure_languages(path, dedup.Params()))
    assert [row.title for row in rows] == ["language en", "copied"]
    assert [row.recall for row in rows] == [0.5, 0.5]


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda one: (one[0], sum(one)))


@law()
@given(st.lists(SPANS, max_size=4), SPANS)
def test_iou_lies_between_nothing_and_the_span_itself(spans, gold):
    assert 0 <= find_iou(spans, gold) <= find_iou([gold], gold) == 1
    assert (find_iou(spans, gold) > 0) == any(
        max(start, gold[0]) < min(end, gold[1]) for start, end in spans
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("He said that in a long speech", "She SAID that, in a long letter", True),
        ("He said that in a speech", "She said that in the letter", False),
        ("市政府宣布大桥关闭半年", "昨天市政府宣布大桥关闭了", True),
        ("市政府宣布大桥关闭半年", "市政府宣布大楼开放", False),
        ("The results of the blasts were sad", "The result of a blast was sad", False),
        ("He resulted from the explosions there", "He results from the explosion there", True),
        ("Αποτελεί μέρος του νέου έργου", "Αποτέλεσε μέρη των νέων έργων", False),
        ("Αποτελεί μέρος του νέου έργου", "Αποτέλεσε μέρος του νέου έργου", True),
        ("The area is 3,000 square miles today", "The area was 17.5 square miles", False),
        ("The area is 3,000 square miles today", "The area is 17.5 square miles in all", True),
        ("", "", False),
    ],
)
def test_a_repeat_has_a_run_of_words_in_common(one, other, expected):
    assert is_repeat(one, other) == expected
