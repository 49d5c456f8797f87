"""How much later the last of several dates surely is, by every pair of them: slow and obvious."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def spread_of(dates: Sequence[datetime]) -> str:
    """Return what a report says of several dates."""
    if len(dates) < 2:
        return ""
    # Of equal lags, that of two times is taken.
    lags = [lag for pair in permutations(dates, 2) if (lag := sure_lag(*pair)) is not None]
    if lags:
        lag, has_times = max(lags)
        return f"the last one {words_of(lag, has_times)}"
    if all(map(has_time, dates)):
        return "within 10 minutes"
    return "on one day" if len({one.date() for one in dates}) == 1 else ""


def has_time(one: datetime) -> bool:
    return (one.utcoffset(), one.time()) != (timedelta(0), time(0))


def sure_lag(first: datetime, second: datetime) -> tuple[timedelta, bool] | None:
    """Return the least lag, and whether both have a time; None if the first may be later."""
    if has_time(first) and has_time(second):
        return (second - first, True) if second - first > 10 * MINUTE else None
    lag = min(end - start for end in calendar_days(second) for start in calendar_days(first))
    return (lag, False) if lag >= DAY else None


def calendar_days(one: datetime) -> set[date]:
    return {one.date(), one.astimezone(UTC).date()}


def words_of(lag: timedelta, has_times: bool) -> str:
    """Round half up, in the largest unit that gives two or more."""
    if not has_times:
        return "the next day" if lag == DAY else f"{lag.days} days later"
    size, name = next(one for one in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))
                      if lag >= 2 * one[0])  # fmt: skip
    return f"{int(lag / size + 0.5)} {name}s later"
