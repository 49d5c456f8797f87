"""Access to an index: one thread at a time, one snapshot, one process."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import ClassVar
from weakref import WeakSet

from dedup.errors import CorruptFile, StoreError
from dedup.index import FILE
from dedup.index.live import SegmentSet
from dedup.index.locking import Lock
from dedup.index.store import Store

# A merge of another process may delete files while we open them; a retry sees the new list.
_ATTEMPTS = 8


class Access:
    """Opens the files of an index and serializes access to them.

    Parameters
    ----------
    directory : Path
        Directory of the index; created if it may be written.
    recipe : str
        Digest of the parameters of its postings.
    timeout : float or None
        Seconds to wait for another process that writes; None to read only.

    Raises
    ------
    DedupError
        As for :class:`dedup.Index`.
    """

    _all: ClassVar[WeakSet[Access]] = WeakSet()

    def __init__(self, directory: Path, recipe: str, timeout: float | None) -> None:
        self._directory = directory
        self._process = os.getpid()
        self._turn = RLock()
        self._lock: Lock | None = None
        # Reloads the state beside postings after a change.
        self.load: Callable[[], None] = lambda: None
        with self._telling():
            if timeout is not None:
                directory.mkdir(parents=True, exist_ok=True)
                self._lock = Lock(directory, timeout)
            try:
                self.store = Store(directory, recipe, can_write=timeout is not None)
            except BaseException:
                self._let_go()
                raise
            self.live = SegmentSet(directory, self.store, recipe)
        self._all.add(self)

    def close(self) -> None:
        """Close all files; in a forked child they belong to the parent."""
        if self.is_here():
            self.store.close()
            self._let_go()

    def _let_go(self) -> None:
        if self._lock:
            self._lock.close()
        self._lock = None

    def is_here(self) -> bool:
        """Return whether this process opened the index; a forked child did not."""
        return os.getpid() == self._process

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads out."""
        # First, as the child of a fork may inherit a lock that no thread will release.
        if not self.is_here():
            reason = f"opened by process {self._process}: after a fork, open it anew"
            raise StoreError(str(self._directory), reason)
        with self._turn, self._telling():
            yield

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Read the database inside from one snapshot; segments are not reloaded."""
        with self.held(), self.store.reading():
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read everything inside from one snapshot."""
        with self.held(), self.at_one_moment():
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep memory equal to the disk, even if a write fails."""
        with self.held():
            if self._lock is None:
                raise StoreError(str(self._directory), "not open for writing")
            with self.at_one_moment():
                pass
            try:
                yield
            except BaseException:
                # The commit may have failed between disk and memory.
                self.live.is_stale = True
                raise

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Read everything inside from one snapshot, and reload memory to match it."""
        missing = ""
        for _ in range(_ATTEMPTS):
            with self.store.reading():
                try:
                    self.live.refresh(self.load, is_writer=self._lock is not None)
                except FileNotFoundError as error:
                    # A merge ended meanwhile and deleted its sources.
                    missing = str(error.filename)
                    continue
                yield
                return
        raise CorruptFile(missing, "no such file, though the index lists it")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Convert errors of SQLite and of the system to our error classes."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
            raise StoreError(str(self._directory), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise CorruptFile(str(self._directory / FILE), str(error)) from error
        except OSError as error:
            path = error.filename or self._directory
            raise StoreError(str(path), error.strerror or str(error)) from error

    @classmethod
    def leave_to_parent(cls) -> None:
        """Release all locks in a forked child, and keep the SQLite connection of the parent."""
        for one in cls._all:
            one._let_go()
            # Garbage collection would close the database and might delete files of the parent.
            _LEFT.append(one)


_LEFT: list[Access] = []
os.register_at_fork(after_in_child=Access.leave_to_parent)
