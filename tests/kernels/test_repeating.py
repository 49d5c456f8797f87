"""Repeated shingles and runs of them against their twins, and the laws they keep."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import formulas
from dedup.kernels import repeating as kernel
from dedup.kernels.tokenizing import IS_SPACELESS, STARTS_SENTENCE
from tests.reference import repeating as reference
from tests.reference.sketching import EMPTY
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
    found = kernel.find_repeats(*_columns(articles), k, min_articles)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == sorted(rows, key=lambda row: row[:2])
    assert sorted(rows) == reference.repeats(articles, k, min_articles)


@law(200)
@given(ARTICLES, ARTICLES, st.integers(2, 4), st.data())
def test_what_is_known_is_the_twin(articles, others, k, data):
    having = reference.repeats([*articles, *others], k, 1)
    keys = {key for key, *_ in having} | {0, 2**64 - 1}
    known = data.draw(st.sets(st.sampled_from(sorted(keys))))
    columns = _columns(articles)
    found = kernel.find_known(*columns, k, np.array(sorted(known), np.uint64))
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == reference.known(articles, k, known)


SHINGLES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 4), st.integers(1, 3), st.integers(1, 5)),
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
    found = formulas.name_runs(rows, values, keys.astype(np.uint64), counts, firsts, widths)
    expected = []
    for value, (start, end) in zip(values.tolist(), runs, strict=True):
        inside = [
            (-count, key)
            for first, width, key, count in shingles
            if start <= first and first + width <= end
        ]
        expected.append(min(inside)[1] if inside else value)
    assert found.tolist() == expected


@law()
@given(ARTICLES, ARTICLES, st.integers(1, 3))
def test_what_is_repeated_stays_so_among_more(articles, others, min_articles):
    few = kernel.find_repeats(*_columns(articles), 3, min_articles)[0]
    more = kernel.find_repeats(*_columns([*articles, *others]), 3, min_articles)[0]
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
    return kernel.keep_spread(
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


@law(200)
@given(ARTICLES, st.data(), st.integers(1, 3), st.integers(1, 5), st.integers(1, 7))
def test_runs_are_the_twin(articles, data, min_unit, min_edge, min_inside):
    covered = [
        data.draw(st.lists(st.booleans(), min_size=len(one), max_size=len(one))) for one in articles
    ]
    flat = np.array([one for own in covered for one in own], np.bool_)
    hashes, flags, offsets = _columns(articles)
    runs, names = formulas.gather_runs(hashes, flags, offsets, flat, min_unit, min_edge, min_inside)
    expected = [
        [number, offsets[number] + low, offsets[number] + high]
        for number, (article, own) in enumerate(zip(articles, covered, strict=True))
        for low, high in reference.runs(article, own, min_unit, min_edge, min_inside)
    ]
    assert runs.tolist() == expected
    texts = [tuple(hashes[low:high].tolist()) for _, low, high in expected]
    assert len(set(names.tolist())) == len(set(texts))


def test_characters_without_spaces_are_half_a_word():
    hashes, flags = np.arange(1, 8, dtype=np.uint64), np.full(7, IS_SPACELESS)
    covered = np.array([False, True, True, True, True, True, False])
    for min_inside, n_runs in ((2, 1), (3, 0)):
        runs, _ = formulas.gather_runs(hashes, flags, np.array([0, 7]), covered, 9, 9, min_inside)
        assert len(runs) == n_runs


@law()
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=6))
def test_what_is_covered_is_what_shingles_hold(shingles):
    covered = np.zeros(16, np.bool_)
    firsts, widths = (np.array([one[at] for one in shingles], np.int64) for at in range(2))
    kernel.cover(firsts, widths, covered)
    held = {at for first, width in shingles for at in range(first, first + width)}
    assert set(np.flatnonzero(covered).tolist()) == held
