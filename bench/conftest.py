"""Options of the speed suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add options for the articles, their number, and the output file."""
    group = parser.getgroup("speed")
    default = os.environ.get("DEDUP_ARTICLES")
    group.addoption("--articles", type=Path, default=default, help="articles to sketch")
    group.addoption("--limit", type=int, help="maximum number of articles")
    group.addoption("--keep", type=Path, help="append measurements to this JSON Lines file")
