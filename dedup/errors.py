"""The exceptions of dedup, one tree.

::

    DedupError
    ├── ParameterError          a parameter is out of range, or two contradict each other
    ├── ReadError               an input cannot be read; names the file, line and field
    ├── StoreError              a file written by dedup cannot be used
    │   ├── IncompatibleFile    the file has another format or an unsupported version
    │   ├── CorruptFile         the file is cut off or damaged
    │   └── LockedIndex         another process, or an open Index of this one, writes to the index
    ├── IncomparableSketches    two sketches were made by different recipes
    └── MissingExtra            an optional dependency is not installed

Each message names the wrong value and what was expected.
"""

from __future__ import annotations


class DedupError(Exception):
    """Base class of all errors that dedup raises."""


class ParameterError(DedupError, ValueError):
    """A parameter is out of range, or two parameters contradict each other."""


class ReadError(DedupError):
    """An input cannot be read.

    Parameters
    ----------
    path : str
        The file or directory, as given.
    reason : str
        What is wrong, with the field if there is one.
    line : int or None
        One-based line of the file, if the error is in one line.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class StoreError(DedupError):
    """A file written by dedup cannot be used.

    Parameters
    ----------
    path : str
        The file, as given.
    reason : str
        What is wrong, and what was expected.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class IncompatibleFile(StoreError):
    """A file has another format or an unsupported version."""


class CorruptFile(StoreError):
    """A file is cut off or damaged."""


class LockedIndex(StoreError):
    """Another process still writes to the index after the timeout, or this process has it open."""


class IncomparableSketches(DedupError):
    """Two sketches were made by different recipes and cannot be compared."""


class MissingExtra(DedupError):
    """An optional dependency is not installed; the message has the pip command."""

    def __init__(self, package: str, extra: str) -> None:
        remedy = f"pip install 'dedup-news[{extra}]' (in a clone: pip install '.[{extra}]')"
        super().__init__(f"{package} is not installed; run: {remedy}")
