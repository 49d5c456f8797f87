"""Names that only one article of a pair has: the core against its slow twin."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_DIGIT, IS_STOP, STARTS_SENTENCE
from tests.reference.missing import Word, digits, missing_names
from tests.strategies import law

KINDS = [0, IS_CONTENT, IS_STOP, IS_DIGIT, IS_CONTENT | IS_CAPITAL, IS_STOP | IS_CAPITAL,
         IS_CONTENT | IS_DIGIT, IS_CAPITAL]  # fmt: skip
words = st.builds(
    lambda stem, ending, kind, opens: Word(2 * stem + ending, 2 * stem, int(kind | opens)),
    st.integers(0, 5),
    st.integers(0, 1),
    st.sampled_from(KINDS),
    st.sampled_from([0, 0, 0, STARTS_SENTENCE]),
)
articles = st.lists(words, max_size=14)


@law(300)
@given(st.lists(articles, min_size=1, max_size=4), st.data())
def test_missing_names_are_those_of_the_twin(collection, data):
    every = [word for article in collection for word in article]
    hashes = np.array([word.hash for word in every], np.uint64)
    stems = np.array([word.stem for word in every], np.uint64)
    flags = np.array([word.flags for word in every], np.uint8)
    places = np.arange(len(every), dtype=np.uint32)
    offsets = np.cumsum([0, *map(len, collection)])
    number = st.integers(0, len(collection) - 1)
    pairs = data.draw(st.lists(st.tuples(number, number), max_size=6))
    bounds, names, same_digits = _core.find_missing_names(
        np.array(pairs, np.int64).reshape(-1, 2), hashes, stems, places, places, flags, offsets
    )
    found = [names[low:high].tolist() for low, high in pairwise(bounds)]
    chosen = [(collection[a], collection[b]) for a, b in pairs]
    assert found == [missing_names(*side) for a, b in chosen for side in ((a, b), (b, a))]
    assert same_digits.tolist() == [digits(a) == digits(b) for a, b in chosen]
