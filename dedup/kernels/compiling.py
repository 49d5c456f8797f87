"""How kernels are compiled, and where what was compiled is kept for the next process.

numba keeps compiled code until the file of the function changes. A kernel also holds the
code of the kernels that it calls, so here each is kept under a digest of its file and of all
that it imports: a change anywhere below compiles it anew, and nothing else.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from numba import config as numba_config
from numba import njit
from numba.misc.appdirs import AppDirs

HERE = Path(__file__).parent
_log = logging.getLogger("dedup")
_lock = Lock()
# Has no types, and its fields are made when it is imported.
_config: Any = numba_config
Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function when it is first called, without the interpreter's lock, and keep it.

    Parameters
    ----------
    function : callable
        A function of a module of this package.

    Returns
    -------
    callable
        What numba makes of it.
    """
    base = _find_base()
    if base is None:
        return _compiled(function, is_kept=False)
    module = function.__module__.rpartition(".")[2]
    # numba looks where to keep a function when it is decorated, and takes no argument for it:
    # a library that decorates in another thread in the same moment would keep its code here.
    with _lock:
        before, _config.CACHE_DIR = (
            _config.CACHE_DIR,
            str(base / f"{module}-{digest(HERE, module)}"),
        )
        try:
            return _compiled(function, is_kept=True)
        finally:
            _config.CACHE_DIR = before


def _compiled(function: Function, *, is_kept: bool) -> Function:
    compiled: Function = njit(nogil=True, cache=is_kept)(function)
    return compiled


@cache
def digest(package: Path, module: str) -> str:
    """Return a digest of a module and of all modules of its package that it imports.

    Parameters
    ----------
    package : Path
        Directory of the package.
    module : str
        Name of the module in it.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    source = (package / f"{module}.py").read_bytes()
    imported = sorted(set(re.findall(rb"^from dedup\.kernels\.(\w+) import", source, re.MULTILINE)))
    parts = [source, *(digest(package, name.decode()).encode() for name in imported)]
    return blake2b(b"\0".join(parts), digest_size=8).hexdigest()


@cache
def _find_base() -> Path | None:
    """Find a directory that can be written: the user's choice, beside the code, the user's."""
    chosen = [Path(_config.CACHE_DIR)] if _config.CACHE_DIR else []
    base = _first_writable([*chosen, HERE / "__pycache__", Path(AppDirs("dedup").user_cache_dir)])
    if base is None:
        _log.warning(
            "no directory for compiled code can be written, so every process compiles anew; "
            "set NUMBA_CACHE_DIR to one that can"
        )
    return base


def _first_writable(directories: Iterable[Path]) -> Path | None:
    for directory in directories:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=directory).close()
        except OSError:
            continue
        return directory
    return None
