"""Ctrl-C where it costs nothing: between articles that are told and those to come."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")


class Interrupts:
    """Hold Ctrl-C back while something is stored that was not told yet.

    It comes as soon as the next item is asked for, and at once while one is awaited. A second
    one is not held back.
    """

    def __init__(self) -> None:
        self._is_due = False
        self._is_awaiting = False

    def __enter__(self) -> Interrupts:
        self._before = signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._is_due and kind is None:
            raise KeyboardInterrupt

    def guard(self, items: Iterator[Item]) -> Iterator[Item]:
        """Pass items on, until an interrupt is due.

        Parameters
        ----------
        items : iterator
            What is asked for when all that came before is told, or not stored.

        Yields
        ------
        object
            The items.
        """
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
