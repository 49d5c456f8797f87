"""Options of the speed suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add where the articles are, how many count, and where measurements go."""
    group = parser.getgroup("speed")
    default = os.environ.get("DEDUP_ARTICLES")
    group.addoption("--articles", type=Path, default=default, help="articles to sketch")
    group.addoption("--limit", type=int, help="at most so many articles")
    group.addoption("--keep", type=Path, help="append measurements to this file, a JSON a line")
