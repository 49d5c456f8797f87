"""Affine signatures against their twin and datasketch, and their estimate against theory."""

import math

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.sketches.permutations import draw_permutations
from tests.reference import permute as reference
from tests.reference import sketch as sketching
from tests.strategies import law

UINT64 = st.integers(0, 2**64 - 1)
VARIANTS = (*_core.find_variants(), None)
SEEDS = (0, 1, 2, 42, 2**31, 2**32 - 1)
SIZES = (1, 2, 3, 16, 100, 128, 129, 256)


def _signature(
    shingles: list[int] | np.ndarray, n_perm: int, seed: int = 1, variant: str | None = None
) -> np.ndarray:
    signature = np.empty(n_perm, np.uint32)
    permutations = draw_permutations(n_perm, seed)
    _core.fill_affine_signature(np.array(shingles, np.uint64), permutations, signature, variant)
    return signature


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n_perm", SIZES)
def test_permutations_are_those_of_datasketch(n_perm, seed):
    expected = MinHash(n_perm, seed, scheme="affine32").permutations
    found = draw_permutations(n_perm, seed)
    assert found.dtype == expected.dtype == np.uint32
    assert (found == expected).all()


@law(100)
@given(st.lists(UINT64, max_size=20), st.sampled_from((1, 2, 7, 16, 33)), st.integers(0, 2**32 - 1))
@example([], 16, 1)
@example([0], 16, 1)
@example([2**64 - 1, 0, 2**32, 2**32 - 1], 16, 1)
@example(list(range(600)), 33, 7)
def test_signatures_are_the_twin(shingles, n_perm, seed):
    permutations = draw_permutations(n_perm, seed).tolist()
    expected = reference.signature(shingles, permutations)
    for variant in VARIANTS:
        assert _signature(shingles, n_perm, seed, variant).tolist() == expected


@law(60)
@given(
    st.lists(st.integers(0, 2**32 - 1), max_size=30),
    st.sampled_from(SIZES),
    st.sampled_from(SEEDS),
    UINT64,
)
def test_signatures_are_those_of_datasketch(hashes, n_perm, seed, upper):
    minhash = MinHash(n_perm, seed, hashfunc=int, scheme="affine32")
    minhash.update_batch(hashes)
    shingles = [(upper & 0xFFFFFFFF00000000) | value for value in hashes]
    assert (_signature(shingles, n_perm, seed) == minhash.hashvalues).all()


@law(60)
@given(st.lists(UINT64, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_signature_is_of_a_set(shingles, rng):
    shuffled = shingles + shingles[:3]
    rng.shuffle(shuffled)
    assert (_signature(shingles, 64) == _signature(shuffled, 64)).all()


@law(60)
@given(st.lists(UINT64, max_size=20), st.lists(UINT64, max_size=20))
def test_the_signature_of_a_union_is_the_least_of_both(left, right):
    least = np.minimum(_signature(left, 64), _signature(right, 64))
    assert (_signature(left + right, 64) == least).all()


def test_fewer_permutations_are_not_the_first_of_more():
    """The increments are drawn after all multipliers: n_perm is part of the recipe."""
    few, many = draw_permutations(16, 1), draw_permutations(32, 1)
    assert (few[0] == many[0, :16]).all()
    assert (few[1] != many[1, :16]).any()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_batch_is_one_at_a_time(variant):
    rng = np.random.default_rng(3)
    counts = [0, 1, 2, 3, 50, 0, 400]
    hashes = rng.integers(0, 2**64, sum(counts), np.uint64)
    offsets = np.cumsum([0, *counts])
    permutations = draw_permutations(100, 5)
    signatures = np.empty((len(counts), 100), np.uint32)
    _core.sketch_articles(hashes, offsets, 3, permutations, signatures, variant)
    for row, first, last in zip(signatures, offsets[:-1], offsets[1:], strict=True):
        shingles = sketching.shingles(hashes[first:last].tolist(), 3)
        assert row.tolist() == reference.signature(shingles, permutations.tolist())
    assert (signatures[[0, 5]] == reference.EMPTY).all()


@pytest.mark.parametrize("n", [10, 50, 300, 1000])
@pytest.mark.parametrize("jaccard", [0.2, 0.5, 0.8])
def test_error_is_that_of_minhash(n, jaccard):
    """Near the variance of k independent permutations, J (1 - J) / K, at every size.

    One set of permutations serves all trials, as it does in use; the elements are random.
    """
    rng = np.random.default_rng([n, round(100 * jaccard)])
    n_shared = round(n * jaccard)
    n_left = (n - n_shared) // 2
    errors = np.empty(1000)
    for trial in range(len(errors)):
        union = rng.integers(0, 2**64, n, np.uint64)
        a, b = union[: n_shared + n_left], np.r_[union[:n_shared], union[n_shared + n_left :]]
        errors[trial] = (_signature(a, 128) == _signature(b, 128)).mean() - n_shared / n
    theory = math.sqrt(jaccard * (1 - jaccard) / 128)
    assert 0.85 * theory <= math.sqrt((errors**2).mean()) <= 1.15 * theory
    assert abs(errors.mean()) <= 4 * errors.std() / math.sqrt(len(errors))


@law(100)
@given(st.integers(0, 2**32 - 1))
def test_the_finalizer_is_the_twin(value):
    assert _core.fmix32(value) == reference.fmix32(value)


@pytest.mark.parametrize("n", [10, 50, 300, 1000])
def test_consecutive_numbers_are_estimated_as_random_ones(n):
    """What fmix32 is there for: without it hashes in a row would follow one another in all slots.

    Half of the union is shared; where it starts is random.
    """
    rng = np.random.default_rng(n)
    errors = np.empty(600)
    for trial, start in enumerate(rng.integers(0, 2**31, len(errors))):
        union = np.arange(start, start + n, dtype=np.uint64)
        n_shared = n // 2
        n_left = (n - n_shared) // 2
        a, b = union[: n_shared + n_left], np.r_[union[:n_shared], union[n_shared + n_left :]]
        errors[trial] = (_signature(a, 128) == _signature(b, 128)).mean() - n_shared / n
    assert math.sqrt((errors**2).mean()) <= 1.15 * math.sqrt(0.25 / 128)


def test_bad_input_is_refused():
    shingles, signature = np.zeros(3, np.uint64), np.empty(16, np.uint32)
    with pytest.raises(ValueError, match="permutations"):
        _core.fill_affine_signature(shingles, draw_permutations(15, 1), signature)
    with pytest.raises(ValueError, match="permutations"):
        _core.fill_affine_signature(shingles, draw_permutations(16, 1)[:1], signature)
    with pytest.raises(TypeError):
        _core.fill_affine_signature(shingles.view(np.int64), draw_permutations(16, 1), signature)
