"""Sequences whose values are loaded when they are used."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

Value = TypeVar("Value")

# Values to load together.
_STEP = 2048


class LazySequence(Sequence[Value]):
    """A sequence that loads one value, a slice, or a step of them at a time."""

    @abstractmethod
    def load_places(self, places: range) -> list[Value]:
        """Return the values at some places."""

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> list[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | list[Value]:
        places = range(len(self))[at]
        if isinstance(places, range):
            return self.load_places(places)
        return self.load_places(range(places, places + 1))[0]

    def __iter__(self) -> Iterator[Value]:
        for first in range(0, len(self), _STEP):
            yield from self[first : first + _STEP]
