"""What an article is made of: laws, against painting character by character."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.overlap import Pieces
from dedup.group.places import SharedPassages
from dedup.provenance.borrowed import Sides, find_coverage, find_shares, is_no_later
from dedup.provenance.clues import find_dates
from tests.strategies import law

LENGTH = 200
PIECES = Pieces(np.array([[0, 80], [100, 200]], np.uint32), np.array([0, 2]))
COUNTED = set(range(80)) | set(range(100, 200))

passages = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 150), st.integers(10, 50), st.floats(0, 1)),
    max_size=8,
)


def sides_of(rows):
    """Return the passages of article 0, each (other, start, length, identity)."""
    spans = np.array([(s, s + n, 0, n) for _, s, n, _ in rows], np.int64).reshape(-1, 4)
    articles = np.array([(0, other) for other, *_ in rows], np.int64).reshape(-1, 2)
    shared = SharedPassages(articles, spans // 5, spans, np.array([row[3] for row in rows]))
    return Sides(shared, np.array([0]), 5).get(0)


@law(200)
@given(passages)
def test_coverage_is_what_others_have_of_what_counts(rows):
    covered = {at for _, start, n, _ in rows for at in range(start, start + n)}
    expected = len(covered & COUNTED) / len(COUNTED)
    found = find_coverage(sides_of(rows), PIECES, 0)
    assert found == pytest.approx(expected)


@law(200)
@given(passages)
def test_shares_take_from_whoever_gives_most_of_what_is_left(rows):
    free = set(COUNTED)
    given_by = {}
    for other, start, n, _ in rows:
        given_by.setdefault(other, set()).update(range(start, start + n))
    expected = []
    while True:
        gains = {o: len(free & own) for o, own in given_by.items()}
        gains = {o: n for o, n in gains.items() if n >= 20}
        if not gains:
            break
        best = min(gains, key=lambda o: (-gains[o], o))
        expected.append((best, len(free & given_by[best]) / len(COUNTED)))
        free -= given_by[best]
    found = find_shares(sides_of(rows), PIECES, 0, np.ones(len(rows), np.bool_))
    assert {one.article: one.coverage for one in found} == pytest.approx(dict(expected))
    assert sum(one.coverage for one in found) <= 1 + 1e-9


def test_edits_are_counted_of_what_is_taken():
    rows = [(1, 0, 50, 0.8), (2, 25, 50, 0.0)]
    first, second = find_shares(sides_of(rows), PIECES, 0, np.ones(2, np.bool_))
    assert (first.article, first.n_edits) == (1, 2)  # of ten words two are not as they were
    assert (second.article, second.n_edits) == (2, 5)


def test_who_may_not_give_gives_nothing():
    assert find_shares(sides_of([(1, 0, 50, 1.0)]), PIECES, 0, np.zeros(1, np.bool_)) == ()


def test_a_tie_and_a_missing_date_are_no_later():
    dates = find_dates(np.array([1.0, 501, 701, np.nan]))
    assert is_no_later(dates, dates[0]).tolist() == [True, True, False, True]
