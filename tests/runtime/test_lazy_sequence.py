"""A sequence loaded on access is read as a list is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime import lazy_sequence
from dedup.runtime.lazy_sequence import LazySequence
from tests.strategies import law

BOUNDS = st.none() | st.integers(-9, 9)


class _Squares(LazySequence[int]):
    def __len__(self):
        return 7

    def load_places(self, places):
        return [at * at for at in places]


@law(200)
@given(BOUNDS, BOUNDS, BOUNDS.filter(lambda step: step != 0))
def test_it_is_sliced_as_a_list_is(low, high, step):
    squares = [at * at for at in range(7)]
    assert _Squares()[low:high:step] == squares[low:high:step]


@pytest.mark.parametrize("at", range(-8, 9))
def test_it_is_indexed_as_a_list_is(at):
    squares = [at * at for at in range(7)]
    if -7 <= at < 7:
        assert _Squares()[at] == squares[at]
    else:
        with pytest.raises(IndexError):
            _Squares()[at]


@pytest.mark.parametrize("step", [1, 2, 3, 6, 7, 8])
def test_all_are_read_in_order(monkeypatch, step):
    monkeypatch.setattr(lazy_sequence, "_STEP", step)
    assert list(_Squares()) == [at * at for at in range(7)]
