"""Access to an index: one thread at a time, one snapshot, one process."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import ClassVar
from weakref import WeakSet, finalize

from dedup.errors import CorruptFile, IncompatibleFile, LockedIndex, StoreError
from dedup.index import FILE
from dedup.index.formulas import OutletFormulas
from dedup.index.live import SegmentSet
from dedup.index.schema import REBUILD
from dedup.index.store import Store
from dedup.params import Params

# A merge of another process may delete files while we open them; a retry sees the new list.
_ATTEMPTS = 8
# The file that a writer locks; seconds between two attempts to lock it.
_LOCK, _INTERVAL = "lock", 0.05
# Locks that this process holds: device and inode of the file, and the process, since forks copy it.
_HELD: dict[tuple[int, int], int] = {}


class Lock:
    """An exclusive ``flock`` on a file of an index; it ends with the object or the process.

    Raises
    ------
    LockedIndex
        If another process still holds the lock, or this one does.
    """

    def __init__(self, directory: Path, timeout: float) -> None:
        file = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            status = os.fstat(file)
            key = status.st_dev, status.st_ino
            _wait(file, key, directory, timeout)
        except BaseException:
            os.close(file)
            raise
        _HELD[key] = os.getpid()
        self.close = finalize(self, _release, file, key)


def _wait(file: int, key: tuple[int, int], directory: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    while not _try(file):
        if _HELD.get(key) == os.getpid():  # which would wait for itself
            reason = "this process has it open for writing: use that Index, or close it first"
            raise LockedIndex(str(directory), reason)
        if time.monotonic() >= end:
            reason = f"another process writes to it; gave up after {timeout:g} s"
            raise LockedIndex(str(directory), reason)
        time.sleep(min(_INTERVAL, max(end - time.monotonic(), 0.0)))


def _try(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _release(file: int, key: tuple[int, int]) -> None:
    _HELD.pop(key, None)
    os.close(file)


def _check_place(directory: Path) -> None:
    """Refuse a file, and a directory of something else."""
    if directory.is_file():
        raise StoreError(str(directory), "is a file: an index is a directory")
    # Listed first: another process may just make the index.
    others = directory.is_dir() and any(one.name != _LOCK for one in directory.iterdir())
    if others and not (directory / FILE).exists():
        reason = "not an index, and not empty: an index needs its own directory"
        raise StoreError(str(directory), reason)


class Access:
    """Opens the files of an index and serializes access to them.

    Raises
    ------
    DedupError
        As for :class:`dedup.Index`.
    """

    _all: ClassVar[WeakSet[Access]] = WeakSet()

    def __init__(self, directory: Path, params: Params | None, timeout: float | None) -> None:
        self._directory = directory
        self._process = os.getpid()
        self.is_open = True
        self._turn = RLock()
        self._lock: Lock | None = None
        # The version of the database that memory matches.
        self._version = -1
        with self._telling():
            if timeout is None and not directory.exists():
                raise StoreError(str(directory), "not an index: no such directory")
            if timeout is not None:
                _check_place(directory)
                directory.mkdir(parents=True, exist_ok=True)
                self._lock = Lock(directory, timeout)
            try:
                self.store = Store(directory, params, can_write=timeout is not None)
            except BaseException:
                self._let_go()
                raise
        recipe = self.store.recipe
        self.params = params or recipe.params or Params()
        self.live = SegmentSet(directory, self.store, recipe.digest)
        self.formulas = OutletFormulas(self.store, self.params.boilerplate)
        self._all.add(self)

    def close(self) -> None:
        """Close all files; in a forked child they belong to the parent."""
        if self.is_here():
            self.is_open = False
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
            if not self.is_open:
                raise StoreError(str(self._directory), "closed: open it again")
            yield

    def check_recipe(self) -> None:
        """Refuse to compare articles with postings of another version.

        Raises
        ------
        IncompatibleFile
            If this version cannot make postings of the recipe of the index.
        """
        if self.store.recipe.params is None:
            raise IncompatibleFile(
                str(self._directory),
                f"made with the recipe {self.store.recipe.digest} of another version of dedup: "
                + REBUILD,
            )

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
                    self._refresh()
                except FileNotFoundError as error:
                    # A merge ended meanwhile and deleted its sources.
                    missing = str(error.filename)
                    continue
                yield
                return
        raise CorruptFile(missing, "no such file, though the index lists it")

    def _refresh(self) -> None:
        """Reload memory unless it matches the database."""
        is_writer = self._lock is not None
        version = self._version if is_writer and not self.live.is_stale else self.store.version()
        if self.live.is_stale or version != self._version:
            self.live.refresh(is_writer=is_writer)
            self.formulas.load()
            self._version, self.live.is_stale = version, False

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Convert errors of SQLite and of the system to our error classes."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
            raise StoreError(str(self._directory), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise CorruptFile(str(self._directory / FILE), str(error)) from error
        except UnicodeDecodeError as error:  # of the message of SQLite
            reason = f"damaged: {error.object.decode(errors='replace')}"
            raise CorruptFile(str(self._directory / FILE), reason) from error
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
