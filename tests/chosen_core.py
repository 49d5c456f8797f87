"""Another build of the core in place of the installed one, such as that of the sanitizers."""

from __future__ import annotations

import os
import sys
from importlib import util


def choose_core() -> None:
    """Take the core that ``DEDUP_CORE`` names; before anything else imports the package."""
    path = os.environ.get("DEDUP_CORE")
    if not path or "dedup._core" in sys.modules:
        return
    spec = util.spec_from_file_location("dedup._core", path)
    assert spec is not None
    assert spec.loader is not None
    core = util.module_from_spec(spec)
    spec.loader.exec_module(core)
    sys.modules["dedup._core"] = core
