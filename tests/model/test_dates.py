"""Which of two articles appeared first."""

from datetime import UTC, datetime, timedelta

import pytest

from dedup.model.dates import find_days, is_day, who_was_first

DAY = datetime(2023, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("a", "b", "first"),
    [
        (DAY, DAY + timedelta(days=1), 0),
        (DAY, DAY, -2),
        (DAY, DAY + timedelta(seconds=1), -2),
        (DAY, DAY + timedelta(hours=5), -2),  # the day is known, the hour of one is not
        (DAY, DAY + timedelta(hours=24, seconds=-1), -2),
        (DAY, DAY + timedelta(seconds=-1), 1),
        (DAY, DAY + timedelta(hours=24, seconds=1), 0),
        (DAY + timedelta(hours=1), DAY + timedelta(hours=5), 0),
        (DAY + timedelta(hours=1), DAY + timedelta(hours=1, minutes=5), -2),
        # On one day, in UTC or in the zone of the time.
        (DAY, datetime.fromisoformat("2023-01-10T22:00-05:00"), -2),
        (DAY, datetime.fromisoformat("2023-01-10T05:00+09:00"), -2),
        (DAY, datetime.fromisoformat("2023-01-11T05:00+09:00"), -2),
        (DAY, datetime.fromisoformat("2023-01-11T09:00+09:00"), 0),
        (DAY, datetime.fromisoformat("2023-01-09T18:59-05:00"), 1),
        (DAY, datetime.fromisoformat("2023-01-11T00:01-05:00"), 0),
        (None, DAY, -1),
        (None, None, -1),
    ],
)
def test_who_was_first(a, b, first):
    assert who_was_first(a, b) == first
    assert who_was_first(b, a) == {0: 1, 1: 0}.get(first, first)


def test_a_day_is_shown_as_one():
    assert is_day(DAY)
    assert not is_day(DAY + timedelta(minutes=1))
    assert not is_day(datetime.fromisoformat("2023-01-09T19:00-05:00"))


def test_days_are_counted_where_a_time_is_missing():
    assert find_days(DAY, DAY + timedelta(days=1)) == 1
    assert find_days(DAY, DAY + timedelta(hours=47)) == 1
    assert find_days(DAY + timedelta(hours=1), DAY) == 0
    assert find_days(DAY + timedelta(hours=1), DAY + timedelta(hours=48)) == 2
    assert find_days(DAY + timedelta(hours=1), DAY + timedelta(hours=47)) is None
    assert find_days(DAY, datetime.fromisoformat("2023-01-10T22:00-05:00")) == 0
    assert find_days(DAY, datetime.fromisoformat("2023-01-12T22:00-05:00")) == 2
    assert find_days(datetime.fromisoformat("2023-01-12T22:00-05:00"), DAY) == -2
