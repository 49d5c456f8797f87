"""Figures are rounded once, and nothing becomes whole by rounding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Occurrence
from dedup.model.article import Span
from tests.strategies import law


@law(100)
@given(st.floats(0, 1))
def test_a_figure_is_near_stays_when_it_is_read_and_is_1_only_if_it_was(figure: float) -> None:
    rounded = Occurrence("a", Span(0, 1), figure).identity
    assert abs(rounded - figure) <= 1e-4
    assert (rounded == 1) == (figure == 1)
    assert Occurrence("a", Span(0, 1), rounded).identity == rounded
