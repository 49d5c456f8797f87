"""How an index is read and written: by one thread at a time, at one moment, in one process."""

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

# A merge of another process may take files away while they are opened; it does so once.
_ATTEMPTS = 8


class Access:
    """Opens the files of an index, and lets one in at a time.

    Parameters
    ----------
    directory : Path
        The index; made if it may be written.
    recipe : str
        What its postings are made with.
    timeout : float or None
        Seconds to wait for another process that writes; None to read only.

    Raises
    ------
    DedupError
        As :class:`dedup.Index`.
    """

    _all: ClassVar[WeakSet[Access]] = WeakSet()

    def __init__(self, directory: Path, recipe: str, timeout: float | None) -> None:
        self._directory = directory
        self._process = os.getpid()
        self._turn = RLock()
        self._lock: Lock | None = None
        # Reads what there is beside postings, when that has changed.
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
        """Let go of all files; in a child of a fork they are its parent's."""
        if self.is_here():
            self.store.close()
            self._let_go()

    def _let_go(self) -> None:
        if self._lock:
            self._lock.close()
        self._lock = None

    def is_here(self) -> bool:
        """Tell whether this is the process that opened it, and no child of a fork."""
        return os.getpid() == self._process

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have no other thread use it meanwhile."""
        # Before the turn, which a thread may have had that there is no more in a child.
        if not self.is_here():
            reason = f"opened by process {self._process}: after a fork, open it anew"
            raise StoreError(str(self._directory), reason)
        with self._turn, self._telling():
            yield

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Have what is read of the database inside be of one moment; nothing else is read."""
        with self.held(), self.store.reading():
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Have all that is read inside be of one moment."""
        with self.held(), self.at_one_moment():
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Have what is in memory be what is on the disk, whatever becomes of what is written."""
        with self.held():
            if self._lock is None:
                raise StoreError(str(self._directory), "not open for writing")
            with self.at_one_moment():
                pass
            try:
                yield
            except BaseException:
                # It may have ended between the disk and the memory.
                self.live.is_stale = True
                raise

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Have all that is read inside be of one moment, and what is in memory too."""
        missing = ""
        for _ in range(_ATTEMPTS):
            with self.store.reading():
                try:
                    self.live.refresh(self.load, is_writer=self._lock is not None)
                except FileNotFoundError as error:
                    # A merge has ended meanwhile, and taken its sources away.
                    missing = str(error.filename)
                    continue
                yield
                return
        raise CorruptFile(missing, "no such file, though the index lists it")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Have errors of SQLite and of the system be of our tree."""
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
        """Let go of all locks in the child of a fork, and leave alone what SQLite has open."""
        for one in cls._all:
            one._let_go()
            # Closed by whoever forgets it, a database might be cleaned up under its parent.
            _LEFT.append(one)


_LEFT: list[Access] = []
os.register_at_fork(after_in_child=Access.leave_to_parent)
