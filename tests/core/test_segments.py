"""Maximal scoring segments against their twin, and the laws they keep."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import segments as reference
from tests.strategies import law

# In eighths, which add up without rounding; drops and least totals fall on them, too.
SCORES = st.lists(st.integers(-40, 40).map(lambda eighths: eighths / 8), max_size=24)


@law(300)
@given(SCORES, st.sampled_from([0.0, 1.0, 4.0, 15.0]), st.sampled_from([0.125, 2.0, 6.0]))
def test_segments_are_the_twin(scores, x_drop, min_score):
    found = _core.find_segments(np.array(scores, np.float32), x_drop, min_score)
    assert [tuple(row) for row in found.tolist()] == reference.segments(scores, x_drop, min_score)


@law(200)
@given(SCORES, st.sampled_from([0.0, 1.0, 4.0, 15.0]), st.sampled_from([0.125, 2.0, 6.0]))
def test_segments_are_maximal(scores, x_drop, min_score):
    """Disjoint, in order, rich enough, and no richer without a prefix or a suffix."""
    found = _core.find_segments(np.array(scores, np.float32), x_drop, min_score).tolist()
    edges = [edge for segment in found for edge in segment]
    assert edges == sorted(edges)
    assert not edges or 0 <= edges[0] <= edges[-1] <= len(scores)
    for low, high in found:
        assert sum(scores[low:high]) >= min_score
        for cut in range(low + 1, high):
            assert sum(scores[low:cut]) > 0
            assert sum(scores[cut:high]) > 0


@law(150)
@given(SCORES, st.sampled_from([1.0, 4.0]), st.sampled_from([2.0, 6.0]))
def test_no_segment_is_missed(scores, x_drop, min_score):
    """What is left between segments holds no run of positive scores that is rich enough."""
    found = _core.find_segments(np.array(scores, np.float32), x_drop, min_score).tolist()
    covered = {at for low, high in found for at in range(low, high)}
    run = 0.0
    for at, score in enumerate(scores):
        run = run + score if score > 0 and at not in covered else 0.0
        assert run < min_score
