"""Pairs by bands and by seeds against their twins, and what is left aside of too many."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.candidates.columns import sort_postings
from dedup.candidates.memory import MemoryPostings
from dedup.sketches.seed import Seeds, slice_seeds
from tests.reference import budget, evidence, sources
from tests.reference import candidates as reference
from tests.strategies import law

MANY = 1000


def _join(
    bands: np.ndarray, min_hits: int, max_bucket: int = MANY, max_sources: int = MANY
) -> tuple[list[list[int]], int]:
    n, n_bands = bands.shape
    articles = np.repeat(np.arange(n, dtype=np.uint32), n_bands)
    postings = MemoryPostings(
        sort_postings(bands.ravel(), articles, np.zeros(bands.size, np.uint32))
    )
    buckets = postings.look_up(bands.ravel())
    rows, n_capped, n_read = _core.count_bands(
        np.arange(n),
        np.zeros(n, np.int64),
        *buckets,
        np.zeros(n, np.int32),
        n_bands,
        min_hits,
        max_bucket,
        max_sources,
    )
    n_before = sum((bands[:at] == bands[at]).sum() for at in range(n))
    assert n_read <= n_before
    if n <= max_bucket:
        assert n_read == n_before
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
    owners = np.repeat(numbers, np.diff(seeds.offsets))
    return MemoryPostings(sort_postings(seeds.keys, owners, seeds.positions)).look_up(own.keys)


def _measure(article, query, own, buckets, n_articles, window, enough):
    columns = own.positions, own.words, own.evidence
    return _core.measure_seeds(article, query, 0, *columns, *buckets, n_articles, window, enough)


def _add_seeds(articles, lengths, window, min_bits, slope, lows=None):
    seeds = _pack(articles)
    rows, n_capped, n_read = _core.add_seeds(
        np.arange(len(articles)),
        np.zeros(len(articles), np.int64) if lows is None else lows,
        *seeds[1:],
        *_look_up(seeds, seeds),
        np.array(lengths[: len(articles)], np.int64),
        np.zeros(len(articles), np.float32),
        np.zeros(len(articles), np.int64),
        len(articles),
        window,
        min_bits,
        slope,
        MANY,
        MANY,
        0,
        MANY,
    )
    assert n_capped == 0
    if lows is None:
        assert n_read == sum(
            one.key == other.key
            for first, second in combinations(range(len(articles)), 2)
            for one in articles[second]
            for other in articles[first]
        )
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


@law(100)
@given(ARTICLES, st.lists(st.integers(0, 3), min_size=4, max_size=4), st.sampled_from([1.0, 6.0]))
def test_within_a_window_of_articles_pairs_are_the_twin(articles, lows, min_bits):
    lows = [min(low, number) for number, low in enumerate(lows)][: len(articles)]
    found, _ = _add_seeds(articles, [1] * 4, 20, min_bits, 0.0, np.array(lows, np.int64))
    for first, second in combinations(range(len(articles)), 2):
        bits = reference.shared_bits(articles, first, second, 20, lows[second])
        is_expected = first >= lows[second] and bits >= min_bits
        assert ((first, second) in found) == is_expected or abs(bits - min_bits) < SLACK


POSITIONS = st.lists(st.integers(0, 60), max_size=40).map(sorted)


@law(300)
@given(
    POSITIONS,
    st.lists(st.integers(0, 9), min_size=40, max_size=40),
    st.integers(1, 20),
    st.integers(0, 5),
    st.integers(1, 12),
    st.integers(0, 80),
)
def test_seeds_that_are_read_are_the_twin(positions, counts, window, n_rarest, bucket, entries):
    counts, rules = counts[: len(positions)], (window, n_rarest, bucket, entries)
    found = _core.choose_seeds(np.array(positions, np.uint32), np.array(counts, np.int64), *rules)
    assert found.tolist() == budget.choose_seeds(positions, counts, *rules)


# Articles whose numbers share a cell of the sieve, with others between them.
CELLS, N_CELLS = [0, 1, 16_384, 16_385, 32_768], 40_000
CROWDS = st.lists(
    st.lists(st.tuples(st.integers(0, 3), EIGHTHS), max_size=6), min_size=5, max_size=5
)


@law(150)
@given(CROWDS, st.sampled_from([1.0, 6.0, 14.0]))
def test_articles_that_share_a_cell_are_told_apart(crowd, min_bits):
    """A query finds what plain sums by article find, whatever other articles add to its cell."""
    query = [reference.Seed(10 * key, key, PAIRS[key], (9.0, 3.0)) for key in range(4)]
    entries = sorted(
        (key, CELLS[at]) for at, own in enumerate(crowd) for key in {k for k, _ in own}
    )
    seeds = _pack([query])
    ranges = [[sum(k < key for k, _ in entries), sum(k <= key for k, _ in entries)]
              for key in range(4)]  # fmt: skip
    rows, *_ = _core.add_seeds(
        np.array([N_CELLS]),
        np.array([0]),
        *seeds[1:],
        np.array(ranges, np.int64).reshape(-1, 2),
        np.zeros(4, np.int64),
        np.array([article for _, article in entries], np.uint32),
        np.array([10 * key for key, _ in entries], np.uint32),
        np.full(N_CELLS + 1, 9, np.int64),
        np.zeros(N_CELLS + 1, np.float32),
        np.zeros(N_CELLS + 1, np.int64),
        2,
        100,
        min_bits,
        0.0,
        MANY,
        MANY,
        0,
        MANY,
    )
    expected = []
    for article in CELLS:
        hits = [sources.Hit(one.position, one.position, one.words, one.bits)
                for one in query if (one.key, article) in entries]  # fmt: skip
        if hits and sources.most_in_window(hits, 100) >= min_bits:
            expected.append([article, N_CELLS, 0])
    assert sorted(rows.tolist()) == expected


def _read(counts, n_rarest, max_bucket, max_entries):
    """Return the rows and counts of a query whose seeds so many earlier articles share."""
    query = [reference.Seed(10 * at, at, (2 * at, 2 * at + 1), (9.0, 9.0))
             for at in range(len(counts))]  # fmt: skip
    seeds, n = _pack([query]), max(counts)
    ends = np.cumsum(counts)
    return _core.add_seeds(
        np.array([n]),
        np.array([0]),
        *seeds[1:],
        np.stack([ends - counts, ends], axis=1),
        np.zeros(len(counts), np.int64),
        np.concatenate([np.arange(count, dtype=np.uint32) for count in counts]),
        np.repeat(np.arange(len(counts), dtype=np.uint32) * 10, counts),
        np.full(n + 1, 9, np.int64),
        np.zeros(n + 1, np.float32),
        np.zeros(n + 1, np.int64),
        n,
        60,
        6.0,
        0.0,
        max_bucket,
        MANY,
        n_rarest,
        max_entries,
    )


def test_a_pair_is_capped_if_what_is_always_read_was_cut():
    rows, n_capped, n_read = _read([3, 4, 50], 2, 20, 0)
    assert (n_capped, n_read) == (50, 7)
    assert rows.tolist() == [[article, 50, 0] for article in range(4)]
    # The rest of the budget reads both ends of the third.
    rows, n_capped, n_read = _read([3, 4, 50], 2, 20, 27)
    assert (n_capped, n_read) == (30, 27)
    assert sorted(rows[:, 0].tolist()) == [*range(10), *range(40, 50)]
    assert not rows[:, 2].any()
    rows, n_capped, n_read = _read([3, 4, 50], 3, 20, 0)
    assert (n_capped, n_read) == (30, 27)
    assert rows[:, 2].all()


@law(150)
@given(ARTICLES, st.integers(1, 20))
def test_what_an_explanation_measures_is_what_a_search_adds_up(articles, window):
    seeds = _pack(articles)
    for first, second in combinations(range(len(articles)), 2):
        own = slice_seeds(seeds, second, second + 1)
        buckets = _look_up(seeds, own)
        expected = reference.shared_bits(articles, first, second, window)
        n_articles = len(articles)
        found = _measure(first, second, own, buckets, n_articles, window, np.inf)
        assert found == pytest.approx(expected, abs=SLACK)
        for enough in (1.0, 10.0):
            least = _measure(first, second, own, buckets, n_articles, window, enough)
            assert enough <= least <= found if found >= enough else least == found


def test_what_many_articles_have_says_little():
    """Of 72,632 texts 4,540 had what says 4 bits."""
    seed = reference.Seed(0, 0, (0, 1), (12.0, 4.0))
    n_articles = 4_540
    seeds = _pack([[seed]] * n_articles)
    own, last = slice_seeds(seeds, 1, 2), n_articles - 1
    found = _measure(0, last, own, _look_up(seeds, own), n_articles, 60, np.inf)
    assert found == pytest.approx(4.0, abs=0.01)
    # With as many texts, each says what it says among texts of any kind.
    found = _measure(0, last, own, _look_up(seeds, own), 16 * 72_632, 60, np.inf)
    assert found == pytest.approx(8.0, abs=0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {"queries": np.array([-1])},
        {"lows": np.array([-1])},
        {"lows": np.array([10])},
        {"lows": np.zeros(2, np.int64)},
        {"lows": np.array([1]), "n_absent": np.array([1])},
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
        "lows": np.array([0]),
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
