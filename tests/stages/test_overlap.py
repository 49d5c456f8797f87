"""Coverage against a set of characters, and the relation that is read off it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.article import Span
from dedup.blocks import OverlapParams
from dedup.model import Passage
from dedup.stages.overlap import coverage, make_overlap
from tests.reference import overlap as reference
from tests.strategies import law

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
# Pieces of an article, in order and apart.
PIECES = st.lists(st.integers(1, 9), min_size=2, max_size=8).map(
    lambda steps: [(sum(steps[:at]), sum(steps[: at + 1])) for at in range(1, len(steps), 2)]
)


@law(300)
@given(st.lists(SPANS, max_size=6), PIECES)
@example([Span(0, 10), Span(2, 4), Span(6, 12)], [(0, 12)])
@example([Span(0, 4), Span(4, 8)], [(2, 20)])
@example([Span(0, 20), Span(3, 12)], [(0, 2), (4, 8), (10, 11)])
def test_coverage_is_the_twin(spans, pieces):
    assert coverage(spans, pieces) == reference.coverage(spans, pieces)


@law(100)
@given(st.lists(SPANS, max_size=6), SPANS, PIECES)
def test_one_span_more_covers_no_less(spans, more, pieces):
    assert coverage(spans, pieces) <= coverage([*spans, more], pieces) <= 1.0


def test_nothing_is_covered_of_an_article_without_words():
    assert coverage([], []) == 0.0
    assert coverage([Span(0, 5)], []) == 0.0


def _passage(a: Span, b: Span) -> Passage:
    return Passage(a, b, 1.0, 20.0, 8, "verbatim", False, "", "")


@pytest.mark.parametrize(
    ("length_a", "length_b", "relation"),
    [
        (80, 80, "duplicate"),
        (100, 100, "duplicate"),
        (80, 79, "contained"),
        (79, 80, "contains"),
        (79, 79, "shares"),
        (1, 1, "shares"),
    ],
)
def test_relations(length_a, length_b, relation):
    """At a least coverage of .8 for being contained."""
    pieces = [(5, 105)], [(10, 110)]
    passage = _passage(Span(5, 5 + length_a), Span(110 - length_b, 110))
    found = make_overlap(("x", "y"), pieces, (passage,), 0.25, OverlapParams())
    assert (found.a, found.b, found.jaccard) == ("x", "y", 0.25)
    assert (found.coverage_a, found.coverage_b) == (length_a / 100, length_b / 100)
    assert found.relation == relation
    assert found.passages == (passage,)


def test_no_passages_are_no_relation():
    params = OverlapParams(min_contained=0.0)
    assert make_overlap(("x", "y"), ([(0, 9)], [(0, 9)]), (), 1.0, params).relation == "none"


def test_passages_that_overlap_are_counted_once():
    passages = (_passage(Span(0, 6), Span(0, 6)), _passage(Span(3, 8), Span(0, 6)))
    found = make_overlap(("x", "y"), ([(0, 10)], [(0, 10)]), passages, 0.5, OverlapParams())
    assert (found.coverage_a, found.coverage_b) == (0.8, 0.6)
