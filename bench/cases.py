"""Benchmark definitions, and one case per engine and thread count."""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, cast

DEFINITIONS = Path(__file__).parent / "definitions"


class Engine(Protocol):
    """Interface of the modules in ``bench/engines/``.

    Optional packages are imported inside functions, so that the module loads without them.
    """

    PACKAGE: str
    """Required distribution; the record contains its version."""
    THREADS: str
    """How threads are set: an environment variable, ``argument``, or empty for one thread only."""

    def describe(self) -> str:
        """Return one line that describes the calls used."""

    def prepare(self, texts: Sequence[str], given: str) -> Any:
        """Return the input of a timed call, as ``raw`` texts or ``tokens``; not timed."""

    def run(self, prepared: Any, task: str, threads: int) -> Any:
        """Do the task; this is timed."""

    def answer(self, result: Any, task: str) -> Any:
        """Return the result to check; not timed.

        For ``sketch``, an array with one row of slots per text; for ``index``, the set of pairs
        (lower, higher) of text numbers that share a bucket; for ``pass``, one number.
        """


@dataclass(frozen=True, slots=True)
class Definition:
    """One file of ``bench/definitions/``, whose comments explain the keys."""

    name: str
    what: str
    order: int
    task: str
    given: str
    texts: tuple[str, ...]
    rounds: int
    k: int
    n_perm: int
    engines: tuple[str, ...]
    articles: dict[str, int]
    expected: dict[str, Any] = field(repr=False)
    apart: tuple[str, ...] = ()
    threads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One engine with one definition, number of threads and kind of texts."""

    definition: Definition
    engine: str
    threads: int
    texts: str

    def __str__(self) -> str:
        """Return the name of the case in pytest and in the floors."""
        kind = "" if self.texts == "articles" else f".{self.texts}"
        return f"{self.definition.name}{kind}-{self.engine}-{self.threads}"

    @property
    def n_articles(self) -> int:
        """Maximum number of articles for the engine."""
        sizes = self.definition.articles
        return sizes.get(self.engine, sizes["default"])


def read_definitions(folder: Path = DEFINITIONS) -> list[Definition]:
    """Read all definitions, in their own order.

    Parameters
    ----------
    folder : Path
        Directory of the files.

    Returns
    -------
    list of Definition
        One a file.
    """
    found = []
    for path in folder.glob("*.toml"):
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
        found.append(Definition(path.stem, **(values | lists)))
    return sorted(found, key=lambda one: one.order)


def list_cases(definitions: Sequence[Definition] | None = None) -> list[Case]:
    """List every case, the engines of a definition together.

    Parameters
    ----------
    definitions : sequence of Definition or None
        Definitions; None for all.

    Returns
    -------
    list of Case
        With 1, 2 and all threads; 1 for an engine without threads.
    """
    return [
        Case(definition, engine, threads, texts)
        for definition in definitions or read_definitions()
        for texts in definition.texts
        for engine in definition.engines
        for threads in _thread_counts(definition, engine)
    ]


@cache
def load_engine(name: str) -> Engine:
    """Return the module of an engine."""
    return cast(Engine, importlib.import_module(f"bench.engines.{name}"))


def find_version(engine: Engine) -> str | None:
    """Return the version of an engine's package, or None if it is not installed."""
    try:
        return version(engine.PACKAGE)
    except PackageNotFoundError:
        return None


def _thread_counts(definition: Definition, engine: str) -> Iterator[int]:
    n_processors = os.cpu_count() or 1
    allowed = definition.threads or (1, 2, n_processors)
    if not load_engine(engine).THREADS:
        allowed = (1,)
    yield from sorted({count for count in allowed if count <= n_processors})
