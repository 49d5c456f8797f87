"""Rows by number: of every article its tokens, its seeds, or what else there is of each.

They are held in memory until all of them together would hold more than they may, and in
temporary files from then on. Such a file has no name in any directory, so that nothing is left
of it however the process ends.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from dedup.runtime.whole_file import naming

Value = TypeVar("Value")

_LEAST_ROOM = 1024
# Bytes of one call of the system: some take no more than 2 GB.
_AT_ONCE = 1 << 30
# Values that are pickled at once.
_FEW = 1000


class Memory:
    """What all records together may hold in memory.

    Parameters
    ----------
    limit : int
        Bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._held = 0

    def take(self, n_bytes: int) -> bool:
        """Take memory, if there is so much left."""
        if self._held + n_bytes > self.limit:
            return False
        self._held += n_bytes
        return True

    def give_back(self, n_bytes: int) -> None:
        """Give back what was taken."""
        self._held -= n_bytes


class Rows(NamedTuple):
    """Rows of some numbers, one number after the other.

    Parameters
    ----------
    rows : ndarray, shape (offsets[-1],)
        All rows.
    offsets : ndarray of int64, shape (n_numbers + 1,)
        Rows before each number.
    """

    rows: NDArray[Any]
    offsets: NDArray[np.int64]


class Records:
    """Rows of one type by number, in memory or in a file.

    Parameters
    ----------
    dtype : dtype_like
        Type of a row.
    memory : Memory
        What they may hold.
    """

    def __init__(self, dtype: Any, memory: Memory) -> None:
        self._dtype = np.dtype(dtype)
        self._memory = memory
        self._rows: NDArray[Any] = np.empty(0, self._dtype)
        self._n_rows = 0
        self._file: int | None = None
        self._starts: NDArray[np.int64] = np.empty(0, np.int64)
        self.lengths: NDArray[np.int64] = np.empty(0, np.int64)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def append(self, rows: NDArray[Any], lengths: NDArray[np.int64]) -> None:
        """Add numbers at the end.

        Parameters
        ----------
        rows : ndarray, shape (lengths.sum(),)
            One number after the other.
        lengths : ndarray of int64, shape (n,)
            Rows of each.

        Raises
        ------
        OSError
            If they do not fit into the temporary directory.
        """
        n = self._n + len(lengths)
        if n > len(self.lengths):
            for name in ("_starts", "lengths"):
                grown = np.resize(getattr(self, name), max(2 * n, _LEAST_ROOM))
                setattr(self, name, grown)
        self._starts[self._n : n] = self._n_rows + np.cumsum(lengths) - lengths
        self.lengths[self._n : n] = lengths
        self._n = n
        if self._file is None and not self._memory.take(rows.nbytes):
            self._spill()
        self._write(self._n_rows, rows)
        self._n_rows += len(rows)

    def close_off(self) -> None:
        """Give back the room that nothing will be added to."""
        self._starts, self.lengths = self._starts[: self._n].copy(), self.lengths[: self._n].copy()
        if self._file is None:
            self._rows.resize((self._n_rows, *self._rows.shape[1:]), refcheck=False)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Renumber: the record of number ``order[k]`` becomes number k; the rest is dropped."""
        self._starts, self.lengths = self._starts[order], self.lengths[order]
        self._n = len(order)

    def take(self, numbers: NDArray[np.int64]) -> Rows:
        """Copy the rows of some numbers.

        Parameters
        ----------
        numbers : ndarray of int64, shape (n,)
            Which, in any order.

        Returns
        -------
        Rows
            In the order of `numbers`.
        """
        starts, lengths = self._starts[numbers], self.lengths[numbers]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        if len(numbers) == 0:
            return Rows(np.empty(0, self._dtype), offsets)
        # Neighbors in the store are one read.
        is_apart = np.append(starts[1:] != starts[:-1] + lengths[:-1], True)
        lasts = np.flatnonzero(is_apart)
        firsts = np.append(0, lasts[:-1] + 1)
        lows, highs = starts[firsts], starts[lasts] + lengths[lasts]
        if self._file is None:
            # As bytes: of a structure numpy would compare the fields for each part.
            held = self._rows.view(np.uint8).reshape(-1, self._dtype.itemsize)
            parts = [held[a:b] for a, b in zip(lows.tolist(), highs.tolist(), strict=True)]
            return Rows(_rows_of(np.concatenate(parts), self._dtype), offsets)
        rows = np.empty(int(offsets[-1]), self._dtype)
        places = offsets[firsts]
        for low, high, at in zip(lows.tolist(), highs.tolist(), places.tolist(), strict=True):
            self._read(low, rows[at : at + high - low])
        return Rows(rows, offsets)

    def replace(
        self, numbers: NDArray[np.int64], rows: NDArray[Any], lengths: NDArray[np.int64]
    ) -> None:
        """Put fewer rows, or as many, in the place of those of some numbers."""
        ends = np.cumsum(lengths)
        starts = self._starts[numbers].tolist()
        for start, low, high in zip(starts, (ends - lengths).tolist(), ends.tolist(), strict=True):
            self._write(start, rows[low:high])
        self.lengths[numbers] = lengths

    def _spill(self) -> None:
        with naming_directory(), tempfile.TemporaryFile(buffering=0) as file:
            self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)
        kept, self._rows = self._rows[: self._n_rows], np.empty(0, self._dtype)
        self._write(0, kept)
        self._memory.give_back(kept.nbytes)

    def _write(self, at: int, rows: NDArray[Any]) -> None:
        if self._file is None:
            end = at + len(rows)
            if end > len(self._rows):
                room = max(len(self._rows) * 5 // 4, end, _LEAST_ROOM)
                self._rows.resize((room, *self._rows.shape[1:]), refcheck=False)
            self._rows[at:end] = rows
            return
        left, place = _bytes_of(np.ascontiguousarray(rows)), at * self._dtype.itemsize
        with naming_directory():
            while left:
                n = os.pwrite(self._file, left[:_AT_ONCE], place)
                left, place = left[n:], place + n

    def _read(self, at: int, into: NDArray[Any]) -> None:
        assert self._file is not None
        left, place = _bytes_of(into), at * self._dtype.itemsize
        with naming_directory():
            while left:
                n = os.preadv(self._file, [left[:_AT_ONCE]], place)
                if n == 0:
                    raise OSError(0, "a working file was cut off")
                left, place = left[n:], place + n


def _rows_of(held: NDArray[np.uint8], dtype: np.dtype[Any]) -> NDArray[Any]:
    return held.reshape(-1).view(dtype.base).reshape(-1, *dtype.shape)


def _bytes_of(rows: NDArray[Any]) -> memoryview:
    return rows.view(np.uint8).reshape(-1).data


class Pickles(Generic[Value]):
    """Values by number, in memory or in a file.

    Parameters
    ----------
    memory : Memory
        What they may hold.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._values: list[Value] = []
        self._held = 0
        self._records: Records | None = None

    def append(self, values: Sequence[Value], n_bytes: int) -> None:
        """Add values at the end, which take about so much memory."""
        if self._records is None and self._memory.take(n_bytes):
            self._values += values
            self._held += n_bytes
            return
        if self._records is None:
            self._records = Records(np.uint8, Memory(0))
            self._write(self._records, self._values)
            self._values = []
            self._memory.give_back(self._held)
        self._write(self._records, values)

    @staticmethod
    def _write(records: Records, values: Sequence[Value]) -> None:
        for first in range(0, len(values), _FEW):
            few = values[first : first + _FEW]
            pickled = [pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for value in few]
            lengths = np.array([len(one) for one in pickled], np.int64)
            records.append(np.frombuffer(b"".join(pickled), np.uint8), lengths)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Renumber: the value of number ``order[k]`` becomes number k; the rest is dropped."""
        if self._records is not None:
            self._records.reorder(order)
        else:
            self._values = [self._values[number] for number in order.tolist()]

    def take(self, numbers: NDArray[np.int64]) -> list[Value]:
        """Return some values."""
        if self._records is None:
            return [self._values[number] for number in numbers.tolist()]
        rows, offsets = self._records.take(numbers)
        left = rows.data
        bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        return [pickle.loads(left[low:high]) for low, high in bounds]


def naming_directory() -> AbstractContextManager[None]:
    """Let an error of the system tell the directory: the file has no name."""
    return naming(f"{tempfile.gettempdir()} (working files)")
