"""Stored tokens are the tokens."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime.spill import MemoryBudget
from dedup.text.stored import TokenStore, Vocabulary
from dedup.text.tokenize import Tokens, join_tokens, tokenize
from tests.strategies import hostile_text, law


def _store(batches, limit):
    store = TokenStore(MemoryBudget(limit))
    for tokens in batches:
        store.append(store.pack(tokens))
    store.close_off()
    return store


def _assert_same(found, expected):
    for name in Tokens.__slots__:
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()
        assert getattr(found, name).dtype == getattr(expected, name).dtype


@law(100)
@given(
    st.lists(st.lists(hostile_text(60), min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from([0, 40, 1 << 20]),
    st.data(),
)
def test_stored_tokens_are_the_tokens(texts, limit, data):
    batches = [tokenize(own) for own in texts]
    store, whole = _store(batches, limit), join_tokens(batches)
    numbers = np.arange(len(whole.counts))
    _assert_same(store.load(numbers), whole)
    n = len(whole.hashes)
    masked = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_)
    left = whole.mask(masked)
    store.replace(numbers, left)
    _assert_same(store.load(numbers), left)
    assert store.lengths.tolist() == left.counts.tolist()
    order = np.array(data.draw(st.permutations(numbers.tolist())))
    store.reorder(order)
    _assert_same(store.load(numbers), join_tokens([left.view(at) for at in order]))


@pytest.mark.parametrize("n", [4095, 4096, 4097, 20_000])
def test_a_vocabulary_grows(n):
    vocabulary = Vocabulary()
    hashes = np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert vocabulary.number(hashes, hashes + np.uint64(1)).tolist() == list(range(n))
    assert vocabulary.number(hashes, hashes + np.uint64(1)).tolist() == list(range(n))
    words = vocabulary.words[: 2 * n].reshape(-1, 2)
    assert (words[:, 0] == hashes).all()
    assert (words[:, 1] == hashes + np.uint64(1)).all()


def test_threads_share_a_vocabulary():
    vocabulary, hashes = Vocabulary(), np.arange(30_000, dtype=np.uint64)
    parts = [hashes[first:] for first in range(0, 20_000, 1000)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(vocabulary.number, parts, parts))
    words = vocabulary.words.reshape(-1, 2)
    for part, numbers in zip(parts, found, strict=True):
        assert (words[numbers, 0] == part).all()
