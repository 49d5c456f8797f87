"""Coverage against its twin, and what the door refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import coverage as reference
from tests.strategies import law

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda one: (one[0], sum(one))),
    max_size=12,
).map(sorted)
# Half-open, sorted, disjoint: every second gap between increasing places.
PIECES = st.lists(st.integers(0, 90), max_size=12, unique=True).map(
    lambda places: list(zip(sorted(places)[::2], sorted(places)[1::2], strict=False))
)


def _rows(lists, dtype):
    return np.array([span for own in lists for span in own], dtype).reshape(-1, 2)


def _bounds(lists):
    return np.cumsum([0, *(len(own) for own in lists)])


@law(300)
@given(st.lists(st.tuples(SPANS, PIECES), max_size=4))
def test_coverages_are_those_of_the_twin(texts):
    spans, pieces = [one for one, _ in texts], [one for _, one in texts]
    found = _core.find_coverages(
        _rows(spans, np.int64), _bounds(spans), _rows(pieces, np.uint32), _bounds(pieces)
    )
    assert found.tolist() == [reference.cover_text(*one) for one in texts]


GOOD = (
    np.array([[0, 5]]),
    np.array([0, 1]),
    np.array([[0, 10]], np.uint32),
    np.array([0, 1]),
)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.array([[0, 5]], np.int32), TypeError),
        (0, np.zeros((2, 4), np.int64)[:, ::2], TypeError),
        (0, np.array([0, 5]), TypeError),
        (0, np.array([[0, 5, 7]]), ValueError),
        (1, np.array([0, 2]), ValueError),
        (1, np.array([1, 0]), ValueError),
        (1, np.array([-1, 1]), ValueError),
        (1, np.array([], np.int64), ValueError),
        (2, np.array([[0, 10]]), TypeError),
        (3, np.array([0, 1, 1]), ValueError),
        (0, np.array([[5, 0]]), ValueError),
        (2, np.array([[10, 0]], np.uint32), ValueError),
    ],
)
def test_what_does_not_fit_is_refused(at, array, error):
    arrays = list(GOOD)
    arrays[at] = array
    with pytest.raises(error):
        _core.find_coverages(*arrays)


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([[4, 6], [0, 2]], [[0, 10]]),
        ([[0, 2], [4, 3]], [[0, 10]]),
        ([[0, 9]], [[5, 10], [0, 5]]),
        ([[0, 9]], [[0, 6], [5, 10]]),
        ([[0, 9]], [[0, 6], [0, 6]]),
    ],
)
def test_spans_and_pieces_of_a_text_that_are_out_of_order_are_refused(spans, pieces):
    rows, parts = np.array(spans), np.array(pieces, np.uint32)
    with pytest.raises(ValueError, match=r"half-open|sorted|disjoint"):
        _core.find_coverages(rows, np.array([0, len(rows)]), parts, np.array([0, len(parts)]))


def test_each_text_begins_anew():
    spans, pieces = np.array([[4, 6], [0, 2]]), np.array([[5, 9], [0, 4]], np.uint32)
    found = _core.find_coverages(spans, np.arange(3), pieces, np.arange(3))
    assert found.tolist() == [0.25, 0.5]


def test_read_only_arrays_are_taken_as_they_are():
    arrays = [array.copy() for array in GOOD]
    for array in arrays:
        array.flags.writeable = False
    assert _core.find_coverages(*arrays).tolist() == [0.5]


def test_the_largest_numbers_do_not_overflow():
    least, most = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    spans = np.array([[least, least], [least, most]])
    found = _core.find_coverages(spans, np.array([0, 2]), *GOOD[2:])
    assert found.tolist() == [1.0]
