"""The speed suite: every engine with every definition, if its answers are right.

``pytest bench/test_speed.py --benchmark-enable`` runs it in one process; ``bench/run.py`` runs each
case in a separate process, as peak memory and rayon's threads require.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.cases import Case, list_cases, load_engine
from bench.measure import measure
from bench.texts import load_articles

_load = cache(load_articles)


@pytest.mark.parametrize("case", list_cases(), ids=str)
def test_speed(case: Case, benchmark: BenchmarkFixture, pytestconfig: pytest.Config) -> None:
    """Time one case."""
    engine = load_engine(case.engine)
    if engine.THREADS not in ("", "argument"):
        set_to = os.environ.get(engine.THREADS, str(os.cpu_count()))
        if set_to != str(case.threads):
            pytest.skip(f"needs a process with {engine.THREADS}={case.threads}")
    path, limit = pytestconfig.getoption("articles"), pytestconfig.getoption("limit")

    def articles(n_articles: int) -> list[str]:
        return _load(path, min(n_articles, limit or n_articles))

    def timed(call: Callable[[], Any], rounds: int) -> Sequence[float]:
        benchmark.pedantic(call, rounds=rounds)  # type: ignore[no-untyped-call]
        return list(benchmark.stats.stats.data) if benchmark.stats else ()

    found = measure(case, engine, articles, timed)
    keep: Path | None = pytestconfig.getoption("keep")
    if keep:
        with keep.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(found)) + "\n")
    if not found.version:
        pytest.skip(found.fault)
    if found.fault and case.engine not in case.definition.apart:
        pytest.fail(found.fault)
