"""Pairs by bands and by seeds against their twins, and what is left aside of too many."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.candidates.memory import MemoryPostings
from dedup.sketches.seed import Seeds, slice_seeds
from tests.reference import candidates as reference
from tests.reference import evidence
from tests.strategies import law

MANY = 1000


def _join(
    bands: np.ndarray, min_hits: int, max_bucket: int = MANY, max_sources: int = MANY
) -> tuple[list[list[int]], int]:
    n, n_bands = bands.shape
    articles = np.repeat(np.arange(n, dtype=np.uint32), n_bands)
    postings = MemoryPostings(bands.ravel(), articles, np.zeros(bands.size, np.uint32))
    buckets = postings.look_up(bands.ravel())
    rows, n_capped = _core.count_bands(
        np.arange(n),
        *buckets,
        np.zeros(n, np.int32),
        n_bands,
        min_hits,
        max_bucket,
        max_sources,
    )
    return sorted(rows.tolist()), n_capped


@law(100)
@given(st.integers(0, 12), st.integers(1, 5), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_pairs_are_the_twin(n, n_bands, min_hits, seed):
    values = np.random.default_rng(seed).integers(0, 3, (n, n_bands))
    # As in use, the number of the band is part of its key.
    bands = (values * n_bands + np.arange(n_bands)).astype(np.uint64) << np.uint64(58)
    rows, n_capped = _join(bands, min_hits)
    expected = reference.count_bands(bands.tolist(), min_hits)
    assert rows == sorted([first, second, 0] for first, second in expected)
    assert n_capped == 0


def test_of_a_large_bucket_the_first_and_the_latest_are_seen():
    bands = np.zeros((10, 1), np.uint64)
    rows, n_capped = _join(bands, 1, max_bucket=4)
    assert [first for first, second, _ in rows if second == 9] == [0, 1, 7, 8]
    assert n_capped == sum(max(earlier - 4, 0) for earlier in range(10))


def test_of_too_many_sources_the_best_is_kept():
    bands = np.tile(np.arange(3, dtype=np.uint64), (6, 1))
    bands[3, 2] = bands[5, 2] = 7
    rows, n_capped = _join(bands, 1, max_sources=2)
    assert [row for row in rows if row[1] == 5] == [[3, 5, 1]]
    assert [row for row in rows if row[1] == 2] == [[0, 2, 0], [1, 2, 0]]
    assert n_capped == 2 + 3 + 4


# What a key is made of says the same words, and each place of it what they say there.
PAIRS = ((0, 1), (0, 2), (1, 2), (2, 3), (3, 3), (3, 65_535))
EIGHTHS = st.integers(0, 130)
ARTICLES = st.lists(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, len(PAIRS) - 1), EIGHTHS, EIGHTHS), max_size=7
    ),
    max_size=4,
).map(lambda articles: [_make(article) for article in articles])
# Beyond what float32 may make of a sum.
SLACK = 1e-3


def _make(rows):
    return [
        reference.Seed(position, key, PAIRS[key], (left / 8, right / 8))
        for position, key, left, right in sorted(rows)
    ]


def _pack(articles):
    flat = [seed for article in articles for seed in article]
    return Seeds(
        # Keys fill their top bits.
        np.array([seed.key for seed in flat], np.uint64) << np.uint64(60),
        np.array([seed.position for seed in flat], np.uint32),
        np.array([seed.words for seed in flat], np.uint16).reshape(-1, 2),
        np.array([[8 * bits for bits in seed.bits] for seed in flat], np.uint8).reshape(-1, 2),
        np.cumsum([0, *map(len, articles)]),
    )


def _look_up(seeds, own):
    numbers = np.arange(len(seeds.offsets) - 1, dtype=np.uint32)
    postings = MemoryPostings(
        seeds.keys, np.repeat(numbers, np.diff(seeds.offsets)), seeds.positions
    )
    return postings.look_up(own.keys)


def _measure(article, own, buckets, n_articles, window, enough):
    columns = own.positions, own.words, own.evidence
    return _core.measure_seeds(article, *columns, *buckets, n_articles, window, enough)


def _add_seeds(articles, lengths, window, min_bits, slope):
    seeds = _pack(articles)
    rows, n_capped = _core.add_seeds(
        np.arange(len(articles)),
        *seeds[1:],
        *_look_up(seeds, seeds),
        np.array(lengths[: len(articles)], np.int64),
        np.zeros(len(articles), np.float32),
        np.zeros(len(articles), np.int64),
        window,
        min_bits,
        slope,
        MANY,
        MANY,
    )
    assert n_capped == 0
    assert not rows[:, 2].any()
    return set(map(tuple, rows[:, :2].tolist())), len(rows)


@law(200)
@given(
    ARTICLES,
    st.lists(st.sampled_from([1, 100, 700, 5_000]), min_size=4, max_size=4),
    st.integers(1, 20),
    st.sampled_from([1.0, 6.0, 14.0]),
    st.sampled_from([0.0, 2.5]),
)
def test_pairs_by_seeds_are_the_twin(articles, lengths, window, min_bits, slope):
    found, n_found = _add_seeds(articles, lengths, window, min_bits, slope)
    assert n_found == len(found)
    for pair in combinations(range(len(articles)), 2):
        floor = evidence.floor(*(lengths[number] for number in pair), min_bits, slope)
        bits = reference.shared_bits(articles, *pair, window)
        assert (pair in found) == (bits >= floor) or abs(bits - floor) < SLACK


@law(150)
@given(ARTICLES, st.integers(1, 20))
def test_what_an_explanation_measures_is_what_a_search_adds_up(articles, window):
    seeds = _pack(articles)
    for first, second in combinations(range(len(articles)), 2):
        own = slice_seeds(seeds, second, second + 1)
        buckets = _look_up(seeds, own)
        expected = reference.shared_bits(articles, first, second, window)
        n_articles = len(articles)
        found = _measure(first, own, buckets, n_articles, window, np.inf)
        assert found == pytest.approx(expected, abs=SLACK)
        for enough in (1.0, 10.0):
            least = _measure(first, own, buckets, n_articles, window, enough)
            assert enough <= least <= found if found >= enough else least == found


def test_what_many_articles_have_says_little():
    """Of 72,632 texts 4,540 had what says 4 bits."""
    seed = reference.Seed(0, 0, (0, 1), (12.0, 4.0))
    n_articles = 4_540
    seeds = _pack([[seed]] * n_articles)
    own = slice_seeds(seeds, 1, 2)
    found = _measure(0, own, _look_up(seeds, own), n_articles, 60, np.inf)
    assert found == pytest.approx(4.0, abs=0.01)
    # With as many texts, each says what it says among texts of any kind.
    found = _measure(0, own, _look_up(seeds, own), 16 * 72_632, 60, np.inf)
    assert found == pytest.approx(8.0, abs=0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {"queries": np.array([-1])},
        {"ranges": np.array([[0, 3]])},
        {"ranges": np.array([[2, 1]])},
        {"ranges": np.array([[-1, 1]])},
        {"ranges": np.zeros((2, 2), np.int64)},
        {"articles": np.array([0, 7], np.uint32)},
        {"places": np.zeros(1, np.uint32)},
        {"n_absent": np.array([5]), "max_bucket": 4},
        {"n_absent": np.array([-1])},
        {"max_bucket": -1},
    ],
)
def test_buckets_that_lie_are_refused(changes):
    counts = np.zeros(3, np.int32)
    arguments = {
        "queries": np.array([9]),
        "ranges": np.array([[0, 2]]),
        "sizes": np.array([2]),
        "n_absent": np.array([0]),
        "articles": np.array([0, 1], np.uint32),
        "places": np.zeros(2, np.uint32),
        "counts": counts,
        "n_bands": 1,
        "min_hits": 1,
        "max_bucket": 9,
        "max_sources": 9,
    }
    assert _core.count_bands(**arguments)[0].tolist() == [[0, 9, 0], [1, 9, 0]]
    with pytest.raises(ValueError, match=r"."):
        _core.count_bands(**arguments | changes)
    assert not counts.any()
    with pytest.raises(TypeError):
        _core.count_bands(**arguments | {"counts": np.zeros(3)})
