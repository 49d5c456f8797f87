"""The exceptions of dedup, one tree.

::

    DedupError
    ├── ParameterError          a parameter is out of range, or two contradict each other
    ├── ReadError               an input cannot be read; names file, line and field
    ├── StoreError              a file that dedup wrote, or should have, cannot be used
    │   ├── IncompatibleFile    it is of another format, or of a version that is not known here
    │   ├── CorruptFile         it is cut off or damaged
    │   └── LockedIndex         another process writes to the index
    ├── IncomparableSketches    two sketches were made by different recipes
    └── MissingExtra            an optional dependency is not installed

Every message names the offending value and what was expected of it.
"""

from __future__ import annotations


class DedupError(Exception):
    """Base of every error that dedup raises on purpose."""


class ParameterError(DedupError, ValueError):
    """A parameter is out of range, or two parameters contradict each other."""


class ReadError(DedupError):
    """An input cannot be read.

    Parameters
    ----------
    path : str
        The file or directory, as the user named it.
    reason : str
        What is wrong, naming the field where there is one.
    line : int or None
        One-based line of the file, if the fault lies in a line.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class StoreError(DedupError):
    """A file that dedup wrote, or should have, cannot be used.

    Parameters
    ----------
    path : str
        The file, as the user named it.
    reason : str
        What is wrong, naming what was expected.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class IncompatibleFile(StoreError):
    """A file is of another format, or of a version that is not known here."""


class CorruptFile(StoreError):
    """A file is cut off or damaged: what it holds is not what was written."""


class LockedIndex(StoreError):
    """Another process writes to the index, and went on with it for too long."""


class IncomparableSketches(DedupError):
    """Two sketches were made by different recipes, so their slots do not correspond."""


class MissingExtra(DedupError):
    """An optional dependency is not installed; the message holds the pip line."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed; it comes with: pip install 'dedup-news[{extra}]'"
        )
