"""Columns of rows by number (the tokens of each article) that spill to files.

All arrays share a memory budget; when it is used up, they continue in temporary files. These
have no name in any directory, so none is left when the process ends.
"""

from __future__ import annotations

import mmap
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
# Bytes of one system call: some systems take at most 2 GB.
_AT_ONCE = 1 << 30
# Values that are written at once.
_FEW = 1000


class MemoryBudget:
    """Memory shared by all arrays.

    Parameters
    ----------
    limit : int
        Bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._held = 0

    def take(self, n_bytes: int) -> bool:
        """Reserve memory; return False if too little is left."""
        if self._held + n_bytes > self.limit:
            return False
        self._held += n_bytes
        return True

    def give_back(self, n_bytes: int) -> None:
        """Release reserved memory."""
        self._held -= n_bytes


class SpillRows(NamedTuple):
    """Rows of several numbers, in order.

    Parameters
    ----------
    columns : tuple of ndarray, each of offsets[-1] rows
        The rows of each column.
    offsets : ndarray of int64, shape (n_numbers + 1,)
        First row of each number, and the number of rows.
    """

    columns: tuple[NDArray[Any], ...]
    offsets: NDArray[np.int64]


class MappedRows(NamedTuple):
    """Rows in files that are mapped into memory, read-only.

    Parameters
    ----------
    columns : tuple of ndarray, each of n_rows rows
        All rows of each column.
    maps : list of mmap
        The mapped file of each column.
    """

    columns: tuple[NDArray[Any], ...]
    maps: list[mmap.mmap]

    def release(self) -> None:
        """Give back the memory of what was read; the system reads it again if it is needed."""
        for one in self.maps:
            one.madvise(mmap.MADV_DONTNEED)


class SpillArray:
    """Rows by number and by column, in memory or in files.

    Parameters
    ----------
    dtypes : sequence of dtype_like
        Type of each column, which may have a shape.
    memory : MemoryBudget
        Shared memory.
    """

    def __init__(self, dtypes: Sequence[Any], memory: MemoryBudget) -> None:
        self._memory = memory
        self._columns = [_SpillColumn(np.dtype(one)) for one in dtypes]
        self._n_rows = 0
        self._is_spilled = False
        self._starts: NDArray[np.int64] = np.empty(0, np.int64)
        self.lengths: NDArray[np.int64] = np.empty(0, np.int64)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def append(self, columns: Sequence[NDArray[Any]], lengths: NDArray[np.int64]) -> None:
        """Append the rows of new numbers.

        Parameters
        ----------
        columns : sequence of ndarray, each of lengths.sum() rows
            The rows of each column, in order of numbers.
        lengths : ndarray of int64, shape (n,)
            Rows of each number.

        Raises
        ------
        OSError
            If the temporary directory is full.
        """
        n = self._n + len(lengths)
        if n > len(self.lengths):
            for name in ("_starts", "lengths"):
                grown = np.resize(getattr(self, name), max(2 * n, _LEAST_ROOM))
                setattr(self, name, grown)
        self._starts[self._n : n] = self._n_rows + np.cumsum(lengths) - lengths
        self.lengths[self._n : n] = lengths
        self._n = n
        if not self._is_spilled and not self._memory.take(sum(one.nbytes for one in columns)):
            self._is_spilled = True
            self._memory.give_back(sum(one.spill(self._n_rows) for one in self._columns))
        for column, rows in zip(self._columns, columns, strict=True):
            column.write(self._n_rows, rows)
        self._n_rows += len(columns[0])

    def close_off(self) -> None:
        """Give back the room that nothing will be added to."""
        self._starts, self.lengths = self._starts[: self._n].copy(), self.lengths[: self._n].copy()
        for column in self._columns:
            column.close_off(self._n_rows)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Renumber: number ``order[k]`` becomes k; others are dropped."""
        self._starts, self.lengths = self._starts[order], self.lengths[order]
        self._n = len(order)

    def take(self, numbers: NDArray[np.int64]) -> SpillRows:
        """Copy the rows of some numbers.

        Parameters
        ----------
        numbers : ndarray of int64, shape (n,)
            The numbers, in any order.

        Returns
        -------
        SpillRows
            In the order of `numbers`.
        """
        starts, lengths = self._starts[numbers], self.lengths[numbers]
        offsets = np.append(0, np.cumsum(lengths))
        # Read adjacent rows at once.
        is_apart = starts[1:] != starts[:-1] + lengths[:-1]
        lasts = np.append(np.flatnonzero(is_apart), len(numbers) - 1) if len(numbers) else starts
        lows, highs = starts[np.append(0, lasts[:-1] + 1)[: len(lasts)]], (starts + lengths)[lasts]
        spans = list(zip(lows.tolist(), highs.tolist(), strict=True))
        return SpillRows(tuple(column.read(spans) for column in self._columns), offsets)

    def map(self) -> MappedRows:
        """Map all rows, which must be in files, in the order in which they were appended."""
        maps = [column.map() for column in self._columns] if self._n_rows else []
        columns = tuple(np.frombuffer(one, self._columns[at].dtype) for at, one in enumerate(maps))
        return MappedRows(columns or tuple(np.empty(0, one.dtype) for one in self._columns), maps)

    def replace(
        self,
        numbers: NDArray[np.int64],
        columns: Sequence[NDArray[Any]],
        lengths: NDArray[np.int64],
    ) -> None:
        """Replace the rows of some numbers by as many or fewer."""
        ends = np.cumsum(lengths)
        starts = self._starts[numbers].tolist()
        for start, low, high in zip(starts, (ends - lengths).tolist(), ends.tolist(), strict=True):
            for column, rows in zip(self._columns, columns, strict=True):
                column.write(start, rows[low:high])
        self.lengths[numbers] = lengths


