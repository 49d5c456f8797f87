"""Pairs by bands against their twin, and what is left aside where there are too many."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.memory import MemoryPostings
from dedup.kernels import joining as kernel
from tests.reference import joining as reference
from tests.strategies import bits, law

MANY = 1000


def _join(
    bands: np.ndarray, min_hits: int, max_bucket: int = MANY, max_sources: int = MANY
) -> tuple[list[list[int]], int]:
    n, n_bands = bands.shape
    articles = np.repeat(np.arange(n, dtype=np.uint32), n_bands)
    postings = MemoryPostings(bands.ravel(), articles, np.zeros(bands.size, np.uint32))
    buckets = postings.look_up(bands.ravel())
    rows, n_left = kernel.count_bands(
        np.arange(n),
        buckets.ranges,
        buckets.articles,
        n_bands,
        min_hits,
        max_bucket,
        max_sources,
    )
    return sorted(rows.tolist()), n_left


@law(100)
@given(st.integers(0, 12), st.integers(1, 5), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_pairs_are_the_twin(n, n_bands, min_hits, seed):
    values = np.random.default_rng(seed).integers(0, 3, (n, n_bands))
    # As in use, the number of the band is part of its key.
    bands = (values * n_bands + np.arange(n_bands)).astype(np.uint64) << np.uint64(58)
    rows, n_left = _join(bands, min_hits)
    expected = reference.count_bands(bands.tolist(), min_hits)
    assert rows == sorted([first, second, 0] for first, second in expected)
    assert n_left == 0


def test_of_a_large_bucket_the_first_and_the_latest_are_seen():
    bands = np.zeros((10, 1), np.uint64)
    rows, n_left = _join(bands, 1, max_bucket=4)
    assert [first for first, second, _ in rows if second == 9] == [0, 1, 7, 8]
    assert n_left == sum(max(earlier - 4, 0) for earlier in range(10))


def test_of_too_many_sources_the_best_is_kept():
    bands = np.tile(np.arange(3, dtype=np.uint64), (6, 1))
    bands[3, 2] = bands[5, 2] = 7
    rows, n_left = _join(bands, 1, max_sources=2)
    assert [row for row in rows if row[1] == 5] == [[3, 5, 1]]
    assert [row for row in rows if row[1] == 2] == [[0, 2, 0], [1, 2, 0]]
    assert n_left == 2 + 3 + 4


PLACED = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=8)
# 16 of one key are worth at most 12.1 bits: none is frequent.
WEIGHTS = st.lists(bits().map(lambda one: min(one, 12.0)), min_size=7, max_size=7)


def _place(row):
    """Sort (key, place) by place, as seeds of an article are; keys fill their top bits."""
    row = sorted(row, key=lambda one: one[1])
    keys = np.array([key for key, _ in row], np.uint64) << np.uint64(60)
    return row, keys, np.array([place for _, place in row], np.uint32)


def _measure(a, b, weights, window, enough=np.inf):
    (_, keys_a, places_a), (_, keys_b, places_b) = _place(a), _place(b)
    articles = np.repeat(np.arange(2, dtype=np.uint32), [len(a), len(b)])
    postings = MemoryPostings(
        np.concatenate([keys_a, keys_b]), articles, np.concatenate([places_a, places_b])
    )
    worths = np.array([weights[int(key >> np.uint64(60))] for key in keys_b], np.float32)
    return kernel.measure_seeds(0, places_b, worths, postings.look_up(keys_b), window, enough)


@law(150)
@given(PLACED, PLACED, WEIGHTS, st.integers(1, 20))
def test_the_fullest_window_is_the_twin(a, b, weights, window):
    found = _measure(a, b, weights, window)
    assert found == reference.most_in_window(b, a, dict(enumerate(weights)), window)
    assert found == _measure(b, a, weights, window)
    for enough in (1.0, 10.0):
        assert (_measure(a, b, weights, window, enough) >= enough) == (found >= enough)
