"""Runs of repeated shingles against their twins, and what is known of an outlet in its articles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import IS_SPACELESS, STARTS_SENTENCE
from tests.reference import formulas as twin
from tests.reference import repeats as reference
from tests.strategies import law

TOKEN = st.tuples(st.integers(1, 4), st.sampled_from([False, False, True]))
ARTICLES = st.lists(st.lists(TOKEN, max_size=12), max_size=6)


def _columns(articles):
    hashes = np.array([value for article in articles for value, _ in article], np.uint64)
    starts = np.array([is_start for article in articles for _, is_start in article], np.bool_)
    flags = np.where(starts, STARTS_SENTENCE, np.uint8(0)).astype(np.uint8)
    return hashes, flags, np.cumsum([0, *map(len, articles)])


SHINGLES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 4), st.integers(1, 9)).map(
        lambda row: (*row, 1 + row[2] * 7 % 4)  # of a key always the same
    ),
    max_size=12,
).map(sorted)


@law(200)
@given(SHINGLES, st.sets(st.integers(0, 22), max_size=8).map(sorted))
def test_runs_are_named_as_by_the_twin(shingles, cuts):
    """Shingles are rows of first token, width, key and count; runs lie between cuts."""
    runs = list(zip(cuts[::2], cuts[1::2], strict=False))
    values = np.arange(100, 100 + len(runs), dtype=np.uint64)
    rows = np.array([(0, *run) for run in runs], np.int64).reshape(-1, 3)
    firsts, widths, keys, counts = np.array(shingles, np.int64).reshape(-1, 4).T.copy()
    found = _core.name_runs(rows, values, keys.astype(np.uint64), counts, firsts, widths)
    every = [(key, first, width) for first, width, key, _ in shingles]
    known = {key: count for *_, key, count in shingles}
    expected = []
    for value, (start, end) in zip(values.tolist(), runs, strict=True):
        name = twin.name_run(every, known, start, end)
        expected.append(value if name is None else name)
    assert found.tolist() == expected


@law(200)
@given(ARTICLES, st.data(), st.integers(1, 3), st.integers(1, 5), st.integers(1, 7))
def test_runs_are_the_twin(articles, data, min_unit, min_edge, min_inside):
    covered = [
        data.draw(st.lists(st.booleans(), min_size=len(one), max_size=len(one))) for one in articles
    ]
    flat = np.array([one for own in covered for one in own], np.bool_)
    hashes, flags, offsets = _columns(articles)
    runs, names = _core.gather_runs(hashes, flags, offsets, flat, min_unit, min_edge, min_inside)
    expected = [
        [number, offsets[number] + low, offsets[number] + high]
        for number, (article, own) in enumerate(zip(articles, covered, strict=True))
        for low, high in reference.runs(article, own, min_unit, min_edge, min_inside)
    ]
    assert runs.tolist() == expected
    texts = [tuple(hashes[low:high].tolist()) for _, low, high in expected]
    assert len(set(names.tolist())) == len(set(texts))


def test_characters_without_spaces_are_half_a_word():
    hashes, flags = np.arange(1, 8, dtype=np.uint64), np.full(7, IS_SPACELESS, np.uint8)
    covered = np.array([False, True, True, True, True, True, False])
    for min_inside, n_runs in ((2, 1), (3, 0)):
        runs, _ = _core.gather_runs(hashes, flags, np.array([0, 7]), covered, 9, 9, min_inside)
        assert len(runs) == n_runs


@st.composite
def _outlets(draw):
    """Draw articles of some outlets, of each what it is known to repeat, and scalars."""
    n_outlets, k = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    articles = draw(ARTICLES)
    outlets = draw(
        st.lists(st.integers(-1, n_outlets - 1), min_size=len(articles), max_size=len(articles))
    )
    having = sorted({key for key, *_ in reference.repeats(articles, k, 1)})
    known = []
    for _ in range(n_outlets):
        own = sorted(draw(st.sets(st.sampled_from([*having, 5]))))
        counts = draw(st.lists(st.integers(1, 4), min_size=len(own), max_size=len(own)))
        units = draw(st.sets(st.sampled_from([*own, 7])))
        known.append((dict(zip(own, counts, strict=True)), units))
    return articles, outlets, known, (k, draw(st.integers(1, 3)), draw(st.integers(1, 7)))


def _known(known):
    return (
        np.array([key for counts, _ in known for key in counts], np.uint64),
        np.array([count for counts, _ in known for count in counts.values()], np.int64),
        np.array([unit for _, units in known for unit in sorted(units)], np.uint64),
        np.cumsum([0, *(len(counts) for counts, _ in known)]),
        np.cumsum([0, *(len(units) for _, units in known)]),
    )


def _cover(articles, outlets, known, scalars):
    numbers = np.array(outlets, np.int64)
    return _core.cover_formulas(*_columns(articles), numbers, *_known(known), *scalars).tolist()


@law(300)
@given(_outlets())
def test_what_formulas_cover_is_the_twin(drawn):
    articles, outlets, known, scalars = drawn
    expected = [
        one
        for article, outlet in zip(articles, outlets, strict=True)
        for one in (
            [False] * len(article)
            if outlet < 0
            else twin.cover_article(article, *known[outlet], *scalars)
        )
    ]
    assert _cover(*drawn) == expected


@law(100)
@given(_outlets())
def test_what_is_known_of_other_outlets_changes_nothing(drawn):
    articles, outlets, known, scalars = drawn
    apart = []
    for article, outlet in zip(articles, outlets, strict=True):
        own = [known[outlet]] if outlet >= 0 else []
        apart += _cover([article], [0 if own else -1], own, scalars)
    assert _cover(*drawn) == apart


@law(100)
@given(_outlets())
def test_more_units_cover_no_less(drawn):
    articles, outlets, known, scalars = drawn
    more = [(counts, units | set(counts)) for counts, units in known]
    few, many = _cover(*drawn), _cover(articles, outlets, more, scalars)
    assert all(not one or other for one, other in zip(few, many, strict=True))


TOKENS = (np.ones(3, np.uint64), np.zeros(3, np.uint8), np.array([0, 3]))


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.ones(2, np.uint64), ValueError),
        (1, np.zeros(3, np.int8), TypeError),
        (2, np.array([0, 4]), ValueError),
        (2, np.array([2, 1]), ValueError),
        (3, np.zeros(2, np.bool_), ValueError),
        (3, np.zeros(3, np.uint8), TypeError),
    ],
)
def test_tokens_that_do_not_fit_are_refused(at, array, error):
    arrays = [*TOKENS, np.ones(3, np.bool_)]
    arrays[at] = array
    with pytest.raises(error):
        _core.gather_runs(*arrays, 1, 1, 1)


def test_no_limit_is_too_large():
    every = np.ones(3, np.bool_)
    most = 2**63 - 1
    assert _core.gather_runs(*TOKENS, every, most, most, 1)[0].tolist() == [[0, 0, 3]]
    with pytest.raises(ValueError, match="min_edge"):
        _core.gather_runs(*TOKENS, every, 1, -1, 1)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.array([[0, 3]]), ValueError),
        (0, np.array([[0, -1, 3]]), ValueError),
        (1, np.zeros(2, np.uint64), ValueError),
        (2, np.zeros(1, np.int64), TypeError),
        (3, np.zeros(2, np.int64), ValueError),
        (4, np.array([-1]), ValueError),
        (5, np.array([-1]), ValueError),
    ],
)
def test_runs_and_shingles_that_do_not_fit_are_refused(at, array, error):
    one = np.ones(1, np.uint64)
    arrays = [np.array([[0, 0, 3]]), one, one, np.array([1]), np.array([0]), np.array([2])]
    arrays[at] = array
    with pytest.raises(error):
        _core.name_runs(*arrays)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (2, np.array([0, 4]), ValueError),
        (3, np.array([1]), ValueError),
        (3, np.array([0, 0]), ValueError),
        (4, np.ones(1, np.int64), TypeError),
        (5, np.ones(2, np.int64), ValueError),
        (7, np.array([0, 2]), ValueError),
        (7, np.array([0]), ValueError),
        (8, np.array([1, 0]), ValueError),
        (8, np.array([0, 1, 1]), ValueError),
    ],
)
def test_formulas_that_do_not_fit_are_refused(at, array, error):
    known = [({1: 1}, {1})]
    arrays = [*TOKENS, np.array([0]), *_known(known)]
    _core.cover_formulas(*arrays, 2, 1, 1)
    arrays[at] = array
    with pytest.raises(error):
        _core.cover_formulas(*arrays, 2, 1, 1)
