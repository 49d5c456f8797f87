"""Hold plagdet to hand-computed values, to its laws, and to a slow obvious twin."""

from dataclasses import astuple
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.plagdet import ReuseCase, Score, Span, score


def case(a: Span, b: Span, a_id: str = "a", b_id: str = "b") -> ReuseCase:
    return ReuseCase(a_id, b_id, a, b)


WHOLE = case((0, 100), (0, 100))
ELSEWHERE = case((0, 100), (0, 100), a_id="other")

spans = st.tuples(st.integers(0, 30), st.integers(1, 15)).map(lambda s: (s[0], s[0] + s[1]))
cases = st.builds(
    ReuseCase, st.sampled_from(["a1", "a2"]), st.sampled_from(["b1", "b2"]), spans, spans
)
case_lists = st.lists(cases, max_size=12)


def slow_score(gold: list[ReuseCase], found: list[ReuseCase]) -> Score:
    """Compute plagdet from sets of characters, straight from the definition."""
    all_gold, all_found = set(gold), set(found)
    covering = [sum(bool(shared(s, r)) for r in all_found) for s in all_gold]
    detected = [n for n in covering if n]
    granularity = sum(detected) / len(detected) if detected else 1.0
    precision, recall = slow_recall(all_found, all_gold), slow_recall(all_gold, all_found)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(f1 / log2(1 + granularity), precision, recall, granularity)


def slow_recall(targets: set[ReuseCase], others: set[ReuseCase]) -> float:
    if not targets or not others:
        return 1.0 if targets == others else 0.0
    shares = [
        len(set().union(*(shared(target, other) for other in others))) / len(characters(target))
        for target in targets
    ]
    return sum(shares) / len(shares)


def shared(s: ReuseCase, r: ReuseCase) -> set[tuple[str, str, int]]:
    """Intersect two cases, or give nothing unless they meet on both sides."""
    if (s.a_id, s.b_id) != (r.a_id, r.b_id):
        return set()
    both = characters(s) & characters(r)
    return both if {side for side, _, _ in both} == {"a", "b"} else set()


def characters(c: ReuseCase) -> set[tuple[str, str, int]]:
    side_a = {("a", c.a_id, i) for i in range(*c.a)}
    return side_a | {("b", c.b_id, i) for i in range(*c.b)}


@given(case_lists, case_lists)
def test_equals_its_twin(gold: list[ReuseCase], found: list[ReuseCase]) -> None:
    assert astuple(score(gold, found)) == pytest.approx(astuple(slow_score(gold, found)))


@pytest.mark.parametrize(
    ("gold", "found", "precision", "recall", "granularity"),
    [
        pytest.param([], [], 1, 1, 1, id="nothing to find, nothing found"),
        pytest.param([WHOLE], [], 0, 0, 1, id="nothing found"),
        pytest.param([], [WHOLE], 0, 0, 1, id="nothing to find"),
        pytest.param([WHOLE], [ELSEWHERE], 0, 0, 1, id="another document"),
        pytest.param([WHOLE], [case((0, 100), (100, 200))], 0, 0, 1, id="one side only"),
        pytest.param([WHOLE], [case((100, 200), (100, 200))], 0, 0, 1, id="touching is no overlap"),
        pytest.param([WHOLE], [case((99, 100), (99, 100))], 1, 0.01, 1, id="last character"),
        pytest.param([WHOLE], [case((0, 100), (0, 50))], 1, 0.75, 1, id="sides are summed"),
        pytest.param([WHOLE], [case((0, 200), (0, 200))], 0.5, 1, 1, id="too long"),
        pytest.param(
            [WHOLE],
            [case((0, 60), (0, 60)), case((40, 120), (40, 120))],
            (1 + 0.75) / 2,
            1,
            2,
            id="overlapping detections cover once",
        ),
        pytest.param(
            [case((0, 40), (0, 40)), case((60, 100), (60, 100))],
            [WHOLE],
            0.8,
            1,
            1,
            id="two cases merged",
        ),
        pytest.param(
            [WHOLE, case((200, 220), (200, 220))],
            [case((0, 30), (0, 30)), case((50, 100), (50, 100)), case((200, 210), (200, 210))],
            1,
            (0.8 + 0.5) / 2,
            1.5,
            id="two detections for one case, one for the other",
        ),
    ],
)
def test_hand_computed(
    gold: list[ReuseCase],
    found: list[ReuseCase],
    precision: float,
    recall: float,
    granularity: float,
) -> None:
    got = score(gold, found)
    assert astuple(got)[1:] == pytest.approx((precision, recall, granularity))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
    assert got.plagdet == pytest.approx(f1 / log2(1 + granularity))


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=20))
def test_gold_against_itself_is_exactly_one(lengths: list[tuple[int, int]]) -> None:
    gold = [
        case((100 * i, 100 * i + n), (100 * i, 100 * i + m)) for i, (n, m) in enumerate(lengths)
    ]
    assert score(gold, gold) == Score(1.0, 1.0, 1.0, 1.0)


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_split_costs_only_granularity(cut_a: int, cut_b: int) -> None:
    halves = [case((0, cut_a), (0, cut_b)), case((cut_a, 100), (cut_b, 100))]
    assert score([WHOLE], halves) == Score(1 / log2(3), 1.0, 1.0, 2.0)


@given(case_lists.filter(bool), case_lists.filter(bool))
def test_an_unrelated_detection_costs_only_precision(
    gold: list[ReuseCase], found: list[ReuseCase]
) -> None:
    before, after = score(gold, found), score(gold, [*found, ELSEWHERE])
    n = len(set(found))
    assert after.precision == pytest.approx(before.precision * n / (n + 1))
    assert (after.recall, after.granularity) == (before.recall, before.granularity)


@given(case_lists.filter(bool), case_lists.filter(bool))
def test_a_missed_case_costs_only_recall(gold: list[ReuseCase], found: list[ReuseCase]) -> None:
    before, after = score(gold, found), score([*gold, ELSEWHERE], found)
    n = len(set(gold))
    assert after.recall == pytest.approx(before.recall * n / (n + 1))
    assert (after.precision, after.granularity) == (before.precision, before.granularity)


@given(case_lists, case_lists)
def test_precision_is_recall_the_other_way(gold: list[ReuseCase], found: list[ReuseCase]) -> None:
    there, back = score(gold, found), score(found, gold)
    assert (there.precision, there.recall) == (back.recall, back.precision)


@given(case_lists, case_lists)
def test_sides_are_equal(gold: list[ReuseCase], found: list[ReuseCase]) -> None:
    def flip(some: list[ReuseCase]) -> list[ReuseCase]:
        return [ReuseCase(c.b_id, c.a_id, c.b, c.a) for c in some]

    assert score(flip(gold), flip(found)) == score(gold, found)


@given(case_lists, case_lists)
def test_order_and_repeats_change_nothing(gold: list[ReuseCase], found: list[ReuseCase]) -> None:
    assert score(gold[::-1] * 2, found[::-1] * 3) == score(gold, found)


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 5)])
def test_an_impossible_span_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="span"):
        case(span, (0, 1))
    with pytest.raises(ValueError, match="span"):
        case((0, 1), span)
