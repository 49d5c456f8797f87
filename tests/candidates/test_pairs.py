"""Packed pairs: what was packed comes back, and numbers sort as their pairs do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.candidates.search import pack_pairs, unpack_pairs
from tests.strategies import law

NUMBERS = st.sampled_from([0, 1, 2, 300, (1 << 31) - 1])
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans()), max_size=30)


@law(200)
@given(ROWS)
def test_packed_pairs_sort_as_pairs_and_come_back(rows):
    a, b, capped = np.array(rows, np.int64).reshape(-1, 3).T
    packed = np.sort(pack_pairs((a, b), capped.astype(np.bool_)))
    pairs, marks = unpack_pairs(packed)
    assert list(zip(*pairs.T.tolist(), marks.tolist(), strict=True)) == sorted(rows)
