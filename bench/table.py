"""Text tables: columns with a head and a format, and a line per row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

# Name of a figure, head, and format: `<14` for text, `>8.3f` for numbers.
Column = tuple[str, str, str]


def lay_out_head(columns: Sequence[Column]) -> str:
    """Format the heads of columns."""
    return "".join(f"{head:{_place(form)}}" for _, head, form in columns)


def lay_out_line(columns: Sequence[Column], figures: Mapping[str, object]) -> str:
    """Format one row; a figure that is None, NaN or missing stays blank."""
    return "".join(_show(figures.get(name), form) for name, _, form in columns)


def lay_out(columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Format the heads, then each row."""
    yield lay_out_head(columns)
    for figures in rows:
        yield lay_out_line(columns, figures)


def _show(value: object, form: str) -> str:
    return f"{'':{_place(form)}}" if value is None or value != value else f"{value:{form}}"


def _place(form: str) -> str:
    """Return the alignment and the width of a format."""
    found = re.match(r"[<>]\d+", form)
    assert found is not None
    return found[0]
