"""What a record says of the machine and of the versions."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parent.parent
PACKAGES = ("numpy", "xxhash", "datasketch", "rensa", "gaoya")


def describe_machine() -> dict[str, str]:
    """Return processor, number of processors, commit, and versions.

    Returns
    -------
    dict of str to str
        A package that is not installed has an empty version.
    """
    found = {
        "cpu": _find_cpu(),
        "cpus": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "commit": _find_commit(),
        "python": platform.python_version(),
    }
    return found | {name: _find_version(name) for name in PACKAGES}


def name_machine(machine: dict[str, str]) -> str:
    """Return the folder of the machine's records, such as ``amd-epyc-2``."""
    return re.sub(r"[^a-z0-9]+", "-", f"{machine['cpu']} {machine['cpus']}".lower()).strip("-")


def _find_cpu() -> str:
    about = Path("/proc/cpuinfo")
    if about.exists():
        name = re.search(r"^model name\s*: (.+)$", about.read_text(), re.MULTILINE)
        if name:
            return name[1].strip()
    return platform.processor() or platform.machine()


def _find_commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
