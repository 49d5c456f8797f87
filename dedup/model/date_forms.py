"""Dates as feeds, databases and people write them; docs/decisions/0026 says which library and why.

Forms of machines and of English are parsed here, strictly. ``dateparser`` reads the rest, and its
answer counts only if the string has its year and its day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from dedup.model.date_words import find_languages
from dedup.pattern import lazy_pattern

# What databases and data frames write for nothing.
MISSING = frozenset(
    {"nan", "none", "null", "n/a", "#n/a", "na", "<na>", "nat", "undefined", "\\n", "-", "--"}
)
# The zero of MySQL, Go and .NET, with any time.
_ZERO = lazy_pattern(r"(?:0000-00-00|0001-01-01)(?:[T ]00:00:00(?:\.0+)?Z?)?|0")
_LONGEST = 80
# Later numbers have another unit; other years are of another calendar, or no date.
_FIRST_YEAR, _LAST_YEAR = 1600, 2200
# Units of a number since 1970, by its size: seconds, milliseconds, microseconds, nanoseconds.
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
# RFC 822 and zones of one meaning; two countries write IST, so it is no zone.
_HOURS: Mapping[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "EAT": 3, "PKT": 5, "WIB": 7, "HKT": 8,
    "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13,
}  # fmt: skip
_PLACES = {"ET": "New_York", "CT": "Chicago", "MT": "Denver", "PT": "Los_Angeles"}

_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NUMBER = r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH = r"(?P<mon>[a-z]{3,9})\.?"
_CLOCK = (
    r"(?P<h>\d{1,2})(?:[:.](?P<m>\d{1,2})(?:[:.](?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    r"\s*(?:Uhr\b|(?P<half>[ap]\.?\s?m\b\.?))?"
)
_ZONE = r"(?:\s*,?\s*(?P<zone>(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,5}))?"
_TIME = rf"(?:(?:\s*[T,:]\s*|\s+)(?:-\s+|at\s+)?{_CLOCK}{_ZONE})?"
_FORMS = tuple(
    lazy_pattern(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?P<y>\d{{4}})([-/.: ])(?P<mo>\d{{1,2}})\2(?P<d>\d{{1,2}}){_TIME}",
        rf"(?P<y>\d{{4}})\.\s(?P<mo>\d{{1,2}})\.\s(?P<d>\d{{1,2}})\.?{_TIME}",  # Korean
        rf"(?P<y>\d{{4}})(?P<mo>\d\d)(?P<d>\d\d)(?:[T ]?(?P<h>\d\d)(?P<m>\d\d)"
        rf"(?P<s>\d\d)?{_ZONE})?",
        rf"(?P<y>\d{{4}})-(?P<nth>\d{{3}}){_TIME}",
        rf"{_DAY}{_NUMBER}(?:\s+of\s+|[\s/-]\s*){_MONTH},?[\s/-]\s*(?P<y>\d{{4}}|'?\d\d){_TIME}",
        rf"{_DAY}{_MONTH}[\s/-]\s*{_NUMBER}(?:,\s*|[\s/-])(?P<y>\d{{4}}){_TIME}",
        rf"(?P<y>\d{{4}})[\s/-]{_MONTH}[\s/-](?P<d>\d{{1,2}}){_TIME}",
        # ctime, Twitter
        rf"{_DAY}{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})",
        rf"{_DAY}(?P<n1>\d{{1,2}})(?P<sep>[-/.])\s?(?P<n2>\d{{1,2}})(?P=sep)\s?"
        rf"(?P<y>\d{{4}}|\d\d){_TIME}",
    )
)
_ISO = lazy_pattern(r"\d{4}-\d\d-\d\d")
# A clock with a dot, which Python takes for hours with a fraction.
_DOTTED = lazy_pattern(r"[T ]\d\d?\.")
_LABEL = lazy_pattern(
    r"(?:(?:first|last)\s+)?(?:published|posted|updated|modified|created|date)\b"
    r"(?:\s+(?:on|at))?\s*:?\s*",
    re.IGNORECASE,
)
_PLACE = lazy_pattern(r"\s*\[?([A-Z][A-Za-z_]+/[A-Za-z_/]+)\]?$")
_JSON_DATE = lazy_pattern(r"\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/")
_EPOCH = lazy_pattern(
    r"\d{9,10}(?:\.\d+)?|\d{12,13}(?:\.\d+)?|\d{16}|\d{19}|\d\.\d+[eE]\+?(?:9|12|15|18)"
)
# The number of a year, a day of a spreadsheet, or nothing; seconds are larger since 1973.
_LEAST_NUMBER = 10**8
# Keys of a date in an object: of MongoDB, Firestore, JSON-LD and XML.
_INNER = ("$date", "$numberLong", "seconds", "_seconds", "@value", "value", "iso", "#text")
# Zones as no standard writes them: "-500", "-5", "-5:00".
_MALFORMED_ZONE = lazy_pattern(r"[+-]\d(?::?\d\d)?")
_YEAR = lazy_pattern(r"(?<!\d)(?:1[89]|20|21)\d\d(?!\d)")
# Languages of news that dateparser tries; all 200 of it would take seconds and invent dates.
LANGUAGES = (
    "en", "fr", "de", "es", "pt", "it", "nl", "pl", "ru", "uk", "cs", "sk", "sl", "hr", "sr",
    "bg", "ro", "hu", "el", "tr", "sv", "da", "nb", "fi", "et", "lv", "lt", "ca", "ar", "fa",
    "he", "hi", "bn", "ta", "th", "vi", "id", "ja", "ko", "zh",
)  # fmt: skip


class WrittenDate(NamedTuple):
    """A date as it is written.

    Parameters
    ----------
    when : datetime
        Naive without a zone.
    is_day : bool
        Whether it has no time of day.
    either : datetime or None
        A time of day that may also mean 12 hours later or earlier; then only the day is sure.
    """

    when: datetime
    is_day: bool
    either: datetime | None = None


def is_missing(value: object) -> bool:
    """Return whether a value stands for nothing: null, NaN, "None", "N/A"."""
    if isinstance(value, str):
        return value == "" or (len(value) < 12 and value.strip().lower() in MISSING)
    return value is None or value != value


def find_date(value: object, fetched: datetime | None = None) -> datetime | None:
    """Return the date that a value means.

    Parameters
    ----------
    value : object
        A string, a number since 1970 in any unit, a datetime, or one of these in a list or object.
    fetched : datetime or None
        When the record was fetched, for "2 hours ago".

    Returns
    -------
    datetime or None
        Aware; a day without a time is midnight UTC. None if the value stands for nothing.

    Raises
    ------
    ValueError
        If it is not understood, or its day and month could be confused.
    """
    if isinstance(value, dict):
        inner = [value[key] for key in _INNER if key in value]
        return find_date(inner[0], fetched) if inner else _refuse(value)
    if isinstance(value, list) and len(value) == 1:  # Solr
        return find_date(value[0], fetched)
    if is_missing(value):
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        _refuse(value)
    return _from_number(value) if not isinstance(value, str) else _from_string(value, fetched)


def _from_number(value: Any) -> datetime | None:
    if value == 0:
        return None
    said = str(value).removesuffix(".0")
    if len(said) in (8, 14) and (found := _parse(said)) and 1900 <= found.year <= _LAST_YEAR:
        return found
    if abs(value) < _LEAST_NUMBER:
        _refuse(value)
    per_second = next((per_second for below, per_second in _UNITS if abs(value) < below), 0)
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=value / per_second)
    except (OverflowError, ZeroDivisionError):
        _refuse(value)
    return moment if moment.year <= _LAST_YEAR else _refuse(value)


@lru_cache(1 << 16)
def _from_string(value: str, fetched: datetime | None) -> datetime | None:
    text = _plain(value)
    if not text or _ZERO.fullmatch(text):
        return None
    if found := _JSON_DATE.fullmatch(text):
        return _from_number(int(found[1]))
    if _EPOCH.fullmatch(text):
        return _from_number(float(text))
    if len(text) > _LONGEST or (not any(map(str.isdigit, text)) and fetched is None):
        _refuse(value)
    text = _LABEL.sub("", text, count=1)
    try:
        return _parse(text) or _ask_library(text, fetched) or _refuse(value)
    except (ValueError, OverflowError) as error:
        why = "" if str(error).startswith("not a date") else f" ({error})"
        raise ValueError(f"not a date: {_shown(value)}{why}") from None


def _plain(value: str) -> str:
    """Return a string with ASCII digits, hyphens and spaces."""
    if not value.isascii():
        digits = (str(unicodedata.digit(c)) if c.isdecimal() else c for c in value)
        value = "".join(digits).replace("\u2212", "-").replace("\u2013", "-")
    return " ".join(value.split())


def _parse(text: str) -> datetime | None:
    found = read_written(text)
    if found is None:
        return None
    return found.when if found.when.tzinfo else found.when.replace(tzinfo=UTC)


def read_written(text: str) -> WrittenDate | None:
    """Return the date in a form of machines or of English, or None if it has none.

    Raises
    ------
    ValueError
        If it has such a form and no such day, time or zone, or its day and month could be confused.
    """
    text = re.sub(r"\s*\([^()]*\)$", "", _plain(text))
    if _ISO.match(text) and not _DOTTED.search(text):
        with suppress(ValueError):
            return WrittenDate(datetime.fromisoformat(text), len(text) == len("2016-12-01"))
    place = _PLACE.search(text)
    text = text[: place.start()] if place else text
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        return _parse_week(text)
    given = found.groupdict()
    if given.get("mon") and not _find_month(given["mon"]):
        return None
    zone = _find_zone(given.get("zone"), place[1] if place else None)
    day = _find_day(given)
    if given.get("h") is None:
        return WrittenDate(day, True)
    when = (day + _read_clock(given, text)).replace(tzinfo=zone)
    if 1 <= when.hour <= 12 and _is_malformed(found):
        return WrittenDate(day, True, when)
    return WrittenDate(when, False)


def _read_clock(given: Mapping[str, str | None], text: str) -> timedelta:
    hour = int(given["h"] or 0)
    if half := given.get("half"):
        if not 1 <= hour <= 12:
            _refuse(text)
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    elif given["m"] is None:
        _refuse(text)
    minute, second = int(given["m"] or 0), int(given["s"] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        _refuse(text)
    fraction = int((given.get("f") or "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def _is_malformed(found: re.Match[str]) -> bool:
    """Return whether a time is a machine's, badly formed: its clock may have 12 hours."""
    given = found.groupdict()
    is_short = found.string[found.start("h") - 1] in "Tt" and len(given["h"]) == 1
    is_bad = is_short or bool(_MALFORMED_ZONE.fullmatch(given.get("zone") or ""))
    return is_bad and not given.get("half")


