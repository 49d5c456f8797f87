"""Cases that run in a process of their own, so that one that dies hides no other."""

from __future__ import annotations

import mmap
import os
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

# A busy machine stops a case for a while.
MAX_CASE_SECONDS = 60.0
MAX_DEATHS = 3


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
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


class Session:
    """The cases of one door, until its time is over; `run` tells whether a case was taken."""

    def __init__(
        self, name: str, run: Callable[[int], bool], seconds: float, first: int, log: Path
    ) -> None:
        self.name, self.run, self.notes = name, run, Notes()
        self.log = log
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
            n_taken += self.run(case)
            case += 1
        self.notes.write(case, n_taken)

    def is_over(self) -> bool:
        """Look after the process; after a death the next case goes on."""
        case, n_taken, began = self.notes.read()
        process, status = os.waitpid(self.process, os.WNOHANG)
        if process and status == 0:
            return True
        if process:
            self.failures.append(f"{self.name}: case {case} died, see {self.log}")
        elif time.monotonic() - began > MAX_CASE_SECONDS:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.failures.append(f"{self.name}: case {case} took too long")
        else:
            return False
        if len(self.failures) < MAX_DEATHS and time.monotonic() < self.end:
            self._start(case + 1, n_taken)
            return False
        return True


def run_sessions(waiting: list[Callable[[], Session]]) -> Iterator[Session]:
    """Run as many sessions at a time as there are processors, and yield those that are over."""
    running: list[Session] = []
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            running.append(waiting.pop()())
        time.sleep(0.02)
        over = [session for session in running if session.is_over()]
        running = [session for session in running if session not in over]
        yield from over
