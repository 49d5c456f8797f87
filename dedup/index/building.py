"""Make an index that appears complete or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dedup.errors import StoreError
from dedup.index.index import Index
from dedup.params import Params
from dedup.runtime.whole_file import hidden_beside, naming, sync_folder


@contextmanager
def whole_index(path: Path, params: Params) -> Iterator[Index]:
    """Fill a new index under a hidden name beside `path`, and rename it at the end.

    Parameters
    ----------
    path : Path
        Missing, or an empty directory.

    Raises
    ------
    StoreError
        If there is something else at `path`, now or at the end; then it stays as it is.
    OSError
        If the new index cannot be written; the error names `path`.
    """
    target = Path(os.path.realpath(path))
    hidden = hidden_beside(target)
    _check_free(path)
    try:
        with naming(path):
            hidden.mkdir()
        with Index(hidden, params) as index:
            yield index
        with naming(path):
            _check_free(path)
            hidden.replace(target)  # fails if there are files meanwhile
            sync_folder(target.parent)
    except StoreError as error:
        if str(hidden) not in error.path:
            raise
        raise StoreError(error.path.replace(str(hidden), str(path)), error.reason) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _check_free(path: Path) -> None:
    is_free = not any(path.iterdir()) if path.is_dir() else not os.path.lexists(path)
    if not is_free:
        raise StoreError(str(path), "exists: name a new directory")
