"""Digests of the tables of a report, to compare runs in several processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

TABLES = ("articles", "overlaps", "passages", "families", "stories", "boilerplate")


def digest_tables(tables: Mapping[str, Any]) -> dict[str, str]:
    """Return a digest of the rows of each table, in their order."""
    return {name: _digest(tables[name].to_pylist()) for name in TABLES}


def _digest(rows: list[dict[str, Any]]) -> str:
    text = json.dumps(rows, default=str, ensure_ascii=True, sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()
