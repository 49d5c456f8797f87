"""Progress and timings of stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, "int | None"], None]


class Clock:
    """Measures the time of stages and reports their progress.

    Parameters
    ----------
    progress : callable or None
        Called as ``progress(stage, n_done, n_total)``; the total is None if unknown.

    Attributes
    ----------
    timings : dict of str to float
        Seconds by stage.
    """

    def __init__(self, progress: Progress | None) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str, n_total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Time a stage; yield a function to call with the number of items done."""
        start = time.perf_counter()
        n_last = 0

        def advance(n_done: int) -> None:
            nonlocal n_last
            n_last = n_done
            if self._progress:
                self._progress(name, n_done, n_total)

        advance(0)
        yield advance
        n_total = n_last if n_total is None else n_total
        advance(n_total)
        self.timings[name] = time.perf_counter() - start
