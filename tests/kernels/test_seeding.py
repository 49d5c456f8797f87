"""Pair-shingles against their twin, and what sampling by hash promises."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import tables
from dedup.kernels import seeding as kernel
from dedup.kernels.tokenizing import IS_CONTENT, IS_SPACELESS, IS_STOP
from tests.reference import seeding as reference
from tests.reference.hashing import hash_text
from tests.strategies import law

FLAGS = st.sampled_from([IS_CONTENT, IS_CONTENT, IS_STOP, IS_CONTENT | IS_SPACELESS])
STEMS = st.sampled_from(
    list(map(hash_text, ("harbor", "vote", "mayor", "2024", "said", "ice", "ab")))
)
ARTICLES = st.lists(st.lists(st.tuples(STEMS, FLAGS), max_size=12), max_size=4)


def _bits(stem: int, flag: int) -> float:
    """A character of a script without spaces carries 7 bits, a word what the table says."""
    return 7.0 if flag & IS_SPACELESS else int(tables.idf()[stem >> 44]) / 8


def _find(articles, window, min_bits, sample):
    stems = np.array([stem for article in articles for stem, _ in article], np.uint64)
    flags = np.array([flag for article in articles for _, flag in article], np.uint8)
    offsets = np.cumsum([0, *map(len, articles)])
    return kernel.find_seeds(stems, flags, offsets, tables.idf(), window, min_bits, sample, 4)


@law(150)
@given(ARTICLES, st.integers(2, 8), st.sampled_from([0.0, 8.0, 14.0, 20.0]), st.integers(1, 4))
def test_seeds_are_the_twin(articles, window, min_bits, sample):
    keys, positions, bits, bounds = _find(articles, window, min_bits, sample)
    assert len(keys) == len(positions) == len(bits) == bounds[-1]
    for at, article in enumerate(articles):
        own = slice(bounds[at], bounds[at + 1])
        content = [
            (token, stem, _bits(stem, flag))
            for token, (stem, flag) in enumerate(article)
            if flag & IS_CONTENT
        ]
        found = zip(*(column[own].tolist() for column in (positions, keys, bits)), strict=True)
        assert sorted(found) == reference.seeds(content, window, min_bits, sample, 4)
        assert (np.diff(positions[own].astype(np.int64)) >= 0).all()


@law()
@given(ARTICLES, st.integers(2, 4))
def test_a_sample_is_the_part_of_all_that_its_keys_choose(articles, sample):
    everything, _, _, _ = _find(articles, 4, 8.0, 1)
    kept, _, _, _ = _find(articles, 4, 8.0, sample)
    assert kept.tolist() == [key for key in everything.tolist() if key % sample == 0]


@law()
@given(st.lists(STEMS, min_size=2, max_size=10))
def test_order_does_not_matter(stems):
    """Read backwards, an article has the same pairs."""
    article = [(stem, IS_CONTENT) for stem in stems]
    forwards, _, _, _ = _find([article], 4, 0.0, 1)
    backwards, _, _, _ = _find([article[::-1]], 4, 0.0, 1)
    assert sorted(forwards.tolist()) == sorted(backwards.tolist())


@law()
@given(ARTICLES, ARTICLES)
def test_what_stands_before_changes_no_key(before, after):
    together, _, _, bounds = _find(before + after, 4, 8.0, 2)
    alone, _, _, _ = _find(after, 4, 8.0, 2)
    assert together[bounds[len(before)] :].tolist() == alone.tolist()
