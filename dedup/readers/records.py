"""Conversion of a record to an article: guess its fields and check their values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dedup.errors import ParameterError
from dedup.model.article import Article

# In order of preference. A record without an id uses its URL.
GUESSES = {
    "id": ("id", "url"),
    "text": ("text", "content", "body", "article"),
    "outlet": ("outlet", "source", "publisher", "domain"),
    "published": ("published", "date", "published_at", "timestamp"),
    "title": ("title", "headline"),
    "url": ("url",),
}

# A guessed key of these fields is ignored if its value does not fit: `source` may be an object.
_DISPENSABLE = frozenset({"outlet", "title", "url"})
# Keys of `Article.to_dict`.
_WHOLE = {field.name for field in fields_of(Article)}


# Bytes to check for NUL to detect a binary file, as in git.
FIRST_BLOCK = 8000
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
# Larger numbers are milliseconds: as seconds they would be after the year 5138.
_LATEST = 10**11
# Other zone names are ambiguous, and a wrong guess would change who was first.
_ZONE = r"(?P<zone>[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)"
# RFC 2822, 3.3 and 4.3: dates in feeds and mail.
_OF_MAIL = re.compile(
    rf"([a-z]{{3}},?\s+)?\d{{1,2}}\s+[a-z]{{3}}\s+\d{{4}}\s+\d\d:\d\d(:\d\d)?\s+{_ZONE}",
    re.IGNORECASE,
)
# ISO 8601 with a space before the zone, or a zone name: dates in databases.
_OF_DATABASE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ][\d:.,]+)\s*(?P<zone>UTC|GMT|\s[+-]\d\d(:?\d\d)?)"
)


class LocatedRecord(NamedTuple):
    """An article, its place and its record."""

    article: Article
    path: str
    line: int | None
    raw: Any = None


class Unreadable(ValueError):
    """A record or a file cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of a record."""

    id: str | None = None
    text: str | None = None
    outlet: str | None = None
    published: str | None = None
    title: str | None = None
    url: str | None = None

    def keys(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Return the key of `record` for each field that has a value.

        Raises
        ------
        Unreadable
            If there is no text, or no id although its field was named.
        """
        folded: dict[str, str] = {}
        for key in record:
            folded.setdefault(key.lower(), key)
        keys = {}
        for field, guesses in GUESSES.items():
            named = getattr(self, field)
            names = (named,) if named else guesses
            for name in names:
                key = name if named or name in record else folded.get(name, name)
                if _has_value(field, record.get(key), is_guess=not named):
                    keys[field] = key
                    break
            else:
                if field == "text" or (field == "id" and named):
                    raise Unreadable(f"no {field} field (expected {', '.join(names)})")
        return keys


def to_article(record: Mapping[str, Any], fields: Fields, default_id: str) -> Article:
    """Convert a record to an article.

    Raises
    ------
    Unreadable
        If there is no text, or a field has a wrong value; the message names the key.
    """
    if record.keys() == _WHOLE and isinstance(record["extra"], dict) and fields == Fields():
        with suppress(ParameterError):  # not an export: read it like any record
            return Article(**record)
    keys = fields.keys(record)
    values: dict[str, Any] = {field: _value(field, key, record[key]) for field, key in keys.items()}
    taken = set(keys.values())
    extra = {key: value for key, value in record.items() if key not in taken}
    try:
        return Article(**{"id": default_id, **values}, extra=extra)
    except ParameterError as error:  # of the date: _value checked the other fields
        raise Unreadable(f"field {keys['published']!r}: {error}") from None


def parse(raw: bytes, unit: str, line: int) -> dict[str, Any]:
    """Parse a JSON object.

    Raises
    ------
    Unreadable
        If it is not UTF-8, not JSON or not an object.
    """
    text = decode(raw.rstrip(b"\r\n"), unit)
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        where = f" of line {line + error.lineno - 1}" if error.lineno > 1 else ""
        raise Unreadable(f"invalid JSON: {what} at column {error.colno}{where}") from None
    except RecursionError:
        raise Unreadable("invalid JSON: nested too deeply") from None
    except ValueError as error:  # an integer of thousands of digits
        raise Unreadable(f"invalid JSON: {error}") from None
    if not isinstance(record, dict):
        raise Unreadable(f"must be a JSON object, not {kind(record)}")
    return record


def check_block(block: bytes) -> None:
    """Refuse binary files.

    Raises
    ------
    Unreadable
        If it has a NUL byte.
    """
    nul = block.find(b"\0")
    if nul >= 0:
        raise Unreadable(f"binary file or UTF-16 text: NUL byte at offset {nul}")


def decode(raw: bytes, unit: str) -> str:
    """Decode UTF-8 without its byte order mark; newlines are unchanged.

    Raises
    ------
    Unreadable
        If it is not UTF-8; the message gives the byte and its offset.
    """
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        where = f"line {line}, " if unit == "file" else ""
        raise Unreadable(
            f"not UTF-8: byte 0x{raw[error.start]:02x} at {where}offset {error.start} of the {unit}"
        ) from None


def kind(value: object) -> str:
    """Name the type of a JSON value, for a message."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "null" if value is None else kinds.get(type(value), "a number")


def _has_value(field: str, value: object, *, is_guess: bool) -> bool:
    if field == "text":
        return value is not None
    if is_guess and field in _DISPENSABLE and not _is_scalar(value):
        return False
    return value is not None and value != ""


def _value(field: str, key: str, value: object) -> object:
    if field == "text":
        if not isinstance(value, str):
            raise Unreadable(f"field {key!r} must be a string, not {kind(value)}")
        return value
    if not _is_scalar(value):
        raise Unreadable(f"field {key!r} must be a string or a number, not {kind(value)}")
    if field != "published":
        return str(value)
    return _from_string(key, value.strip()) if isinstance(value, str) else _from_number(key, value)


def _from_string(key: str, value: str) -> datetime | str | None:
    """Return a time, or a string for `Article` to parse."""
    if _SECONDS.fullmatch(value) or _MILLISECONDS.fullmatch(value):  # from a table
        return _from_number(key, float(value))
    if _OF_MAIL.fullmatch(value):
        from email.utils import parsedate_to_datetime

        with suppress(ValueError):
            return parsedate_to_datetime(value)
    if found := _OF_DATABASE.fullmatch(value):
        zone = found["zone"].strip()
        return found["time"] + (zone if zone[0] in "+-" else "Z")
    return value or None


def _from_number(key: str, value: Any) -> datetime:
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) >= _LATEST else value, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable(
            f"field {key!r}: {value} is not a time in seconds or milliseconds since 1970"
        ) from None


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
