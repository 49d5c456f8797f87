"""Publication times, and which of two articles appeared first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from math import inf

DAY = 86_400.0
# Dates closer than this are a tie: a quarter of the stories of online news are picked up within
# four minutes (Cagé, Hervé and Viaud 2017), and clocks of outlets differ by as much.
TIE = 600.0
# Seconds cut from both ends of a day without a time, so that it ties with each moment of that day
# but not with the next day.
MARGIN = TIE + 1


def is_day(published: datetime) -> bool:
    """Return whether a date has no time of day; midnight UTC marks such a date.

    Parameters
    ----------
    published : datetime
        Aware.

    Returns
    -------
    bool
        True for midnight UTC.
    """
    return published.utcoffset() == timedelta(0) and published.time() == time()


def find_range(published: datetime) -> tuple[float, float]:
    """Return the earliest and the latest possible publication time.

    Parameters
    ----------
    published : datetime
        Aware.

    Returns
    -------
    tuple of (float, float)
        Seconds since 1970, from and to. A date without a time covers its day less `MARGIN` at both
        ends.
    """
    return _cover_days(published) if is_day(published) else (published.timestamp(),) * 2


def find_days(a: datetime, b: datetime) -> int | None:
    """Return the whole days from one date to another if either has no time, else None.

    Parameters
    ----------
    a, b : datetime
        Aware.

    Returns
    -------
    int or None
        The least number of days between them, whether a time counts in its own zone or in UTC;
        negative if `b` is the earlier one.
    """
    if not (is_day(a) or is_day(b)):
        return None
    days_a, days_b = _days(a), _days(b)
    return max(days_b[0] - days_a[1], 0) + min(days_b[1] - days_a[0], 0)


def who_was_first(a: datetime | None, b: datetime | None) -> int:
    """Return which of two articles appeared first.

    Parameters
    ----------
    a, b : datetime or None
        Publication dates, aware.

    Returns
    -------
    int
        0 for `a`, 1 for `b`, -1 if a date is missing, -2 for a tie: less than `TIE` apart, or on
        one day, in UTC or in the zone of the time, if one of them has no time.
    """
    if a is None or b is None:
        return -1
    find = _cover_days if is_day(a) or is_day(b) else find_range
    (low_a, high_a), (low_b, high_b) = find(a), find(b)
    if low_b - high_a > TIE:
        return 0
    return 1 if low_a - high_b > TIE else -2


def find_first(dates: Sequence[datetime | None]) -> list[int]:
    """Return which articles may be the first: those that none is surely earlier than.

    Parameters
    ----------
    dates : sequence of (datetime or None)
        Publication dates, aware.

    Returns
    -------
    list of int
        Positions in `dates`: several in a tie, none if all dates are missing.
    """
    known = [(at, is_day(date), find_range(date), _cover_days(date))
             for at, date in enumerate(dates) if date is not None]  # fmt: skip
    # Times are compared with times, and days with everything; see `who_was_first`.
    moment = min((own[1] for _, is_whole, own, _ in known if not is_whole), default=inf)
    day = min((days[1] for _, is_whole, _, days in known if is_whole), default=inf)
    any_day = min((days[1] for *_, days in known), default=inf)
    return [
        at
        for at, is_whole, own, days in known
        if (days[0] - any_day if is_whole else max(own[0] - moment, days[0] - day)) <= TIE
    ]


def find_lag(dates: Sequence[datetime]) -> tuple[datetime, datetime] | None:
    """Return two dates with the greatest sure lag between them.

    Parameters
    ----------
    dates : sequence of datetime
        Aware.

    Returns
    -------
    tuple of (datetime, datetime) or None
        The earlier and the later one; None if each date ties with each other. A lag in days counts
        as that many times 24 hours; of equal lags, that of two times is taken.
    """
    times = [date for date in dates if not is_day(date)]
    days = [date for date in dates if is_day(date)]
    pairs = [(min(times), max(times))] if times else []
    # A lag in days is from the last day of the one to the first day of the other; see `find_days`.
    pairs += [
        (min(some, key=lambda date: _days(date)[1]), max(others, key=lambda date: _days(date)[0]))
        for some, others in ((days, dates), (dates, days))
        if days
    ]
    sure = [pair for pair in pairs if who_was_first(*pair) == 0]
    return max(sure, key=_measure_lag, default=None)


def _measure_lag(pair: tuple[datetime, datetime]) -> float:
    """Return a lag in seconds."""
    n_days = find_days(*pair)
    return (pair[1] - pair[0]).total_seconds() if n_days is None else n_days * DAY


def _days(published: datetime) -> tuple[int, int]:
    """Return the first and the last day of a date: in its own zone and in UTC, since 1970."""
    moment = published.timestamp()
    offset = (published.utcoffset() or timedelta()).total_seconds()
    days = moment // DAY, (moment + offset) // DAY
    return int(min(days)), int(max(days))


def _cover_days(published: datetime) -> tuple[float, float]:
    first, last = _days(published)
    return first * DAY + MARGIN, (last + 1) * DAY - MARGIN
