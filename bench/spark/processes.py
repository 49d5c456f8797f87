"""The processes below this one: the JVM of Spark and its Python workers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process, and the CPU seconds of it and of those below it that ended."""

    id: int
    parent: int
    seconds: float
    command: str


def list_processes() -> list[Process]:
    """Return this process and those below it."""
    known: dict[int, Process] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            command = (path / "cmdline").read_text(errors="replace")
        except OSError:  # it has ended
            continue
        seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        known[int(path.name)] = Process(int(path.name), int(fields[1]), seconds, command)

    def is_below(process: int) -> bool:
        while process in known and process != os.getpid():
            process = known[process].parent
        return process == os.getpid()

    return [known[process] for process in sorted(known) if is_below(process)]


def measure_cpu() -> float:
    """Return the CPU seconds of this process and of all below it, those that ended included."""
    return sum(one.seconds for one in list_processes())
