"""The write lock of an index: one process at a time."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from dedup.errors import LockedIndex

LOCK = "lock"
_INTERVAL = 0.05


class Lock:
    """An exclusive ``flock`` on a file of an index; it ends with the process.

    Parameters
    ----------
    directory : Path
        Directory of the index.
    timeout : float
        Seconds to wait for another process.

    Raises
    ------
    LockedIndex
        If the other process still holds the lock.
    """

    def __init__(self, directory: Path, timeout: float) -> None:
        self._file: int | None = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        end = time.monotonic() + timeout
        while not self._try():
            if time.monotonic() >= end:
                self.close()
                reason = f"another process writes to it, for {timeout:g} s now"
                raise LockedIndex(str(directory), reason)
            time.sleep(min(_INTERVAL, max(end - time.monotonic(), 0.0)))

    def _try(self) -> bool:
        assert self._file is not None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except BaseException:
            self.close()
            raise
        return True

    def close(self) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
