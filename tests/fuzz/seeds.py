"""Arguments that tests gave to the doors: what the fuzzer starts from.

The tests know what each door takes, so a door is fuzzed past its checks as soon as it is tested.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dedup import _core
from tests.fuzz.doors import read_doors

MAX_SEEDS = 60
# Larger arrays are slow to change and to run; of tables that large a few are kept of each
# argument, and shared.
MAX_BYTES, MAX_TABLES, MAX_TABLE_BYTES = 1 << 13, 3, 1 << 22
# Stands for a folding, which cannot be stored.
FOLDING = "the folding of the package"
Seeds = dict[str, list[tuple[Any, ...]]]


class _Recorder:
    """Keeps a sample of the calls of each door, with the arguments as they were before."""

    def __init__(self) -> None:
        self.seeds: Seeds = {}
        self._n_calls: dict[str, int] = {}
        self._tables: dict[bytes, np.ndarray[Any, Any]] = {}
        self._tables_of: dict[tuple[str, int], set[bytes]] = {}
        self._random = random.Random(0)

    def _copy(self, value: Any, name: str, at: int) -> Any:
        if isinstance(value, _core.Folding):
            return FOLDING
        if not isinstance(value, np.ndarray):
            return value
        if value.nbytes <= MAX_BYTES:
            return value.copy()
        if value.nbytes > MAX_TABLE_BYTES:
            return None
        key, own = value.tobytes(), self._tables_of.setdefault((name, at), set())
        if key not in own and len(own) == MAX_TABLES:
            return None
        own.add(key)
        kept = self._tables.setdefault(key, value)
        if kept is value:
            kept = self._tables[key] = value.copy()
        return kept if kept.dtype == value.dtype and kept.shape == value.shape else None

    def keep(self, name: str, values: tuple[Any, ...]) -> None:
        n_calls = self._n_calls[name] = self._n_calls.get(name, 0) + 1
        own = self.seeds.setdefault(name, [])
        at = len(own) if len(own) < MAX_SEEDS else self._random.randrange(n_calls)
        if at >= MAX_SEEDS:
            return
        copies = tuple(self._copy(value, name, number) for number, value in enumerate(values))
        pairs = zip(copies, values, strict=True)
        if all(copy is not None or value is None for copy, value in pairs):
            own[at : at + 1] = [copies]

    def wrap(self, name: str, names: list[str]) -> Any:
        door = getattr(_core, name)

        def recorded(*values: Any, **named: Any) -> Any:
            given = (*values, *(named[one] for one in names[len(values) :] if one in named))
            if len(given) == len(values) + len(named):
                self.keep(name, given)
            return door(*values, **named)

        return recorded


@contextmanager
def record(path: Path) -> Iterator[None]:
    """Write to a file what the doors are asked meanwhile."""
    recorder = _Recorder()
    before = {name: getattr(_core, name) for name in read_doors() if name != "Folding"}
    for name, door in read_doors().items():
        if name in before:
            names = [argument.name for argument in door.arguments]
            setattr(_core, name, recorder.wrap(name, names))
    try:
        yield
    finally:
        for name, own in before.items():
            setattr(_core, name, own)
        path.write_bytes(pickle.dumps(recorder.seeds))


def load(path: Path) -> Seeds:
    """Read what :func:`record` wrote."""
    seeds: Seeds = pickle.loads(path.read_bytes())
    return seeds
