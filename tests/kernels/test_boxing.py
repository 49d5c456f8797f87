"""Boxes, segments and what they share, against their twins; and the laws they keep."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from dedup.kernels import boxing as kernel
from dedup.params import SearchParams
from tests.reference import boxing as reference
from tests.reference.sides import pack, side, unpack
from tests.strategies import bits, law

LIMITS = SearchParams()
TOKENS = st.lists(st.integers(1, 12), min_size=12, max_size=12).map(
    lambda steps: np.cumsum(steps).tolist()
)
ANCHORS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=14).map(sorted)


@law(150)
@given(ANCHORS, TOKENS, TOKENS, st.integers(0, 20))
def test_boxes_are_the_twin(anchors, tokens_a, tokens_b, max_gap):
    a, b = side([0] * 12, tokens=tokens_a), side([0] * 12, tokens=tokens_b)
    order, bounds = kernel.split_boxes(pack(anchors), a, b, max_gap)
    found = unpack(order)
    boxes = [sorted(found[low:high]) for low, high in pairwise(bounds.tolist())]
    assert sorted(boxes) == sorted(reference.split_boxes(anchors, tokens_a, tokens_b, max_gap))


@law(100)
@given(ANCHORS, TOKENS, TOKENS, st.integers(0, 20))
def test_boxes_part_the_anchors_and_hold_no_wide_gap(anchors, tokens_a, tokens_b, max_gap):
    a, b = side([0] * 12, tokens=tokens_a), side([0] * 12, tokens=tokens_b)
    order, bounds = kernel.split_boxes(pack(anchors), a, b, max_gap)
    assert sorted(unpack(order)) == anchors
    assert bounds[0] == 0
    assert bounds[-1] == len(anchors)
    for low, high in pairwise(bounds.tolist()):
        box = unpack(order[low:high])
        assert box
        for tokens, places in ((tokens_a, {i for i, _ in box}), (tokens_b, {j for _, j in box})):
            gaps = [tokens[right] - tokens[left] for left, right in pairwise(sorted(places))]
            assert all(gap <= max_gap for gap in gaps)


def _measure(a, b, spans, n_stems=5):
    scratch = np.zeros((3, n_stems), np.float32)
    measured = kernel.measure_box(*spans, a, b, scratch)
    assert not scratch[:2].any()
    return measured


BAGS = st.lists(st.tuples(st.integers(0, 4), bits()), max_size=10)


@law(150)
@given(BAGS, BAGS, st.lists(st.integers(0, 10), min_size=4, max_size=4))
def test_measure_is_the_twin(a, b, cuts):
    """A stem carries the same bits wherever it stands on one side."""
    bits_a, bits_b = dict(a), dict(b)
    a, b = [(stem, bits_a[stem]) for stem, _ in a], [(stem, bits_b[stem]) for stem, _ in b]
    p_low, p_high = sorted(cuts[:2])
    q_low, q_high = sorted(cuts[2:])
    sides = [side([s for s, _ in bag], [w for _, w in bag]) for bag in (a, b)]
    shared, cosine, n_types = _measure(*sides, (p_low, p_high, q_low, q_high))
    part_a, part_b = a[p_low:p_high], b[q_low:q_high]
    assert (shared, cosine) == pytest.approx(reference.measure(part_a, part_b))
    assert n_types == len({stem for stem, _ in part_a} & {stem for stem, _ in part_b})
    mirrored = _measure(*sides[::-1], (q_low, q_high, p_low, p_high))
    assert mirrored == pytest.approx((shared, cosine, n_types))


def test_measure_counts_tokens_and_not_content_words():
    a = side([0, 1], tokens=[3, 9])
    b = side([0, 1], tokens=[0, 5])
    assert _measure(a, b, (3, 4, 0, 6))[0] == 1.0
    assert _measure(a, b, (3, 10, 0, 6))[0] == 2.0
    assert _measure(a, b, (4, 9, 0, 6)) == (0.0, 0.0, 0)


def test_words_that_the_other_side_lacks_weigh_but_are_not_shared():
    a, b = side([-1, 0, -1, -1]), side([0, 1, 2, 3])
    assert _measure(a, b, (0, 4, 0, 4)) == (1.0, 0.25, 1)


def test_facts_are_shared_but_are_no_wording():
    a = side([0, 1])
    b = side([0, 1], is_fact=[True, False])
    assert _measure(a, b, (0, 2, 0, 2)) == (2.0, 1.0, 1)


@njit
def _merge(rows, max_merge, min_worth, a, b, scratch):
    boxes = [(rows[k, 0], rows[k, 1], rows[k, 2], rows[k, 3]) for k in range(len(rows))]
    kernel.merge_boxes(boxes, max_merge, min_worth, a, b, scratch)
    return boxes


def _merged(boxes, max_merge, min_worth=0.0, a=None, b=None):
    a, b = a or side([0] * 40), b or side([0] * 40)
    scratch = np.zeros((3, 40), np.float32)
    rows = np.array(sorted(boxes), np.int64).reshape(-1, 4)
    return [tuple(map(int, box)) for box in _merge(rows, max_merge, min_worth, a, b, scratch)]


_SPAN = st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda s: (s[0], s[0] + s[1]))
BOXES = st.lists(st.tuples(_SPAN, _SPAN).map(lambda s: (*s[0], *s[1])), min_size=1, max_size=6)


@law(150)
@given(BOXES, st.integers(0, 8))
def test_merging_loses_no_box_and_joins_what_is_near(boxes, max_merge):
    merged = _merged(boxes, max_merge)
    for p, p_end, q, q_end in boxes:
        assert any(p >= m[0] and p_end <= m[1] and q >= m[2] and q_end <= m[3] for m in merged)
    for edge, choose in ((0, min), (1, max), (2, min), (3, max)):
        assert choose(box[edge] for box in merged) == choose(box[edge] for box in boxes)
    assert sorted(box[0] for box in merged) == [box[0] for box in merged]
    assert len(merged) <= len(boxes)


@law(150)
@given(BOXES.map(lambda boxes: boxes[:3]), st.integers(0, 8))
def test_no_two_merged_boxes_are_near(boxes, max_merge):
    assert sorted(_merged(boxes, max_merge)) == reference.merge(boxes, max_merge)


def test_a_grown_box_reaches_past_the_box_before_it():
    """The last two join and then reach the first; the second lies far off in b."""
    boxes = [(7, 8, 9, 11), (8, 9, 0, 1), (9, 10, 4, 6), (10, 11, 7, 9)]
    assert sorted(_merged(boxes, 1)) == reference.merge(boxes, 1)


def test_merging_must_be_worth_it():
    """Between two boxes of five shared words lie ten that are not, on one side."""
    a = side([*range(5), *[-1] * 10, *range(5, 10)])
    b = side(list(range(10)))
    boxes = [(0, 5, 0, 5), (15, 20, 5, 10)]
    assert _merged(boxes, 10, 0.0, a, b) == [(0, 20, 0, 10)]
    # Together they share 10 bits at a cosine of 10 / sqrt(20 * 10): 7.07 of 10.
    assert _merged(boxes, 10, 0.70, a, b) == [(0, 20, 0, 10)]
    assert _merged(boxes, 10, 0.71, a, b) == boxes
    assert _merged(boxes, 9, 0.0, a, b) == boxes
