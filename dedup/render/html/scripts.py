"""JSON that is safe inside a script element."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from dedup.render.json import line

# Escaping these prevents the end of the element and comments.
_MARKUP = {char: f"\\u{ord(char):04x}" for char in "<>&"}


def safe_json(value: Any) -> str:
    """Render plain values as JSON without markup."""
    text = line(value)
    for char, escaped in _MARKUP.items():
        text = text.replace(char, escaped)
    return text


def listed(rows: Iterable[str]) -> Iterator[str]:
    """Join JSON rows into an array, one row per part."""
    before = "["
    for row in rows:
        yield before + row
        before = ","
    yield "]" if before == "," else "[]"


def source_hash(source: str) -> str:
    """Return the Content-Security-Policy hash of an inline script or style."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"
