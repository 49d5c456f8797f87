"""Write measurements, with machine and versions."""

from __future__ import annotations

import csv
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parent.parent
RECORDS = Path(__file__).parent / "record"
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


def write_record(
    folder: Path, lines: Iterable[Mapping[str, object]], about: Mapping[str, str], suffix: str = ""
) -> Path:
    """Write the record of the day.

    Parameters
    ----------
    folder : Path
        Created if missing; a record of the same day is replaced.
    lines : iterable of mapping of str to object
        Figures of each row; numbers are rounded to six digits.
    about : mapping of str to str
        Added to every line, as from `describe_machine`.
    suffix : str
        Suffix of the file name.

    Returns
    -------
    Path
        The file.
    """
    rows = [{name: _round(value) for name, value in line.items()} | dict(about) for line in lines]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y-%m-%d}{suffix}.csv"
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _round(value: object) -> object:
    if not isinstance(value, float):
        return value
    return None if value != value else float(f"{value:.6g}")


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