def _parse_week(text: str) -> WrittenDate | None:
    if not re.fullmatch(r"\d{4}-?W\d\d-?\d", text):
        return None
    return WrittenDate(datetime.fromisoformat(text), True)


def _find_day(given: Mapping[str, str | None]) -> datetime:
    year = _find_year(given["y"] or "")
    if nth := given.get("nth"):
        day = datetime(year, 1, 1) + timedelta(days=int(nth) - 1)
        return day if day.year == year else _refuse(nth)
    if given.get("n1"):
        return datetime(year, *_order(int(given["n1"] or 0), int(given["n2"] or 0), given))
    month = int(given["mo"] or 0) if given.get("mo") else _find_month(given["mon"] or "")
    return datetime(year, month, int(given["d"] or 0))


def _find_year(said: str) -> int:
    """Return a year; of two digits, 69 to 99 are of the last century (POSIX)."""
    year = int(said.lstrip("'"))
    if len(said) != 4:
        return year + (1900 if year > 68 else 2000)
    return _check_year(year)


def _check_year(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"the year {year} is of another calendar, or none")
    return year


def _order(first: int, second: int, given: Mapping[str, str | None]) -> tuple[int, int]:
    """Return month and day of two numbers."""
    if given["sep"] == "." or (first > 12 and len(given["y"] or "") == 4):
        return second, first
    if len(given["y"] or "") == 4 and (second > 12 or first == second):
        return first, second
    raise ValueError("day and month could be confused")


