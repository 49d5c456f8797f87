"""Spans grouped, nested and folded, against each compared with each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import grouping as kernel
from tests.reference import grouping as reference
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
    assert kernel.group_spans(_rows(spans), least).tolist() == reference.group_spans(spans, least)


@law(300)
@given(SPANS, LEAST)
def test_nested_spans_are_those_of_the_twin(spans, least):
    spans = sorted(set(spans))
    found = [tuple(row) for row in kernel.find_nested(_rows(spans), least).tolist()]
    assert found == reference.find_nested(spans, least)


@law(300)
@given(SPANS, st.data())
def test_of_spans_that_overlap_the_most_alike_is_kept(spans, data):
    size = len(spans)
    families = sorted(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
    parts = [sorted(s for s, f in zip(spans, families, strict=True) if f == n) for n in range(3)]
    spans = [span for part in parts for span in part]
    alike = data.draw(st.lists(st.sampled_from([0.5, 0.75, 1.0]), min_size=size, max_size=size))
    keep = kernel.fold_spans(np.array(families, np.int64), _rows(spans), np.array(alike, float))
    assert keep.tolist() == reference.fold_spans(families, spans, alike)
