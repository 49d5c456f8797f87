"""Threads that work on a few things at a time, in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from dedup.errors import ParameterError

Result = TypeVar("Result")

# Tasks for each thread that are under way or done before their turn.
_AHEAD = 3


class Workers(ThreadPoolExecutor):
    """A pool of threads that does not run ahead of whoever takes the results.

    Parameters
    ----------
    jobs : int or None
        Threads; all processors if None.

    Raises
    ------
    ParameterError
        If `jobs` is less than 1.
    """

    def __init__(self, jobs: int | None = None) -> None:
        check_jobs(jobs)
        self.jobs = jobs or os.cpu_count() or 1
        super().__init__(self.jobs)

    def map(  # type: ignore[override]  # one iterable, and it may be without end
        self, function: Callable[[Any], Result], items: Iterable[Any]
    ) -> Iterator[Result]:
        """Apply a function to items as they come, and yield the results in their order.

        Parameters
        ----------
        function : callable
            Run in a thread.
        items : iterable
            Taken when there is a thread for it soon.

        Yields
        ------
        object
            What the function returned.
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error nobody waits for what is still under way.
        self.shutdown(wait=kind is None, cancel_futures=True)


def check_jobs(jobs: int | None) -> None:
    """Refuse a number of threads that is none."""
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise ParameterError(f"jobs must be a whole number from 1 up, not {jobs!r}")
