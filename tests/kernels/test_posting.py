"""Sorted postings and look-ups against their twins, on keys that are no honest hashes too."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import posting as kernel
from tests.reference import posting as reference
from tests.strategies import law

# Few values, so that keys repeat; neighbors, which share every bit that a directory looks at.
KEYS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 2**63, 2**63 - 1, 2**64 - 1]),
    st.integers(2**40, 2**40 + 90),
)


def _sort(keys: list[int]) -> kernel.Postings:
    n = len(keys)
    articles, places = np.arange(n, dtype=np.uint32), np.arange(7, n + 7, dtype=np.uint32)
    return kernel.sort_postings(np.array(keys, np.uint64), articles, places)


@law(200)
@given(st.lists(KEYS, max_size=150))
@example([])
@example([5] * 33)
@example(list(range(33, 0, -1)))
@example(list(range(32, 0, -1)))
def test_sorted_postings_are_the_twin(keys):
    found = _sort(keys)
    rows = zip(found.keys.tolist(), found.articles.tolist(), found.places.tolist(), strict=True)
    assert list(rows) == reference.sort_postings(keys, range(len(keys)), range(7, len(keys) + 7))


@law(200)
@given(st.lists(KEYS, max_size=150), st.lists(KEYS, max_size=20))
@example([5] * 100 + [6] * 3, [4, 5, 6, 7])
@example([2**40 + at for at in range(80)], [2**40 + 70, 2**40 + 90])
def test_looked_up_ranges_are_the_twin(keys, queries):
    postings = _sort(keys)
    queries = queries + keys[:20]
    ranges = kernel.look_up(postings.keys, postings.directory, np.array(queries, np.uint64))
    for query, (first, last) in zip(queries, ranges.tolist(), strict=True):
        assert list(range(first, last)) == reference.look_up(postings.keys.tolist(), query)


@pytest.mark.parametrize("n", [31, 32, 33, 63, 64, 65, 200, 1000])
def test_a_bucket_of_any_size_is_found_whole(n):
    """Among keys that share its cell of the directory."""
    keys = [9] * n + [3, 4, 8, 10, 12, 2**64 - 1]
    postings = _sort(keys)
    queries = np.array([3, 5, 9, 10, 11, 2**64 - 1], np.uint64)
    ranges = kernel.look_up(postings.keys, postings.directory, queries)
    assert np.diff(ranges).ravel().tolist() == [1, 0, n, 1, 0, 1]
