"""Bounds of parts."""

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime.bounds import add_up
from tests.strategies import law


@law(50)
@given(
    st.lists(st.integers(0, 1), max_size=9) | st.lists(st.integers(0, 255), max_size=9),
    st.sampled_from([np.bool_, np.uint8, np.uint32, np.int64]),
)
def test_bounds_are_the_sums_before_each_part(counts, dtype):
    given_counts = np.array(counts, dtype)
    found = add_up(given_counts)
    assert found.tolist() == [0, *accumulate(given_counts.astype(int).tolist())]
    assert found.dtype == np.int64
