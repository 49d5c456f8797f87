"""Repeated shingles against their twins, and the laws they keep."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import STARTS_SENTENCE
from tests.reference import repeats as reference
from tests.reference.sketch import EMPTY
from tests.strategies import law

TOKEN = st.tuples(st.integers(1, 4), st.sampled_from([False, False, True]))
ARTICLES = st.lists(st.lists(TOKEN, max_size=12), max_size=6)


def _columns(articles):
    hashes = np.array([value for article in articles for value, _ in article], np.uint64)
    starts = np.array([is_start for article in articles for _, is_start in article], np.bool_)
    flags = np.where(starts, STARTS_SENTENCE, np.uint8(0)).astype(np.uint8)
    return hashes, flags, np.cumsum([0, *map(len, articles)])


@law(200)
@given(ARTICLES, st.integers(2, 4), st.integers(1, 4))
def test_repeats_are_the_twin(articles, k, min_articles):
    found = _core.find_repeats(*_columns(articles), k, min_articles)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == sorted(rows, key=lambda row: row[:2])
    assert sorted(rows) == reference.repeats(articles, k, min_articles)


@law(200)
@given(ARTICLES, ARTICLES, st.integers(2, 4), st.data())
def test_what_is_known_is_the_twin(articles, others, k, data):
    having = reference.repeats([*articles, *others], k, 1)
    keys = {key for key, *_ in having} | {0, 2**64 - 1}
    # Many are searched for without a table.
    many = data.draw(st.sampled_from([set(), set(range(1, 2000))]))
    known = many | data.draw(st.sets(st.sampled_from(sorted(keys))))
    columns = _columns(articles)
    found = _core.find_known(*columns, k, np.array(sorted(known), np.uint64))
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == reference.known(articles, k, known)


@law()
@given(ARTICLES, ARTICLES, st.integers(1, 3))
def test_what_is_repeated_stays_so_among_more(articles, others, min_articles):
    few = _core.find_repeats(*_columns(articles), 3, min_articles)[0]
    more = _core.find_repeats(*_columns([*articles, *others]), 3, min_articles)[0]
    assert set(few.tolist()) <= set(more.tolist())


@st.composite
def spreads(draw):
    n = draw(st.integers(1, 8))
    rows = st.lists(st.integers(0, 2), min_size=4, max_size=4) | st.just([EMPTY] * 4)
    keys = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, n - 1)), max_size=20))
    return (
        sorted(keys),
        draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)),
        draw(st.lists(rows, min_size=n, max_size=n)),
        draw(st.lists(st.booleans(), min_size=n, max_size=n)),
    )


def _keep(keys, days, signatures, is_own, limits):
    return _core.keep_spread(
        np.array([key for key, _ in keys], np.uint64),
        np.array([owner for _, owner in keys], np.int64),
        np.array(days, np.int64),
        np.array(signatures, np.uint32),
        np.array(is_own, np.bool_),
        *limits,
    ).tolist()


@law(200)
@given(spreads(), st.sampled_from([0.0, 0.25, 0.5]), st.integers(1, 4), st.integers(1, 3))
@example(([(1, n) for n in range(100)], [-1] * 100, [[n] * 4 for n in range(100)], [True] * 100),
         0.0, 65, 9)  # fmt: skip
def test_what_is_spread_is_the_twin(drawn, max_resemblance, min_stories, min_days):
    keys, days, signatures, is_own = drawn
    limits = max_resemblance, min_stories, min_days
    expected = {
        key: reference.is_spread(
            sorted({owner for other, owner in keys if other == key}),
            days, signatures, is_own, limits,
        )
        for key, _ in keys
    }  # fmt: skip
    assert _keep(*drawn, limits) == [expected[key] for key, _ in keys]


@law()
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=6))
def test_what_is_covered_is_the_twin(shingles):
    covered = np.zeros(16, np.bool_)
    firsts, widths = (np.array([one[at] for one in shingles], np.int64) for at in range(2))
    _core.cover_tokens(firsts, widths, covered)
    assert covered.tolist() == reference.cover(shingles, 16)


NOTHING = np.array([], np.int64)
TOKENS = (np.ones(3, np.uint64), np.zeros(3, np.uint8), np.array([0, 3]))
BAD_TOKENS = [
    (0, np.ones(3, np.int64), TypeError),
    (0, np.ones(6, np.uint64)[::2], TypeError),
    (0, np.ones(2, np.uint64), ValueError),
    (1, np.zeros(3, np.int8), TypeError),
    (1, np.zeros(4, np.uint8), ValueError),
    (2, np.array([0, 3], np.int32), TypeError),
    (2, NOTHING, ValueError),
    (2, np.array([0, 4]), ValueError),
    (2, np.array([3, 0]), ValueError),
    (2, np.array([-1, 3]), ValueError),
]


@pytest.mark.parametrize(("at", "array", "error"), BAD_TOKENS)
def test_tokens_that_do_not_fit_are_refused(at, array, error):
    columns = list(TOKENS)
    columns[at] = array
    with pytest.raises(error):
        _core.find_repeats(*columns, 2, 1)
    with pytest.raises(error):
        _core.find_known(*columns, 2, np.array([], np.uint64))


def test_a_shingle_has_a_token_and_no_more_than_there_are():
    with pytest.raises(ValueError, match="k"):
        _core.find_repeats(*TOKENS, 0, 1)
    with pytest.raises(ValueError, match="k"):
        _core.find_known(*TOKENS, -1, np.array([], np.uint64))
    assert _core.find_repeats(*TOKENS, 2**62, 1)[2].tolist() == [3]


@pytest.mark.parametrize(
    ("firsts", "widths", "error"),
    [
        ([0], [4], ValueError),
        ([4], [0], ValueError),
        ([-1], [1], ValueError),
        ([2], [-1], ValueError),
        ([1], [2**63 - 1], ValueError),
        ([0, 1], [1], ValueError),
        ([0.0], [1], TypeError),
    ],
)
def test_what_lies_outside_is_not_covered(firsts, widths, error):
    covered = np.zeros(3, np.bool_)
    with pytest.raises(error):
        _core.cover_tokens(np.array(firsts), np.array(widths), covered)
    assert not covered.any()


def test_what_is_read_only_is_not_covered():
    covered = np.zeros(3, np.bool_)
    covered.flags.writeable = False
    with pytest.raises(TypeError):
        _core.cover_tokens(np.array([0]), np.array([1]), covered)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.array([1]), TypeError),
        (1, np.array([2]), ValueError),
        (1, np.array([-1]), ValueError),
        (1, np.array([0, 0]), ValueError),
        (2, np.array([1]), ValueError),
        (3, np.zeros((2, 4), np.int64), TypeError),
        (3, np.zeros((2, 0), np.uint32), ValueError),
        (3, np.zeros((1, 4), np.uint32), ValueError),
        (4, np.ones(2), TypeError),
        (4, np.ones(1, np.bool_), ValueError),
    ],
)
def test_what_tells_no_story_is_refused(at, array, error):
    arrays = [
        np.array([1], np.uint64),
        np.array([0]),
        np.array([1, 2]),
        np.zeros((2, 4), np.uint32),
        np.ones(2, np.bool_),
    ]
    arrays[at] = array
    with pytest.raises(error):
        _core.keep_spread(*arrays, 0.5, 1, 1)
