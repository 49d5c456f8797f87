"""Windows of shared seeds against looking through every one, and what a sum of them is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import evidence
from tests.reference import sources as reference
from tests.strategies import bits, law

N_SEEDS = 6
WORDS = st.sampled_from([0, 1, 2, 3, 65_535])
WORTHS = st.just(0.0) | bits()
SEEDS = st.lists(
    st.tuples(st.integers(0, 40), st.tuples(WORDS, WORDS), st.tuples(WORTHS, WORTHS)),
    min_size=N_SEEDS,
    max_size=N_SEEDS,
).map(sorted)
# A seed of the query, and its place in the other article.
HITS = st.lists(st.tuples(st.integers(0, N_SEEDS - 1), st.integers(0, 40)), max_size=9)
WINDOWS = st.integers(1, 20)


def _query(seeds):
    positions, words, worths = zip(*seeds, strict=True)
    return (
        np.array(positions, np.uint32),
        np.array(words, np.uint16),
        np.array(worths, np.float32),
    )


def _rows(hits, article=0):
    return np.array([(article, *hit) for hit in sorted(hits)], np.int64).reshape(-1, 3)


def _fill(seeds, hits, window, enough=np.inf):
    return _core.fill_window(_rows(hits), *_query(seeds), window, enough)


def _twins(seeds, hits):
    return [
        reference.Hit(position, place, words, worths)
        for seed, place in hits
        for position, words, worths in [seeds[seed]]
    ]


@law(300)
@given(SEEDS, HITS, WINDOWS)
def test_the_fullest_window_is_the_twin(seeds, hits, window):
    found = _fill(seeds, hits, window)
    assert found == reference.most_in_window(_twins(seeds, hits), window)
    for enough in (1.0, 10.0, 30.0):
        least = _fill(seeds, hits, window, enough)
        assert enough <= least <= found if found >= enough else least == found


@law()
@given(SEEDS, HITS, HITS, WINDOWS)
def test_more_hits_never_say_less(seeds, hits, others, window):
    assert _fill(seeds, hits, window) <= _fill(seeds, hits + others, window)


@law()
@given(SEEDS, HITS, WINDOWS)
def test_a_wider_window_never_says_less(seeds, hits, window):
    assert _fill(seeds, hits, window) <= _fill(seeds, hits, window + 1)


@law()
@given(SEEDS, st.integers(0, 3), st.integers(1, 60))
def test_what_repeats_itself_in_a_window_adds_nothing(seeds, first, times):
    """However often the words of a seed are met within a window, they are met."""
    position, words, worths = seeds[0]
    repeated = [(position + (at > times // 2), words, worths) for at in range(times)]
    said = max(worths) if words[0] == words[1] else sum(worths)
    hits = [(at, first + at) for at in range(times)]
    assert _fill(repeated, hits, 60) == said


def test_each_word_says_once_what_it_says_most():
    seeds = [(5, (1, 2), (3.0, 4.0)), (6, (2, 3), (5.0, 1.0)), (90, (1, 4), (8.0, 8.0))]
    hits = [(0, 70), (1, 71), (2, 72)]
    assert _fill(seeds, hits, 60) == 16.0
    assert _fill(seeds, hits[:2], 60) == 3.0 + 5.0 + 1.0
    assert _fill(seeds, hits, 86) == 8.0 + 5.0 + 1.0 + 8.0


@law(200)
@given(
    SEEDS,
    st.lists(HITS, max_size=4),
    st.lists(st.sampled_from([1, 100, 700, 5_000]), min_size=5, max_size=5),
    WINDOWS,
    st.sampled_from([0.5, 4.0, 12.0]),
    st.sampled_from([0.0, 1.0, 2.5]),
)
def test_sources_are_the_twin(seeds, hits_of, lengths, window, min_bits, slope):
    rows = np.concatenate([_rows([]), *(_rows(one, at) for at, one in enumerate(hits_of))])
    floors = (np.array(lengths), 4, min_bits, slope)
    found = _core.find_sources(rows, *_query(seeds), *floors, window)
    expected = [
        at
        for at, hits in enumerate(hits_of)
        if hits
        and reference.most_in_window(_twins(seeds, hits), window)
        >= evidence.floor(lengths[4], lengths[at], min_bits, slope)
    ]
    assert rows[found, 0].tolist() == expected
    assert all(at == 0 or rows[at - 1, 0] != rows[at, 0] for at in found)


@law(300)
@given(
    SEEDS,
    st.lists(HITS.filter(bool), max_size=6),
    st.lists(st.sampled_from([1, 100, 700, 5_000]), min_size=7, max_size=7),
    st.lists(st.integers(0, 2), min_size=N_SEEDS, max_size=N_SEEDS),
    WINDOWS,
    st.sampled_from([0.5, 4.0, 12.0]),
    st.integers(1, 4),
)
def test_the_best_of_too_many_sources_are_the_twin(
    seeds, hits_of, lengths, n_cut, window, min_bits, max_sources
):
    rows = np.concatenate([_rows([]), *(_rows(one, at) for at, one in enumerate(hits_of))])
    starts = np.cumsum([0, *map(len, hits_of)])[:-1].astype(np.int64)
    floors = (np.array(lengths), 6, min_bits, 1.0)
    found = _core.choose_sources(
        rows, starts, np.array(n_cut), *_query(seeds), *floors, window, max_sources
    )
    numbered = [
        list(zip((seed for seed, _ in hits), _twins(seeds, hits), strict=True)) for hits in hits_of
    ]
    needed = [evidence.floor(lengths[6], length, min_bits, 1.0) for length in lengths]
    kept = reference.choose(numbered, needed, n_cut, window, max_sources)
    assert found.tolist() == starts[kept].tolist()


@pytest.mark.parametrize(
    "row", [[0, N_SEEDS, 0], [0, -1, 0], [-1, 0, 0], [0, 0, -1], [0, 0, 2**32]]
)
def test_hits_that_lie_are_refused(row):
    query = _query([(0, (0, 1), (1.0, 1.0))] * N_SEEDS)
    with pytest.raises(ValueError, match="hits"):
        _core.fill_window(np.array([row]), *query, 9, np.inf)
    with pytest.raises(ValueError, match="worths"):
        _core.fill_window(np.array([[0, 0, 0]]), *query[:2], query[2][:1].copy(), 9, np.inf)
    with pytest.raises(TypeError):
        _core.fill_window(np.zeros((1, 3), np.int32), *query, 9, np.inf)
