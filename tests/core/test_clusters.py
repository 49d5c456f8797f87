"""Boxes, segments and what they share, against their twins; and the laws they keep."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import clusters as reference
from tests.reference.sides import pack, pair, pair_of, rows, side, unpack
from tests.strategies import bits, law

TOKENS = st.lists(st.integers(1, 12), min_size=12, max_size=12).map(
    lambda steps: np.cumsum(steps).tolist()
)
ANCHORS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=14).map(sorted)


WEIGHTS = st.lists(st.integers(0, 9), min_size=12, max_size=12)


@law(60)
@given(ANCHORS, TOKENS, TOKENS, WEIGHTS, WEIGHTS, st.integers(0, 20), st.integers(0, 30))
def test_boxes_are_the_twin(anchors, tokens_a, tokens_b, bits_a, bits_b, max_gap, min_bits):
    a = side([0] * 12, bits=bits_a, tokens=tokens_a)
    b = side([0] * 12, bits=bits_b, tokens=tokens_b)
    order, bounds, totals = _core.split_clusters(pack(anchors), a, b, max_gap, float(min_bits))
    found = unpack(order)
    boxes = [sorted(found[low:high]) for low, high in pairwise(bounds.tolist())]
    assert totals.tolist() == [sum(min(bits_a[i], bits_b[j]) for i, j in box) for box in boxes]
    every = reference.split_clusters(anchors, tokens_a, tokens_b, max_gap)
    assert sorted(boxes) == sorted(
        box for box in every if sum(min(bits_a[i], bits_b[j]) for i, j in box) >= min_bits
    )


@law(100)
@given(ANCHORS, TOKENS, TOKENS, st.integers(0, 20))
def test_boxes_part_the_anchors_and_hold_no_wide_gap(anchors, tokens_a, tokens_b, max_gap):
    a, b = side([0] * 12, tokens=tokens_a), side([0] * 12, tokens=tokens_b)
    order, bounds, _ = _core.split_clusters(pack(anchors), a, b, max_gap, 0.0)
    assert sorted(unpack(order)) == anchors
    assert bounds[0] == 0
    assert bounds[-1] == len(anchors)
    for low, high in pairwise(bounds.tolist()):
        box = unpack(order[low:high])
        assert box
        for tokens, places in ((tokens_a, {i for i, _ in box}), (tokens_b, {j for _, j in box})):
            gaps = [tokens[right] - tokens[left] for left, right in pairwise(sorted(places))]
            assert all(gap <= max_gap for gap in gaps)


def _measure(a, b, spans):
    """Tokens past the last content word are there, too."""
    n_a, n_b = (
        max([last, *(one.tokens + 1).tolist()]) for one, last in ((a, spans[1]), (b, spans[3]))
    )
    both = pair_of(a, b, n_tokens=(n_a, n_b))
    return _core.measure(both, *spans)


BAGS = st.lists(st.tuples(st.integers(0, 4), bits()), max_size=10)


@law(60)
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


NARROW = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1).map(sorted)


@law(80)
@given(NARROW, st.data(), st.sampled_from([0.25, 1.0]), st.sampled_from([0.5, 2.0, 8.0]))
def test_narrowed_boxes_are_the_twin(anchors, data, penalty, x_drop):
    """Words whose stem stands in the box without an anchor neither pay nor cost."""
    known = data.draw(st.dictionaries(st.integers(-2, 7), bits()))
    # A word of a that b lacks has a negative number.
    stems = [st.lists(st.integers(least, 7), min_size=12, max_size=12) for least in (-2, 0)]
    words = [[(stem, known.get(stem, 1.0)) for stem in data.draw(one)] for one in stems]
    sides = [side([max(s, -1) for s, _ in row], [w for _, w in row]) for row in words]
    # All anchors are one cluster, and no bridge is cheap enough.
    limits = penalty, x_drop, 1.5, 0.05, -1.0
    found = _core.find_clusters(pair_of(*sides, anchors), 1 << 31, 0.0, limits)
    expected = reference.narrow(anchors, *words, penalty, x_drop, 1.5)
    assert list(map(tuple, found.tolist())) == sorted(expected)


def _merged(boxes, a, b, max_bridge, chance_rate=0.05):
    """Merge boxes of two articles of (stem, bits)."""
    both = pair([s for s, _ in a], [s for s, _ in b], dict([*a, *b]))
    limits = 0.0, 0.0, 0.0, chance_rate, max_bridge
    return list(map(tuple, _core.merge(both, rows(sorted(boxes)), limits).tolist()))


_SPAN = st.tuples(st.integers(0, 24), st.integers(1, 6)).map(lambda s: (s[0], s[0] + s[1]))
BOXES = st.lists(st.tuples(_SPAN, _SPAN).map(lambda s: (*s[0], *s[1])), min_size=1, max_size=8)
BRIDGES = st.sampled_from([0.0, 0.5, 2.0, 8.0])


@st.composite
def articles(draw):
    """Two articles of thirty content words; a stem carries the same bits in both."""
    carried = draw(st.lists(bits(), min_size=10, max_size=10))
    stems = st.lists(st.integers(0, 9), min_size=30, max_size=30)
    return tuple([(stem, carried[stem]) for stem in draw(stems)] for _ in "ab")


@law(60)
@given(articles(), BOXES, BRIDGES)
def test_merging_is_the_twin(words, boxes, max_bridge):
    assert _merged(boxes, *words, max_bridge) == reference.merge(boxes, words, 0.05, max_bridge)


@law(100)
@given(articles(), BOXES, BRIDGES)
def test_merging_loses_no_box_and_keeps_the_order(words, boxes, max_bridge):
    merged = _merged(boxes, *words, max_bridge)
    for p, p_end, q, q_end in boxes:
        assert any(p >= m[0] and p_end <= m[1] and q >= m[2] and q_end <= m[3] for m in merged)
    for edge, choose in ((0, min), (1, max), (2, min), (3, max)):
        assert choose(box[edge] for box in merged) == choose(box[edge] for box in boxes)
    assert sorted(box[0] for box in merged) == [box[0] for box in merged]


@law(60)
@given(articles(), BOXES)
def test_without_a_limit_all_becomes_one(words, boxes):
    assert len(_merged(boxes, *words, np.inf)) == 1


def test_a_bridge_costs_more_the_more_is_shared():
    """Ten foreign words on one side: after verbatim text they cost 13 bits, else hardly one."""
    foreign = [(at, 1.0) for at in range(100, 110)]
    words = [(at, 1.0) for at in range(10)]
    boxes = [(0, 5, 0, 5), (15, 20, 5, 10)]
    a = words[:5] + foreign + words[5:]
    assert _merged(boxes, a, words, 12.9) == boxes
    assert _merged(boxes, a, words, 13.1) == [(0, 20, 0, 10)]
    # Of each box one word in five is shared.
    loose = [(at if at % 5 == 0 else 50 + at, 1.0) for at in range(10)]
    assert _merged(boxes, a, loose, 1.3) == [(0, 20, 0, 10)]


def test_what_is_measured_leaves_nothing_behind():
    """The first box has words of `a` that `b` has only in others: there they are not shared."""
    foreign = [(at, 1.0) for at in range(100, 110)]
    words = [(at, 1.0) for at in range(10)]
    loose = [(at if at % 5 == 0 else 50 + at, 1.0) for at in range(10)]
    head, far_a, far_b = ([(at, 1.0) for at in range(n, n + 20)] for n in (200, 300, 400))
    a = [*head, *loose, *far_a, *words[:5], *foreign, *words[5:]]
    b = [*head, *far_b, *loose]
    first, second, third = (0, 30, 0, 20), (50, 55, 40, 45), (65, 70, 45, 50)
    assert _merged([second, third], a, b, 1.3) == [(50, 70, 40, 50)]
    assert _merged([first, second, third], a, b, 1.3) == [first, (50, 70, 40, 50)]
    assert _merged([first, second, third], a, b, 0.9) == [first, second, third]


@pytest.mark.parametrize("n", [15, 16])
def test_boxes_look_sixteen_ahead(n):
    """Two boxes that touch have others between them by a, which are far off by b."""
    words = [(at, 8.0) for at in range(200)]
    between = [(1 + at, 2 + at, 20 + 9 * at, 21 + 9 * at) for at in range(n)]
    merged = _merged([(0, 30, 0, 1), *between, (25, 26, 1, 2)], words, words, 0.0)
    assert merged[0] == ((0, 30, 0, 2) if n < 16 else (0, 30, 0, 1))
