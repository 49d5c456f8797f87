"""Dates as web pages write them: with or without a time of day and a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, timezone
from typing import NamedTuple

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# Hours from UTC. Other names are ambiguous, and a wrong guess would change who was first.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "MSK": 3, "JST": 9, "KST": 9,
}  # fmt: skip
_ZONE = r"(?P<zone>Z|UTC?|(?:GMT|UTC)?[ ]?[+-]\d{1,2}(?::?\d\d)?|[A-Z]{3,4})?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    rf"[ ]?(?P<half>[ap]\.?m\.?)?[ ]?{_ZONE}"
)
_FORMS = tuple(
    re.compile(rf"{form}(?:\s*\([A-Z]{{2,5}}\))?", re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})([-/.]?)(?P<month>\d\d)\2(?P<day>\d\d)(?:(?:T|[ ]){_CLOCK})?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
        rf"(?:[.](?P<fraction>\d+))?{_ZONE}",
        # "Thu, 1 Dec 2016 15:32 GMT", "1 December 2016"
        r"(?:[a-z]{3,9},?[ ])?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -]"
        rf"(?P<year>\d{{4}})(?:,?[ ](?:at[ ])?{_CLOCK})?",
        # "December 7, 2016, 1:35 PM", "Thu Dec 01 2016 15:32:00 GMT-0500 (EST)"
        r"(?:[a-z]{3,9},?[ ])?(?P<name>[a-z]{3,9})\.?[ ](?P<day>\d{1,2})(?:st|nd|rd|th)?,?[ ]"
        rf"(?P<year>\d{{4}})(?:,?[ ](?:at[ ])?{_CLOCK})?",
    )
)
_SECONDS = re.compile(r"\d{10}(?:\d{3})?")
_IN_ADDRESS = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/-]|$)|"
    r"[-_/](?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[-_./]|$)",
    re.IGNORECASE,
)
# Longer strings are no dates.
_MAX_DATE = 60
# Years before are the zero of a content system: 0001-01-01, 1899-12-30.
_FIRST_YEAR = 1900


class PageDate(NamedTuple):
    """A date of a page.

    Parameters
    ----------
    when : datetime
        As written: naive without a zone.
    is_day : bool
        Whether it has no time of day.
    """

    when: datetime
    is_day: bool


def read_page_date(said: str) -> PageDate | None:
    """Read a date, or return None if it is none or ambiguous."""
    said = " ".join(said.split())
    if len(said) > _MAX_DATE:
        return None
    if _SECONDS.fullmatch(said):
        return PageDate(datetime.fromtimestamp(int(said[:10]), UTC), False)
    for form in _FORMS:
        if match := form.fullmatch(said):
            return _convert(match.groupdict())
    return None


def read_address_date(url: str) -> PageDate | None:
    """Read the day in the address of an article, as in ``/2016/12/01/``."""
    for match in _IN_ADDRESS.finditer(url):
        year, month = match["year"] or match["y"], match["month"] or match["m"]
        day = match["day"] or match["d"]
        groups = {"year": year, "day": day, "month" if month.isdigit() else "name": month}
        if found := _convert(groups):
            return found
    return None


def choose_date(said: Iterable[PageDate], others: Iterable[PageDate] = ()) -> datetime | None:
    """Return the first date, with its time of day if a later one adds it to the same day.

    Parameters
    ----------
    said : iterable of PageDate
        Dates of publication, the most reliable one first.
    others : iterable of PageDate
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


def _find_zone(dates: list[PageDate]) -> timezone:
    """Return the zone of a page: one time is written once with and once without it."""
    exact = [one.when.replace(second=0, microsecond=0) for one in dates if not one.is_day]
    local = {when for when in exact if when.tzinfo is None}
    for when in exact:
        if when.tzinfo is not None and when.replace(tzinfo=None) in local:
            return timezone(when.utcoffset() or timedelta())
    return UTC


def _convert(found: dict[str, str | None]) -> PageDate | None:
    name = (found.get("name") or "")[:3].lower()
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(found.get("month") or 0)
    try:
        day = datetime(int(found["year"] or 0), month, int(found["day"] or 0))
        if day.year < _FIRST_YEAR or (day.year, day.month, day.day) == (1970, 1, 1):
            return None
        if not found.get("hour"):
            return PageDate(day, True)
        when = day.replace(
            hour=_hour(int(found["hour"] or 0), found.get("half")),
            minute=int(found["minute"] or 0),
            second=int(found["second"] or 0),
            microsecond=int((found["fraction"] or "")[:6].ljust(6, "0")),
            tzinfo=_zone(found["zone"]),
        )
    except (ValueError, OverflowError):
        return None
    # Content systems write a date without a time as midnight, here or in UTC.
    return PageDate(when, when.time() == time())


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("an hour of a half day")
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _zone(said: str | None) -> timezone | None:
    if not said:
        return None
    name = said.upper().replace(" ", "")
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    digits = re.sub(r"\D", "", name)
    if not digits:
        return None
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if "-" in name else offset)
