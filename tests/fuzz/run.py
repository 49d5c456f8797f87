"""Fuzz every door of the core: ``python -m tests.fuzz.run --seconds 60``.

Each door runs in a process of its own, so that one that dies hides no other. A case is known by
its door and number: ``--door find_edges --case 17`` runs it alone.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.chosen_core import choose_core

choose_core()

import numpy as np  # noqa: E402

from dedup import _core  # noqa: E402
from dedup.text import tables  # noqa: E402
from tests.fuzz import changes, draws  # noqa: E402
from tests.fuzz.doors import Door, read_doors  # noqa: E402
from tests.fuzz.seeds import FOLDING, Seeds, load  # noqa: E402

# What a door may answer to arguments that are wrong.
REFUSALS = (TypeError, ValueError, OverflowError, MemoryError)
# A busy machine stops a case for a while.
MAX_CASE_SECONDS = 60.0
MAX_DEATHS = 3


def draw(door: Door, case: int, seeds: Seeds) -> list[Any]:
    """Return the arguments of a case."""
    rng = random.Random(f"{door.name} {case}")
    own = seeds.get(door.name)
    # A group of arrays that fit together is not made of nothing.
    is_grouped = any(argument.kind.startswith("_") for argument in door.arguments)
    if own and (case % 4 or is_grouped):
        return changes.change(door, own, rng)
    return draws.make(door, rng)


def _probe(folding: _core.Folding, case: int) -> None:
    # What a folding was not checked for shows where words are looked up in it.
    text = draws.draw_text(random.Random(case), 60)
    text = np.append(text, np.zeros(_core.PADDING, np.uint8))
    offsets = np.array([0, len(text) - _core.PADDING])
    for variant in _core.find_variants():
        _core.mark_articles(text, offsets, folding, tables.stop_words(), variant)


def run_case(door: Door, case: int, seeds: Seeds) -> bool:
    """Run a case and tell whether the door took the arguments."""
    values = [
        tables.checked_folding() if isinstance(value, str) and value == FOLDING else value
        for value in draw(door, case, seeds)
    ]
    try:
        found = door(*values)
    except REFUSALS:
        return False
    if isinstance(found, _core.Folding):
        _probe(found, case)
    return True


class Notes:
    """What a process tells of its door: case, taken cases, and when the case began."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 24)

    def write(self, case: int, n_taken: int) -> None:
        self._shared[:24] = struct.pack("<qqd", case, n_taken, time.monotonic())

    def read(self) -> tuple[int, int, float]:
        case, n_taken, began = struct.unpack("<qqd", self._shared[:24])
        return case, n_taken, began


def _fork(work: Callable[[], None], log: Path) -> int:
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        work()
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


class Session:
    """One door, until its time is over."""

    def __init__(self, door: Door, seeds: Seeds, seconds: float, first: int, log: Path) -> None:
        self.door, self.seeds, self.notes = door, seeds, Notes()
        self.seconds, self.log = seconds, log
        self.failures: list[str] = []
        log.unlink(missing_ok=True)
        self.end = time.monotonic() + seconds
        self._start(first, 0)

    def _start(self, first: int, n_taken: int) -> None:
        self.notes.write(first, n_taken)
        self.process = _fork(lambda: self._work(first, n_taken), self.log)

    def _work(self, case: int, n_taken: int) -> None:
        while time.monotonic() < self.end:
            self.notes.write(case, n_taken)
            n_taken += run_case(self.door, case, self.seeds)
            case += 1
        self.notes.write(case, n_taken)

    def is_over(self) -> bool:
        """Look after the process; after a death the next case goes on."""
        case, n_taken, began = self.notes.read()
        process, status = os.waitpid(self.process, os.WNOHANG)
        if process and status == 0:
            return True
        if process:
            self.failures.append(f"{self.door.name}: case {case} died, see {self.log}")
        elif time.monotonic() - began > MAX_CASE_SECONDS:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.failures.append(f"{self.door.name}: case {case} took too long")
        else:
            return False
        if len(self.failures) < MAX_DEATHS and time.monotonic() < self.end:
            self._start(case + 1, n_taken)
            return False
        return True


def _sessions(seeds: Seeds, seconds: float, first: int, logs: Path) -> Iterator[Session]:
    doors, n_workers = list(read_doors().values()), os.cpu_count() or 1
    # What takes numbers alone has few ways to go wrong.
    weights = {
        door.name: 1.0 if any(one.kind == "array" for one in door.arguments) else 0.1
        for door in doors
    }
    share = seconds * n_workers / sum(weights.values())
    running: list[Session] = []
    while doors or running:
        while doors and len(running) < n_workers:
            door = doors.pop()
            log = logs / f"{door.name}.txt"
            running.append(Session(door, seeds, share * weights[door.name], first, log))
        time.sleep(0.02)
        over = [session for session in running if session.is_over()]
        running = [session for session in running if session not in over]
        yield from over


def main() -> int:
    """Fuzz, print a row for each door, and return whether any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=Path, help="what the tests asked, see tests/fuzz/seeds.py")
    parser.add_argument("--logs", type=Path, default=Path("build/sanitize/fuzz"))
    parser.add_argument("--door")
    parser.add_argument("--case", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    given = parser.parse_args()
    seeds = load(given.seeds) if given.seeds else {}
    seeds["Folding"] = [tuple(tables.folding())]
    if given.case is not None:
        door = read_doors()[given.door]
        print(draw(door, given.case, seeds))
        print("taken" if run_case(door, given.case, seeds) else "refused")
        return 0
    given.logs.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    for session in _sessions(seeds, given.seconds, given.first, given.logs):
        n_cases, n_taken, _ = session.notes.read()
        n_cases -= given.first
        n_seeds = len(seeds.get(session.door.name, []))
        print(f"{session.door.name:22} {n_cases:7} cases, {n_taken:7} taken, {n_seeds:3} seeds")
        failures += session.failures
    print("\n".join(failures) or "nothing failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
