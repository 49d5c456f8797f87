"""The matrix of estimates against its twin, at sizes on both sides of a block."""

import numpy as np
import pytest

from dedup.kernels import comparing as kernel
from dedup.kernels import sketching
from tests.reference import comparing as reference


def _signatures(n: int, n_perm: int, seed: int) -> np.ndarray:
    """Few values, so that many slots agree, and some empty slots and rows."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 3, (n, n_perm), dtype=np.uint32)
    rows[rows == 2] = sketching.EMPTY
    rows[::5] = sketching.EMPTY
    return rows


@pytest.mark.parametrize("n", [0, 1, 31, 32, 33, 70])
@pytest.mark.parametrize("m", [0, 1, 32, 65])
@pytest.mark.parametrize("n_perm", [1, 7, 64])
def test_a_matrix_is_the_twin(n, m, n_perm):
    firsts, seconds = _signatures(n, n_perm, 1), _signatures(m, n_perm, 2)
    found = np.full((n, m), np.nan)
    kernel.fill_jaccards(firsts, seconds, found)
    rows, columns = firsts.tolist(), seconds.tolist()
    assert found.tolist() == [[reference.jaccard(a, b) for b in columns] for a in rows]


def test_a_matrix_is_what_pairs_give():
    rows = _signatures(40, 128, 3)
    found = np.empty((40, 40))
    kernel.fill_jaccards(rows, rows, found)
    firsts, seconds = (places.ravel() for places in np.indices((40, 40)))
    counts = kernel.count_agreements(rows, firsts, seconds)
    assert (found.ravel() == counts / 128).all()
    assert (found == found.T).all()


def test_agreements_leave_out_empty_slots():
    signatures = np.full((3, 4), kernel.EMPTY, np.uint32)
    signatures[1:, :3] = [[1, 2, 3], [1, 9, 3]]
    firsts, seconds = np.array([0, 1, 1, 0]), np.array([0, 1, 2, 1])
    assert kernel.count_agreements(signatures, firsts, seconds).tolist() == [0, 3, 2, 0]
