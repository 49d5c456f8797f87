"""Values from JSON objects: the inverse of ``to_dict``, by the types of the fields.

Every field is checked, because a file may be damaged or hostile: its type, its range, and the
choices of a ``Literal``. An unknown key is ignored; a missing one takes the default of its field.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from dedup.model.article import Span, TextRecord
from dedup.model.passage import OPS, Edit
from dedup.model.report import ArticleSummary
from dedup.model.story import Member, Story

Value = TypeVar("Value")
_Decoder = Callable[[Any, str], Any]

# Counts are whole numbers that every reader of JSON holds exactly.
_MAX_COUNT = 2**53
# Beyond all scores in bits and all times in seconds.
_MAX_FIGURE = 1e12
_FRACTIONS = frozenset(
    {"identity", "confidence", "similarity", "jaccard", "coverage", "coverage_a", "coverage_b"}
)
# Spans of an edit, and whether it changes a fact.
_EDIT = (3, 4)


class FieldError(ValueError):
    """A field that cannot be decoded.

    Parameters
    ----------
    field : str
        Its path in the object: ``passages[3].kind``.
    reason : str
        What is wrong, and what is expected.
    """

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"field {field!r}: {reason}")


def decode(kind: type[Value], record: Any, where: str = "") -> Value:
    """Return the value whose ``to_dict`` is `record`.

    Raises
    ------
    FieldError
        If a field is missing or has a wrong type or value.
    """
    decoder: _Decoder = _decoder(kind)  # type: ignore[arg-type]  # a type is hashable
    value: Value = decoder(record, where)
    return value


@cache
def _decoder(kind: Any) -> _Decoder:
    """Return the decoder of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (inner,) = (one for one in arguments if one is not NoneType)
        decoder = _decoder(inner)
        return lambda value, where: None if value is None else decoder(value, where)
    if origin is Literal:
        return lambda value, where: _choose(arguments, value, where)
    if origin is tuple and arguments[1:] == (...,):
        return _list_decoder(arguments[0])
    if is_dataclass(kind):
        return _object_decoder(kind)
    return _SIMPLE[kind]


def _list_decoder(kind: Any) -> _Decoder:
    if get_origin(kind) is tuple:  # occurrences of boilerplate
        return lambda value, where: tuple(
            _decode_occurrence(one, f"{where}[{at}]") for at, one in enumerate(_list(value, where))
        )
    decoder = _decoder(kind)
    return lambda value, where: tuple(
        decoder(one, f"{where}[{at}]") for at, one in enumerate(_list(value, where))
    )


