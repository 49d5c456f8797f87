"""Signatures against their twin, and the estimate that they are made for against theory."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import sketching as kernel
from tests.reference import sketching as reference
from tests.strategies import law

UINT64 = st.integers(0, 2**64 - 1)
SIZES = (1, 2, 4, 64, 128, 256)


def _array(values: list[int]) -> np.ndarray:
    return np.array(values, np.uint64)


def _signature(shingles: np.ndarray, n_perm: int) -> np.ndarray:
    signature = np.empty(n_perm, np.uint32)
    kernel.fill_signature(shingles.copy(), signature)
    return signature


def _shingles(hashes: np.ndarray, k: int) -> np.ndarray:
    shingles = np.empty(len(hashes), np.uint64)
    return shingles[: kernel.hash_shingles(hashes, k, shingles)]


@law(100)
@given(st.lists(UINT64, max_size=12), st.integers(1, 6))
@example([], 3)
@example([5], 3)
@example([5, 6, 7], 3)
@example([5, 6, 7, 8], 3)
def test_shingles_are_the_twin(hashes, k):
    assert _shingles(_array(hashes), k).tolist() == reference.shingles(hashes, k)


def test_shingles_heed_order():
    assert _shingles(_array([1, 2]), 2) != _shingles(_array([2, 1]), 2)


def test_a_short_article_is_not_a_shingle_of_a_long_one():
    assert _shingles(_array([0, 7]), 3) != _shingles(_array([0, 0, 7]), 3)


@law(60)
@given(st.lists(UINT64, min_size=1, max_size=40), st.sampled_from(SIZES))
@example([0], 128)
@example([0], 1)
@example(list(range(600)), 128)
def test_signatures_are_the_twin(shingles, n_perm):
    assert _signature(_array(shingles), n_perm).tolist() == reference.signature(shingles, n_perm)


def test_some_slots_are_filled_on_their_own():
    """One shingle in 256 slots leaves some empty after the last round: the twin sees that."""
    rounds = _signature(_array([1]), 256) >> 26
    assert rounds.max() == kernel.N_ROUNDS
    assert rounds.min() == 0


@law(40)
@given(st.lists(UINT64, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_signature_is_of_a_set(shingles, rng):
    shuffled = shingles + shingles[:3]
    rng.shuffle(shuffled)
    assert (_signature(_array(shingles), 64) == _signature(_array(shuffled), 64)).all()


def test_a_batch_is_one_at_a_time():
    rng = np.random.default_rng(3)
    counts = [0, 1, 2, 3, 50, 0, 400]
    hashes = rng.integers(0, 2**64, sum(counts), np.uint64)
    offsets = np.cumsum([0, *counts])
    signatures = np.empty((len(counts), 128), np.uint32)
    kernel.sketch_articles(hashes, offsets, 3, np.empty((2, 0), np.uint32), signatures)
    for row, first, last in zip(signatures, offsets[:-1], offsets[1:], strict=True):
        shingles = reference.shingles(hashes[first:last].tolist(), 3)
        assert row.tolist() == reference.signature(shingles, 128)
    assert (signatures[[0, 5]] == reference.EMPTY).all()
    assert (signatures[[1, 2, 3, 4, 6]] != reference.EMPTY).all()


def _errors(n: int, jaccard: float, n_perm: int, n_trials: int) -> np.ndarray:
    """Errors of the estimate on random sets whose union has n elements."""
    rng = np.random.default_rng([n, round(100 * jaccard), n_perm])
    n_shared = round(n * jaccard)
    n_left = (n - n_shared) // 2
    errors = np.empty(n_trials)
    for trial in range(n_trials):
        union = rng.integers(0, 2**64, n, np.uint64)
        a, b = union[: n_shared + n_left], np.r_[union[:n_shared], union[n_shared + n_left :]]
        agree = _signature(a, n_perm) == _signature(b, n_perm)
        errors[trial] = agree.mean() - n_shared / n
    return errors


@pytest.mark.parametrize("n", [10, 50, 300, 1000])
@pytest.mark.parametrize("jaccard", [0.2, 0.5, 0.8])
def test_error_is_that_of_minhash_or_less(n, jaccard):
    """The variance of k independent permutations is J (1 - J) / K; it bounds this one's."""
    errors = _errors(n, jaccard, 128, 600)
    theory = math.sqrt(jaccard * (1 - jaccard) / 128)
    assert math.sqrt((errors**2).mean()) <= 1.1 * theory
    assert abs(errors.mean()) <= 4 * errors.std() / math.sqrt(len(errors))


def test_small_sets_are_estimated_better_than_by_minhash():
    """What Fast Similarity Sketching is chosen for: .031 against .044."""
    errors = _errors(20, 0.5, 128, 600)
    assert math.sqrt((errors**2).mean()) <= 0.8 * math.sqrt(0.25 / 128)


@pytest.mark.parametrize("n_inserted", [1, 5, 20])
def test_insertions_do_not_bias(n_inserted):
    """Words put in the middle shift every position after them, and must change nothing else."""
    rng = np.random.default_rng(n_inserted)
    errors = []
    for _ in range(300):
        a = rng.integers(0, 2**64, 200, np.uint64)
        places = rng.integers(50, 150, n_inserted)
        b = np.insert(a, places, rng.integers(0, 2**64, n_inserted, np.uint64))
        left, right = _shingles(a, 3), _shingles(b, 3)
        exact = reference.jaccard(left.tolist(), right.tolist())
        errors.append((_signature(left, 128) == _signature(right, 128)).mean() - exact)
    assert abs(np.mean(errors)) <= 4 * np.std(errors) / math.sqrt(len(errors))
    assert exact > 0.5
