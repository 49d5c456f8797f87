"""Ctrl-C delayed until the results of stored articles are written."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")


class Interrupts:
    """Delay Ctrl-C until the next item is requested.

    While waiting for input, Ctrl-C acts at once. So does a second one.
    """

    def __init__(self) -> None:
        self._is_due = False
        self._is_awaiting = False

    def __enter__(self) -> Interrupts:
        self._before = signal.getsignal(signal.SIGINT)
        if self._before != signal.SIG_IGN:  # as of a background job
            signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._is_due and kind is None:
            raise KeyboardInterrupt

    def guard(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield items until an interrupt."""
        while True:
            self._is_awaiting = True
            try:
                if self._is_due:
                    raise KeyboardInterrupt
                item = next(items)
            except StopIteration:
                return
            finally:
                self._is_awaiting = False
            yield item

    def _take(self, *_: object) -> None:
        if self._is_due or self._is_awaiting:
            raise KeyboardInterrupt
        self._is_due = True