def _object_decoder(kind: Any) -> _Decoder:
    hints = get_type_hints(kind)
    parts: list[tuple[str, _Decoder, Any]] = []
    for field in fields(kind):
        decoder = _fraction if field.name in _FRACTIONS else _decoder(hints[field.name])
        parts.append((field.name, decoder, field.default))
    shape = _SHAPES.get(kind)

    def decode_object(value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            raise FieldError(where or "the line", f"must be an object, not {_name(value)}")
        record = shape(value) if shape else value
        prefix = f"{where}." if where else ""
        values = {}
        for name, decoder, default in parts:
            if name in record:
                # A part whose fields lie in the object itself has no name of its own there.
                inner = prefix + _KEYS.get((kind, name), name) if name in value else where
                values[name] = decoder(record[name], inner)
            elif default is MISSING:
                raise FieldError(prefix + name, "is missing")
        return kind(**values)

    return decode_object


def _flatten(record: Mapping[str, Any], **others: str) -> dict[str, Any]:
    """Return an object with an origin, whose keys lie in the object itself."""
    return {**record, "origin": record} | {
        name: record[key] for name, key in others.items() if key in record
    }


def _summary(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return an article line as a summary; the text may be missing."""
    known = {key: value for key, value in record.items() if value is not None}
    article = {"outlet": None, "published": None, "title": None, "url": None}
    return {**record, "article": {**article, "text": "", "extra": {}, **known}, "record": record}


def _story(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story line as a story: the first date has one member, or several in a tie."""
    own = {key: value for key, value in record.items() if key not in ("members", "tied")}
    tied = decode_list(str, record.get("tied"), "tied")
    if "earliest" in own:
        earliest = own["earliest"]
        own["earliest"] = list(tied) if earliest is None else [decode_text(earliest, "earliest")]
    return _flatten(own, members="provenance")


_SHAPES: Mapping[Any, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    ArticleSummary: _summary,
    Member: _flatten,
    Story: _story,
}


# Keys that are not named as their fields.
_KEYS: Mapping[Any, str] = {(Story, "members"): "provenance"}


def decode_date(value: Any, where: str) -> datetime:
    """Return an aware date from ISO 8601."""
    text = decode_text(value, where)
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise FieldError(where, f"is no date in ISO 8601: {_shown(text)}") from None
    if date.tzinfo is None:
        raise FieldError(where, f"has no zone: {_shown(text)}")
    return date


def decode_text(value: Any, where: str) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise FieldError(where, f"must be a string, not {_name(value)}")
    return value


def decode_count(value: Any, where: str) -> int:
    """Return a whole number, 0 or more."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldError(where, f"must be a whole number, not {_name(value)}")
    if not 0 <= value < _MAX_COUNT:
        raise FieldError(where, "must be at least 0 and less than 2**53")
    return value


def decode_object(value: Any, where: str) -> dict[str, Any]:
    """Return an object as it is."""
    if not isinstance(value, dict):
        raise FieldError(where, f"must be an object, not {_name(value)}")
    return value


def _number(value: Any, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise FieldError(where, f"must be a number, not {_name(value)}")
    if not (math.isfinite(value) if isinstance(value, float) else abs(value) < _MAX_COUNT):
        raise FieldError(where, "must be a finite number")
    if abs(value) > _MAX_FIGURE:
        raise FieldError(where, f"must be at most {_MAX_FIGURE:.0e}")
    return float(value)


def _fraction(value: Any, where: str) -> float:
    number = _number(value, where)
    if not 0 <= number <= 1:
        raise FieldError(where, f"must be in [0, 1], not {number:g}")
    return number


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise FieldError(where, f"must be true or false, not {_name(value)}")
    return value


def _choose(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise FieldError(where, f"must be one of {', '.join(choices)}, not {_shown(value)}")
    return value


def decode_list(kind: type[Value], value: Any, where: str) -> tuple[Value, ...]:
    """Return the values of a list."""
    values: tuple[Value, ...] = _list_decoder(kind)(value, where)
    return values


def _record(value: Any, where: str) -> TextRecord:
    for name in TextRecord._fields:
        if name not in value:
            raise FieldError(name, "is missing")
    n_chars = decode_count(value["n_chars"], "n_chars")
    return TextRecord(n_chars, decode_text(value["digest"], "digest"))


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise FieldError(where, f"must be a list, not {_name(value)}")
    return value


def _span(value: Any, where: str) -> Span:
    if not isinstance(value, list) or len(value) != len(Span._fields):
        raise FieldError(where, f"must be a span [start, end], not {_shown(value)}")
    start, end = (decode_count(one, where) for one in value)
    if start > end:
        raise FieldError(where, f"ends before it starts: {_shown(value)}")
    return Span(start, end)


def _edit(value: Any, where: str) -> Edit:
    if not isinstance(value, list) or len(value) not in _EDIT or value[3:] not in ([], ["fact"]):
        raise FieldError(where, f'must be [kind, span, span] and "fact", not {_shown(value)}')
    op = _choose(OPS, value[0], f"{where}[0]")
    return Edit(op, _span(value[1], f"{where}[1]"), _span(value[2], f"{where}[2]"), len(value) > 3)


def _decode_occurrence(value: Any, where: str) -> tuple[str, Span]:
    record = decode_object(value, where)
    for name in ("article", "span"):
        if name not in record:
            raise FieldError(f"{where}.{name}", "is missing")
    return decode_text(record["article"], f"{where}.article"), _span(
        record["span"], f"{where}.span"
    )


_SIMPLE: Mapping[Any, _Decoder] = {
    str: decode_text,
    int: decode_count,
    float: _number,
    bool: _flag,
    Span: _span,
    Edit: _edit,
    datetime: decode_date,
    TextRecord: _record,
    Mapping[str, Any]: decode_object,
}


def _name(value: object) -> str:
    """Name the type of a JSON value."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "null" if value is None else kinds.get(type(value), "a number")


def _shown(value: object) -> str:
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or nested too deeply
        return _name(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
