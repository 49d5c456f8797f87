"""Dates as web pages write them: with or without a time of day and a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone

from dedup.model.date_forms import WrittenDate, read_written
from dedup.pattern import lazy_pattern

# Seconds or milliseconds since 1970.
_EPOCH = lazy_pattern(r"\d{10}(?:\d{3})?")
_IN_ADDRESS = lazy_pattern(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/-]|$)|"
    r"[-_/](?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[-_./]|$)",
    re.IGNORECASE,
)
# A clock in a text: "5:38 PM", "17.38", "17h38", "下午5:38".
_CLOCK = lazy_pattern(
    r"(?:(?P<first>上午|午前|오전)|(?P<second>下午|午後|오후))?\s?"
    r"(?<!\d)(?P<hour>\d{1,2})\s?[:.h时時点點시]\s?(?P<minute>\d\d)(?!\d)(?::\d\d)?\s?"
    r"(?:(?P<am>a\.?\s?m\b|π\.?\s?μ|ص)|(?P<pm>p\.?\s?m\b|μ\.?\s?μ|م(?!\w)))?",
    re.IGNORECASE,
)
# Longer strings are no dates.
_MAX_DATE = 60
# Code points of an element that are searched for a clock.
_MAX_SHOWN = 200
# Years before are the zero of a content system: 0001-01-01, 1899-12-30.
_FIRST_YEAR, _EPOCH_DAY = 1900, date(1970, 1, 1)


def read_page_date(said: str) -> WrittenDate | None:
    """Read a date, or return None if it is none or ambiguous."""
    if len(said) > _MAX_DATE:
        return None
    if _EPOCH.fullmatch(said.strip()):
        return WrittenDate(datetime.fromtimestamp(int(said.strip()[:10]), UTC), False)
    with suppress(ValueError, OverflowError):
        return _check(read_written(said))
    return None


def read_shown_date(said: str, shown: str) -> WrittenDate | None:
    """Read the date of an element; the text that it shows settles a clock of 12 hours.

    Parameters
    ----------
    said : str
        The date for machines.
    shown : str
        The text of the element.
    """
    found = read_page_date(said)
    if found is None or found.either is None:
        return found
    hours = {
        hour
        for match in _CLOCK.finditer(shown[:_MAX_SHOWN])
        if int(match["minute"]) == found.either.minute
        and (hour := _hour_of(match)) is not None
        and hour % 12 == found.either.hour % 12
    }
    return WrittenDate(found.either.replace(hour=hours.pop()), False) if len(hours) == 1 else found


def _hour_of(match: re.Match[str]) -> int | None:
    """Return the hour of 24 that a clock shows; None if it may be one of two."""
    hour = int(match["hour"])
    is_first, is_second = match["first"] or match["am"], match["second"] or match["pm"]
    if is_first or is_second:
        return hour % 12 + (12 if is_second else 0) if hour <= 12 else None
    return hour if hour == 0 or 12 < hour < 24 else None


def read_address_date(url: str) -> WrittenDate | None:
    """Read the day in the address of an article, as in ``/2016/12/01/``."""
    for match in _IN_ADDRESS.finditer(url):
        parts = (match["year"] or match["y"], match["month"] or match["m"])
        if found := read_page_date("-".join((*parts, match["day"] or match["d"]))):
            return found
    return None


def choose_date(said: Iterable[WrittenDate], others: Iterable[WrittenDate] = ()) -> datetime | None:
    """Return the first date, with its time of day if a later one adds it to the same day.

    Parameters
    ----------
    said : iterable of WrittenDate
        Dates of publication, the most reliable one first.
    others : iterable of WrittenDate
        Further dates of the page, which may tell its zone.

    Returns
    -------
    datetime or None
        Aware. A day without a time is midnight UTC. A time without a zone has the zone of another
        date with the same hour and minute, else UTC.
    """
    dates = list(said)
    if not dates:
        return None
    best = dates[0]
    if best.is_day:
        same = (one for one in dates if not one.is_day and one.when.date() == best.when.date())
        best = next(same, best)
    if best.is_day:
        return datetime.combine(best.when.date(), time(), UTC)
    if best.when.tzinfo is not None:
        return best.when
    return best.when.replace(tzinfo=_find_zone([*dates, *others]))


def _find_zone(dates: list[WrittenDate]) -> timezone:
    """Return the zone of a page: one time is written once with and once without it."""
    exact = [one.when.replace(second=0, microsecond=0) for one in dates if not one.is_day]
    local = {when for when in exact if when.tzinfo is None}
    for when in exact:
        if when.tzinfo is not None and when.replace(tzinfo=None) in local:
            return timezone(when.utcoffset() or timedelta())
    return UTC


def _check(found: WrittenDate | None) -> WrittenDate | None:
    """Reject zeros of a content system; it writes a date without a time as midnight, too."""
    if found is None or found.when.year < _FIRST_YEAR or found.when.date() == _EPOCH_DAY:
        return None
    return found._replace(is_day=found.is_day or found.when.time() == time())
