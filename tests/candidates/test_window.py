"""Windows of days against every pair of dates."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.candidates.window import are_near, find_lows, find_span
from tests.strategies import law

DAY = 86_400
DATES = st.lists(st.integers(0, 12) | st.none(), max_size=12)


def _order(dates):
    """Return seconds, sorted as a collection is: unknown ones last."""
    known = sorted(date for date in dates if date is not None)
    return [date * DAY for date in known] + [np.nan] * (len(dates) - len(known))


def _is_near(one, other, days):
    return not days or np.isnan(one) or np.isnan(other) or abs(one - other) <= days * DAY


@law(300)
@given(DATES, DATES, st.integers(0, 6))
def test_no_article_before_the_window_is_near(old, new, days):
    published = np.array(_order(old) + _order(new), np.float64)
    lows = find_lows(published, len(old), days)
    for query in range(len(old), len(published)):
        low = int(lows[query])
        near = [
            other for other in range(query) if _is_near(published[other], published[query], days)
        ]
        assert 0 <= low <= min(near, default=query)
        # Without old articles, all in the window are near.
        if not old:
            assert near == list(range(low, query))


@law(200)
@given(DATES, st.integers(0, 6))
def test_what_is_near_is_told_by_the_distance(dates, days):
    published = np.array(_order(dates), np.float64)
    found = are_near(published[:, None], published[None, :], days)
    for one, other in np.ndindex(found.shape):
        assert found[one, other] == _is_near(published[one], published[other], days)


def test_the_span_of_dates_reaches_as_far_as_the_window():
    assert find_span(np.array([3.0 * DAY, 5.0 * DAY]), 2) == (1.0 * DAY, 7.0 * DAY)
