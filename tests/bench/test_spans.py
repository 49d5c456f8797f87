"""What counts as found: oracles by hand, and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.spans import Span, Spans, Tally, iou, is_found, tally, trim

spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda one: (one[0], sum(one)))
pairs = st.tuples(spans, spans)
GOLD: Spans = ((100, 200), (300, 400))


def letters(span: Span) -> set[int]:
    return set(range(*span))


@given(spans, spans)
def test_iou_is_that_of_the_sets(x: Span, y: Span) -> None:
    shared, both = letters(x) & letters(y), letters(x) | letters(y)
    assert iou(x, y) == pytest.approx(len(shared) / len(both))
    assert iou(x, y) == iou(y, x)
    assert iou(x, x) == 1


@given(pairs, pairs)
def test_found_is_half_of_both_sides(planted: Spans, passage: Spans) -> None:
    shares = [
        len(letters(one) & letters(other)) / len(letters(one))
        for one, other in zip(planted, passage, strict=True)
    ]
    assert is_found(planted, passage) == (min(shares) >= 0.5)


@given(st.lists(pairs, max_size=4))
def test_what_is_planted_finds_itself(planted: list[Spans]) -> None:
    found = tally(planted, planted)
    assert found == Tally(1, len(planted), len(planted), pytest.approx(len(planted)), 0, 0)
    assert found.recall == (1 if planted else None)


@pytest.mark.parametrize(
    ("passage", "n_found", "expected", "n_false", "n_astray"),
    [
        (GOLD, 1, 1.0, 0, 0),
        # 80 of 120 characters on one side, all on the other
        (((120, 220), (300, 400)), 1, (80 / 120 + 1) / 2, 0, 0),
        (((50, 250), (300, 400)), 1, (0.5 + 1) / 2, 0, 0),
        (((150, 200), (300, 350)), 1, 0.5, 0, 0),
        (((151, 200), (300, 400)), 0, 0.0, 0, 0),
        (((100, 200), (0, 100)), 0, 0.0, 0, 1),
        (((199, 260), (399, 420)), 0, 0.0, 0, 0),
        (((200, 260), (400, 420)), 0, 0.0, 1, 0),
    ],
)
def test_a_passage_is_judged(
    passage: Spans, n_found: int, expected: float, n_false: int, n_astray: int
) -> None:
    assert tally([GOLD], [passage]) == Tally(
        1, 1, n_found, pytest.approx(expected), n_false, n_astray
    )


def test_the_best_of_two_finders_counts_once() -> None:
    found = tally([GOLD], [((100, 160), (300, 360)), ((100, 190), (300, 390))])
    assert found == Tally(1, 1, 1, pytest.approx(0.9), 0, 0)


def test_one_passage_may_find_two() -> None:
    two: list[Spans] = [((0, 10), (0, 10)), ((10, 20), (10, 20))]
    assert tally(two, [((0, 20), (0, 20))]) == Tally(1, 2, 2, pytest.approx(1.0), 0, 0)


def test_two_halves_of_different_spans_are_astray() -> None:
    two: list[Spans] = [((0, 10), (0, 10)), ((10, 20), (10, 20))]
    assert tally(two, [((0, 10), (10, 20))]).n_astray == 1


def test_what_is_optional_is_neither_right_nor_wrong() -> None:
    assert tally([], [GOLD], [GOLD]) == Tally(1, 0, 0, 0.0, 0, 0)
    assert tally([], [], [GOLD]) == Tally(1, 0, 0, 0.0, 0, 0)
    assert tally([], [GOLD]).n_false == 1


@given(st.lists(st.tuples(st.lists(pairs, max_size=2), st.lists(pairs, max_size=3)), max_size=4))
def test_tallies_add_up(cases: list[tuple[list[Spans], list[Spans]]]) -> None:
    parts = [tally(planted, passages) for planted, passages in cases]
    whole = sum(parts, Tally())
    assert whole.n_pairs == len(cases)
    assert whole.n_found == sum(part.n_found for part in parts)
    assert whole.n_false + whole.n_astray <= sum(len(passages) for _, passages in cases)
    assert whole.recall is None or 0 <= whole.recall <= 1
    assert whole.mean_iou is None or 0 < whole.mean_iou <= 1


def test_nothing_measured_is_none_and_not_zero() -> None:
    assert (Tally().recall, Tally().mean_iou, Tally().false_rate) == (None, None, None)
    assert Tally(n_pairs=4, n_false=1, n_astray=2).false_rate == 0.25
    assert Tally(n_pairs=4, n_false=1, n_astray=2).astray_rate == 0.5


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ('He said "no more." Then', (8, 18), (9, 16)),
        ("plain", (0, 5), (0, 5)),
        ("... ", (0, 4), (0, 4)),
        ("é1", (0, 2), (0, 2)),
    ],
)
def test_marks_at_the_ends_are_taken_off(text: str, span: Span, expected: Span) -> None:
    assert trim(text, span) == expected
