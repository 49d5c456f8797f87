"""The memory of a container counts, not that of its machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dedup.params import MIN_MEMORY
from dedup.pipeline import memory
from dedup.runtime.machine import find_memory

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
LIMIT = MACHINE // 3


def groups(folder: Path, own: str, limits: dict[str, str]) -> dict[str, Path]:
    """Make a fake tree of control groups."""
    (folder / "own").write_text(own)
    for name, written in limits.items():
        file = folder / "groups" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written)
    return {"groups": folder / "groups", "own": folder / "own"}


@pytest.mark.parametrize(
    ("own", "limits", "expected"),
    [
        ("0::/a/b\n", {"a/b/memory.max": f"{LIMIT}\n"}, LIMIT),
        ("0::/a/b\n", {"a/memory.max": f"{LIMIT}\n", "a/b/memory.max": "max\n"}, LIMIT),
        ("0::/a/b\n", {"memory.max": f"{LIMIT}\n"}, LIMIT),
        ("0::/\n", {"memory.max": f"{LIMIT}\n"}, LIMIT),
        ("0::/a\n", {"a/memory.max": "max\n"}, MACHINE),
        ("0::/a\n", {"b/memory.max": "1\n"}, MACHINE),
        ("0::/a\n", {"a/memory.max": "broken\n"}, MACHINE),
        ("3:cpu:/x\n4:memory:/a\n", {"memory/a/memory.limit_in_bytes": f"{LIMIT}\n"}, LIMIT),
        ("4:cpu,memory:/a\n", {"memory/memory.limit_in_bytes": f"{LIMIT}\n"}, LIMIT),
        ("4:memory:/a\n", {"memory/a/memory.limit_in_bytes": f"{1 << 62}\n"}, MACHINE),
        ("nonsense\n", {"memory/memory.limit_in_bytes": "1\n"}, MACHINE),
        ("", {}, MACHINE),
    ],
)
def test_the_least_limit_counts(
    tmp_path: Path, own: str, limits: dict[str, str], expected: int
) -> None:
    assert find_memory(**groups(tmp_path, own, limits)) == expected


def test_without_control_groups_the_machine_counts(tmp_path: Path) -> None:
    assert find_memory(tmp_path / "none", tmp_path / "neither") == MACHINE


def test_the_default_budget_is_half_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "find_memory", lambda: 8 * MIN_MEMORY)
    assert memory.find_limit(None) == memory.find_limit(4 * MIN_MEMORY)
    monkeypatch.setattr(memory, "find_memory", lambda: MIN_MEMORY)
    assert memory.find_limit(None) == memory.find_limit(MIN_MEMORY)
