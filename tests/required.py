"""Skip a test for want of something, unless `DEDUP_REQUIRE` says that it must be there."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def skip_without(name: str, reason: str) -> NoReturn:
    """Skip, or fail if the comma-separated names of ``DEDUP_REQUIRE`` have this one."""
    if name in os.environ.get("DEDUP_REQUIRE", "").split(","):
        pytest.fail(f"DEDUP_REQUIRE names {name}, but {reason}", pytrace=False)
    pytest.skip(reason, allow_module_level=True)
