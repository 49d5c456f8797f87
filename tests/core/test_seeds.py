"""Pair-shingles against their twin, and what sampling by hash promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.sketches.seed import Seeds
from dedup.text import tables
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DIGIT,
    IS_SPACELESS,
    IS_STOP,
    STARTS_CLAUSE,
)
from tests.reference import seeds as reference
from tests.reference.hash import hash_text
from tests.strategies import law

FLAGS = st.sampled_from(
    [
        IS_CONTENT,
        IS_CONTENT,
        IS_CONTENT,
        IS_STOP,
        IS_STOP | IS_CAPITAL,
        IS_CONTENT | IS_SPACELESS,
        IS_CONTENT | IS_DIGIT,
        IS_CONTENT | IS_CAPITAL,
        IS_CONTENT | IS_CAPITAL | STARTS_CLAUSE,
    ]
)
STEMS = st.sampled_from(
    list(map(hash_text, ("harbor", "vote", "mayor", "2024", "said", "ice", "ab")))
)
ARTICLES = st.lists(st.lists(st.tuples(STEMS, FLAGS), max_size=12), max_size=4)


def _find(articles, window, min_bits, sample):
    stems = np.array([stem for article in articles for stem, _ in article], np.uint64)
    flags = np.array([flag for article in articles for _, flag in article], np.uint8)
    offsets = np.cumsum([0, *map(len, articles)])
    return Seeds(
        *_core.find_seeds(stems, flags, offsets, tables.idf(), window, min_bits, sample, 4)
    )


@law(200)
@given(ARTICLES, st.integers(2, 8), st.sampled_from([0.0, 8.0, 14.0, 20.0]), st.integers(1, 4))
def test_seeds_are_the_twin(articles, window, min_bits, sample):
    found = _find(articles, window, min_bits, sample)
    assert {len(column) for column in found[:-1]} == {found.offsets[-1]}
    for at, article in enumerate(articles):
        own = slice(found.offsets[at], found.offsets[at + 1])
        content = reference.words(article, tables.idf())
        expected = reference.seeds(content, window, min_bits, sample, 4)
        columns = (found.positions, found.keys, found.evidence)
        rows = list(zip(*(column[own].tolist() for column in columns), strict=True))
        assert sorted(rows) == sorted(
            (position, key, [left.evidence, right.evidence])
            for position, key, left, right in expected
        )
        assert (np.diff(found.positions[own].astype(np.int64)) >= 0).all()
        # Two words of seeds have one number where they have one stem, and only there.
        stems = list(dict.fromkeys(word.stem for word in content))
        pairs = zip(found.keys[own].tolist(), found.words[own].tolist(), strict=True)
        assert sorted(pairs) == sorted(
            (key, [stems.index(left.stem), stems.index(right.stem)])
            for _, key, left, right in expected
        )


def test_numbers_go_round_where_there_are_too_many_stems():
    stems = np.arange(1, 65_540, dtype=np.uint64) << np.uint64(40)
    flags = np.full(len(stems), IS_CONTENT, np.uint8)
    offsets = np.array([0, len(stems)])
    found = Seeds(*_core.find_seeds(stems, flags, offsets, tables.idf(), 2, 0.0, 1, 4))
    assert found.words[-1].tolist() == [1, 2]
    assert found.positions[-1] == 65_538


@law()
@given(ARTICLES, st.integers(2, 4))
def test_a_sample_is_the_part_of_all_that_its_keys_choose(articles, sample):
    everything, kept = _find(articles, 4, 8.0, 1), _find(articles, 4, 8.0, sample)
    is_kept = everything.keys % np.uint64(sample) == 0
    for column, part in zip(everything[:-1], kept[:-1], strict=True):
        assert column[is_kept].tolist() == part.tolist()


@law()
@given(st.lists(STEMS, min_size=2, max_size=10))
def test_order_does_not_matter(stems):
    """Read backwards, an article has the same pairs."""
    article = [(stem, IS_CONTENT) for stem in stems]
    forwards, backwards = _find([article], 4, 0.0, 1), _find([article[::-1]], 4, 0.0, 1)
    assert sorted(forwards.keys.tolist()) == sorted(backwards.keys.tolist())
    said = [
        sorted(zip(one.keys.tolist(), map(sorted, one.evidence.tolist()), strict=True))
        for one in (forwards, backwards)
    ]
    assert said[0] == said[1]


@law()
@given(ARTICLES, ARTICLES)
def test_what_stands_before_changes_nothing(before, after):
    together, alone = _find(before + after, 4, 8.0, 2), _find(after, 4, 8.0, 2)
    start = together.offsets[len(before)]
    for column, part in zip(together[:-1], alone[:-1], strict=True):
        assert column[start:].tolist() == part.tolist()


def _refuse(error, **changes):
    arguments = {
        "stems": np.arange(5, dtype=np.uint64),
        "flags": np.full(5, IS_CONTENT, np.uint8),
        "offsets": np.array([0, 5]),
        "idf": tables.idf(),
        "window": 4,
        "min_bits": 0.0,
        "sample": 1,
        "max_repeats": 4,
    }
    assert len(_core.find_seeds(**arguments)[0]) == 9
    with pytest.raises(error):
        _core.find_seeds(**arguments | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"offsets": np.array([0, 6])},
        {"offsets": np.array([-1, 5])},
        {"offsets": np.array([0, 4, 3])},
        {"offsets": np.empty(0, np.int64)},
        {"flags": np.zeros(4, np.uint8)},
        {"idf": np.zeros(9, np.uint8)},
        {"window": 0},
        {"window": 2**62},
        {"sample": 0},
    ],
)
def test_lengths_that_lie_are_refused(changes):
    _refuse(ValueError, **changes)


@pytest.mark.parametrize(
    "changes",
    [{"stems": np.arange(5)}, {"stems": np.arange(10, dtype=np.uint64)[::2]}, {"window": 1.5}],
)
def test_other_types_are_refused(changes):
    _refuse(TypeError, **changes)