def _find_month(said: str) -> int:
    """Return the number of an English month, 0 for another word."""
    name = said.lower()
    names = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    return names[0] if names else 9 * (name == "sept")


def _find_zone(said: str | None, place: str | None) -> tzinfo | None:
    if not said:
        return _zone_of(place) if place else None
    if found := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?", said, re.IGNORECASE):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-offset if found[1] == "-" else offset)
    name = said.upper()
    if name in _PLACES:
        return _zone_of(f"America/{_PLACES[name]}")
    if name not in _HOURS:
        raise ValueError(f"unknown time zone {said!r}")
    return timezone(timedelta(hours=_HOURS[name])) if _HOURS[name] else UTC


def _zone_of(place: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(place)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"unknown time zone {place!r}") from None


def _ask_library(text: str, fetched: datetime | None) -> datetime | None:
    """Parse a date in another language, or one relative to the time of fetching."""
    year = _YEAR.search(text)
    if year is None and fetched is None:
        return None
    languages = find_languages(text, LANGUAGES)
    if not languages:
        return None
    answers = {_answer(text, order, fetched, languages) for order in ("DMY", "MDY", "YMD")} - {None}
    if len(answers) != 1:
        return None
    (answer,) = answers
    assert answer is not None
    if year is None:
        assert fetched is not None
        return answer if fetched - timedelta(days=400) < answer <= fetched else None
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    return answer if answer.year == int(year[0]) and answer.day in numbers else None


def _answer(
    text: str, order: str, fetched: datetime | None, languages: list[str]
) -> datetime | None:
    import dateparser

    base = (fetched or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    parts = [] if fetched and not _YEAR.search(text) else ["day", "month", "year"]
    kinds = ["absolute-time"] if parts else ["relative-time"]
    rules = {"DATE_ORDER": order, "RELATIVE_BASE": base, "REQUIRE_PARTS": parts, "PARSERS": kinds,
             "TO_TIMEZONE": "UTC", "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}  # fmt: skip
    try:
        found: datetime | None = dateparser.parse(text, languages=languages, settings=rules)
        return found
    except (ValueError, OverflowError, TypeError, RecursionError):
        return None


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"not a date: {_shown(value)}")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."
