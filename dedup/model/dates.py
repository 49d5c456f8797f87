"""When articles may have been published, and which of two appeared first."""

from __future__ import annotations

from datetime import datetime, time, timedelta

DAY = 86_400.0
# Dates closer than this are a tie: a quarter of the stories of online news are picked up within
# four minutes (Cagé, Hervé and Viaud 2017), and clocks of outlets differ by as much.
TIE = 600.0
# What a day without a time is cut by at both ends: so the next day is no tie with it, and each
# moment of the day itself is one.
MARGIN = TIE + 1


def is_day(published: datetime) -> bool:
    """Tell whether a date is to be shown without a time: midnight, UTC, stands for it.

    Parameters
    ----------
    published : datetime
        Aware.

    Returns
    -------
    bool
        Whether there is no time of day.
    """
    return published.utcoffset() == timedelta(0) and published.time() == time()


def find_range(published: datetime) -> tuple[float, float]:
    """Return when an article may have been published, for comparing it with others.

    Parameters
    ----------
    published : datetime
        Aware.

    Returns
    -------
    tuple of (float, float)
        Seconds since 1970, from and to: those of a day but for `MARGIN` at both ends, if it is
        midnight, UTC, which stands for a day.
    """
    moment = published.timestamp()
    return (moment + MARGIN, moment + DAY - MARGIN) if moment % DAY == 0 else (moment, moment)


def who_was_first(a: datetime | None, b: datetime | None) -> int:
    """Tell which of two articles appeared first.

    Parameters
    ----------
    a, b : datetime or None
        When they were published; aware.

    Returns
    -------
    int
        0 for the one, 1 for the other, -1 if a date is missing, -2 if they are a tie: less than
        `TIE` apart, or of one day and of one no more is known.
    """
    if a is None or b is None:
        return -1
    (low_a, high_a), (low_b, high_b) = find_range(a), find_range(b)
    if low_b - high_a > TIE:
        return 0
    return 1 if low_a - high_b > TIE else -2
