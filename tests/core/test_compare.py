"""The matrix of estimates against its twin, at sizes on both sides of a block."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup._core import EMPTY
from tests.reference import compare as reference
from tests.strategies import law

VARIANTS = (*_core.find_variants(), None)


def _signatures(n: int, n_perm: int, seed: int) -> np.ndarray:
    """Few values, so that many slots agree, and some empty slots and rows."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 3, (n, n_perm), dtype=np.uint32)
    rows[rows == 2] = EMPTY
    rows[::5] = EMPTY
    return rows


@pytest.mark.parametrize("n", [0, 1, 31, 32, 33, 70])
@pytest.mark.parametrize("m", [0, 1, 32, 65])
@pytest.mark.parametrize("n_perm", [1, 7, 64])
def test_a_matrix_is_the_twin(n, m, n_perm):
    firsts, seconds = _signatures(n, n_perm, 1), _signatures(m, n_perm, 2)
    rows, columns = firsts.tolist(), seconds.tolist()
    expected = [[reference.jaccard(a, b) for b in columns] for a in rows]
    for variant in VARIANTS:
        found = np.full((n, m), np.nan)
        _core.fill_jaccards(firsts, seconds, found, variant)
        assert found.tolist() == expected


def test_a_matrix_is_what_pairs_give():
    rows = _signatures(40, 128, 3)
    found = np.empty((40, 40))
    _core.fill_jaccards(rows, rows, found)
    firsts, seconds = (places.ravel() for places in np.indices((40, 40)))
    for variant in VARIANTS:
        counts = _core.count_agreements(rows, firsts, seconds, variant)
        assert (found.ravel() == counts / 128).all()
    assert (found == found.T).all()


@law()
@given(st.integers(0, 2**32 - 1), *[st.integers(0, 40)] * 2, st.integers(1, 70))
def test_any_matrix_is_the_twin(seed, n, m, n_perm):
    firsts, seconds = _signatures(n, n_perm, seed), _signatures(m, n_perm, seed + 1)
    expected = [[reference.jaccard(a, b) for b in seconds.tolist()] for a in firsts.tolist()]
    for variant in VARIANTS:
        found = np.full((n, m), np.nan)
        _core.fill_jaccards(firsts, seconds, found, variant)
        assert found.tolist() == expected


@law(100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 70), st.data())
def test_agreements_are_the_twin(seed, n_perm, data):
    rows = _signatures(6, n_perm, seed)
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=9))
    firsts, seconds = np.array(pairs, np.int64).reshape(-1, 2).T.copy()
    expected = [reference.count_agreements(rows[a].tolist(), rows[b].tolist()) for a, b in pairs]
    for variant in VARIANTS:
        assert _core.count_agreements(rows, firsts, seconds, variant).tolist() == expected


def test_agreements_leave_out_empty_slots():
    signatures = np.full((3, 4), EMPTY, np.uint32)
    signatures[1:, :3] = [[1, 2, 3], [1, 9, 3]]
    firsts, seconds = np.array([0, 1, 1, 0]), np.array([0, 1, 2, 1])
    assert _core.count_agreements(signatures, firsts, seconds).tolist() == [0, 3, 2, 0]


@pytest.mark.parametrize(("firsts", "seconds"), [([3], [0]), ([0], [-1]), ([0, 1], [0])])
def test_rows_that_are_not_there_are_refused(firsts, seconds):
    with pytest.raises(ValueError, match=r"firsts|seconds"):
        _core.count_agreements(np.zeros((3, 4), np.uint32), np.array(firsts), np.array(seconds))


@pytest.mark.parametrize("shapes", [(3, 4, 2, 4, 2, 3), (3, 4, 2, 5, 3, 2), (3, 0, 2, 0, 3, 2)])
def test_a_matrix_of_another_shape_is_refused(shapes):
    firsts, seconds = np.zeros(shapes[:2], np.uint32), np.zeros(shapes[2:4], np.uint32)
    with pytest.raises(ValueError, match=r"signatures|jaccards"):
        _core.fill_jaccards(firsts, seconds, np.empty(shapes[4:]))
    with pytest.raises(TypeError):
        _core.fill_jaccards(firsts, seconds, np.empty(shapes[4:], np.float32))
