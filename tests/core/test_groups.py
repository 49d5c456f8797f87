"""Spans grouped, nested and folded, against each compared with each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import groups as reference
from tests.strategies import law

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=25,
).map(sorted)
# As fractions of whole numbers of words these are met exactly now and then.
LEAST = st.sampled_from([0.5, 0.75, 0.8, 1.0])


def _rows(spans):
    return np.array(spans, np.int64).reshape(-1, 2)


@law(300)
@given(SPANS, LEAST)
def test_groups_are_those_of_the_twin(spans, least):
    assert _core.group_spans(_rows(spans), least).tolist() == reference.group_spans(spans, least)


@law(300)
@given(SPANS, LEAST)
def test_nested_spans_are_those_of_the_twin(spans, least):
    spans = sorted(set(spans))
    found = [tuple(row) for row in _core.find_nested(_rows(spans), least).tolist()]
    assert found == reference.find_nested(spans, least)


@law(300)
@given(SPANS, st.data())
def test_of_spans_that_overlap_the_most_alike_is_kept(spans, data):
    size = len(spans)
    families = sorted(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
    parts = [sorted(s for s, f in zip(spans, families, strict=True) if f == n) for n in range(3)]
    spans = [span for part in parts for span in part]
    alike = data.draw(st.lists(st.sampled_from([0.5, 0.75, 1.0]), min_size=size, max_size=size))
    keep = _core.fold_spans(np.array(families, np.int64), _rows(spans), np.array(alike, float))
    assert keep.tolist() == reference.fold_spans(families, spans, alike)


ONE = np.array([[0, 5]])


@pytest.mark.parametrize("door", [_core.group_spans, _core.find_nested])
@pytest.mark.parametrize(
    ("spans", "error"),
    [
        (ONE.astype(np.int32), TypeError),
        (np.zeros((2, 4), np.int64)[:, ::2], TypeError),
        (np.array([0, 5]), TypeError),
        (np.array([[0, 5, 7]]), ValueError),
        (np.array([[5, 0]]), ValueError),
        (np.array([[-1, 5]]), ValueError),
    ],
)
def test_spans_that_do_not_fit_are_refused(door, spans, error):
    with pytest.raises(error):
        door(spans, 0.5)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.zeros(1, np.int32), TypeError),
        (0, np.zeros(2, np.int64), ValueError),
        (1, np.array([[5, 0]]), ValueError),
        (2, np.zeros(1, np.float32), TypeError),
        (2, np.zeros(2), ValueError),
        (2, np.array([np.nan]), ValueError),
    ],
)
def test_what_cannot_be_folded_is_refused(at, array, error):
    arrays = [np.zeros(1, np.int64), ONE, np.zeros(1)]
    arrays[at] = array
    with pytest.raises(error):
        _core.fold_spans(*arrays)


def test_the_largest_numbers_do_not_overflow():
    most = np.iinfo(np.int64).max
    spans = np.array([[0, most], [0, most], [1, most]])
    assert _core.group_spans(spans, 1.0).tolist() == [0, 0, 0]
    assert _core.fold_spans(np.zeros(3, np.int64), spans, np.ones(3)).tolist() == [
        True,
        False,
        False,
    ]
