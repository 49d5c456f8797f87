"""Memory that this process may use, of the machine or of its container, and returning it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

_GROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")


def find_memory(groups: Path = _GROUPS, own: Path = _OWN) -> int:
    """Return the bytes of memory of the machine, or of the control group if that is less.

    Parameters
    ----------
    groups : Path
        Where the control groups of Linux are mounted, version 1 or 2.
    own : Path
        File that names the groups of this process.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = (_read_limit(file) for file in _find_files(groups, own))
    return min([machine, *(limit for limit in limits if limit is not None)])


def release_memory() -> None:
    """Return freed memory to the system.

    The allocator of glibc keeps the memory that a thread has freed for that thread. Other systems
    have no such call.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def _find_files(groups: Path, own: Path) -> Iterator[Path]:
    """Yield the files with a limit: of each group of this process and of those around it."""
    lines: list[str] = []
    with suppress(OSError):  # another system
        lines = own.read_text(errors="replace").splitlines()
    for line in lines:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if not controllers:
            folder, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container the group may be mounted as the root: then only that one is there.
        whole = PurePosixPath(path.lstrip("/"))
        for group in (whole, *whole.parents):
            yield folder / group / name


def _read_limit(file: Path) -> int | None:
    """Return the limit in a file; None if there is none, as "max" says."""
    try:
        written = file.read_text().strip()
    except (OSError, ValueError):
        return None
    return int(written) if written.isdecimal() and int(written) else None