class _SpillColumn:
    """Rows of one type, in memory or in a file."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._rows: NDArray[Any] = np.empty(0, dtype)
        self._file: int | None = None

    def spill(self, n_rows: int) -> int:
        """Move all rows to a file; return the bytes of memory released."""
        with naming_directory(), tempfile.TemporaryFile(buffering=0) as file:
            self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)
        kept, self._rows = self._rows[:n_rows], np.empty(0, self.dtype)
        self.write(0, kept)
        return kept.nbytes

    def close_off(self, n_rows: int) -> None:
        """Give back the room that nothing will be added to."""
        if self._file is None:
            self._rows.resize((n_rows, *self._rows.shape[1:]), refcheck=False)

    def write(self, at: int, rows: NDArray[Any]) -> None:
        """Write rows at a position."""
        if self._file is None:
            end = at + len(rows)
            if end > len(self._rows):
                room = max(len(self._rows) * 5 // 4, end, _LEAST_ROOM)
                self._rows.resize((room, *self._rows.shape[1:]), refcheck=False)
            self._rows[at:end] = rows
            return
        left = _bytes_of(np.ascontiguousarray(rows, self.dtype.base))
        place = at * self.dtype.itemsize
        with naming_directory():
            while left:
                n = os.pwrite(self._file, left[:_AT_ONCE], place)
                left, place = left[n:], place + n

    def map(self) -> mmap.mmap:
        """Map the whole file."""
        if self._file is None:
            raise ValueError("the rows are in memory")
        return mmap.mmap(self._file, 0, access=mmap.ACCESS_READ)

    def read(self, spans: Sequence[tuple[int, int]]) -> NDArray[Any]:
        """Copy rows of spans."""
        size = self.dtype.itemsize
        if self._file is None:
            held = _bytes_of(self._rows)  # slices faster than an array
            joined = bytearray().join([held[low * size : high * size] for low, high in spans])
            return np.frombuffer(joined, self.dtype.base).reshape(-1, *self.dtype.shape)
        rows = np.empty(sum(high - low for low, high in spans), self.dtype)
        left = _bytes_of(rows)
        for low, high in spans:
            place, end = low * size, high * size
            with naming_directory():
                while place < end:
                    n = os.preadv(self._file, [left[: min(end - place, _AT_ONCE)]], place)
                    if n == 0:
                        raise OSError(0, "a temporary file was cut off")
                    left, place = left[n:], place + n
        return rows


def _bytes_of(rows: NDArray[Any]) -> memoryview:
    return rows.view(np.uint8).reshape(-1).data


class SpillObjects(Generic[Value]):
    """Python values by number, in memory or in a file.

    Parameters
    ----------
    memory : MemoryBudget
        Shared memory.
    """

    def __init__(self, memory: MemoryBudget) -> None:
        self._memory = memory
        self._values: list[Value] = []
        self._held = 0
        self._records: SpillArray | None = None

    def append(self, values: Sequence[Value], n_bytes: int) -> None:
        """Append values that take about `n_bytes` of memory."""
        if self._records is None and self._memory.take(n_bytes):
            self._values += values
            self._held += n_bytes
            return
        if self._records is None:
            self._records = SpillArray([np.uint8], MemoryBudget(0))
            self._write(self._records, self._values)
            self._values = []
            self._memory.give_back(self._held)
        self._write(self._records, values)

    @staticmethod
    def _write(records: SpillArray, values: Sequence[Value]) -> None:
        for first in range(0, len(values), _FEW):
            few = values[first : first + _FEW]
            pickled = [pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for value in few]
            lengths = np.array([len(one) for one in pickled], np.int64)
            records.append([np.frombuffer(b"".join(pickled), np.uint8)], lengths)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Renumber: value ``order[k]`` becomes k; others are dropped."""
        if self._records is not None:
            self._records.reorder(order)
        else:
            self._values = [self._values[number] for number in order.tolist()]

    def take(self, numbers: NDArray[np.int64]) -> list[Value]:
        """Return some values."""
        if self._records is None:
            return [self._values[number] for number in numbers.tolist()]
        (rows,), offsets = self._records.take(numbers)
        left = rows.data
        bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        return [pickle.loads(left[low:high]) for low, high in bounds]


def naming_directory() -> AbstractContextManager[None]:
    """Name the temporary directory in errors, since the file has no name."""
    return naming(f"{tempfile.gettempdir()} (temporary files)")
