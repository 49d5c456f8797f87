"""Band keys against their twin, and the k-of-b rule against the binomial."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.sketches.permutations import draw_permutations
from tests.reference import bands as reference
from tests.reference import sketch as sketching
from tests.strategies import law

SLOTS = st.lists(st.integers(0, 2**32 - 1), min_size=16, max_size=16)


@law()
@given(st.lists(SLOTS, max_size=3), st.sampled_from([(1, 1), (16, 1), (8, 2), (5, 3), (1, 16)]))
def test_bands_are_the_twin(rows, shape):
    signatures = np.array(rows, np.uint32).reshape(-1, 16)
    keys = _core.hash_bands(signatures, *shape)
    assert keys.shape == (len(rows), shape[0])
    assert keys.tolist() == [reference.bands(row, *shape) for row in rows]


def test_equal_slots_in_different_bands_are_different_keys():
    (keys,) = _core.hash_bands(np.full((1, 128), 7, np.uint32), 64, 2)
    assert len(set(keys.tolist())) == 64


@pytest.mark.parametrize("jaccard", [0.1, 0.2, 0.3, 0.4, 0.5])
def test_share_of_pairs_found_is_binomial(jaccard):
    rng = np.random.default_rng(round(100 * jaccard))
    n_pairs = 4000
    a = rng.integers(0, 2**32, (n_pairs, 128), np.uint32)
    b = np.where(rng.random(a.shape) < jaccard, a, ~a)
    hits = (_core.hash_bands(a, 64, 2) == _core.hash_bands(b, 64, 2)).sum(axis=1)
    expected = reference.chance_of_hits(jaccard, 64, 2, 4)
    error = math.sqrt(expected * (1 - expected) / n_pairs)
    assert abs((hits >= 4).mean() - expected) <= 4 * error


def test_chance_of_hits_is_the_published_table():
    assert round(reference.chance_of_hits(0.30, 64, 2, 4), 2) == 0.84
    assert round(reference.chance_of_hits(0.50, 32, 4, 1), 2) == 0.87


@pytest.mark.parametrize("scheme", ["fss", "affine32"])
@pytest.mark.parametrize(("n_bands", "n_rows", "min_hits"), [(64, 2, 4), (16, 8, 1)])
def test_insertions_that_shift_all_words_change_nothing(scheme, n_bands, n_rows, min_hits):
    """Words put in near the beginning: what is found is what the exact similarity says."""
    rng = np.random.default_rng([n_bands, len(scheme)])
    n_pairs = 400
    tokens, chances = [], []
    for _ in range(n_pairs):
        a = rng.integers(0, 2**64, 300, np.uint64)
        n_inserted = rng.integers(1, 120)
        b = np.insert(
            a, rng.integers(0, 40, n_inserted), rng.integers(0, 2**64, n_inserted, np.uint64)
        )
        exact = sketching.jaccard(*(sketching.shingles(one.tolist(), 3) for one in (a, b)))
        chances.append(reference.chance_of_hits(exact, n_bands, n_rows, min_hits))
        tokens += [a, b]
    offsets = np.cumsum([0, *map(len, tokens)])
    permutations = (
        draw_permutations(128, 1) if scheme == "affine32" else np.empty((2, 0), np.uint32)
    )
    signatures = np.empty((2 * n_pairs, 128), np.uint32)
    _core.sketch_articles(np.concatenate(tokens), offsets, 3, permutations, signatures)
    keys = _core.hash_bands(signatures, n_bands, n_rows)
    found = (keys[::2] == keys[1::2]).sum(axis=1) >= min_hits
    error = np.sqrt(np.mean(np.multiply(chances, 1 - np.array(chances))) / n_pairs)
    assert abs(found.mean() - np.mean(chances)) <= 4 * error + 0.01


@pytest.mark.parametrize("shape", [(0, 1), (1, 0), (17, 1), (4, 5), (2**63, 2), (2, 2**63)])
def test_bands_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match="n_bands and n_rows"):
        _core.hash_bands(np.zeros((2, 16), np.uint32), *shape)


def test_other_types_are_refused():
    with pytest.raises(TypeError):
        _core.hash_bands(np.zeros((2, 16), np.int32), 4, 4)
    with pytest.raises(TypeError):
        _core.hash_bands(np.zeros((16, 2), np.uint32).T, 4, 4)
