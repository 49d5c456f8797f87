"""JSON that can stand inside a script element, or be a script, whatever is in its strings."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from dedup.render.json import line

# With these escaped nothing ends the element or opens a comment.
_MARKUP = {char: f"\\u{ord(char):04x}" for char in "<>&"}


def safe_json(value: Any) -> str:
    """Render plain values as JSON that has no markup in it and a UTF-8 form.

    Parameters
    ----------
    value : Any
        Plain values.

    Returns
    -------
    str
        JSON without ``<``, ``>``, ``&``, line separators and surrogates.
    """
    text = line(value)
    for char, escaped in _MARKUP.items():
        text = text.replace(char, escaped)
    return text


def listed(rows: Iterable[str]) -> Iterator[str]:
    """Render rows that are JSON already as an array, one a part."""
    before = "["
    for row in rows:
        yield before + row
        before = ","
    yield "]" if before == "," else "[]"


def source_hash(source: str) -> str:
    """Return what a Content-Security-Policy calls an inline script or style."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"
