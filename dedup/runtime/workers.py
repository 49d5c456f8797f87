"""Thread pool with ordered results and bounded read-ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from dedup.errors import ParameterError

Result = TypeVar("Result")

# Tasks per thread that run or wait for their turn.
_AHEAD = 3


class Workers(ThreadPoolExecutor):
    """Thread pool that does not run far ahead of its consumer.

    Parameters
    ----------
    jobs : int or None
        Threads; one per processor if None.

    Raises
    ------
    ParameterError
        If `jobs` is less than 1.
    """

    def __init__(self, jobs: int | None = None) -> None:
        check_jobs(jobs)
        self.jobs = jobs or os.cpu_count() or 1
        super().__init__(self.jobs)

    def map(  # type: ignore[override]  # one iterable, maybe endless
        self, function: Callable[[Any], Result], items: Iterable[Any]
    ) -> Iterator[Result]:
        """Apply a function to items and yield the results in order.

        Parameters
        ----------
        function : callable
            Runs in a thread.
        items : iterable
            Read when a thread is nearly free.

        Yields
        ------
        object
            Result of the function.
        """
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(self.submit(function, item))
                if len(waiting) >= _AHEAD * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for task in waiting:
                task.cancel()

    def call(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Call in a thread, because Ctrl-C interrupts a wait but not the core."""
        return self.submit(function, *arguments).result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error, do not wait for running tasks.
        self.shutdown(wait=kind is None, cancel_futures=True)


def check_jobs(jobs: int | None) -> None:
    """Check a number of threads."""
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise ParameterError(f"jobs must be an integer of at least 1, not {jobs!r}")
