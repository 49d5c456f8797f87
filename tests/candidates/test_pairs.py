"""Packed pairs: what was packed comes back, sorted as pairs are, and once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.candidates import search
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


@law(200)
@given(st.lists(ROWS, max_size=4))
def test_a_pair_that_is_found_twice_is_capped_if_one_of_them_was(parts):
    found, capped = [], {}
    for rows in parts:
        a, b, marks = np.array(rows, np.int64).reshape(-1, 3).T
        found.append(search.PartFound(pack_pairs((a, b), marks.astype(np.bool_)), 1, 2))
        for one, other, mark in rows:
            capped[one, other] = capped.get((one, other), False) or mark
    joined = search.join_found(found)
    assert [tuple(pair) for pair in joined.pairs.tolist()] == sorted(capped)
    assert joined.capped.tolist() == [capped[pair] for pair in sorted(capped)]
    assert (joined.n_capped, joined.n_read) == (len(parts), 2 * len(parts))
