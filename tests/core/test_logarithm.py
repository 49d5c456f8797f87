"""Logarithms against forty digits: the last bit may be off by one, and is the same everywhere."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import logarithm as reference
from tests.strategies import law

NUMBERS = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
NEAR_ONE = st.integers(-(2**30), 2**30).map(lambda steps: 1 + steps * 2.0**-32)


@law(1000)
@given(NUMBERS | NEAR_ONE)
def test_logarithms_err_by_less_than_a_unit_in_the_last_place(x):
    for found, expected in (
        (_core.natural_log(x), reference.natural_log(x)),
        (_core.binary_log(x), reference.binary_log(x)),
    ):
        assert abs(Decimal(found) - expected) < Decimal(math.ulp(float(expected)))


@law(200)
@given(st.integers(-1074, 1023))
def test_binary_logarithms_of_powers_of_two_are_exact(exponent):
    assert _core.binary_log(2.0**exponent) == exponent


@pytest.mark.parametrize("log", [_core.natural_log, _core.binary_log])
def test_where_there_is_no_logarithm(log):
    assert log(0.0) == log(-0.0) == -math.inf
    assert log(math.inf) == math.inf
    assert math.isnan(log(-1.0))
    assert math.isnan(log(math.nan))
